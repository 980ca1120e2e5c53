import { each, type Found, type Reader, rest, underHeading, wordCounts } from "./checkFound";

/**
 * `  3 passing (4ms)`, then `  1 pending` and `  2 failing` without a line between. What failed is listed after them by
 * number, its title with a colon at the end: where only the list is left, the last number is the count.
 */
const mocha: Reader = (lines) => {
  const found = each(lines, /^ {2}(\d{1,9}) passing(?: \([\d.]{1,12}\w{1,2}\))?$/, (match, at) => {
    const next = /^ {2}\d{1,9} pending$/.test(lines[at + 1] ?? "") ? at + 2 : at + 1;
    const failing = /^ {2}(\d{1,9}) failing$/.exec(lines[next] ?? "")?.[1];
    return { at, passes: Number(match[1]), failures: Number(failing ?? 0), by: lines[next] === undefined ? "alone" : "total" };
  });
  if (found.length > 0) return found;
  const alone = each(lines, /^ {2}(\d{1,9})(?: failing|\) \S.*)$/, ([line, failures], at) => {
    if (!line.endsWith(" failing") && !lines.slice(at, at + 8).some((title) => /^ {7,40}\S.{0,300}:$/.test(title))) return null;
    return { at, passes: null, failures: Number(failures), by: "alone" };
  });
  return alone.slice(-1);
};

/** A suite that cannot be loaded has no tests that fail: it counts as one. */
const jest: Reader = (lines) => {
  const unloaded = new Set(
    lines.filter((line, at) => /^ ?FAIL /.test(line) && /^ {2}● Test suite failed to run$/.test(lines[at + 1] ?? "")),
  ).size;
  const found = each(lines, /^Tests: +(?:\d{1,9} [a-z]+, )*\d{1,9} total$/, ([line], at) => {
    const count = wordCounts(line);
    const suites = wordCounts(/^Test Suites: .*/.exec(lines[at - 1] ?? "")?.[0] ?? "")("failed");
    const broken = Math.min(unloaded, suites);
    const failures = count("failed") + broken;
    return { at, passes: count("passed"), failures: failures > 0 ? failures : suites, by: "total" };
  });
  return underHeading(found, lines, /^Test Suites: /);
};

/** As with jest; what was thrown outside of any test is on the line after. */
const vitest: Reader = (lines) => {
  const unloaded = lines.reduce((sum, line) => sum + Number(/^⎯+ Failed Suites (\d{1,9}) ⎯+$/.exec(line)?.[1] ?? 0), 0);
  const found = each(lines, /^ {2,12}Tests {2}(?:no tests|(?:\d{1,9} [a-z]+(?: \| )?)+(?: \(\d{1,9}\))?)$/, ([line], at) => {
    const count = wordCounts(line);
    const files = wordCounts(/^ +Test Files .*/.exec(lines[at - 1] ?? "")?.[0] ?? "")("failed");
    const outside = Number(/^ +Errors {2}(\d{1,9}) errors?$/.exec(lines[at + 1] ?? "")?.[1] ?? 0);
    const failures = count("failed") + Math.min(unloaded, files) + outside;
    return { at, passes: count("passed"), failures: failures > 0 ? failures : files, by: "total" };
  });
  return underHeading(found, lines, /^ +Test Files {2}/);
};

