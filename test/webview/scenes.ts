import type { Outlook } from "../../src/core/agentEvent";
import { usd } from "../../src/core/money";
import type { RunConfig } from "../../src/core/runConfig";
import { type Call, change, config, DYNAMIC, Story, type Turn } from "./story";

/** Runs at the moments that a sidebar must show well. */

/** 14:02 on a Friday, local time. */
export const STARTED = new Date(2026, 10, 20, 14, 2).getTime();

const read = (subject: string, tokens: number): Call => ({ tool: "read_file", subject, tokens, text: SOURCE });
const edit = (path: string, added: number, removed: number): Call => ({
  ...{ tool: "edit_file", subject: path, text: `edited ${path}`, tokens: 12, changes: [change(path, added, removed)] },
});
const failing = (failures: number): Call => ({
  ...{ tool: "run_command", subject: "npm test", ok: false, exitCode: 1, ms: 1_900, tokens: 412 },
  ...{ text: REPORT, check: { command: "npm test", passed: false, failures } },
});
const passing: Call = {
  ...{ tool: "run_command", subject: "npm test", exitCode: 0, ms: 1_840, tokens: 96 },
  ...{ text: "48 passing (1.8s)", check: { command: "npm test", passed: true, failures: null } },
};

const SOURCE = `export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + roundHalfUp(line.amount * (1 + line.rate)), 0);
}`;
const REPORT = `  46 passing (1.8s)
  2 failing

  1) invoice totals
       rounds the sum, not the lines:
     AssertionError: expected 10.03 to equal 10.02
      at Context.<anonymous> (test/invoice.test.ts:41:14)

  2) tax
       splits the remainder:
     AssertionError: expected [ 3.34, 3.33, 3.33 ]`;

/** The first eleven steps of a fix that is going well. */
const FIX: readonly Turn[] = [
  {
    says: "Let me look at the project and at the failing test.",
    calls: [{ tool: "list_files", subject: ".", tokens: 310 }, read("package.json", 280)],
    usage: { freshInput: 4_720, cacheRead: 512, output: 210, reasoning: 128 },
    seconds: 3.1,
  },
  { calls: [failing(2)], usage: { freshInput: 1_890, cacheRead: 5_120, output: 118, reasoning: 64 }, seconds: 2.2 },
  {
    says: "Two failures: the total of an invoice, and the split of a tax remainder.",
    calls: [read("src/invoice.ts", 1_240), read("src/domain/taxation/rates/tax.ts", 1_730), read("src/money/round.ts", 460)],
    usage: { freshInput: 880, cacheRead: 6_912, output: 152, reasoning: 0 },
    seconds: 2.9,
  },
  {
    says: "Each line is rounded before the sum is taken, so the errors add up.",
    calls: [{ tool: "search_text", subject: "roundHalfEven", tokens: 220 }],
    usage: { freshInput: 3_480, cacheRead: 7_680, output: 260, reasoning: 940 + 0 },
    seconds: 8.4,
  },
  { calls: [read("test/invoice.test.ts", 1_020)], usage: { freshInput: 640, cacheRead: 11_264, output: 96 }, seconds: 1.9 },
  {
    says: "I will sum exact amounts and round once.",
    calls: [edit("src/invoice.ts", 14, 9)],
    usage: { freshInput: 1_090, cacheRead: 11_904, output: 820, reasoning: 192 },
    seconds: 6.2,
  },
  {
    calls: [failing(1)],
    usage: { freshInput: 420, cacheRead: 12_928, output: 64 },
    seconds: 1.8,
    retry: "429: too many requests",
  },
  {
    says: "One left: the remainder of the split goes to the first line instead of the largest.",
    calls: [{ tool: "search_text", subject: "splitRemainder", tokens: 180 }, read("src/domain/taxation/rates/tax.ts", 12)],
    usage: { freshInput: 520, cacheRead: 13_312, output: 1_180, reasoning: 1_020 },
    seconds: 9.7,
  },
  { calls: [read("test/tax.test.ts", 1_410)], usage: { freshInput: 480, cacheRead: 13_824, output: 88 }, seconds: 2.0 },
  {
    says: "The largest share takes the remainder.",
    calls: [edit("src/domain/taxation/rates/tax.ts", 6, 2)],
    usage: { freshInput: 1_610, cacheRead: 14_208, output: 610, reasoning: 128 },
    seconds: 5.0,
    hint: "[hint] You have read src/domain/taxation/rates/tax.ts twice without a change in between.",
  },
  { calls: [passing], usage: { freshInput: 760, cacheRead: 15_744, output: 72 }, seconds: 1.7 },
];

