import assert from "node:assert/strict";
import type { HandOff } from "../../src/core/agentEvent";
import { noteModel } from "../../src/present/note";

const NOTE: HandOff = { text: "", changed: [], lastCheck: null, commands: [], open: [] };
const of = (part: Partial<HandOff>) => noteModel({ ...NOTE, ...part });

describe("hand-off note", () => {
  it("comes by sections where the model kept to them, without the empty ones", () => {
    const { sections } = of({ text: "Changed: a.ts rounds once.\nVerified:\nOpen: the export.\nNext step: use total()." });
    assert.deepEqual(sections, [
      { title: "Changed", text: "a.ts rounds once." },
      { title: "Open", text: "the export." },
      { title: "Next step", text: "use total()." },
    ]);
  });

  it("stays one text where the model kept to no form, and is none when there is none", () => {
    assert.deepEqual(of({ text: " I fixed it, mostly.\n" }).sections, [{ title: "", text: "I fixed it, mostly." }]);
    assert.deepEqual(of({}).sections, []);
  });

  it("takes commands out of backticks, those of the record after them, and each once", () => {
    const text = "Changed: a.ts\nCommands to check:\n- `npm test`\n- `npm run build`, `npm run lint`\n- tsc";
    const { commands, sections } = of({ text, commands: ["npm test", "tsc"] });
    assert.deepEqual(commands, ["npm test", "npm run build", "npm run lint", "tsc"]);
    assert.deepEqual(
      sections.map(({ title }) => title),
      ["Changed"],
    );
  });

  it("keeps what is said about commands beyond naming them", () => {
    const text = "Changed: a.ts\nCommands to check:\nRun `npm test` twice: the cache is cold at first.";
    assert.deepEqual(of({ text }).sections.at(-1), {
      title: "Check by",
      text: "Run `npm test` twice: the cache is cold at first.",
    });
  });

  it("counts files that are too many, and tells a check that failed without a count", () => {
    const changed = Array.from({ length: 11 }, (_, n) => `src/${n}.ts`);
    const { files, moreFiles, check } = of({
      changed,
      lastCheck: { command: "make", passed: false, failures: null },
      open: ["the export"],
    });
    assert.deepEqual([files.length, moreFiles, check?.text], [8, "and 3 more", "make: failing"]);
    assert.equal(of({ changed: ["a"] }).moreFiles, "");
    assert.equal(of({}).check, null);
  });
});