/** The reporters of node --test end alike; so does mocha's for TAP. Cancelled tests are not among the failed ones. */
const nodeTest: Reader = (lines) => {
  const counts = lines.map((line) => /^(?:ℹ |# |\s{0,8}<!-- )(\w{1,12}) (\d{1,9})(?: -->)?$/.exec(line));
  const blocks: Found[] = [];
  const alone: Found[] = [];
  counts.forEach((match, at) => {
    if (match?.[1] !== "fail") return;
    const near = new Map<string, number>();
    for (const other of counts.slice(Math.max(0, at - 3), at + 2)) if (other) near.set(other[1] ?? "", Number(other[2]));
    const found = { at, passes: near.get("pass") ?? null, failures: Number(match[2]) + (near.get("cancelled") ?? 0) };
    if (near.size < 2) return;
    const isWhole = counts[at - 1]?.[1] === "pass" && near.has("tests");
    (isWhole ? blocks : alone).push({ ...found, by: isWhole ? "total" : "alone" });
  });
  return blocks.length > 0 ? blocks : alone.slice(-1);
};

/** `# { total: 8, pass: 5, fail: 1, todo: 1, skip: 1 }`, and the words of older ones and of prove. */
const tap: Reader = (lines) => {
  const named = (line: string, word: string) => Number(new RegExp(`\\b${word}: (\\d{1,9})`).exec(line)?.[1] ?? 0);
  const short = each(lines, /^# \{ total: \d{1,9}\b[\w:, ]{0,200}\}$/, ([line], at) => {
    return { at, passes: named(line, "pass"), failures: named(line, "fail"), by: "total" };
  });
  const asserts = each(lines, /^Asserts: +(?:\d{1,9} failed, )?\d{1,9} passed,.{0,100} of \d+/, ([line], at) => {
    const count = wordCounts(line);
    return { at, passes: count("passed"), failures: count("failed"), by: "total" };
  });
  const failed = lines.reduce(
    (sum, line) => sum + Number(/(?:^|\.\.) ?Failed (\d{1,9})\/\d{1,9} subtests/.exec(line)?.[1] ?? 0),
    0,
  );
  const prove = each(lines, /^Files=\d{1,9}, Tests=(\d{1,9}), /, ([, tests], at) => {
    if (!/^Result: FAIL/.test(lines[at + 1] ?? "")) return { at, passes: Number(tests), failures: 0, by: "total" };
    return { at, passes: failed > 0 ? rest(Number(tests), failed) : null, failures: failed || null, by: "total" };
  });
  return [...short, ...asserts, ...prove];
};

/** Lines that stand together, one count each; which there are depends on what happened. */
const ava: Reader = (lines) => {
  const pattern = /^ {2}(\d{1,9}) (tests? failed|tests? passed|uncaught exceptions?|unhandled rejections?)$/;
  const counts = lines.map((line) => pattern.exec(line));
  const ends = counts.flatMap((match, at) => (match && !counts[at + 1] ? [at] : []));
  return ends.slice(-1).map((at) => {
    let passes: number | null = null;
    let failures = 0;
    for (let line = at; counts[line]; line--) {
      const [, count, words] = counts[line] ?? [];
      if (words?.endsWith("passed")) passes = Number(count);
      else failures += Number(count);
    }
    return { at, passes, failures, by: "total" };
  });
};

/** `  1 failed`, the names of those, and at last `  3 passed (2.1s)`. */
const playwright: Reader = (lines) => {
  const pattern = /^ {2}(\d{1,9}) passed \([\d.]{1,12}m?s\)$/;
  const at = lines.findLastIndex((line) => pattern.test(line));
  if (at < 0) return [];
  const failed = lines.slice(Math.max(0, at - 1_000), at).findLast((line) => /^ {2}\d{1,9} failed$/.test(line));
  const passes = Number(pattern.exec(lines[at] ?? "")?.[1]);
  return [{ at, passes, failures: wordCounts(failed ?? "")("failed"), by: "total" }];
};

const jasmine: Reader = (lines) =>
  each(lines, /^(\d{1,9}) specs?, (\d{1,9}) failures?(?:, (\d{1,9}) pending specs?)?$/, ([, all, failed, pending], at) => {
    const failures = Number(failed);
    return { at, passes: rest(Number(all), failures, Number(pending ?? 0)), failures, by: "total" };
  });

/** Runners of JavaScript, and TAP's. */
export const SCRIPT_READERS: readonly Reader[] = [mocha, jest, vitest, nodeTest, tap, ava, playwright, jasmine];

/**
 * TAP without a summary: the lines of the outermost level, once its plan is there. What the plan has beyond them did not
 * run, and failed.
 */
export const rawTap: Reader = (lines) => {
  const at = lines.findLastIndex((line) => /^1\.\.\d{1,9}\b/.test(line));
  const planned = Number(/^1\.\.(\d{1,9})/.exec(lines[at] ?? "")?.[1] ?? 0);
  const results = lines.flatMap((line) => {
    const match = /^(not )?ok \d{1,9}\b(.*)$/.exec(line);
    return match ? [{ failed: match[1] !== undefined, set: /(?<!\\)# ?(?:skip|todo)\b/i.test(match[2] ?? "") }] : [];
  });
  const failed = results.filter((result) => result.failed && !result.set).length;
  if (at < 0) return failed > 0 ? [{ at: lines.length, passes: null, failures: failed, by: "lines" }] : [];
  const passes = results.filter((result) => !result.failed && !result.set).length;
  return [{ at, passes, failures: failed + Math.max(0, planned - results.length), by: "lines" }];
};
