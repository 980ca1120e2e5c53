import assert from "node:assert/strict";
import type { AgentEvent, StampedEvent } from "../../src/core/agentEvent";
import type { Forecaster } from "../../src/core/forecast/forecast";
import { nano } from "../../src/core/money";
import type { ExtensionAnswer, Tool } from "../../src/core/ports";
import type { PolicySettings } from "../../src/core/runConfig";
import { resumeRun, startRun } from "../../src/core/session";
import {
  answered,
  call,
  config,
  fakeTool,
  finish,
  lastText,
  type RigOptions,
  runScript,
  testPorts,
} from "../support/scriptedRun";

const cadence = { kind: "every" } as const;
const evidence = { kind: "dynamic", preset: "evidence", baseTurns: 8, hardTurns: 20, onLimit: "land", cadence } as const;
const published = { kind: "dynamic", preset: "published", baseTurns: 3, hardTurns: 6, onLimit: "land", cadence } as const;

/** A tool whose every call changes a file to something new. */
const editing: Tool = fakeTool("edit_file", (args) => {
  const { n } = args as { n: number };
  const change = { path: "src/a.ts", added: 1, removed: 1, before: `a${n}`, after: `a${n + 1}` };
  return { ok: true, text: `edited ${n}`, changes: [change] };
});
const same = fakeTool("echo", () => ({ ok: true, text: "the same" }));
const asking = fakeTool("ask_for_turns", () => ({ ok: true, text: "noted", wish: { turns: 15, reason: "two files are left" } }));

/** Turns that edit up to and with `last`, and only repeat themselves after it. */
const editsUntil = (last: number) => (request: { toolChoice: string }, index: number) => {
  if (request.toolChoice === "none") return answered({ text: "Changed: src/a.ts" });
  return answered({ toolCalls: [index < last ? call("edit_file", { n: index }, `c${index}`) : call("echo", {}, `c${index}`)] });
};

function run(policy: PolicySettings, play: Parameters<typeof runScript>[0], options: RigOptions = {}) {
  return runScript(play, { tools: [editing, same, asking, finish], ...options, config: { policy } });
}

const answering = (answers: ExtensionAnswer[]) => ({
  approve: async () => ({ allowed: false }),
  extend: async () => answers.shift() ?? ({ kind: "land" } as const),
});

/** Says that a run has as many turns left as it has taken, and ends within k more with a chance of k percent. */
const forecaster: Forecaster = {
  forecast: ({ turns }) => ({
    turnsLeft: { p10: 1, p50: turns.length, p90: 40 },
    usdLeft: { p10: nano(1), p50: nano(2), p90: nano(3) },
    n: 12,
    within: (k) => k / 100,
  }),
};

