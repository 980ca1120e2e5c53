import type { DemoMessage } from "./demoModelRequest";
import { type DemoStep, type Facts, factsOf, hasRead, isFinished, sinceLastEdit } from "./demoScriptFacts";
import { handOffNote } from "./demoScriptNote";
import {
  MONEY_FILE,
  OTHER_FILES,
  REGRESSION_TEST,
  ROUND_DOWN_NOISE,
  ROUND_UP,
  ROUND_WELL_WITH_REASON,
  TEST_FILE,
} from "./demoScriptSample";

/** What the demo model answers: thoughts, then text, then calls of the agent's tools. Without calls it is done. */
export interface DemoAnswer {
  readonly thought?: string;
  readonly text: string;
  readonly calls: readonly DemoToolCall[];
}

export interface DemoToolCall {
  readonly tool: string;
  readonly args: { readonly [key: string]: unknown };
}

/** Calls of one kind, without an edit between them, after which the script gives up rather than go round in circles. */
const MOST_REPEATS = 2;

const UNKNOWN_WORKSPACE =
  "I am Turnpike's demo model: a script without any intelligence, which only knows the sample project that comes with Turnpike. This folder is another one, so there is nothing I can do here. Run `npm start` in Turnpike's repository to see me play on the sample, or choose a real model in Turnpike's settings to work on this folder.";

/** The next answer in a session, found from what the conversation contains. */
export function nextAnswer(messages: readonly DemoMessage[], mayCall: boolean): DemoAnswer {
  const facts = factsOf(messages);
  if (!mayCall) return say(handOffNote(facts));
  const answer = facts.followUp !== null && facts.code === "fixed" ? secondAct(facts, facts.followUp) : firstAct(facts);
  if (answer.calls.some((call) => repeats(facts, call) >= MOST_REPEATS)) return stuck(facts);
  return facts.wasCut && answer.calls.length > 0 ? { text: "", calls: answer.calls } : answer;
}

/** The failing test, a fix that does not hold, and one that does. */
function firstAct(facts: Facts): DemoAnswer {
  const { listing, steps, code, verdict, mayRun } = facts;
  if (listing === null) {
    return call(
      "I'll look at what is here first.",
      "list_files",
      {},
      "A task about tests. I don't know this project yet, so a look at its layout comes first; then the tests themselves will say what is wrong.",
    );
  }
  if (!listing.includes(MONEY_FILE)) return say(UNKNOWN_WORKSPACE);
  const unread = /\bslowly\b/i.test(facts.task) ? OTHER_FILES.find((file) => !hasRead(steps, file)) : undefined;
  if (unread) return call(`Slowly, then: next I read ${unread}.`, "read_file", { path: unread });
  if (code === "unread") return findTheCause(facts);
  switch (code) {
    case "buggy":
      return facts.refusedEdits.length > 0 || !mayRun ? fixWell(facts) : fixBadly();
    case "roundsUp":
      return verdict === null && mayRun ? runTests("Now the tests.") : fixWell(facts);
    case "fixed":
      return conclude(facts);
    case "strange":
      return say(
        `The line I know from ${MONEY_FILE} is not there: somebody has changed \`portion\`. My script ends here; a real model would read on.`,
      );
  }
}

function findTheCause({ steps, verdict, mayRun }: Facts): DemoAnswer {
  if (verdict === null && mayRun) return runTests("A small invoice library with its tests in `test/`. Let me see what fails.");
  if (!hasRead(steps, TEST_FILE)) {
    const why = mayRun ? whatTestsSay(steps, verdict) : "I can't run commands here, so I go by reading.";
    return call(`${why} I'll read the test.`, "read_file", { path: TEST_FILE });
  }
  if (!steps.some((step) => step.tool === "search_text")) {
    return call(
      "Where is anything rounded?",
      "search_text",
      { pattern: "Math\\.(round|ceil|floor)", path: "src" },
      "7.25 % of $2.00 is 14.5 cents, so this is about rounding, not about the rate. There should be one place that rounds.",
    );
  }
  return {
    text: "All rounding goes through `portion` in `src/money.js`; tax and discounts use it. I'll read both ends.",
    calls: [MONEY_FILE, "src/tax.js"].map((path) => ({ tool: "read_file", args: { path } })),
  };
}

function whatTestsSay(steps: readonly DemoStep[], verdict: Facts["verdict"]): string {
  if (verdict === "passed") return "All tests pass, so I wonder what is left to fix.";
  const output = steps.findLast((step) => step.tool === "run_command")?.result ?? "";
  return output.includes("14 !== 15")
    ? "One test fails: half a cent of tax should be rounded up, but 14 comes out instead of 15."
    : "So the tests do not pass, but not in the way I expected.";
}

/** What many would try first: it makes the failing test pass and breaks two others. */
function fixBadly(): DemoAnswer {
  return edit(
    "The test wants half a cent rounded up, and `Math.round` gave 14. `Math.ceil` rounds up; let me try that.",
    MONEY_FILE,
    ROUND_DOWN_NOISE,
    ROUND_UP,
  );
}

