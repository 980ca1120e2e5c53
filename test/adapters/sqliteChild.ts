import { writeSync } from "node:fs";
import { usd } from "../../src/core/money";
import { openForTest } from "./sqliteOpen";
import { cents, charged, request, SetClock, settlement, stamped, started, toolEnded, turnStarted } from "./storeSamples";

/** Another process at the same store: `node sqliteChild.cjs <act> <file> <name>`. Says on stdout what it has done. */
const [, , act = "", file = "", name = ""] = process.argv;

function say(what: string | number): void {
  writeSync(1, `${what}\n`);
}

async function main(): Promise<void> {
  const store = await openForTest(file, new SetClock(Date.now()));
  say("ready");
  if (act === "append") return appendForEver(store);
  if (act === "hold") return hold(store);
  await new Promise((resolve) => process.stdin.once("data", resolve));
  say(await takeAll(store));
  await store.close();
  process.exit(0);
}

type Opened = Awaited<ReturnType<typeof openForTest>>;

/** Takes cents from the scope "day" until it has no more, settling every other one; returns how many it got. */
async function takeAll({ books }: Opened): Promise<number> {
  for (let got = 0; ; got++) {
    const call = request(["day"], { usd: cents(1), tokens: 10 }, `${name}-${got}`);
    if (!(await books.reserve(call)).ok) return got;
    if (got % 2 === 0) await books.settle(call.id, settlement(cents(1), 10));
  }
}

/** Says the place of each event once it is acknowledged, until it is killed. */
async function appendForEver({ runs }: Opened): Promise<void> {
  const [start] = stamped([started(name)]);
  if (start) await runs.append(name, start);
  say(0);
  for (let seq = 1, turn = 1; ; turn++) {
    for (const event of stamped([turnStarted(turn), charged(turn), toolEnded(turn)], Date.now(), seq)) {
      await runs.append(name, event);
      say(event.seq);
      seq++;
    }
  }
}

/** Leaves a run with one call settled but not recorded and one in flight, and waits to be killed. */
async function hold({ runs, books }: Opened): Promise<void> {
  for (const event of stamped([started(name), turnStarted(1)])) await runs.append(name, event);
  const [first, second] = [1, 2].map((turn) => ({
    ...request(["day"], { usd: cents(8), tokens: 100 }),
    id: `${name}-${turn}`,
    runId: name,
    turn,
  }));
  if (!first || !second) return;
  await books.reserve(first);
  await books.settle(first.id, { ...settlement(usd(0.03), 40), price: JSON.stringify({ not: "a price" }) });
  await books.reserve(second);
  say("held");
  setInterval(() => undefined, 1_000);
}

main().catch((error: unknown) => {
  say(`failed: ${error instanceof Error ? error.stack : error}`);
  process.exit(1);
});