function fixed(part: Partial<RunConfig> = {}): Story {
  const story = new Story(config(part), STARTED);
  for (const turn of FIX) story.take(turn);
  return story;
}

/** After the newest turn, from 48 past runs. */
function likely(story: Story, part: Partial<Outlook> = {}): Story {
  const turnsLeft = { p10: 3, p50: 6, p90: 14 };
  const usdLeft = { p10: usd(0.018), p50: usd(0.041), p90: usd(0.102) };
  return story.emit({ kind: "forecast", turn: story.turn, outlook: { turnsLeft, usdLeft, chance: 0.71, n: 48, ...part } });
}

/** A plan of which so many items are done. */
function planned(story: Story, done: number, turn = story.turn): Story {
  const items = PLAN.map((text, index) => ({ text, done: index < done }));
  return story.emit({ kind: "planned", turn, items });
}

const PLAN = [
  "Reproduce the two failures",
  "Sum exact amounts and round once",
  "Give the remainder of a split to the largest share",
  "Use the same total in the CSV export",
  "Add a regression test for three lines",
];

export function starting(): Story {
  return new Story(config(), STARTED).begin({ freshInput: 4_720 });
}

export function thinking(): Story {
  const story = fixed().begin({ freshInput: 900, cacheRead: 16_384 });
  const turn = story.turn;
  const thought =
    "All 48 checks pass. A regression test for the split is missing; the existing one only covers two lines, so three lines with a remainder of two cents would be the case to pin down…";
  return story.emit({ kind: "delta", turn, channel: "reasoning", text: thought }, 2_400);
}

export function writing(): Story {
  const story = likely(planned(fixed(), 3)).begin({ freshInput: 900, cacheRead: 16_384 });
  const text =
    "All checks pass. I will add a regression test for a remainder of two cents over three lines, next to the one for two lines, and then finish.";
  return story.emit({ kind: "delta", turn: story.turn, channel: "text", text }, 3_400);
}

export function commandRunning(): Story {
  const story = fixed().begin();
  story.charge({ freshInput: 900, cacheRead: 16_384, cacheWrite5m: 0, cacheWrite1h: 0, output: 92, reasoning: 0 }, "priced", 2);
  story.emit({ kind: "assistant", turn: story.turn, text: "", toolCalls: [] });
  const callId = story.startCall({ tool: "run_command", subject: "npm test -- --grep 'splits the remainder'" });
  const output =
    "> invoices@1.4.0 test\n> mocha --grep 'splits the remainder'\n\n  tax\n    ✔ splits the remainder (2 lines)\n    ✔ splits the remainder (3 lines)\n";
  return story.emit({ kind: "toolOutput", turn: story.turn, callId, text: output }, 1_400);
}

function asked(story: Story): Story {
  story.begin({ freshInput: 900, cacheRead: 16_384 });
  story.charge({ freshInput: 900, cacheRead: 16_384, cacheWrite5m: 0, cacheWrite1h: 0, output: 240, reasoning: 64 }, "priced", 3);
  return story.emit({ kind: "assistant", turn: story.turn, text: "I will check the build as well.", toolCalls: [] });
}

export function commandApproval(): Story {
  const story = asked(fixed());
  const subject = "npm run build -- --mode production && node dist/cli.js totals --check samples/2026-11.json";
  const request = { callId: "ask-1", tool: "run_command", access: "command", subject } as const;
  return story.emit({ kind: "approvalAsked", turn: story.turn, request }, 40);
}

const BEFORE = `import { describe, it } from "mocha";
import { splitTax } from "../src/tax";

describe("tax", () => {
  it("splits the remainder (2 lines)", () => {
    assert.deepEqual(splitTax(1001, [1, 1]), [501, 500]);
  });
});
`;
const AFTER = BEFORE.replace(
  "  });\n});",
  `  });

  it("splits the remainder (3 lines)", () => {
    assert.deepEqual(splitTax(1001, [2, 1, 1]), [501, 250, 250]);
  });
});`,
).replace('"../src/tax"', '"../src/domain/taxation/rates/tax"');

export function editApproval(): Story {
  const story = asked(fixed());
  const edit = { path: "test/tax.test.ts", before: BEFORE, after: AFTER };
  const request = { callId: "ask-2", tool: "edit_file", access: "edit", subject: edit.path, edit } as const;
  return story.emit({ kind: "approvalAsked", turn: story.turn, request }, 40);
}

