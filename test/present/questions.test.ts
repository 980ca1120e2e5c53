import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_PROGRESS } from "../../src/core/policy/dynamic";
import { lineDiff } from "../../src/present/lineDiff";
import { moreTurnsWords, questionModel } from "../../src/present/questions";
import * as scenes from "../webview/scenes";
import type { Story } from "../webview/story";

function asked(story: Story) {
  const { state } = story;
  const { question } = state;
  if (!question) throw new Error("the scene asks");
  return questionModel(question, state);
}

describe("questions", () => {
  it("show a command exactly as it would run, with hidden characters spelled out", () => {
    const story = scenes.starting();
    const subject = "rm -rf build\u202e ; echo\u0000 ok\n# second line";
    story.emit({ kind: "approvalAsked", turn: 1, request: { callId: "c", tool: "run_command", access: "command", subject } });
    const model = asked(story);
    assert.equal(model.kind === "approval" && model.subject, "rm -rf build⟨U+202E⟩ ; echo⟨U+0000⟩ ok\n# second line");
  });

  it("show a small edit in short", () => {
    const model = asked(scenes.editApproval());
    if (model.kind !== "approval") throw new Error("an approval");
    assert.deepEqual(
      [model.title, model.subject, model.diff, model.facts],
      ["Apply this edit?", "test/tax.test.ts", true, ["+5 −1"]],
    );
    assert.equal(model.preview.filter(({ kind }) => kind === "added").at(-1)?.text, "  });");
  });

  it("leave a large edit to the diff editor, and tell a new file", () => {
    const story = scenes.starting();
    const after = Array.from({ length: 900 }, (_, n) => `line ${n}`).join("\n");
    const edit = { path: "a.ts", before: null, after };
    story.emit({
      kind: "approvalAsked",
      turn: 1,
      request: { callId: "c", tool: "write_file", access: "edit", subject: "a.ts", edit },
    });
    const model = asked(story);
    if (model.kind !== "approval") throw new Error("an approval");
    assert.deepEqual(
      [model.title, model.preview, model.facts],
      ["Create this file?", [], ["new file", "a large change: view the diff"]],
    );
  });

  it("put the evidence for and against more turns, and their price", () => {
    const model = asked(scenes.extensionAsked());
    if (model.kind !== "extension") throw new Error("an extension");
    assert.deepEqual(
      [model.title, model.text],
      ["Extend by 9 turns?", "33 of 34 turns used. The last one is kept for the landing."],
    );
    assert.equal(model.price, "about $0.083 at the present pace");
    assert.equal(model.chance, "about 62 % to finish within these 9 turns, by 48 past runs");
    assert.deepEqual([model.grant, model.against.length], ["Extend +9", 1]);
  });

  it("quote what the agent asks for as its own words", () => {
    const model = asked(scenes.extensionAsked());
    if (model.kind !== "extension") throw new Error("an extension");
    assert.equal(model.wish?.asks, "asks for 15 turns");
    assert.match(model.wish?.words ?? "", /^Two tests left/);
  });

  it("admit what is not known of the price and of the chance", () => {
    const evidence = { progress: [], against: [], chunkUsd: null, chance: null, wish: null };
    const story = scenes.starting().emit({ kind: "extensionAsked", turn: 33, limit: 34, chunk: 9, evidence });
    const model = asked(story);
    if (model.kind !== "extension") throw new Error("an extension");
    assert.deepEqual([model.price, model.chance], ["not known: no price", "not known: too few past runs"]);
    assert.equal(model.wish, null);
  });

  it("count reasons that are too many to be shown", () => {
    const progress = Array.from({ length: 9 }, (_, n) => `src/${n}.ts changed in turn ${n + 1}`);
    const evidence = { progress, against: [], chunkUsd: null, chance: null, wish: null };
    const model = asked(scenes.starting().emit({ kind: "extensionAsked", turn: 33, limit: 34, chunk: 9, evidence }));
    if (model.kind !== "extension") throw new Error("an extension");
    assert.deepEqual([model.progress.length, model.progress.at(-1)], [6, "and 4 more"]);
  });

  it("say once that nothing came of the turns", () => {
    const against = [NO_PROGRESS, "not enough money for the chunk"];
    const evidence = { progress: [], against, chunkUsd: null, chance: null, wish: null };
    const model = asked(scenes.starting().emit({ kind: "extensionAsked", turn: 33, limit: 34, chunk: 9, evidence }));
    assert.deepEqual(model.kind === "extension" && model.against, ["not enough money for the chunk"]);
  });

  it("ask of a run that repeats itself whether it may go on at all", () => {
    const model = asked(scenes.stuckAsked());
    if (model.kind !== "extension") throw new Error("an extension");
    assert.deepEqual(
      [model.title, model.text, model.stuck, model.grant],
      ["It repeats itself: go on?", "20 of 34 turns used.", true, "Go on"],
    );
    assert.deepEqual(model.against, ["run npm test gave the same result 8 times"]);
    assert.equal(model.price, "about $0.11 for the 14 turns left at the present pace");
    assert.equal(moreTurnsWords({ limit: 34, chunk: 0 }), "The agent repeats itself. Let it go on?");
  });
});

describe("short diff", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "", "}"), { maxLength: 24 })
    .map((lines) => lines.map((line) => `${line}\n`).join(""));

  it("is a shortest one, and turns one text into the other", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = lineDiff(before, after);
        assert.ok(diff);
        assert.equal(diff.added - diff.removed, after.split("\n").length - before.split("\n").length);
        assert.equal(diff.added + diff.removed, editDistance(before.split("\n"), after.split("\n")));
      }),
    );
  });

  it("puts a block where it reads best", () => {
    const diff = lineDiff("{\n  a\n}\n", "{\n  a\n}\n{\n  b\n}\n");
    assert.deepEqual(
      diff?.lines.map(({ kind, text: line }) => `${kind} ${line}`),
      ["same   a", "same }", "added {", "added   b", "added }"],
    );
  });

  it("hides what is far from a change", () => {
    const many = Array.from({ length: 40 }, (_, n) => `${n}`);
    const diff = lineDiff(many.join("\n"), many.with(3, "x").with(30, "y").join("\n"));
    assert.equal(diff?.lines.filter(({ kind }) => kind === "gap").length, 1);
    assert.equal(diff?.lines.length, 13);
  });
});

/** Insertions and deletions between two lists, by the table. */
function editDistance(a: readonly string[], b: readonly string[]): number {
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  for (const [i, line] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) next.push(line === other ? (row[j] ?? 0) : 1 + Math.min(row[j + 1] ?? 0, next[j] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}
