import assert from "node:assert/strict";
import { createMemoryBooks } from "../../src/adapters/memoryBooks";
import type { StampedEvent } from "../../src/core/agentEvent";
import type { RunPorts } from "../../src/core/runPorts";
import { resumeRun, startRun } from "../../src/core/session";
import { NO_USAGE } from "../../src/core/usage";
import { answered, call, config, dollars, fakeTool, lastText, type Play, testPorts } from "../support/scriptedRun";

const every = { kind: "every" } as const;
const SAME = { segment: "same", prices: { same: null, fresh: null }, diff: "", changedSince: [] } as const;

describe("a run that goes on", () => {
  it("can go on after it was stuck, when the user says how", async () => {
    const events: StampedEvent[] = [];
    const same = fakeTool("echo", () => ({ ok: true, text: "same" }));
    const ports = testPorts(
      (request, index) =>
        request.toolChoice === "none" || index > 11
          ? answered({ text: "note" })
          : answered({ toolCalls: [call("echo", {}, `c${index}`)] }),
      { tools: [same] },
      [],
      events,
    );
    const first = await startRun(config(), ports);
    assert.deepEqual(await first.ended, { kind: "stopped", reason: "stuck" });
    const { price, model, approval, caps } = config();
    const second = await resumeRun(
      events,
      { message: "try b.txt", caps, extraTurns: 0, ...SAME, config: { price, model, approval } },
      ports,
    );
    assert.deepEqual(await second.ended, { kind: "done", reason: "note" });
  });

  it("does not count text answers of earlier messages as empty ones", async () => {
    const events: StampedEvent[] = [];
    const ports = testPorts((_request, index) => answered({ text: index === 3 ? "" : `answer ${index}` }), {}, [], events);
    await (await startRun(config(), ports)).ended;
    for (const message of ["second", "third", "fourth"]) await (await goOn(events, ports, message)).ended;
    assert.equal(events.at(-1)?.kind, "ended");
    assert.deepEqual(
      events.flatMap((event) => (event.kind === "ended" ? [event.outcome.reason] : [])),
      ["answer 0", "answer 1", "answer 2", "answer 4"],
    );
  });

  it("leaves the hand-off note of an earlier stop behind", async () => {
    const events: StampedEvent[] = [];
    const ports = testPorts(
      (request, index) =>
        request.toolChoice === "none" || index > 2
          ? answered({ text: "Open: all" })
          : answered({ toolCalls: [call("echo", { index }, `c${index}`)] }),
      {},
      [],
      events,
    );
    const policy = { kind: "fixed", maxTurns: 2, cadence: every } as const;
    const first = await startRun(config({ policy }), ports);
    await first.ended;
    assert.equal(first.state.note?.text, "Open: all");
    const second = await goOn(events, ports, "more", 5);
    assert.deepEqual(await second.ended, { kind: "done", reason: "Open: all" });
    assert.equal(second.state.note, null);
  });

  it("starts even if the first to be told of it throws", async () => {
    const events: StampedEvent[] = [];
    const run = await startRun(
      config(),
      testPorts(() => answered({ text: "done" }), {}, [], events),
      () => {
        throw new Error("a view broke");
      },
    );
    assert.deepEqual(await run.ended, { kind: "done", reason: "done" });
    assert.equal(events.at(-1)?.kind, "ended");
  });

  it("bounds its first prompt by all of it after a call that was lost with its process", async () => {
    const events: StampedEvent[] = [];
    const large = fakeTool("echo", () => ({ ok: true, text: "x".repeat(20_000) }));
    const report = (prompt_tokens: number) => ({ prompt_tokens, completion_tokens: 50, total_tokens: prompt_tokens + 50 });
    const ports = testPorts(
      (_request, index) =>
        index < 2
          ? answered({ toolCalls: [call("echo", { index }, `c${index}`)], usage: report(9_000 + index * 5_000) })
          : answered({ text: "done", usage: report(19_000) }),
      { tools: [large] },
      [],
      events,
    );
    await (await startRun(config(), ports)).ended;
    // The process was killed when the third call was on its way.
    events.splice(events.findIndex((event) => event.kind === "reserved" && event.turn === 3) + 1);
    const charge = { usage: NO_USAGE, usd: null, provenance: "unknown", price: null, computedUsd: null } as const;
    const lost = { kind: "charged", turn: 3, attempt: 1, purpose: "turn", charge, ms: 0, overrun: null } as const;
    const place = () => ({ seq: (events.at(-1)?.seq ?? 0) + 1, at: events.at(-1)?.at ?? 0 });
    events.push({ ...lost, held: { usd: dollars(0.2), tokens: 30_000 }, ...place() });
    events.push({ kind: "ended", outcome: { kind: "interrupted", reason: "gone" }, ...place() });

    const before = events.length;
    const run = await goOn(events, ports, "more");
    await run.ended;
    const [first] = events.slice(before).flatMap((event) => (event.kind === "reserved" ? [event.plan.inputUpper] : []));
    assert.ok((first ?? 0) >= 19_000, `bound of ${first} tokens`);
    assert.equal(run.state.totals.overrunUsd, 0);
  });

  it("ends with a named outcome when the books cannot be opened", async () => {
    const events: StampedEvent[] = [];
    const books = { ...createMemoryBooks(), openScope: () => Promise.reject(new Error("the store is locked")) };
    books.inputFactor = async () => null;
    const run = await startRun(
      config(),
      testPorts(() => answered({ text: "done" }), { books }, [], events),
    );
    assert.deepEqual(await run.ended, { kind: "failed", reason: "the store is locked" });
    assert.deepEqual(
      events.map((event) => event.kind),
      ["started", "noted", "ended"],
    );
  });

  it("keeps its cap where the books were lost", async () => {
    const events: StampedEvent[] = [];
    const play: Play = (request) => {
      const completion_tokens = Math.min(4_000, request.maxOutput);
      return answered({
        text: "done",
        usage: { prompt_tokens: 1_000, completion_tokens, total_tokens: 1_000 + completion_tokens },
      });
    };
    const caps = { turns: null, usd: dollars(0.1), tokens: null, minutes: null };
    const first = await startRun(config({ caps }), testPorts(play, {}, [], events));
    await first.ended;
    const { price, model, approval } = config();
    const next = { message: "more", caps, extraTurns: 0, ...SAME, config: { price, model, approval } };
    const second = await resumeRun(events, next, testPorts(play, { books: createMemoryBooks() }, [], events));
    await second.ended;
    assert.ok(second.state.totals.usd <= dollars(0.1), String(second.state.totals.usd));
  });

  it("keeps back the worst case of a call that was lost with its process, where the books were lost too", async () => {
    const events: StampedEvent[] = [];
    const books = createMemoryBooks();
    const ports = testPorts(() => answered({ text: "done" }), { books }, [], events);
    const first = await startRun(
      config(),
      testPorts(() => answered({ text: "done" }), {}, [], events),
    );
    await first.ended;
    const spent = first.state.totals;
    const { seq, at } = events.pop() ?? { seq: 0, at: 0 };
    const unknown = { usage: NO_USAGE, usd: null, provenance: "unknown", price: null, computedUsd: null } as const;
    const lost = { kind: "charged", turn: 1, attempt: 2, purpose: "turn", charge: unknown, ms: 0, overrun: null } as const;
    events.push({ ...lost, held: { usd: dollars(0.4), tokens: 9_000 }, seq, at });
    const second = await goOn(events, ports, "more");
    const { usd, tokens } = spent;
    const [scope] = await books.balances([second.scopeId]);
    assert.deepEqual([scope?.settledUsd, scope?.settledTokens], [usd + dollars(0.4), tokens + 9_000]);
    await second.ended;
    assert.deepEqual([second.state.totals.heldUsd, second.state.totals.unknownCharges], [dollars(0.4), 1]);
  });

  it("goes on after a stop: the old prefix unchanged, the turn counter not reset, spend added up", async () => {
    const events: StampedEvent[] = [];
    const requests: Parameters<typeof testPorts>[2] = [];
    const ports = testPorts(
      (request, index) =>
        request.toolChoice === "none" || index > 4
          ? answered({ text: "note" })
          : answered({ toolCalls: [call("echo", { index }, `c${index}`)] }),
      {},
      requests,
      events,
    );
    const caps = { turns: null, usd: dollars(1), tokens: null, minutes: null };
    const first = await startRun(config({ caps, policy: { kind: "fixed", maxTurns: 3, cadence: every } }), ports);
    assert.deepEqual(await first.ended, { kind: "stopped", reason: "turns" });
    const { price, model, approval } = config();
    const next = { message: "and now the tests", caps, extraTurns: 10, ...SAME, config: { price, model, approval } };
    const second = await resumeRun(events, next, ports);
    assert.deepEqual(await second.ended, { kind: "done", reason: "note" });

    const before = requests[2]?.messages ?? [];
    const after = requests[3]?.messages ?? [];
    assert.deepEqual(after.slice(0, before.length), before);
    assert.match(lastText(after), /^and now the tests\n\n\[budget\] turn 4 of 13 · \$0\.0\d+ of \$1\.00/);
    assert.equal(second.state.turns.length, 6);
    assert.equal(second.state.totals.charges, 6);
  });
});

/** Goes on with a recorded run under no caps. */
function goOn(events: readonly StampedEvent[], ports: RunPorts, message: string, extraTurns = 0) {
  const { price, model, approval, caps } = config();
  return resumeRun(events, { message, caps, extraTurns, ...SAME, config: { price, model, approval } }, ports);
}
