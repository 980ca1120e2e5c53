import assert from "node:assert/strict";
import { InputBound } from "../../src/core/inputBound";
import { progressSince } from "../../src/core/policy/progress";
import type { ModelResult, RawBill } from "../../src/core/ports";
import type { RunConfig } from "../../src/core/runConfig";
import type { CallRecord, TurnRecord } from "../../src/core/runState";
import { answered, dollars, quarterCounter, runScript } from "../support/scriptedRun";

const done = answered({ text: "done" });
const broken = (change: Partial<Extract<ModelResult, { kind: "broken" }>>): ModelResult => ({
  ...{ kind: "broken", reason: "it broke", cause: "cut", silentMs: 0, bill: null },
  partial: { text: "", toolCalls: [], finish: "unknown", reasoning: "" },
  ...change,
});

describe("charging", () => {
  const counts = (output: number, cost?: number): RawBill => ({
    ...{ usage: { prompt_tokens: 1_000, completion_tokens: output, total_tokens: 1_000 + output }, cost },
  });
  const thinks = { id: "o-test", baseUrl: null, reasoning: true, maxOutput: null, contextWindow: null };
  const firstCharge = async (result: ModelResult, change: Partial<RunConfig> = {}) => {
    const run = await runScript((_request, index) => (index === 0 ? result : done), { config: change });
    const [charge] = run.of("charged").map((event) => event.charge);
    assert.ok(charge);
    return charge;
  };
  const answeredWith = (text: string, bill: RawBill): ModelResult => ({
    ...{ kind: "answered", answer: { text, toolCalls: [], finish: "stop" }, bill },
  });

  it("raises a report that came before the end of a cut answer to what was seen of it", async () => {
    const partial = { text: "x".repeat(8_000), toolCalls: [], finish: "unknown" as const, reasoning: "y".repeat(4_000) };
    const { usage, provenance } = await firstCharge(broken({ partial, bill: { ...counts(0), early: true } }));
    assert.deepEqual([usage.freshInput, usage.output, provenance], [1_000, 3_000, "estimated"]);
  });

  it("counts what may have been generated in silence, at a fast rate and up to the limit", async () => {
    const partial = { text: "x".repeat(400), toolCalls: [], finish: "unknown" as const, reasoning: "" };
    const outputs = [];
    for (const silentMs of [0, 10_000, 600_000]) outputs.push((await firstCharge(broken({ partial, silentMs }))).usage.output);
    assert.deepEqual(outputs, [100, 3_100, 8_000]);
    const running = await firstCharge(broken({ partial, silentMs: 10_000, bill: { ...counts(90), early: true } }));
    assert.deepEqual([running.usage.output, running.provenance], [3_100, "estimated"]);
    const final = await firstCharge(broken({ partial, silentMs: 10_000, bill: counts(90) }));
    assert.deepEqual([final.usage.output, final.provenance], [90, "priced"]);
  });

  it("takes a count told early for the least there was, and all there could be where a model thinks", async () => {
    const bill = { ...counts(3, 0.000001), early: true } as const;
    const plain = await firstCharge(answeredWith("x".repeat(4_000), bill));
    assert.deepEqual([plain.usage.output, plain.provenance], [1_000, "estimated"]);
    const hidden = await firstCharge(answeredWith("x".repeat(4_000), bill), { model: thinks });
    assert.deepEqual([hidden.usage.output, hidden.provenance], [8_000, "estimated"]);
  });

  it("does not believe in an answer without output, but in the dollars told with its end", async () => {
    const unpaid = await firstCharge(answeredWith("x".repeat(4_000), counts(0)));
    assert.deepEqual([unpaid.usage.output, unpaid.provenance], [1_000, "estimated"]);
    const paid = await firstCharge(answeredWith("x".repeat(4_000), counts(0, 0.02)));
    assert.deepEqual([paid.usage.output, paid.usd, paid.provenance], [1_000, dollars(0.02), "reported"]);
    const other = await firstCharge(answeredWith("x".repeat(4_000), counts(300)));
    assert.deepEqual([other.usage.output, other.provenance], [300, "priced"]);
  });

  it("counts the thinking that was shown when no usage comes, and all there could be when it may be hidden", async () => {
    const silent: ModelResult = {
      kind: "answered",
      answer: { text: "done", toolCalls: [], finish: "stop" },
      reasoning: "z".repeat(12_000),
      bill: null,
    };
    const shown = await runScript(() => silent);
    assert.equal(shown.of("charged")[0]?.charge.usage.output, 3_001);
    const hidden = await runScript(() => silent, { config: { model: thinks } });
    assert.equal(hidden.of("charged")[0]?.charge.usage.output, 8_000);
  });

  it("does not pay a provider that ignores its limit twice", async () => {
    const run = await runScript(() => broken({ cause: "overBound", reason: "the answer ran past its bound" }));
    assert.equal(run.requests.length, 1);
    assert.deepEqual(run.outcome, { kind: "failed", reason: "the answer ran past its bound" });
    assert.equal(run.of("charged")[0]?.charge.usage.output, run.of("reserved")[0]?.plan.maxOutput);
  });

  it("tries a stalled call again once", async () => {
    const run = await runScript(() => broken({ cause: "stalled", reason: "silence" }));
    assert.equal(run.requests.length, 2);
  });

  it("learns nothing from a report that makes no sense", async () => {
    const usage = { prompt_tokens: -3, completion_tokens: "x" };
    const run = await runScript(() => answered({ text: "done", usage }));
    assert.equal(run.of("charged")[0]?.charge.provenance, "estimated");
    assert.equal(await run.books.inputFactor("gpt-test"), null);
  });
});

describe("the input bound", () => {
  it("counts a message again that got another tail after it was reported", async () => {
    const bound = new InputBound(quarterCounter, "gpt-test", null);
    const user = { role: "user", text: "task", tail: "a" } as const;
    bound.report([user], 1_000);
    const again = [{ ...user, tail: "x".repeat(400) }];
    assert.ok((await bound.exact(again, [])).tokens >= 1_100);
    assert.ok(bound.quick(again, []).tokens >= 1_400);
    assert.equal((await bound.exact([user], [])).tokens, 1_000);
  });

  it("is not lowered by a report that leaves out what was cached", () => {
    const bound = new InputBound(quarterCounter, "gpt-test", null);
    const user = { role: "user", text: "task" } as const;
    bound.report([user], 5_000);
    bound.report([user], 40);
    assert.equal(bound.quick([user], []).tokens, 5_000);
  });
});

describe("progress", () => {
  it("takes no work for scratch because its path begins like a scratch name", () => {
    const changed = (path: string) => {
      const change = { path, added: 1, removed: 0, before: null, after: null };
      const record = { changes: [change], check: null, tool: "edit_file", state: "ok", subject: path } as unknown as CallRecord;
      const turns = [{ turn: 1, calls: [record] } as unknown as TurnRecord];
      return progressSince({ turns, plan: [], words: [] }, 0).length > 0;
    };
    for (const path of ["src/templates/a.html", "temperature.py", "src/tempo/x.ts", "tmpfile.ts"])
      assert.equal(changed(path), true, path);
    for (const path of ["tmp/a.py", "scratch_1.py", "temp.js", "a/tmp-2/b.ts", "out.log"])
      assert.equal(changed(path), false, path);
  });
});
