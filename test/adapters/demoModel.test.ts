import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { type DemoServer, startDemoServer } from "../../src/adapters/demoModel";
import { roughTokens } from "../../src/adapters/demoModelBill";
import {
  MONEY_FILE,
  OTHER_FILES,
  REGRESSION_TEST,
  ROUND_DOWN_NOISE,
  ROUND_WELL,
  TEST_FILE,
} from "../../src/adapters/demoScriptSample";
import { CONTINUE, landingInstruction, SYSTEM_PROMPT } from "../../src/core/prompt";
import { type Answer, ask, type Player, play, REFUSED_BY_MODE, TOOLS } from "./demoModelPlayer";

declare const __TEST_ROOT__: string;

const SAMPLE = path.join(__TEST_ROOT__, "samples/invoice");
const TASK = "Fix the failing test.";

describe("demoModel", function () {
  this.timeout(60_000);
  let server: DemoServer;
  let workspace: string;
  before(async () => {
    server = await startDemoServer({ delayMs: 0 });
  });
  after(() => server.close());
  beforeEach(() => {
    workspace = mkdtempSync(path.join(os.tmpdir(), "turnpike-demo-"));
    cpSync(SAMPLE, workspace, { recursive: true });
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));

  const player = (task: string, options: Partial<Player> = {}): Player => ({ url: server.url, workspace, task, ...options });
  const toolsOf = (answers: readonly Answer[]) =>
    answers.map((answer) => answer.calls.map((call) => call.name).join("+") || "text");
  const file = (name: string) => readFileSync(path.join(workspace, name), "utf8");

  it("plays the whole session through real tools: a wrong fix, then the right one, then the end", async () => {
    const { answers, verdicts } = await play(player(TASK));
    assert.deepEqual(toolsOf(answers), [
      "list_files",
      "run_command",
      "read_file",
      "search_text",
      "read_file+read_file",
      "edit_file",
      "run_command",
      "edit_file",
      "run_command",
      "finish",
    ]);
    assert.deepEqual(verdicts, [false, false, true]);
    assert.ok(file(MONEY_FILE).includes(ROUND_WELL));
    assert.ok(answers.slice(0, -1).every((answer) => answer.text.length > 8));
    assert.ok(answers.filter((answer) => answer.reasoning.length > 0).length >= 2);
  });

  it("reports usage that grows and is read from the cache, as a provider with a prefix cache would", async () => {
    const { answers } = await play(player(TASK, { system: `${SYSTEM_PROMPT}\n${"Some more of the prompt. ".repeat(200)}` }));
    const usages = answers.map((answer) => answer.usage);
    assert.equal(usages[0]?.prompt_tokens_details.cached_tokens, 0);
    usages.slice(1).forEach((usage, index) => {
      const before = usages[index];
      assert.ok(before && usage.prompt_tokens > before.prompt_tokens);
      assert.equal(usage.prompt_tokens_details.cached_tokens, Math.floor(before.prompt_tokens / 128) * 128);
      assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    });
    const reasoned = answers.filter((answer) => answer.usage.completion_tokens_details.reasoning_tokens > 0);
    assert.deepEqual(
      reasoned,
      answers.filter((answer) => answer.reasoning !== ""),
    );
  });

  it("bills no cached input for a prompt that was changed at its start", async () => {
    const system = "word ".repeat(2_000);
    const first = await ask(player(TASK, { system }), [{ role: "user", content: "a" }]);
    const again = await ask(player(TASK, { system }), [{ role: "user", content: "a" }]);
    const other = await ask(player(TASK, { system: `x${system}` }), [{ role: "user", content: "a" }]);
    const cached = [first, again, other].map((answer) => answer.usage.prompt_tokens_details.cached_tokens);
    assert.deepEqual(
      cached.map((tokens) => tokens > 1_000),
      [false, true, false],
    );
  });

  it("reads every file first when the task says slowly", async () => {
    const { answers } = await play(player("Slowly, fix the failing test."));
    assert.equal(answers.length, 10 + OTHER_FILES.length);
    assert.deepEqual(
      toolsOf(answers).slice(1, 1 + OTHER_FILES.length),
      OTHER_FILES.map(() => "read_file"),
    );
    assert.ok(file(MONEY_FILE).includes(ROUND_WELL));
  });

  it("finds its place in a session that was stopped anywhere and goes on", async () => {
    const whole = await play(player(TASK));
    for (const turns of [1, 2, 5, 6, 7, 9]) {
      rmSync(workspace, { recursive: true });
      cpSync(SAMPLE, workspace, { recursive: true });
      const stopped = await play(player(TASK, { mostTurns: turns }));
      const rest = await play(player(TASK, { messages: [...stopped.messages, { role: "user", content: CONTINUE }] }));
      assert.equal(stopped.answers.length + rest.answers.length, whole.answers.length, `stopped after ${turns}`);
      assert.ok(file(MONEY_FILE).includes(ROUND_WELL));
    }
  });

  it("goes on from the files alone when a run begins anew after the wrong fix", async () => {
    await play(player(TASK, { mostTurns: 6 }));
    assert.ok(file(MONEY_FILE).includes("Math.ceil"));
    const { answers } = await play(player(`${TASK}\n\nHand-off note of the last run: portion rounds everything up.`));
    assert.ok(file(MONEY_FILE).includes(ROUND_WELL));
    assert.deepEqual(toolsOf(answers).slice(-3), ["edit_file", "run_command", "finish"]);
  });

  it("finishes, when asked twice, on a sample that is already repaired", async () => {
    await play(player(TASK));
    const { answers } = await play(player(TASK, { finishRefusals: 1 }));
    assert.deepEqual(toolsOf(answers).slice(-2), ["finish", "finish"]);
    assert.match(JSON.stringify(answers.at(-1)?.calls), /Nothing was left to change/);
  });

  it("proposes the fix in words when edits are not allowed", async () => {
    const { answers } = await play(player(TASK, { refuse: { edit_file: REFUSED_BY_MODE, run_command: REFUSED_BY_MODE } }));
    assert.equal(toolsOf(answers).at(-1), "text");
    assert.match(answers.at(-1)?.text ?? "", /may not edit[\s\S]*toFixed/);
    assert.ok(file(MONEY_FILE).includes(ROUND_DOWN_NOISE));
  });

  it("fixes without trying when commands are not allowed, and says that it is not verified", async () => {
    const { answers } = await play(player(TASK, { refuse: { run_command: REFUSED_BY_MODE } }));
    assert.equal(toolsOf(answers).filter((tools) => tools === "run_command").length, 1);
    assert.ok(file(MONEY_FILE).includes(ROUND_WELL));
    assert.match(JSON.stringify(answers.at(-1)?.calls), /not verified/);
  });

  it("takes a declined first fix for a hint and comes with the right one", async () => {
    const { answers } = await play(
      player(TASK, { refuse: { edit_file: "The user declined this edit: no ceil please" }, mostRefusals: 1 }),
    );
    assert.ok(file(MONEY_FILE).includes(ROUND_WELL));
    assert.ok(answers.some((answer) => answer.text.startsWith("Fair enough")));
  });

  it("plays a second act on any further message, once", async () => {
    const first = await play(player(TASK));
    const more = (said: string, messages: Player["messages"] = first.messages) =>
      play(player(TASK, { messages: [...(messages ?? []), { role: "user", content: said }] }));
    const second = await more("add a regression test");
    assert.deepEqual(toolsOf(second.answers), ["read_file", "edit_file", "run_command", "finish"]);
    assert.deepEqual(second.verdicts, [true]);
    assert.ok(file(TEST_FILE).includes(REGRESSION_TEST.name));
    const third = await more("and now?", second.messages);
    assert.deepEqual(toolsOf(third.answers), ["text"]);
    assert.match(third.answers[0]?.text ?? "", /already in/);
  });

  it("leaves a hand-off note of what really happened when tools are off", async () => {
    const expected: [turns: number, pattern: RegExp][] = [
      [1, /## Changed\nNothing yet[\s\S]*## Verified\nNothing yet[\s\S]*## Open[\s\S]*not found yet[\s\S]*## Next step/],
      [6, /## Changed\n`src\/money.js`[\s\S]*Nothing since the last edit[\s\S]*Math.ceil/],
      [7, /`npm test` fails/],
      [9, /`npm test` passes[\s\S]*## Open\nNothing/],
    ];
    for (const [mostTurns, pattern] of expected) {
      rmSync(workspace, { recursive: true });
      cpSync(SAMPLE, workspace, { recursive: true });
      const { messages } = await play(player(TASK, { mostTurns }));
      const last = messages.at(-1);
      assert.ok(last);
      const tailed = [
        ...messages.slice(0, -1),
        { ...last, content: `${last.content}\n\n${landingInstruction("turn limit reached")}` },
      ];
      const note = await ask(player(TASK, { toolChoice: "none" }), tailed);
      assert.match(note.text, pattern);
      assert.deepEqual([note.calls.length, note.finish], [0, "stop"]);
    }
  });

  it("keeps to the output limit, and to calls alone after a cut", async () => {
    const messages = [{ role: "user", content: TASK }];
    for (const limit of [{ max_tokens: 5 }, { max_completion_tokens: 5 }]) {
      const cut = await ask(player(TASK, { limit }), messages);
      assert.equal(cut.finish, "length");
      assert.ok(cut.usage.completion_tokens <= 5 && cut.calls.length === 0);
    }
    const whole = await ask(player(TASK), messages);
    const nudge = "Your answer was cut at the output limit. Go on from there, more briefly.";
    const brief = await ask(player(TASK), [
      ...messages,
      { role: "assistant", content: "I'll" },
      { role: "user", content: nudge },
    ]);
    assert.ok(brief.usage.completion_tokens < whole.usage.completion_tokens / 2);
    assert.deepEqual(
      brief.calls.map((call) => call.name),
      ["list_files"],
    );
  });

  it("says kindly that it does not know any other project", async () => {
    for (const name of [MONEY_FILE, TEST_FILE]) rmSync(path.join(workspace, name));
    const { answers } = await play(player(TASK));
    assert.deepEqual(toolsOf(answers), ["list_files", "text"]);
    assert.match(answers[1]?.text ?? "", /only knows the sample project/);
  });

  it("answers in one piece when no stream is asked for", async () => {
    const messages = [{ role: "user", content: TASK }];
    const streamed = await ask(player(TASK), messages);
    const response = await fetch(`${server.url}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({
        model: "turnpike-demo",
        messages: [{ role: "system", content: SYSTEM_PROMPT }, ...messages],
        tools: TOOLS,
      }),
    });
    const { choices, usage } = JSON.parse(await response.text());
    assert.equal(choices[0].message.content, streamed.text);
    assert.equal(choices[0].message.reasoning_content, streamed.reasoning);
    assert.equal(choices[0].message.tool_calls[0].function.arguments, "{}");
    assert.equal(usage.completion_tokens, streamed.usage.completion_tokens);
  });

  it("lists its one model, and answers nonsense with an error", async () => {
    const models = await fetch(`${server.url}/models`);
    assert.equal(JSON.parse(await models.text()).data[0].id, "turnpike-demo");
    const post = (body: string) => fetch(`${server.url}/chat/completions`, { method: "POST", body });
    assert.equal((await post("{")).status, 400);
    assert.equal((await post('{"messages":[]}')).status, 400);
    assert.equal((await post('{"messages":[{"role":"user"}]}')).status, 200);
    assert.equal((await fetch(`${server.url}/nothing`)).status, 404);
  });

  it("streams at a believable pace and stops when nobody listens", async () => {
    const slow = await startDemoServer({ delayMs: 5 });
    try {
      const startedAt = performance.now();
      const answer = await ask({ ...player(TASK), url: slow.url }, [{ role: "user", content: TASK }]);
      const least = answer.usage.completion_tokens * 5 * 0.6;
      assert.ok(performance.now() - startedAt >= least, "too fast");
      const leaving = new AbortController();
      const response = await fetch(`${slow.url}/chat/completions`, {
        method: "POST",
        signal: leaving.signal,
        body: JSON.stringify({ stream: true, messages: [{ role: "user", content: TASK }], tools: TOOLS }),
      });
      leaving.abort();
      await assert.rejects(response.text());
    } finally {
      await slow.close();
    }
  });

  it("refuses a port that is taken", async () => {
    await assert.rejects(startDemoServer({ port: Number(new URL(server.url).port) }), /EADDRINUSE/);
  });
});

describe("demo sample", () => {
  const read = (name: string) => readFileSync(path.join(SAMPLE, name), "utf8");

  it("is as the script knows it", () => {
    assert.equal(read(MONEY_FILE).split(ROUND_DOWN_NOISE).length, 2);
    assert.equal(read(TEST_FILE).split(REGRESSION_TEST.anchor).length, 2);
    for (const name of OTHER_FILES) assert.ok(read(name).length > 50, name);
  });

  it("is small, and its figures are near those of a tokenizer", () => {
    const all = [MONEY_FILE, TEST_FILE, ...OTHER_FILES].map(read).join("\n");
    assert.ok(all.split("\n").length < 300);
    for (const text of [all, SYSTEM_PROMPT, readFileSync(path.join(__TEST_ROOT__, "package.json"), "utf8")]) {
      const ratio = roughTokens(text) / countTokens(text);
      assert.ok(ratio > 0.85 && ratio < 1.05, `${ratio.toFixed(2)} of the exact count`);
    }
  });
});
