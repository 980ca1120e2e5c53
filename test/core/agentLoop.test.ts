import assert from "node:assert/strict";
import type { ActiveRun } from "../../src/core/activeRun";
import type { ExtensionAnswer } from "../../src/core/ports";
import { answered, call, dollars, echo, FakeClock, fakeTool, finish, lastText, runScript } from "../support/scriptedRun";

const work = (index: number) => answered({ toolCalls: [call("echo", { index }, `c${index}`)] });
const done = answered({ toolCalls: [call("finish", { summary: "all good" })] });
const every = { kind: "every" } as const;
const turns = (most: number) => ({ turns: most, usd: null, tokens: null, minutes: null });

describe("the agent loop", () => {
  it("runs the calls of a turn in order and ends as done when the agent finishes", async () => {
    const run = await runScript((_request, index) =>
      index === 0 ? answered({ toolCalls: [call("echo", { n: 1 }, "a"), call("echo", { n: 2 }, "b")] }) : done,
    );
    assert.deepEqual(run.outcome, { kind: "done", reason: "all good" });
    assert.deepEqual(
      run.of("toolEnded").map((event) => event.callId),
      ["a", "b", "call_finish"],
    );
  });

  it("sends each request as a continuation of the one before, message for message", async () => {
    const run = await runScript((_request, index) => (index < 6 ? work(index) : done), {
      config: { policy: { kind: "fixed", maxTurns: 20, cadence: { kind: "every" } } },
    });
    for (let i = 1; i < run.requests.length; i += 1) {
      const before = run.requests[i - 1]?.messages ?? [];
      assert.deepEqual(run.requests[i]?.messages.slice(0, before.length), before);
    }
    assert.match(lastText(run.requests[3]?.messages ?? []), /\n\n\[budget\] turn 4 of 20 · HIGH$/);
  });

  it("keeps a turn cap exactly against a model that never finishes, with a closing turn", async () => {
    const run = await runScript(
      (request, index) => (request.toolChoice === "none" ? answered({ text: "Changed: nothing" }) : work(index)),
      {
        config: { caps: { turns: 5, usd: null, tokens: null, minutes: null } },
      },
    );
    assert.equal(run.requests.length, 5);
    assert.equal(run.requests[4]?.toolChoice, "none");
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "turns" });
    assert.equal(run.of("noted")[0]?.note.text, "Changed: nothing");
  });

  it("does not run what a model calls in the landing turn in spite of tool_choice none", async () => {
    const run = await runScript((_request, index) => work(index), {
      config: { caps: { turns: 2, usd: null, tokens: null, minutes: null } },
    });
    assert.equal(run.requests.length, 2);
    assert.equal(run.of("toolEnded").length, 1);
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "turns" });
  });

  it("spends nothing under a cap of zero", async () => {
    for (const caps of [
      { turns: 0, usd: null, tokens: null, minutes: null },
      { turns: null, usd: dollars(0), tokens: null, minutes: null },
      { turns: null, usd: null, tokens: 0, minutes: null },
      { turns: null, usd: null, tokens: null, minutes: 0 },
    ]) {
      const run = await runScript((_request, index) => work(index), { config: { caps } });
      assert.equal(run.requests.length, 0, JSON.stringify(caps));
      assert.equal(run.outcome.kind, "stopped");
    }
  });

  it("answers an unknown tool and arguments that are not JSON with what is wrong, and goes on", async () => {
    const run = await runScript((_request, index) => {
      if (index === 0) return answered({ toolCalls: [call("fly", {}, "a"), { id: "b", name: "echo", arguments: '{"n":' }] });
      return done;
    });
    const [unknown, broken] = run.of("toolEnded");
    assert.match(unknown?.text ?? "", /There is no tool "fly"\. Tools: echo, finish/);
    assert.match(broken?.text ?? "", /not valid JSON/);
    assert.equal(run.outcome.kind, "done");
  });

  it("turns a tool that throws into a failed result", async () => {
    const bad = fakeTool("bad", () => {
      throw new Error("disk on fire");
    });
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls: [call("bad", {})] }) : done), {
      tools: [bad, finish],
    });
    assert.equal(run.of("toolEnded")[0]?.text, "bad failed: disk on fire");
    assert.equal(run.outcome.kind, "done");
  });

  it("asks again after an empty answer, and fails after three in a row", async () => {
    const recovers = await runScript((_request, index) => (index === 0 ? answered() : done));
    assert.equal(recovers.outcome.kind, "done");
    const fails = await runScript(() => answered());
    assert.equal(fails.requests.length, 3);
    assert.deepEqual(fails.outcome, { kind: "failed", reason: "the model gave 3 empty answers" });
  });

  it("takes a text without a call as the end, unless it was cut at the output limit", async () => {
    const run = await runScript((_request, index) =>
      index === 0 ? answered({ text: "It is", finish: "length" }) : answered({ text: "on line 4." }),
    );
    assert.deepEqual(run.outcome, { kind: "done", reason: "on line 4." });
    assert.equal(run.requests.length, 2);
  });

  it("retries what the provider refused for now, each time under a new reservation, after the wait it asked for", async () => {
    const run = await runScript((_request, index) =>
      index === 0 ? { kind: "refused", reason: "429 slow down", retry: "later", askedMs: 1_500 } : done,
    );
    assert.equal(run.outcome.kind, "done");
    assert.deepEqual(
      run.of("reserved").map((event) => event.attempt),
      [1, 2],
    );
    assert.equal(run.of("released").length, 1);
    assert.deepEqual(run.clock.slept, [1_500]);
  });

  it("does not retry what will not change, and says why it failed", async () => {
    const run = await runScript(() => ({
      kind: "refused",
      reason: "401: the key was not accepted",
      retry: "never",
    }));
    assert.equal(run.requests.length, 1);
    assert.deepEqual(run.outcome, { kind: "failed", reason: "401: the key was not accepted" });
  });

  it("charges a cut stream at the input bound and what had arrived, marked as estimated, then tries again", async () => {
    const partial = { text: "x".repeat(400), toolCalls: [], finish: "unknown" as const, reasoning: "" };
    const run = await runScript((_request, index) =>
      index === 0 ? { kind: "broken", reason: "connection lost", cause: "cut", partial, silentMs: 0, bill: null } : done,
    );
    const [cut] = run.of("charged");
    assert.equal(cut?.charge.provenance, "estimated");
    assert.ok((cut?.charge.usage.output ?? 0) >= 100);
    const said = JSON.stringify(run.requests[0]?.messages.map((message) => message.text));
    const charged = cut?.charge.usage.freshInput ?? 0;
    assert.ok(charged >= said.length / 4 && charged <= (run.of("reserved")[0]?.plan.inputUpper ?? 0));
    assert.equal(run.outcome.kind, "done");
  });

  it("estimates, marks and caps when usage never comes", async () => {
    const run = await runScript(
      (_request, index) => answered({ toolCalls: [call("echo", { index }, `c${index}`)], usage: null }),
      {
        config: { caps: { turns: null, usd: dollars(0.1), tokens: null, minutes: null } },
      },
    );
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "dollars" });
    assert.ok(run.of("charged").every((event) => event.charge.provenance === "estimated" && (event.charge.usd ?? 0) > 0));
  });

  it("refuses commands and edits in a read-only run and tells the model so", async () => {
    const edit = fakeTool("edit", () => ({ ok: true, text: "edited" }), "edit");
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls: [call("edit", {})] }) : done), {
      config: { approval: "readOnly" },
      tools: [edit, finish],
    });
    assert.match(run.of("toolEnded")[0]?.text ?? "", /may only read/);
  });

  it("asks for what is not automatic, and gives the model the user's reason for a refusal", async () => {
    const edit = fakeTool("edit", () => ({ ok: true, text: "edited" }), "edit");
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls: [call("edit", {})] }) : done), {
      config: { approval: "ask" },
      tools: [edit, finish],
      approver: { approve: async () => ({ allowed: false, note: "not that file" }), extend: async () => ({ kind: "land" }) },
    });
    assert.match(run.of("toolEnded")[0]?.text ?? "", /declined this edit: not that file/);
    assert.deepEqual(
      run.of("approvalAnswered").map((event) => [event.allowed, event.by]),
      [[false, "user"]],
    );
  });

  it("does not take a stop for a refusal of what was being asked", async () => {
    const edit = fakeTool("edit", () => ({ ok: true, text: "edited" }), "edit");
    let stop = () => {};
    const run = await runScript(() => answered({ toolCalls: [call("edit", {})] }), {
      config: { approval: "ask" },
      tools: [edit, finish],
      during: (active) => {
        stop = () => active.stop();
      },
      approver: {
        approve: async () => {
          stop();
          return { allowed: false };
        },
        extend: async () => ({ kind: "land" }),
      },
    });
    assert.deepEqual(
      run.of("approvalAnswered").map((event) => event.by),
      ["stop"],
    );
    assert.match(run.of("toolEnded")[0]?.text ?? "", /not run/);
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "user" });
  });

  it("runs no further call once the user stops in the middle of a turn", async () => {
    let stop = () => {};
    const stopping = fakeTool("stopping", () => {
      stop();
      return { ok: true, text: "" };
    });
    const run = await runScript(() => answered({ toolCalls: [call("stopping", {}, "a"), call("echo", {}, "b")] }), {
      tools: [stopping, echo, finish],
      during: (active) => {
        stop = () => active.stop();
      },
    });
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "user" });
    assert.equal(run.requests.length, 1);
    assert.deepEqual(
      run.of("toolStarted").map((event) => event.callId),
      ["a"],
    );
  });

  it("gives each call a result in the landing request when time runs out in the middle of a turn", async () => {
    const clock = new FakeClock();
    const slow = fakeTool("slow", () => {
      clock.advance(170_000);
      return { ok: true, text: "slow" };
    });
    const run = await runScript(
      (request) =>
        request.toolChoice === "none"
          ? answered({ text: "note" })
          : answered({ toolCalls: [call("slow", {}, "a"), call("echo", {}, "b"), call("echo", {}, "c")] }),
      { clock, tools: [slow, echo], config: { caps: { turns: null, usd: null, tokens: null, minutes: 3 } } },
    );
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "time" });
    const results = run.requests[1]?.messages.flatMap((message) =>
      message.role === "tool" ? [[message.callId, message.text]] : [],
    );
    const notRun = "[not run: the run ended first]";
    assert.deepEqual(results, [
      ["a", "slow"],
      ["b", notRun],
      ["c", notRun],
    ]);
  });

  it("lets a call go on whose cap in minutes is taken away", async () => {
    const clock = new FakeClock();
    let lift = () => {};
    const partial = { text: "", toolCalls: [], finish: "unknown" as const, reasoning: "" };
    const run = await runScript(
      async (_request, _index, _emit, signal) => {
        lift();
        await new Promise((resolve) => setTimeout(resolve, 5));
        return signal.aborted
          ? { kind: "broken", reason: "cancelled", cause: "cancelled", partial, silentMs: 0, bill: null }
          : done;
      },
      {
        clock,
        config: { caps: { turns: null, usd: null, tokens: null, minutes: 1 } },
        during: (active) => {
          lift = () => {
            active.extend({ turns: null, usd: null, tokens: null, minutes: null }, 0);
            clock.advance(3_600_000);
          };
        },
      },
    );
    assert.equal(run.outcome.kind, "done");
  });

  it("ends a call by a cap in minutes that is set while it goes on", async () => {
    const clock = new FakeClock();
    const partial = { text: "", toolCalls: [], finish: "unknown" as const, reasoning: "" };
    let cap = () => {};
    const run = await runScript(
      (_request, _index, _emit, signal) => {
        cap();
        return new Promise((resolve) => {
          signal.addEventListener("abort", () =>
            resolve({ kind: "broken", reason: "cancelled", cause: "cancelled", partial, bill: null, silentMs: 0 }),
          );
          setTimeout(() => clock.advance(120_000), 5);
        });
      },
      {
        clock,
        during: (active) => {
          cap = () => active.extend({ turns: null, usd: null, tokens: null, minutes: 1 }, 0);
        },
      },
    );
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "time" });
  });

  it("spends the only turn of a limit of one on the task", async () => {
    const answers = await runScript(() => answered({ text: "42" }), { config: { caps: turns(1) } });
    assert.deepEqual([answers.outcome, answers.requests[0]?.toolChoice], [{ kind: "done", reason: "42" }, "auto"]);
    const works = await runScript((_request, index) => work(index), { config: { caps: turns(1) } });
    assert.deepEqual([works.outcome, works.requests.length], [{ kind: "stopped", reason: "turns" }, 1]);
  });

  it("pays for no hand-off where nothing was done", async () => {
    const run = await runScript(() => answered({ text: "note" }), {
      config: { caps: { turns: null, usd: dollars(0.01), tokens: null, minutes: null } },
    });
    assert.deepEqual([run.outcome, run.requests.length], [{ kind: "stopped", reason: "dollars" }, 0]);
    assert.equal(run.of("noted").length, 1);
  });

  it("is not done in a turn in which another call failed, before the model has seen it", async () => {
    const bad = fakeTool("bad", () => ({ ok: false, text: "no" }));
    const both = answered({ toolCalls: [call("bad", {}, "a"), call("finish", { summary: "all good" }, "b")] });
    const run = await runScript((_request, index) => (index === 0 ? both : done), { tools: [bad, finish] });
    assert.equal(run.requests.length, 2);
    assert.match(run.of("toolEnded")[1]?.text ?? "", /^Not finished: bad failed/);
    const givesUp = answered({ toolCalls: [call("bad", {}, "a"), call("finish", { summary: "infeasible" }, "b")] });
    assert.equal((await runScript(() => givesUp, { tools: [bad, finish] })).requests.length, 1);
  });

  it("takes no text for the end while the finishing tool would object, unless it asks the user something", async () => {
    let objections = 0;
    const objecting = { ...finish, objection: async () => (objections++ === 0 ? "nothing has changed" : null) };
    const promise = await runScript(() => answered({ text: "I will now change it." }), { tools: [objecting] });
    assert.equal(promise.requests.length, 2);
    assert.deepEqual(
      promise.of("nudged").map((event) => event.text),
      ["nothing has changed"],
    );
    objections = 0;
    const question = await runScript(() => answered({ text: "Which file do you mean?" }), { tools: [objecting] });
    assert.deepEqual([question.outcome.kind, question.requests.length], ["done", 1]);
  });

  it("grants the turns the user says, lands or stops at a limit, as they choose", async () => {
    const policy = { kind: "dynamic", preset: "evidence", baseTurns: 4, hardTurns: 20, onLimit: "ask", cadence: every } as const;
    const same = fakeTool("echo", () => ({ ok: true, text: "same" }));
    const ask = (answer: ExtensionAnswer) =>
      runScript((request, index) => (request.toolChoice === "none" ? answered({ text: "note" }) : work(index)), {
        config: { policy },
        tools: [same],
        approver: { approve: async () => ({ allowed: false }), extend: async () => answer },
      });
    const extended = await ask({ kind: "extend", turns: 7 });
    assert.deepEqual(extended.of("extended")[0], { ...extended.of("extended")[0], from: 4, to: 11, by: "user" });
    const landed = await ask({ kind: "land" });
    assert.deepEqual([landed.outcome, landed.requests.length], [{ kind: "stopped", reason: "turns" }, 4]);
    const stopped = await ask({ kind: "stop" });
    assert.deepEqual([stopped.outcome, stopped.requests.length], [{ kind: "stopped", reason: "user" }, 3]);
    assert.equal(landed.of("extensionRefused").length, 1);
  });

  it("cuts the results of a turn short once they are many", async () => {
    const large = fakeTool("echo", () => ({ ok: true, text: "word ".repeat(6_000) }));
    const toolCalls = Array.from({ length: 7 }, (_, n) => call("echo", { n }, `c${n}`));
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls }) : done), { tools: [large, finish] });
    assert.deepEqual(
      run.of("toolEnded").map((event) => event.truncated),
      [false, false, false, false, false, true, true, false],
    );
  });

  it("tells views at once that it is asked to land or to stop", async () => {
    const endings: (string | null)[] = [];
    const slow = fakeTool("echo", () => {
      active?.land();
      endings.push(active?.state.ending ?? null);
      active?.stop();
      endings.push(active?.state.ending ?? null);
      return { ok: true, text: "" };
    });
    let active: ActiveRun | null = null;
    const run = await runScript((_request, index) => work(index), {
      tools: [slow],
      during: (started) => {
        active = started;
      },
    });
    assert.deepEqual(endings, ["landing", "stopping"]);
    assert.equal(run.events.filter((event) => event.kind === "ending").length, 0, "only for views");
  });

  it("leaves its facts for a hand-off when it breaks", async () => {
    const run = await runScript(() => answered({ toolCalls: [call("edit", {})] }), {
      config: { approval: "ask" },
      tools: [fakeTool("edit", () => ({ ok: true, text: "" }), "edit")],
      approver: { approve: () => Promise.reject(new Error("the window is gone")), extend: async () => ({ kind: "land" }) },
    });
    assert.deepEqual(run.outcome, { kind: "failed", reason: "the window is gone" });
    assert.equal(run.of("noted").length, 1);
  });

  it("leaves out results it cannot pay for rather than not to land", async () => {
    const large = fakeTool("echo", () => ({ ok: true, text: "x".repeat(30_000) }));
    const run = await runScript((request, index) => (request.toolChoice === "none" ? answered({ text: "note" }) : work(index)), {
      tools: [large],
      config: { caps: { turns: null, usd: dollars(0.045), tokens: null, minutes: null } },
    });
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "dollars" });
    const [landing] = run.of("turnStarted").filter((event) => event.purpose === "landing");
    assert.equal(landing?.withheld, true);
    assert.match(lastText(run.requests.at(-1)?.messages ?? []), /^\[left out: no budget to send this result\]\n\n\[budget\]/);
    assert.equal(run.of("noted")[0]?.note.text, "note");
  });

  it("lands before the time cap, with time held back for it", async () => {
    const clock = new FakeClock();
    const slow = fakeTool("echo", () => {
      clock.advance(50_000);
      return { ok: true, text: "slow" };
    });
    const run = await runScript((request, index) => (request.toolChoice === "none" ? answered({ text: "note" }) : work(index)), {
      clock,
      tools: [slow, finish],
      config: { caps: { turns: null, usd: null, tokens: null, minutes: 3 } },
    });
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "time" });
    assert.equal(run.requests.at(-1)?.toolChoice, "none");
    assert.equal(run.requests.length, 4);
  });

  it("does not count the time it waits for the user", async () => {
    const clock = new FakeClock();
    const edit = fakeTool("edit", () => ({ ok: true, text: "edited" }), "edit");
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls: [call("edit", {})] }) : done), {
      clock,
      config: { approval: "ask", caps: { turns: null, usd: null, tokens: null, minutes: 1 } },
      tools: [edit, finish],
      approver: {
        approve: async () => {
          clock.advance(3_600_000);
          return { allowed: true };
        },
        extend: async () => ({ kind: "land" }),
      },
    });
    assert.equal(run.outcome.kind, "done");
  });

  it("hints at the third repetition, more strongly at the fifth, and stops at the eighth", async () => {
    const same = fakeTool("echo", () => ({ ok: true, text: "same" }));
    const run = await runScript(
      (request, index) =>
        request.toolChoice === "none" ? answered({ text: "stuck" }) : answered({ toolCalls: [call("echo", {}, `c${index}`)] }),
      { tools: [same] },
    );
    assert.deepEqual(
      run.of("hinted").map((event) => event.turn),
      [3, 5],
    );
    assert.deepEqual(run.outcome, { kind: "stopped", reason: "stuck" });
    assert.equal(run.requests.length, 9);
  });

  it("counts a result that is asked for many times in one turn once", async () => {
    const same = fakeTool("echo", () => ({ ok: true, text: "same" }));
    const eight = Array.from({ length: 8 }, (_, n) => call("echo", {}, `c${n}`));
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls: eight }) : done), {
      tools: [same, finish],
    });
    assert.equal(run.outcome.kind, "done");
  });

  it("fails in words when answers are filtered, or cut three times in a row", async () => {
    const filtered = await runScript(() => ({
      kind: "answered",
      answer: { text: "I", toolCalls: [], finish: "filtered" },
      bill: null,
    }));
    assert.deepEqual(filtered.outcome, { kind: "failed", reason: "the provider filtered the answer" });
    const cut = await runScript(() => answered({ text: "and so on", finish: "length" }));
    assert.equal(cut.requests.length, 3);
    assert.match(cut.outcome.reason, /cut at the output limit/);
  });

  it("turns a tool that throws while it is prepared into a failed result", async () => {
    const bad = { ...fakeTool("bad", () => ({ ok: true, text: "" })), prepare: () => Promise.reject(new Error("no such disk")) };
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls: [call("bad", {})] }) : done), {
      tools: [bad, finish],
    });
    assert.equal(run.of("toolEnded")[0]?.text, "bad failed: no such disk");
    assert.equal(run.outcome.kind, "done");
  });

  it("keeps what is being asked when the limits are extended meanwhile", async () => {
    const edit = fakeTool("edit", () => ({ ok: true, text: "edited" }), "edit");
    let asked: unknown = null;
    let extend = () => {};
    const run = await runScript((_request, index) => (index === 0 ? answered({ toolCalls: [call("edit", {})] }) : done), {
      config: { approval: "ask", policy: { kind: "fixed", maxTurns: 5, cadence: { kind: "every" } } },
      tools: [edit, finish],
      during: (active) => {
        extend = () => {
          active.extend({ turns: 8, usd: null, tokens: null, minutes: null }, 10);
          asked = active.state.question?.kind;
        };
      },
      approver: {
        approve: async () => {
          extend();
          return { allowed: true };
        },
        extend: async () => ({ kind: "land" }),
      },
    });
    assert.equal(asked, "approval");
    assert.deepEqual(
      run.of("extended").map((event) => [event.from, event.to]),
      [[5, 8]],
      "never above the cap in turns",
    );
    assert.equal(run.outcome.kind, "done");
  });

  it("warns anew of a limit that was raised", async () => {
    const read = fakeTool("read_file", (args) => ({ ok: true, text: JSON.stringify(args) }));
    const policy = { kind: "dynamic", preset: "evidence", baseTurns: 8, hardTurns: 12, onLimit: "land", cadence: every } as const;
    const run = await runScript(
      (request, n) =>
        request.toolChoice === "none" ? answered({ text: "" }) : answered({ toolCalls: [call("read_file", { n }, `c${n}`)] }),
      { config: { policy }, tools: [read] },
    );
    assert.deepEqual(
      run.of("warning").map(({ unit, cap }) => [unit, cap]),
      [
        ["turns", 8],
        ["turns", 10],
        ["turns", 12],
      ],
    );
  });

  it("warns once of each limit that comes to its warn level", async () => {
    const run = await runScript((request, index) => (request.toolChoice === "none" ? answered({ text: "note" }) : work(index)), {
      config: { policy: { kind: "fixed", maxTurns: 10, cadence: { kind: "every" } } },
    });
    assert.deepEqual(
      run.of("warning").map(({ unit, cap, share }) => [unit, cap, share]),
      [["turns", 10, 0.8]],
    );
  });

  it("declares a task infeasible as a failure with the agent's reason", async () => {
    const run = await runScript(() => answered({ toolCalls: [call("finish", { summary: "infeasible: no such file" })] }));
    assert.deepEqual(run.outcome, { kind: "failed", reason: "infeasible: infeasible: no such file" });
  });
});