/** Plain middle steps, to fill a run. */
function more(story: Story, turns: number): Story {
  for (let n = 0; n < turns; n++) {
    const cacheRead = 16_000 + n * 380;
    const output = 60 + ((n * 137) % 700);
    const reasoning = n % 4 === 0 ? Math.min(output, 180) : 0;
    const kinds: readonly Call[] = [
      read(`src/module${n % 9}.ts`, 640),
      edit(`src/module${n % 9}.ts`, (n % 5) + 1, n % 3),
      failing(1 + (n % 3)),
      read("README.md", 90),
    ];
    const call = kinds[n % 4];
    story.take({
      calls: call ? [call] : [],
      usage: { freshInput: 300 + ((n * 71) % 900), cacheRead, output, reasoning },
      seconds: 2 + (n % 5),
    });
  }
  return story;
}

export function extensionAsked(): Story {
  const story = likely(more(planned(fixed(), 3), 22), { chance: 0 });
  const evidence = {
    progress: ["src/module3.ts changed in turn 31", "failing checks 5 → 2"],
    against: ["the same command gave the same result 3 times"],
    chunkUsd: usd(0.083),
    chance: 0.62,
    wish: { turns: 15, reason: "Two tests left, both about the CSV export; I know where the second rounding is." },
  };
  return story.emit({ kind: "extensionAsked", turn: story.turn, limit: 34, chunk: 9, evidence }, 30);
}

/** It repeats itself: whether to go on at all. */
export function stuckAsked(): Story {
  const story = likely(more(planned(fixed(), 3), 9));
  const against = ["run_command npm test gave the same result 8 times"];
  const evidence = { progress: [], against, chunkUsd: usd(0.11), chance: 0.34, wish: null };
  return story.emit({ kind: "extensionAsked", turn: story.turn, limit: 34, chunk: 0, evidence }, 30);
}

/** Once extended on evidence, once by the user, and not a third time; now it lands. */
export function extensionsDecided(): Story {
  const story = more(planned(fixed(), 3), 22);
  const grant = {
    progress: ["src/module3.ts changed in turn 31", "failing checks 5 → 2", "plan: Use the same total in the CSV export done"],
    against: [],
    chunkUsd: usd(0.083),
    chance: 0.62,
    wish: null,
  };
  story.emit({ kind: "extended", turn: 33, from: 34, to: 43, by: "policy", evidence: grant });
  planned(more(story, 9), 4);
  const asked = { progress: [], against: ["no progress since the last grant"], chunkUsd: usd(0.09), chance: null, wish: null };
  story.emit({ kind: "extensionAsked", turn: 42, limit: 43, chunk: 9, evidence: asked });
  story.emit({ kind: "extended", turn: 42, from: 43, to: 52, by: "user", evidence: asked }, 20_000);
  more(story, 9);
  const evidence = { ...asked, against: ["no progress since the last grant", "not enough money for the chunk"] };
  return story.emit({ kind: "extensionRefused", turn: 51, limit: 52, by: "policy", evidence });
}

/** The limits are too low for half of such runs. */
export function tight(): Story {
  const turnsLeft = { p10: 14, p50: 31, p90: 66 };
  const usdLeft = { p10: usd(0.12), p50: usd(0.44), p90: usd(1.3) };
  const story = likely(planned(fixed(), 1), { turnsLeft, usdLeft, chance: 0.31 });
  return story.begin({ freshInput: 900, cacheRead: 16_384 });
}

const NOTE = `Changed: src/invoice.ts sums exact amounts and rounds once; src/domain/taxation/rates/tax.ts gives the remainder to the largest share.
Verified: npm test, 46 of 48 pass.
Open: the export still rounds per line (src/export/csv.ts:88).
Next step: use \`total()\` there, then run npm test.
Commands to check: \`npm test\`, \`node dist/cli.js totals --check samples/2026-11.json\``;

export function stoppedByTurns(): Story {
  const check = { command: "npm test", passed: false, failures: 2 };
  return more(planned(fixed(), 3), 22).land("turns", NOTE, ["src/invoice.ts", "src/domain/taxation/rates/tax.ts"], check);
}

export function stoppedByDollars(): Story {
  const caps = { turns: null, usd: usd(0.08), tokens: null, minutes: 10 };
  return fixed({ caps }).land("dollars", "", ["src/invoice.ts"], null);
}

