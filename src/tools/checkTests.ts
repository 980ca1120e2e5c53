import { each, type Found, namedCounts, type Reader, rest, underHeading, wordCounts } from "./checkFound";

/** The last line of a session, framed or, with `-q`, bare; errors are of collecting and of fixtures. */
const pytest: Reader = (lines) => {
  const words = "\\d{1,9} [a-z]{1,20}(?:, \\d{1,9} [a-z]{1,20}){0,12} in [\\d.]{1,12}s(?: \\([\\d:, a-z]{1,40}\\))?";
  const found = each(lines, new RegExp(`^(?:=+ ${words} =+|${words})$`), ([line], at) => {
    const count = wordCounts(line);
    const failures = count("failed") + count("error") + count("errors");
    return { at, passes: count("passed"), failures, by: "total" };
  });
  if (found.length === 0) return pytestNames(lines);
  let session = 0;
  const sessions = lines.map((line) => (/^=+ test session starts =+$/.test(line) ? ++session : session));
  return found.filter(({ at }, index) => sessions[at] !== sessions[found[index + 1]?.at ?? -1]);
};

/** What is left of a summary with `-qq` or behind `grep`. */
const pytestNames: Reader = (lines) => {
  const named = lines.filter((line) => /^(?:FAILED|ERROR) [\w./\\-]{1,200}\.py\b/.test(line)).length;
  return named > 0 ? [{ at: lines.length, passes: null, failures: named, by: "lines" }] : [];
};

