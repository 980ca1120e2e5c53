import assert from "node:assert/strict";
import { handOff, handOffSections } from "../../src/core/handOff";
import type { RunState } from "../../src/core/runState";
import { checks, edits, turnRecords } from "../support/turns";

describe("the hand-off note", () => {
  it("is read by its headings, in the forms models write them", () => {
    const sections = {
      changed: "src/a.ts: rounding",
      verified: "npm test: 3 pass",
      open: "the docs",
      next: "write them",
      check: "npm test",
    };
    const forms = [
      "Changed: src/a.ts: rounding\nVerified: npm test: 3 pass\nOpen: the docs\nNext step: write them\nCommands to check: npm test",
      "## Changed\nsrc/a.ts: rounding\n\n## Verified\nnpm test: 3 pass\n\n## Open\nthe docs\n\n## Next step\nwrite them\n\n## Commands to check\nnpm test",
      "**Changed**\nsrc/a.ts: rounding\n**Verified**\nnpm test: 3 pass\n**Open**\nthe docs\n**Next step**\nwrite them\n**Commands to check**\nnpm test",
      "- **Changed:** src/a.ts: rounding\n- **Verified:** npm test: 3 pass\n- **Open:** the docs\n- **Next steps:** write them\n- **Check:** npm test",
    ];
    for (const form of forms) assert.deepEqual(handOffSections(form), sections, form);
  });

  it("keeps lists within a section, and takes no sentence for a heading", () => {
    const read = handOffSections(
      "Changed:\n- src/a.ts\n- open files are closed now\nVerified:\nNothing yet\nOpen:\nCheck the parser again",
    );
    assert.deepEqual(
      [read?.changed, read?.verified, read?.open],
      ["- src/a.ts\n- open files are closed now", "Nothing yet", "Check the parser again"],
    );
  });

  it("is one text where it keeps to no form", () => {
    assert.equal(handOffSections("I changed the rounding and all is well."), null);
    assert.equal(handOffSections(""), null);
  });

  it("holds the facts that need no model: files, the last check, commands newest first, what is open of the plan", () => {
    const turns = turnRecords([edits("a.ts", "a0", "a1"), checks(2)], checks(1, "npm run lint"), [
      edits("a.ts", "a1", "a2"),
      checks(1),
    ]);
    const plan = [
      { text: "find it", sinceTurn: 1, doneTurn: 1 },
      { text: "test it", sinceTurn: 1, doneTurn: null },
    ];
    const note = handOff({ turns, plan } as unknown as RunState, "words");
    assert.deepEqual(
      [note.text, note.changed, note.lastCheck?.failures, note.commands, note.open],
      ["words", ["a.ts"], 1, ["npm test", "npm run lint"], ["test it"]],
    );
  });
});