export function landingNow(): Story {
  const story = more(fixed(), 20).emit({ kind: "landing", turn: 32, why: "user", unit: null });
  story.begin(
    { freshInput: 500, cacheRead: 18_000 },
    "landing",
    "[budget] the user ended the run: this is the last turn and tools are off.",
  );
  return story.emit(
    { kind: "delta", turn: story.turn, channel: "text", text: "Changed: src/invoice.ts sums exact amounts" },
    900,
  );
}

export function failed(): Story {
  const reason = "402: the provider says the account has no credit left (insufficient_quota). Nothing was billed for this call.";
  return fixed()
    .begin()
    .emit({ kind: "ended", outcome: { kind: "failed", reason } }, 400);
}

export function infeasible(): Story {
  const story = fixed();
  story.take({
    calls: [{ tool: "finish", subject: "infeasible", tokens: 0 }],
    usage: { freshInput: 300, cacheRead: 16_900, output: 140 },
    seconds: 2,
  });
  const reason =
    "infeasible: the totals come from the bank's statement, which already rounds each line; the sum cannot be restored from it.";
  return story.emit({ kind: "ended", outcome: { kind: "failed", reason } });
}

/** It ended worse than it once was, and the provider has forgotten the conversation since. */
export function interrupted(): Story {
  const story = more(planned(fixed(), 3), 12);
  const reason = "the window was closed or reloaded while it ran";
  return story.emit({ kind: "ended", outcome: { kind: "interrupted", reason } }, 400);
}

/** Gone on with in a new conversation. */
export function freshlyStarted(): Story {
  const story = interrupted();
  const { caps } = story.state;
  story.emit({ kind: "resumed", caps, limit: 34, segment: "fresh" }, 3_600_000);
  story.emit({ kind: "userMessage", text: "Fix rounding… Continue with the task.", shown: "Continue with the task." });
  return more(story, 2);
}

export function done(): Story {
  const story = fixed();
  story.take({
    calls: [{ tool: "finish", subject: "Totals are rounded once, over the exact sum.", tokens: 0 }],
    usage: { freshInput: 300, cacheRead: 16_900, output: 140 },
    seconds: 2,
  });
  const reason =
    "Totals are rounded once, over the exact sum; the remainder of a split goes to the largest share. All 48 checks pass.";
  return story.emit({ kind: "ended", outcome: { kind: "done", reason } });
}

/** A follow-up was sent after the end, and the run goes on. */
export function followedUp(): Story {
  const story = done();
  story.emit({ kind: "resumed", caps: story.state.caps, limit: 34 }, 60_000);
  story.emit({ kind: "userMessage", text: "Now do the same in the CSV export." });
  return more(story, 2);
}

export function twoHundred(): Story {
  return long(189);
}

/** A run of so many more steps, under limits wide enough for them. */
export function long(turns: number): Story {
  const story = more(
    fixed({
      policy: { ...DYNAMIC, baseTurns: 240, hardTurns: 300 },
      caps: { turns: null, usd: usd(5), tokens: 2_000_000, minutes: 120 },
    }),
    turns,
  );
  return story.begin({ freshInput: 900, cacheRead: 90_000 });
}

export function demo(): Story {
  const price = { ...(config().price ?? never()), source: "demo" as const, model: "turnpike-demo" };
  const model = { ...config().model, id: "turnpike-demo" };
  return fixed({ price, model, policy: { kind: "fixed", maxTurns: 14, cadence: { kind: "every" } } }).begin({
    freshInput: 900,
    cacheRead: 16_384,
  });
}

/** No price and no dollar cap: what is not known is said to be so. */
export function unpriced(): Story {
  const story = fixed({
    price: null,
    model: { ...config().model, id: "qwen3-coder:30b", baseUrl: "http://127.0.0.1:11434/v1" },
    caps: { turns: null, usd: null, tokens: 60_000, minutes: null },
  });
  return story.begin({ freshInput: 900, cacheRead: 16_384 });
}

/** Usage was missing: estimates, marked. Past the warn level. */
export function estimated(): Story {
  const story = fixed({
    caps: { turns: null, usd: usd(0.1), tokens: null, minutes: 10 },
    policy: { kind: "unrestricted", cadence: { kind: "every" } },
  });
  for (let n = 0; n < 3; n++) {
    story.take({
      provenance: "estimated",
      calls: [read(`src/a${n}.ts`, 300)],
      usage: { freshInput: 4_100, cacheRead: 2_000, output: 300 },
    });
  }
  story.emit({ kind: "warning", unit: "turns", cap: 34, share: 0.8 });
  return story.begin({ freshInput: 900, cacheRead: 16_384 });
}

function never(): never {
  throw new Error("the sample has a price");
}
