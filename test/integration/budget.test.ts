import assert from "node:assert/strict";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { run, workspace } from "../support/cli";
import { type Provider, type Script, startProvider } from "../support/provider";
import { call, filler, longest, say } from "../support/providerReply";

const tokens = (text: string) => encode(text, { disallowedSpecial: new Set() }).length;
const PRICE = ["--price", "in=3,cacheRead=0.3,cacheWrite=3.75,out=15"];
const BILLED = { input: 3, cacheRead: 0.3, output: 15 };
/** Plain source text that takes `n` tokens in a serialised request, or a few less. */
function source(n: number): string {
  const line = (i: number) => `export const value${i} = compute(${i}, total${i % 7}, rate);\n`;
  let text = "";
  for (let i = 0; tokens(JSON.stringify(text + line(i))) <= n; i += 1) text += line(i);
  return text;
}

const providers: Provider[] = [];
async function provider(script: Script, options: Parameters<typeof startProvider>[1] = {}): Promise<Provider> {
  const started = await startProvider(script, { prices: BILLED, ...options });
  providers.push(started);
  return started;
}

describe("the budget over real HTTP", () => {
  afterEach(async () => {
    await Promise.all(providers.splice(0).map((one) => one.close()));
  });

  it("begins with a first request of at most 1,250 tokens", async () => {
    const server = await provider(() => say("ok"));
    await run(server.url, ["--max-usd", "0.5", ...PRICE]);
    const first = tokens(server.requests[0]?.text ?? "");
    assert.ok(first > 500 && first <= 1_250, `${first} tokens`);
  });

  it("sends 30 turns of 1,500-token results as growing requests, each beginning with the one before, within 780,000 tokens", async () => {
    const text = source(1_500);
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`src/file${i}.ts`, `${i}\n${text}`]));
    const server = await provider((_request, index) =>
      index < 30 ? call("read_file", { path: `src/file${index}.ts` }) : say("done"),
    );
    const ended = await run(server.url, ["--policy", "fixed", "--max-turns", "40", "--max-usd", "5", ...PRICE], {
      folder: workspace(files),
    });
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(server.requests.length, 31);
    for (let i = 1; i < 31; i += 1) {
      const before = prefixOf(server.requests[i - 1]?.text ?? "");
      assert.ok(server.requests[i]?.text.startsWith(before), `request ${i} does not continue request ${i - 1}`);
    }
    const total = server.requests.reduce((sum, request) => sum + tokens(request.text), 0);
    assert.ok(total <= 780_000, `${total} tokens`);
    assert.match(String(server.requests[30]?.messages.at(-1)?.content), /\[budget\] turn 31 of 40 · \$0\.\d+ of \$5\.00 · LOW$/);
    assert.deepEqual(server.violations, []);
  });

  for (const { name, wanted } of [
    { name: "each answer costs $0.08", wanted: 5_133 },
    { name: "an answer could cost $1.00", wanted: 66_467 },
  ]) {
    it(`bills at most $0.10 under a cap of $0.10 where ${name}, and lands`, async () => {
      const server = await provider((request, index) =>
        request.toolChoice === "none"
          ? say("Changed: nothing")
          : call("read_file", { path: "a.txt", note: filler(wanted), index }),
      );
      const ended = await run(server.url, ["--max-usd", "0.10", ...PRICE]);
      assert.ok(server.bill.usd <= 0.1, `billed ${server.bill.usd}`);
      assert.ok(server.bill.usd > 0.03, `billed only ${server.bill.usd}`);
      assert.deepEqual([ended.code, ended.ended.outcome], [3, { kind: "stopped", reason: "dollars" }]);
      assert.equal(server.requests.at(-1)?.toolChoice, "none");
      assert.ok((ended.ended.totals.usd ?? 1) >= server.bill.usd - 1e-9, "every billed token is charged");
    });
  }

  it("never overshoots a dollar cap against a server that answers with the largest output it is allowed", async () => {
    for (const cap of [0.01, 0.03, 0.11, 0.5]) {
      const server = await provider((request) =>
        request.toolChoice === "none"
          ? longest(request)
          : call("list_files", { pad: filler((request.maxOutput ?? 20_000) - 40) }),
      );
      const ended = await run(server.url, ["--max-usd", String(cap), ...PRICE]);
      assert.ok(server.bill.usd <= cap, `billed ${server.bill.usd} under a cap of ${cap}`);
      assert.deepEqual(ended.ended.outcome, { kind: "stopped", reason: "dollars" });
    }
  });

  it("keeps a cap in tokens, cached re-reads left out", async () => {
    const server = await provider((_request, index) => call("read_file", { path: "a.ts", from: index + 1, to: index + 40 }));
    const ended = await run(server.url, ["--max-tokens", "30000"], { folder: workspace({ "a.ts": source(4_000) }) });
    assert.deepEqual(ended.ended.outcome, { kind: "stopped", reason: "tokens" });
    const { promptTokens, cachedTokens, outputTokens } = server.bill;
    assert.ok(promptTokens - cachedTokens + outputTokens <= 30_000);
    assert.equal(server.requests.at(-1)?.toolChoice, "none");
  });

  it("keeps a turn cap exactly against a model that ignores it, with a closing turn", async () => {
    const server = await provider((_request, index) => call("read_file", { path: "a.txt", from: index + 1 }));
    const ended = await run(server.url, ["--policy", "fixed", "--max-turns", "6"]);
    assert.equal(server.requests.length, 6);
    assert.equal(server.requests[5]?.toolChoice, "none");
    assert.deepEqual([ended.code, ended.ended.outcome, ended.ended.totals.turns], [3, { kind: "stopped", reason: "turns" }, 6]);
  });

  it("estimates and marks when usage is missing from every answer, and the caps still trip", async () => {
    const server = await provider((_request, index) => call("read_file", { path: "a.txt", from: index + 1 }, { usage: "none" }));
    const ended = await run(server.url, ["--max-usd", "0.10", ...PRICE]);
    assert.deepEqual(ended.ended.outcome, { kind: "stopped", reason: "dollars" });
    assert.ok(server.bill.usd <= 0.1);
    assert.ok(ended.of("charged").every((event) => event.provenance === "estimated" && Number(event.usd) > 0));
    assert.ok((ended.ended.totals.usd ?? 0) >= server.bill.usd);
  });

  it("refuses a dollar cap without a price before anything is sent, and says which setting mends it", async () => {
    const server = await provider(() => say("ok"));
    const ended = await run(server.url, ["--max-usd", "1"]);
    assert.equal(server.requests.length, 0);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /no price for test-model.*--price/s);
    assert.equal(ended.ended.outcome.kind, "failed");
  });

  it("says unknown, not zero, when there is no price", async () => {
    const server = await provider(() => say("ok"));
    const ended = await run(server.url);
    assert.equal(ended.code, 0);
    assert.equal(ended.of("charged")[0]?.provenance, "unknown");
    assert.equal(ended.of("charged")[0]?.usd, null);
    assert.equal(ended.ended.totals.usd, null);
  });

  it("sends a result of up to 8,000 tokens whole, and at most 2,000 of a larger one: head, tail and how to read on", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${String(i).padStart(5, "0")} ${"abcdefgh ".repeat(5)}`);
    const small = source(7_900);
    const folder = workspace({ "huge.log": lines.join("\n"), "small.ts": small });
    const script: Script = (_request, index) =>
      [
        call("read_file", { path: "small.ts" }),
        call("read_file", { path: "huge.log" }),
        call("run_command", { command: "cat huge.log" }),
      ][index] ?? say("done");
    const server = await provider(script);
    await run(server.url, ["--approve", "all"], { folder });
    const results = (server.requests.at(-1)?.messages ?? [])
      .filter((message) => message.role === "tool")
      .map((message) => String(message.content));
    assert.ok(tokens(small) > 7_000 && tokens(small) <= 8_000, `${tokens(small)} tokens`);
    assert.equal(results[0]?.slice(0, small.length), small);
    assert.match(results[0]?.slice(small.length) ?? "", /^\n+\[budget\] /, "whole, with only the reminder after it");
    assert.match(results[1] ?? "", /^00000 abc[\s\S]*read on with read_file \{"path":"huge\.log","from":\d+\}[\s\S]*19999 abc/);
    assert.match(results[2] ?? "", /read on with read_output \{"id":"[^"]+","from":\d+\}/);
    for (const cut of results.slice(1)) assert.ok(tokens(cut) <= 2_000 && tokens(cut) > 1_000, `${tokens(cut)} tokens`);
  });

  it("lands before the cap in minutes, and cuts a command that would pass it", async () => {
    const server = await provider((request, index) =>
      request.toolChoice === "none"
        ? say("Open: the sleep")
        : index === 0
          ? call("run_command", { command: "sleep 60" })
          : say("done"),
    );
    const ended = await run(server.url, ["--approve", "all", "--max-minutes", "0.08"]);
    assert.deepEqual(ended.ended.outcome, { kind: "stopped", reason: "time" });
    assert.ok(ended.ms < 8_000, `${ended.ms} ms`);
    assert.equal(server.requests.at(-1)?.toolChoice, "none");
  });

  it("goes on with a dynamic limit that progress earns, as far as the hard limit", async () => {
    const server = await provider((_request, index) => call("write_file", { path: `out${index}.txt`, content: `${index}\n` }));
    const ended = await run(server.url, ["--approve", "edits", "--policy", "dynamic", "--base-turns", "4", "--hard-turns", "6"]);
    assert.deepEqual(
      ended.of("extended").map((event) => [event.from, event.to]),
      [
        [4, 5],
        [5, 6],
      ],
    );
    assert.equal(server.requests.length, 6);
  });
});

/** Everything of a request up to the end of its messages: what the next one has to begin with. */
function prefixOf(text: string): string {
  const { model, tools, messages } = JSON.parse(text);
  const prefix = JSON.stringify({ model, tools, messages }).slice(0, -"]}".length);
  assert.ok(text.startsWith(prefix), `the request does not begin with model, tools and messages: ${text.slice(0, 80)}`);
  return prefix;
}