function fixWell(facts: Facts): DemoAnswer {
  const { code, refusedEdits, verdict, mayRun } = facts;
  if (refusedEdits.some((answer) => /^not allowed/i.test(answer)) || refusedEdits.length > 1) return proposeFix(facts);
  const old = code === "roundsUp" ? ROUND_UP : ROUND_DOWN_NOISE;
  const why =
    refusedEdits.length > 0
      ? "Fair enough: `Math.ceil` would round every fraction up."
      : code === "roundsUp" && verdict === "failed"
        ? "That was wrong: `Math.ceil` rounds 23.31 cents up as well, and two other tests fail now."
        : mayRun
          ? "`Math.ceil` rounds every fraction up, not only half a cent."
          : "I cannot run the tests here, but the cause can be read off.";
  const thought =
    "In floating point 200 * 0.0725 is 14.499999999999998, not 14.5. So Math.round does the right thing with a number that is already off. The noise has to be cut before rounding: six decimals are far more than any rate needs.";
  return edit(
    `${why} The real cause: 200 * 0.0725 gives 14.499999999999998, so the half cent is lost before it is rounded. I'll cut that noise first.`,
    MONEY_FILE,
    old,
    ROUND_WELL_WITH_REASON,
    thought,
  );
}

function proposeFix({ code }: Facts): DemoAnswer {
  const old = code === "roundsUp" ? ROUND_UP : ROUND_DOWN_NOISE;
  return say(
    `I may not edit files here, so I leave it at a proposal. In \`${MONEY_FILE}\`, replace\n\n    ${old}\n\nwith\n\n    ${ROUND_WELL_WITH_REASON}\n\n200 * 0.0725 is 14.499999999999998 in floating point, so half a cent is lost before \`Math.round\` sees it.`,
  );
}

function conclude(facts: Facts): DemoAnswer {
  const { verdict, mayRun, edited, steps } = facts;
  if (verdict === null && mayRun)
    return runTests(edited.length > 0 ? "And the tests again." : "`portion` already cuts the noise. Let me run the tests.");
  if (verdict === "failed" || verdict === "unclear") {
    return say(
      `\`portion\` in \`${MONEY_FILE}\` rounds well now, but the tests do not pass, for a reason my script does not know. The output above says more.`,
    );
  }
  const checked = verdict === "passed" ? "All tests pass." : "I was not allowed to run the tests, so this is not verified.";
  const done = `Half a cent is now rounded up everywhere: \`portion\` in ${MONEY_FILE} cuts floating-point noise before rounding. ${checked}`;
  const nothing = `Nothing was left to change: \`portion\` in ${MONEY_FILE} already rounds well. ${checked}`;
  const summary = edited.length > 0 ? done : nothing;
  if (isFinished(steps.at(-1))) return say(summary);
  return call(verdict === "passed" ? "All green." : "", "finish", { summary });
}

/** Whatever is asked next, the script can do one more thing: write a test that keeps the bug away. */
function secondAct(facts: Facts, asked: string): DemoAnswer {
  const { recent, hasRegressionTest, verdict, mayRun } = facts;
  if (!hasRead(recent, TEST_FILE) && !hasRegressionTest) {
    const taken = /\btest/i.test(asked)
      ? "A regression test it is."
      : "My script has one more scene, whatever was asked: a regression test.";
    return call(`${taken} I'll look at the tests once more, to write it in their style.`, "read_file", { path: TEST_FILE });
  }
  if (!hasRegressionTest) {
    if (facts.refusedEdits.length > 0)
      return say(
        `I may not edit files here. This is the test I would add to \`${TEST_FILE}\`:\n\n${REGRESSION_TEST.text.trim()}`,
      );
    return edit(
      "Four amounts whose tax ends in exactly half a cent, and which all failed before.",
      TEST_FILE,
      REGRESSION_TEST.anchor,
      `${REGRESSION_TEST.text}${REGRESSION_TEST.anchor}`,
    );
  }
  if (verdict === null && mayRun) return runTests("Does it hold?");
  if (verdict === "failed" || verdict === "unclear")
    return say(
      "The new test is in, but the tests do not pass, for a reason my script does not know. The output above says more.",
    );
  const checked = verdict === "passed" ? "All tests pass" : "The tests were not run";
  if (!recent.some((step) => step.tool === "edit_file"))
    return say(
      `The regression test is already in \`${TEST_FILE}\`. ${checked}. My script ends here; choose a real model in the settings to go on.`,
    );
  const summary = `Added a regression test to ${TEST_FILE}: four amounts whose tax is exactly half a cent. ${checked}.`;
  return isFinished(recent.at(-1)) ? say(summary) : call("", "finish", { summary });
}

function stuck({ steps }: Facts): DemoAnswer {
  return say(
    `I have tried this more than once without a new result, and my script knows no other way. The last answer was: ${steps.at(-1)?.result.slice(0, 200) ?? "none"}`,
  );
}

function repeats({ steps }: Facts, { tool, args }: DemoToolCall): number {
  const same = (step: DemoStep) => step.tool === tool && JSON.stringify(step.args) === JSON.stringify(args);
  return sinceLastEdit(steps).filter(same).length;
}

function say(text: string): DemoAnswer {
  return { text, calls: [] };
}

function call(text: string, tool: string, args: DemoToolCall["args"], thought?: string): DemoAnswer {
  return { text, calls: [{ tool, args }], ...(thought ? { thought } : {}) };
}

function runTests(text: string): DemoAnswer {
  return call(text, "run_command", { command: "npm test" });
}

function edit(text: string, path: string, old: string, replacement: string, thought?: string): DemoAnswer {
  return call(text, "edit_file", { path, edits: [{ old, new: replacement }] }, thought);
}