/** `Ran 7 tests in 0.001s`, an empty line, and OK or FAILED with what did not simply pass. */
const unittest: Reader = (lines) =>
  each(lines, /^Ran (\d{1,9}) tests? in [\d.]{1,12}s$/, ([, ran], at) => {
    const verdict = lines.slice(at + 1, at + 3).find((line) => line !== "") ?? "";
    if (!/^(?:OK|FAILED)(?: \(|$)/.test(verdict)) return null;
    const count = (words: string) => Number(new RegExp(`\\b${words}=(\\d{1,9})`).exec(verdict)?.[1] ?? 0);
    const unexpected = count("unexpected successes");
    const expected = count("expected failures");
    const failed = count("(?<!expected )failures") + count("errors") + unexpected;
    return { at, passes: rest(Number(ran), failed, expected, count("skipped")), failures: failed, by: "total" };
  });

/** `Finished in ...`, then the counts. Errors outside of examples are of files that cannot be loaded. */
const rspec: Reader = (lines) => {
  const pattern =
    /^(\d{1,9}) examples?, (\d{1,9}) failures?(?:, (\d{1,9}) pending)?(?:, (\d{1,9}) errors? occurred outside of examples)?$/;
  const found = each(lines, pattern, ([, all, failed, pending, outside], at) => {
    const passes = rest(Number(all), Number(failed), Number(pending ?? 0));
    return { at, passes, failures: Number(failed) + Number(outside ?? 0), by: "total" };
  });
  return underHeading(found, lines, /^Finished in /);
};

/** Of minitest and test-unit. */
const minitest: Reader = (lines) =>
  each(lines, /^(\d{1,9}) (?:runs|tests), \d{1,9} assertions, \d{1,9} failures, \d{1,9} errors\b/, ([line, all], at) => {
    const count = wordCounts(lines[at] ?? line);
    const failures = count("failures") + count("errors");
    return {
      at,
      passes: rest(Number(all), failures, count("skips"), count("pendings"), count("omissions")),
      failures,
      by: "total",
    };
  });

/** One line for each binary and for the examples in the docs. Without --no-fail-fast the first that fails is the last. */
const cargoTest: Reader = (lines) => {
  const goesOn = lines.some((line) => /^error: \d{1,6} targets? failed:$/.test(line));
  const pattern = /^test result: (?:ok|FAILED)\. (\d{1,9}) passed; (\d{1,9}) failed; \d{1,9} ignored\b/;
  return each(lines, pattern, ([, passed, failed], at) => {
    if (at > 0 && lines[at - 1] !== "") return null;
    return { at, passes: Number(passed), failures: Number(failed), by: goesOn ? "lines" : "part" };
  });
};

const nextest: Reader = (lines) =>
  each(lines, /^ +Summary \[ *[\d.]{1,12}s\] \d{1,9}(?:\/\d{1,9})? tests? run: (.{0,200})$/, ([, words = ""], at) => {
    const count = wordCounts(words);
    const failures = count("failed") + count("timed");
    return { at, passes: count("passed"), failures, by: "total" };
  });

/** A line for each class, with its time, and one for the module; with the level before them, which no test prints. */
const maven: Reader = (lines) => {
  const pattern =
    /^(\[\w{4,7}\] )?Tests run: *(\d{1,9}), +Failures: \d{1,9}(?:, +Errors: \d{1,9})?(?:, +Skipped: \d{1,9})?(, Time.*)?$/;
  const found = lines.flatMap((line, at) => {
    const [, level, run, time] = pattern.exec(line) ?? [];
    if (run === undefined) return [];
    const count = namedCounts(line.slice(line.indexOf("Failures")));
    const failures = count("failures") + count("errors");
    const one: Found = { at, passes: rest(Number(run), failures, count("skipped")), failures, by: "part" };
    return [{ one, isOwn: level !== undefined, isModule: time === undefined }];
  });
  const own = found.some(({ isOwn }) => isOwn) ? found.filter(({ isOwn }) => isOwn) : found;
  const modules = own.filter(({ isModule }) => isModule);
  return (modules.length > 0 ? modules : own).map(({ one }) => one);
};

/** Gradle counts where something failed; where all passed it says nothing of tests. */
const gradle: Reader = (lines) =>
  each(lines, /^(\d{1,9}) tests? completed, (\d{1,9}) failed(?:, (\d{1,9}) skipped)?$/, ([, all, failed, skipped], at) => {
    const failures = Number(failed);
    return { at, passes: rest(Number(all), failures, Number(skipped ?? 0)), failures, by: "part" };
  });

/** The launcher's table of JUnit: `[         2 tests failed          ]`. Containers that fail have no tests. */
const junitConsole: Reader = (lines) =>
  each(lines, /^\[ +(\d{1,9}) tests failed +\]$/, ([, failed], at) => {
    const table = lines
      .slice(Math.max(0, at - 12), at)
      .map((line) => /^\[ +(\d{1,9}) (containers failed|tests successful) +\]$/.exec(line));
    const row = (words: string) => table.findLast((match) => match?.[2] === words)?.[1];
    const passed = row("tests successful");
    const failures = Number(failed) + Number(row("containers failed") ?? 0);
    return { at, passes: passed === undefined ? null : Number(passed), failures, by: "total" };
  });

/** `OK (4 tests, 5 assertions)` of PHPUnit, `OK (4 tests)` of the old JUnit, and PHPUnit's line where not all is well. */
const phpunit: Reader = (lines) => [
  ...each(lines, /^OK \((\d{1,9}) tests?(?:, \d{1,9} assertions?)?\)$/, ([, passed], at) => {
    return { at, passes: Number(passed), failures: 0, by: "total" };
  }),
  ...each(lines, /^Tests: (\d{1,9}), Assertions: \d{1,9}\b.{0,200}\.$/, ([line, all], at) => {
    const count = namedCounts(line);
    const failures = count("failures") + count("errors");
    return { at, passes: rest(Number(all), failures, count("skipped"), count("incomplete")), failures, by: "total" };
  }),
];

/** A line for each assembly, the table of VSTest, or the summary of the newer terminal logger. */
const dotnet: Reader = (lines) => {
  const summary = each(lines, /^Test summary: total: \d{1,9}, failed: \d{1,9}, succeeded: \d{1,9}\b/, (_match, at) => {
    const count = namedCounts(lines[at] ?? "");
    return { at, passes: count("succeeded"), failures: count("failed"), by: "total" };
  });
  if (summary.length > 0) return summary;
  const assemblies = each(lines, /^ ?(?:Failed|Passed|Skipped)! +- Failed: +\d{1,9}, Passed: +\d{1,9}\b/, (_match, at) => {
    const count = namedCounts((lines[at] ?? "").slice((lines[at] ?? "").indexOf("-")));
    return { at, passes: count("passed"), failures: count("failed"), by: "part" };
  });
  const tables = each(lines, /^Total tests: (\d{1,9})$/, (_match, at) => {
    const near = lines.slice(at + 1, at + 4);
    const row = (word: string) => near.map((line) => new RegExp(`^ +${word}: (\\d{1,9})$`).exec(line)?.[1]).find(Boolean);
    return { at, passes: Number(row("Passed") ?? 0), failures: Number(row("Failed") ?? 0), by: "part" };
  });
  return assemblies.length > 0 ? assemblies : tables;
};

const ctest: Reader = (lines) =>
  each(lines, /^\d{1,3}% tests passed, (\d{1,9}) tests? failed out of (\d{1,9})$/, ([, failed, all], at) => {
    return { at, passes: rest(Number(all), Number(failed)), failures: Number(failed), by: "total" };
  });

/** One line for each suite and, last, one for all of them. */
const swift: Reader = (lines) =>
  each(
    lines,
    /^\s{0,8}Executed (\d{1,9}) tests?, with (?:\d{1,9} tests? skipped and )?(\d{1,9}) failures? /,
    ([line, all, failed], at) => {
      const skipped = /with (\d{1,9}) tests? skipped/.exec(line)?.[1];
      return { at, passes: rest(Number(all), Number(failed), Number(skipped ?? 0)), failures: Number(failed), by: "total" };
    },
  ).slice(-1);

export const TEST_READERS: readonly Reader[] = [
  ...[pytest, unittest, rspec, minitest, cargoTest, nextest, maven, gradle, junitConsole, phpunit, dotnet, ctest, swift],
];

/** JUnit's XML on the output: the counts of the root, else those of its suites. */
export const junitXml: Reader = (lines) => {
  const counted = (tag: RegExp, by: Found["by"]) =>
    each(lines, tag, ([line], at) => {
      const count = namedCounts(line);
      const failures = count("failures") + count("errors");
      return { at, passes: rest(count("tests"), failures, count("skipped"), count("disabled")), failures, by };
    });
  const root = counted(/^\s{0,8}<testsuites\b.{0,390}\btests=".*/, "total");
  return root.length > 0 ? root : counted(/^\s{0,8}<testsuite\b.{0,390}\btests=".*/, "lines");
};