describe("turn control", () => {
  it("as published says the words of the paper and no others, to the byte", async () => {
    const rig = await run(published, editsUntil(99));
    assert.deepEqual(
      rig.requests.map(({ messages }) => lastText(messages).replace(/^edited \d+\n\n/, "")),
      [
        "Fix the rounding bug",
        "ENVIRONMENT REMINDER: You have 2 turns left to complete the task.",
        "ENVIRONMENT REMINDER: You have 1 turns left to complete the task.",
        "ENVIRONMENT REMINDER: You have used up all turns but have not yet completed the task. You are granted an additional 3 turns to continue and complete the task.\nENVIRONMENT REMINDER: You have 3 turns left to complete the task.",
        "ENVIRONMENT REMINDER: You have 2 turns left to complete the task.",
        lastText(rig.requests[5]?.messages ?? []).replace(/^edited \d+\n\n/, ""),
      ],
    );
    assert.equal(rig.of("extended").length, 1);
    assert.equal(rig.of("hinted").length, 0);
    assert.equal(rig.requests[5]?.toolChoice, "none");
  });

  it("on evidence grants while there is progress, refuses without it, and records both with their reasons", async () => {
    const rig = await run(evidence, editsUntil(8), { forecaster });
    const [grant] = rig.of("extended");
    assert.deepEqual([grant?.turn, grant?.from, grant?.to, grant?.by], [7, 8, 10, "policy"]);
    assert.deepEqual(grant?.evidence.progress, ["src/a.ts changed in turn 7"]);
    assert.equal(grant?.evidence.chance, 0.02);
    assert.ok((grant?.evidence.chunkUsd ?? 0) > 0);
    const [second, refusal] = [rig.of("extended")[1], rig.of("extensionRefused")[0]];
    assert.deepEqual([second?.from, second?.to, second?.evidence.progress], [10, 12, ["src/a.ts changed in turn 8"]]);
    assert.deepEqual([refusal?.turn, refusal?.by], [11, "policy"]);
    assert.deepEqual(refusal?.evidence.against, ["echo {} gave the same result 3 times", "no progress since the last grant"]);
    assert.deepEqual(rig.outcome, { kind: "stopped", reason: "turns" });
    assert.equal(rig.of("noted")[0]?.note.text, "Changed: src/a.ts");
  });

  it("shows the agent's wish in its own words, and lets it decide nothing", async () => {
    const play = (request: { toolChoice: string }, index: number) =>
      request.toolChoice === "none"
        ? answered({ text: "note" })
        : answered({ toolCalls: [call("ask_for_turns", {}, `c${index}`)] });
    const rig = await run(evidence, play);
    assert.deepEqual(rig.of("extensionWished")[0]?.wish, { turns: 15, reason: "two files are left" });
    assert.equal(rig.of("extended").length, 0);
    assert.deepEqual(rig.of("extensionRefused")[0]?.evidence.wish, { turns: 15, reason: "two files are left" });
  });

  it("asks in any case where the user wants to be asked, with the evidence for and against", async () => {
    const asked = await run({ ...evidence, onLimit: "askAlways" }, editsUntil(99), {
      approver: answering([{ kind: "extend", turns: 4 }]),
    });
    const questions = asked.of("extensionAsked");
    assert.deepEqual([questions[0]?.evidence.against, questions[0]?.chunk], [[], 2]);
    assert.deepEqual(
      asked.of("extended").map(({ from, to, by }) => [from, to, by]),
      [[8, 12, "user"]],
    );
    assert.equal(asked.of("extensionRefused")[0]?.by, "user");
  });

  it("never extends past the cap in turns, whatever is answered", async () => {
    const rig = await runScript(editsUntil(99), {
      tools: [editing],
      approver: answering([{ kind: "extend", turns: 40 }]),
      config: { policy: { ...evidence, onLimit: "askAlways" }, caps: { ...config().caps, turns: 11 } },
    });
    assert.deepEqual([rig.of("extended")[0]?.from, rig.of("extended")[0]?.to, rig.requests.length], [8, 11, 11]);
  });

  it("judges turns that were added at a resume by what came of them, not of those before", async () => {
    const events: StampedEvent[] = [];
    const ports = testPorts(editsUntil(5), { tools: [editing, same] }, [], events);
    await (await startRun(config({ policy: { ...evidence, onLimit: "land", hardTurns: 8 } }), ports)).ended;
    const { price, model, approval, caps } = config();
    const next = { message: null, caps, extraTurns: 4, config: { price, model, approval }, diff: "", changedSince: [] };
    const [started, ...rest] = events;
    assert.equal(started?.kind, "started");
    const roomy = { ...started, config: config({ policy: evidence }) };
    const again = await resumeRun([roomy, ...rest], { ...next, segment: "same", prices: { same: null, fresh: null } }, ports);
    assert.deepEqual([again.state.limit, again.state.grantedAt], [12, 8]);
    assert.deepEqual(await again.ended, { kind: "stopped", reason: "turns" });
    const refused = again.state.refusals.at(-1);
    assert.deepEqual([refused?.turn, refused?.evidence.progress], [11, []]);
  });

  it("asks a person who is there whether to go on when it repeats itself an eighth time, and starts counting anew", async () => {
    const policy = { ...evidence, baseTurns: 40, hardTurns: 60, onLimit: "ask" } as const;
    const answers = [0, 5].map((turns) => ({ kind: "extend", turns }) as const);
    const rig = await run(policy, editsUntil(0), { approver: answering(answers) });
    const questions = rig.of("extensionAsked");
    assert.deepEqual(
      questions.map(({ turn, chunk }) => [turn, chunk]),
      [
        [8, 0],
        [16, 0],
        [24, 0],
      ],
    );
    assert.deepEqual(
      rig.of("extended").map(({ from, to }) => [from, to]),
      [
        [40, 40],
        [40, 45],
      ],
    );
    assert.deepEqual(rig.outcome, { kind: "stopped", reason: "stuck" });
  });

  for (const [name, calls] of [
    ["one call", [{}]],
    ["two calls in turn", [{ n: 1 }, { n: 2 }]],
  ] as const) {
    it(`hints at 3, more strongly at 5 and stops by 8 repetitions of ${name} over 60 turns, with every call in the totals`, async () => {
      const rig = await run({ kind: "fixed", maxTurns: 60, cadence }, (request, index) =>
        request.toolChoice === "none"
          ? answered({ text: "note" })
          : answered({ toolCalls: [call("echo", calls[index % calls.length] ?? {}, `c${index}`)] }),
      );
      const worked = rig.requests.length - 1;
      assert.deepEqual(rig.outcome, { kind: "stopped", reason: "stuck" });
      assert.ok(worked <= 8 * calls.length, `${worked} turns`);
      assert.deepEqual(
        rig.of("hinted").map(({ text }) => /(\d) times\. (\w+)/.exec(text)?.slice(1)),
        [
          ["3", "Try"],
          ["5", "Stop"],
        ],
      );
      assert.equal(rig.of("charged").length, rig.requests.length);
      const tokens = rig.of("charged").reduce((sum, { charge }) => sum + charge.usage.freshInput + charge.usage.output, 0);
      assert.equal(tokens, rig.requests.length * 1_050);
    });
  }

  it("records no hint that is told to nobody, because the run lands", async () => {
    const rig = await run({ kind: "fixed", maxTurns: 4, cadence }, editsUntil(0));
    assert.deepEqual([rig.requests.length, rig.of("hinted").length], [4, 0]);
    const longer = await run({ kind: "fixed", maxTurns: 5, cadence }, editsUntil(0));
    assert.deepEqual([longer.requests.length, longer.of("hinted").length], [5, 1]);
  });

  it("nudges an agent whose checks passed and that edits no more, and ends when it takes the hint", async () => {
    const check = fakeTool("run_command", () => ({
      ok: true,
      text: "ok",
      check: { command: "npm test", passed: true, failures: 0 },
    }));
    const reading = fakeTool("echo", (args) => ({ ok: true, text: JSON.stringify(args) }));
    const rig = await runScript(
      (request, index) => {
        if (lastText(request.messages).includes("If the task is done, call finish."))
          return answered({ toolCalls: [call("finish", { summary: "done" })] });
        const names = ["edit_file", "run_command"];
        return answered({ toolCalls: [call(names[index] ?? "echo", { n: index }, `c${index}`)] });
      },
      { tools: [editing, check, reading, finish] },
    );
    assert.deepEqual([rig.outcome.kind, rig.requests.length], ["done", 5]);
    assert.match(rig.of("hinted")[0]?.text ?? "", /^\[hint\] Checks passed after the last edit, 3 turns ago\./);
  });

  it("keeps a forecast of every turn, with the chance to end within what is left of the scarcest limit", async () => {
    const rig = await run({ kind: "fixed", maxTurns: 6, cadence }, editsUntil(99), { forecaster });
    const looks = rig.of("forecast");
    assert.deepEqual(
      looks.map(({ turn, outlook }) => [turn, outlook.turnsLeft.p50, outlook.chance]),
      [0, 1, 2, 3, 4, 5].map((turn) => [turn, turn, (5 - turn) / 100]),
    );
  });

  it("keeps the plan the agent sends, with the turn in which an item came, or was opened again, and was done", async () => {
    const plans = [
      [
        ["look", false],
        ["mend", false],
      ],
      [
        ["look", true],
        ["mend", false],
      ],
      [
        ["look", true],
        ["mend", true],
        ["test", false],
      ],
      [
        ["look", false],
        ["mend", true],
      ],
      [
        ["look", true],
        ["mend", true],
      ],
    ] as const;
    const planning = fakeTool("update_plan", (args) => {
      const { n } = args as { n: number };
      return { ok: true, text: "kept", plan: (plans[n] ?? []).map(([text, done]) => ({ text, done })) };
    });
    let state: Awaited<ReturnType<typeof startRun>>["state"] | null = null;
    await runScript(
      (_request, index) =>
        answered({
          toolCalls: [
            index < plans.length ? call("update_plan", { n: index }, `c${index}`) : call("finish", { summary: "done" }),
          ],
        }),
      {
        tools: [planning, finish],
        during: (active) => active.onEvent((_event, now) => (state = now)),
      },
    );
    assert.deepEqual(state && (state as { plan: unknown }).plan, [
      { text: "look", sinceTurn: 4, doneTurn: 5 },
      { text: "mend", sinceTurn: 1, doneTurn: 3 },
    ]);
  });
});

