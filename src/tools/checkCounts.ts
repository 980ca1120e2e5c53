import { BUILD_READERS } from "./checkBuilds";
import type { Found, Reader } from "./checkFound";
import { goJson, goTest } from "./checkGo";
import { rawTap, SCRIPT_READERS } from "./checkScript";
import { junitXml, TEST_READERS } from "./checkTests";
import { checkText } from "./checkText";

/** What an output says of the check that printed it. `passes: null` = not told. */
export type Reading =
  | { readonly kind: "nothing" }
  /** There was nothing to test. `isSaid`: in words, not only by counts of zero. */
  | { readonly kind: "empty"; readonly isSaid: boolean }
  /** Something failed, and it is not told how much. */
  | { readonly kind: "failing"; readonly passes: number | null }
  /** `endsFailing`: the last summary that a runner of tests wrote itself, whole, has failures. */
  | { readonly kind: "counted"; readonly passes: number | null; readonly failures: number; readonly endsFailing: boolean };

/** What the rest of a command line lets through of a check's output. */
export interface LineFilter {
  /** Whether an output of so many lines may have lost some to a `head` or `tail`. */
  readonly lostLines: (lines: number) => boolean;
  /** Whether the end is let through, where runners say that something failed: not by `head`. */
  readonly keepsEnd: boolean;
  /** Whether a `grep` or the like chose them. */
  readonly picksLines: boolean;
}

const RUNNERS: readonly Reader[] = [...SCRIPT_READERS, ...TEST_READERS, goTest, goJson];
/** Formats that several runners write, often beside a summary of their own: read where there is none. */
const FORMATS: readonly Reader[] = [rawTap, junitXml];

/** Runners' words for having found no tests, and npm's for having no script. */
const EMPTY =
  /^(?:No tests? (?:files )?found\b|Error: No test files found\b|=* ?no tests ran in |=* ?\d+ deselected in |NO TESTS RAN|\?\s+\S+\s+\[no test files\]|ok\s.*\[no tests to run\]|No tests? (?:is available|matches|to run)\b|All examples were filtered out|\s*× No tests found|Error: no test specified|npm (?:error|ERR!) Missing script)/i;
/** Words of what started the runners, and theirs, which no test prints: something failed, though the totals do not say it. */
const FAILING =
  /^(?:error: test failed|error: \d+ targets? failed:|error: could not compile|make(?:\[\d+\])?: \*\*\* \[|FAILURE: Build failed|\[(?:ERROR|INFO)\] BUILD FAILURE|\[ERROR\] (?:Failed to execute goal |\[Help \d+\])|npm (?:error|ERR!) (?:code \S|Lifecycle script|Test failed)|\[?\s?ELIFECYCLE|Error: ERR_PNPM_RECURSIVE|error Command failed with exit code)/;
/** Words of runners where there are no totals. */
const FAILING_ALONE =
  /^(?:FAIL$|FAIL[ \t]\S|BUILD FAILED|✖ failing tests:|✖ .{1,300} \([\d.]{1,12}ms\)$|Failed tests:$| Exception during run: |Bail out!|Result: FAIL|Test Run Failed|FAILED \(|Failed examples:|\[ERROR\] (?:Failures|Errors): ?$)/;

/** Words of builds and linters that found nothing amiss, where there are no totals. */
const PASSING_ALONE =
  /^(?:\[INFO\] BUILD SUCCESS|BUILD SUCCESSFUL in |Build succeeded\.|Build succeeded (?:with|in) |Success: no issues found in |All checks passed!$)/;

/**
 * Reads every package's lines with every runner's reader and adds up. An output that lost lines keeps the totals a runner
 * wrote itself; what was counted line by line, or passed in one of several parts, is then not known, and a total without
 * its surroundings is no proof that all passed: what could not be loaded stands there.
 */
export function readCounts(output: string, { lostLines, keepsEnd, picksLines }: LineFilter): Reading {
  const { streams, lines, isCut } = checkText(output);
  const lost = isCut || lostLines(lines);
  const read = (readers: readonly Reader[], stream: readonly string[]) => readers.flatMap((reader) => reader(stream));
  const tests = streams
    .flatMap((stream) => {
      const found = read(RUNNERS, stream);
      return found.length > 0 ? found : read(FORMATS, stream);
    })
    .filter(({ by, failures }) => by !== "alone" || failures !== 0 || !(lost || picksLines));
  const found = sum(tests).failures === 0 ? [...tests, ...streams.flatMap((stream) => read(BUILD_READERS, stream))] : tests;
  const says = (words: RegExp) => streams.some((stream) => stream.some((line) => words.test(line)));
  if (found.length === 0) {
    if (says(FAILING) || says(FAILING_ALONE)) return { kind: "failing", passes: null };
    if (says(EMPTY)) return { kind: "empty", isSaid: true };
    return says(PASSING_ALONE) ? { kind: "counted", passes: null, failures: 0, endsFailing: false } : { kind: "nothing" };
  }
  const { failures } = sum(lost ? found.map((one) => asPartly(one, keepsEnd)) : found);
  const passes = sum(lost ? tests.map((one) => asPartly(one, keepsEnd)) : tests).passes;
  if (failures === null) return { kind: "failing", passes };
  if (failures === 0 && !keepsEnd && lostLines(lines)) return { kind: "nothing" };
  if (failures === 0 && says(FAILING)) return { kind: "failing", passes };
  if (failures === 0 && passes === 0 && tests.length === found.length) return { kind: "empty", isSaid: says(EMPTY) };
  const last = tests.reduce<Found | null>((latest, one) => (latest !== null && latest.at > one.at ? latest : one), null);
  const endsFailing = last !== null && last.failures !== 0 && (last.by === "total" || last.by === "part");
  return { kind: "counted", passes, failures, endsFailing };
}

/** What remains known of a count when lines are missing. Most runners stop at the first part that fails, so it is the last. */
function asPartly(found: Found, keepsEnd: boolean): Found {
  const failures = found.failures === 0 ? 0 : null;
  switch (found.by) {
    case "total":
    case "alone":
      return found;
    case "part":
      return { ...found, passes: null, failures: keepsEnd ? found.failures : failures };
    case "lines":
      return { ...found, passes: null, failures };
  }
}

function sum(found: readonly Found[]): { readonly passes: number | null; readonly failures: number | null } {
  const add = (counts: readonly (number | null)[]) =>
    counts.reduce<number | null>((all, count) => (all === null || count === null ? null : all + count), 0);
  return {
    passes: found.length === 0 ? null : add(found.map(({ passes }) => passes)),
    failures: add(found.map((one) => one.failures)),
  };
}
