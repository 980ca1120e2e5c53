import assert from "node:assert/strict";
import { asksForChange } from "../../src/tools/task";

const ASKS = [
  "Fix the failing test",
  "fix the off-by-one in pagination.ts.",
  "Please rename getUser to fetchUser everywhere",
  "Can you add a --json flag to the CLI?",
  "Could you please make the tests pass?",
  "I want you to refactor the parser so that it streams.",
  "I'd like to replace moment by date-fns",
  "We need to upgrade TypeScript to 5.9",
  "You must implement the function `parse` in src/parse.ts",
  "The build is broken on Windows. Fix it.",
  "Tests in cart.test.js fail: total() ignores the discount.\n\nMake them pass.",
  "Find the cause of the crash and fix it",
  "Now update the README",
  "- [ ] Remove the deprecated endpoints",
  "1. Create a file notes.md with the word hello",
  "Write a summary of the architecture to docs/ARCHITECTURE.md file",
  "Go ahead and delete the unused exports",
  "Ensure that empty input returns []",
  "Build a todo app",
  "Build me a small REST API with express",
  "Help fix the bug",
  "Help us to migrate to ESM",
  "Develop a CLI for the parser",
  "Turn this module into a class",
  "Add the numbers 1 to 9 to the fixtures",
];

const DOES_NOT_ASK = [
  "What does this project do?",
  "How would I add a new command?",
  "Why does the test fail",
  "Explain how the ledger works.",
  "Where is the price table?",
  "Is it safe to remove this function?",
  "Should we migrate to ESM?",
  "Summarise the last five commits",
  "Write a summary of the architecture",
  "Make a list of all TODO comments",
  "Review this module and suggest improvements",
  "Find out where to add a cache and how to change the config",
  "Fix nothing, do not change any files: tell me what is wrong in cart.js",
  "Read-only: check whether the tests fix the bug",
  "Can you tell me which files handle auth?",
  "Can you explain what happens when I remove the flag?",
  "Run the tests and report the failures",
  "Add up the numbers in data.csv and tell me the sum",
  "Please add up all prices",
  "Build the project and tell me whether it passes",
  "Build it and report the warnings",
  "Draft a plan for the migration",
  "Help me understand the parser",
  "Help!",
  "the login page is slow",
  "",
  "Was macht dieses Projekt?",
];

describe("asksForChange", () => {
  for (const task of ASKS)
    it(`sees a change asked for in: ${task.replaceAll("\n", " ")}`, () => assert.equal(asksForChange(task), true));
  for (const task of DOES_NOT_ASK) it(`sees none surely asked for in: ${task}`, () => assert.equal(asksForChange(task), false));

  it("answers at once, however long the task", () => {
    const startedAt = performance.now();
    asksForChange("and then ".repeat(20_000));
    asksForChange(`${"find a ".repeat(20_000)}x`);
    asksForChange("please ".repeat(20_000));
    assert.ok(performance.now() - startedAt < 500);
  });
});