describe("a run that goes on in a fresh segment", () => {
  it("starts a short conversation from task, note and diff, under the same counters, and shows what the user wrote", async () => {
    const events: StampedEvent[] = [];
    const requests: Parameters<Parameters<typeof runScript>[0]>[0][] = [];
    const play = (request: { toolChoice: string }, index: number) =>
      index > 3 ? answered({ text: "all done" }) : editsUntil(99)(request, index);
    const ports = testPorts(play, { tools: [editing, finish] }, requests, events);
    const first = await startRun(config({ policy: { kind: "fixed", maxTurns: 4, cadence } }), ports);
    assert.deepEqual(await first.ended, { kind: "stopped", reason: "turns" });
    const { price, model, approval, caps } = config();
    const prices = { same: nano(5), fresh: nano(2) };
    const next = {
      message: null,
      caps,
      extraTurns: 10,
      segment: "fresh",
      prices,
      diff: "--- a/src/a.ts",
      changedSince: [],
      config: { price, model, approval },
    } as const;
    const second = await resumeRun(events, next, ports);
    assert.equal((await second.ended).kind, "done");
    const [system, start, ...rest] = requests.at(-1)?.messages ?? [];
    assert.deepEqual([system, rest.length], [requests[0]?.messages[0], 0]);
    assert.match(
      start?.role === "user" ? start.text : "",
      /^Fix the rounding bug\n[\s\S]*Changed: src\/a\.ts[\s\S]*--- a\/src\/a\.ts[\s\S]*Continue with the task\.$/,
    );
    assert.equal(second.state.turns.length, 5);
    assert.deepEqual(second.state.messages.at(-1), { beforeTurn: 5, text: "Continue with the task." });
    const resumed = events.find(
      (event): event is StampedEvent & Extract<AgentEvent, { kind: "resumed" }> => event.kind === "resumed",
    );
    assert.deepEqual([resumed?.segment, resumed?.prices], ["fresh", prices]);
  });

  it("knows the last check and what is open of the plan although the process died before a note was made", async () => {
    const events: StampedEvent[] = [];
    const requests: Parameters<Parameters<typeof runScript>[0]>[0][] = [];
    const planning = fakeTool("update_plan", () => ({ ok: true, text: "kept", plan: [{ text: "mend tax", done: false }] }));
    const failing = { command: "npm test", passed: false, failures: 2 };
    const checking = fakeTool("run_command", () => ({ ok: false, text: "2 failed", check: failing }));
    const play = (_request: unknown, index: number) =>
      index > 1
        ? answered({ text: "all done" })
        : answered({ toolCalls: [call(["update_plan", "run_command"][index] ?? "", {})] });
    const ports = testPorts(play, { tools: [planning, checking] }, requests, events);
    await (await startRun(config(), ports)).ended;
    const lost = events.slice(0, events.findLastIndex((event) => event.kind === "toolEnded") + 1);
    const { price, model, approval, caps } = config();
    const next = { message: null, caps, extraTurns: 0, config: { price, model, approval }, diff: "", changedSince: [] };
    const again = await resumeRun(lost, { ...next, segment: "fresh", prices: { same: null, fresh: null } }, ports);
    await again.ended;
    const start = lastText(requests.at(-1)?.messages ?? []);
    assert.match(start, /Last check: npm test \(failed\)[\s\S]*Open in the plan:\n- mend tax/);
  });
});
