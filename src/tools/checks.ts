import type { CheckResult } from "../core/agentEvent";

/** What may stand before a program without changing which one it is. */
const PREFIX =
  /^(?:\w+=(?:"[^"]*"|'[^']*'|\S*)|sudo|time|env|command|nice|npx|bunx|pnpx|(?:pnpm|yarn|npm) (?:exec|dlx)|(?:pnpm|yarn|bun)(?= (?:jest|vitest|mocha|ava|tsc|vue-tsc|eslint|playwright|cypress|biome)\b)|poetry run|uv run|pipenv run|hatch run|bundle exec|rye run|timeout(?: -\S+)* \S+|--yes|-y|--)\s+/;

/** Programs that test or build. Words like `test:unit` and `build-all` count. */
const CHECKS: readonly RegExp[] = [
  /^(?:npm|pnpm|yarn|bun)(?: -\S+| --\S+)* (?:run(?:-script)? )?(?:t|tst|test|tests|check|lint|build|compile|typecheck|type-check|types|unit|e2e|verify|ci:test)(?:[:.\w-]*)(?: |$)/,
  /^(?:\S*\/)?(?:mocha|jest|vitest|ava|tap|jasmine|karma|playwright test|cypress run|tsc|vue-tsc|eslint|biome (?:check|lint|ci)|c8|nyc)(?:\.js|\.cmd)?(?: |$)/,
  /^node(?: \S+)* --test(?:[ =-]|$)/,
  /^node \S*(?:test|spec)\S*\.[cm]?[jt]s(?: |$)/,
  /^deno (?:test|check|lint)(?: |$)/,
  /^(?:\S*\/)?(?:pytest|py\.test|tox|nox|mypy|pyright|flake8|ruff check|pylint)(?: |$)/,
  /^(?:\S*\/)?python[\d.]*(?: -[A-Za-z]+)* (?:-m (?:pytest|unittest|mypy|tox|doctest|nose2?)|manage\.py test|setup\.py test|\S*test\S*\.py)(?: |$)/,
  /^go (?:test|build|vet)(?: |$)/,
  /^cargo(?: \+\S+)? (?:test|t|build|b|check|c|clippy|nextest)(?: |$)/,
  /^(?:make|gmake|ninja|just|task|rake|mage)(?: -\S+)*(?: (?:\S*test\S*|check|lint|build|all|spec|verify))?(?: |$)/,
  /^(?:ctest|cmake --build|bazel (?:test|build)|buck2? (?:test|build)|meson test)(?: |$)/,
  /^dotnet (?:test|build)(?: |$)/,
  /^(?:\S*\/)?(?:mvn|mvnw|gradle|gradlew|sbt|ant|lein|mill)(?: \S+)* :?\S*(?:test|check|verify|build|compile|package|install)\S*(?: |$)/i,
  /^(?:\S*\/)?(?:rspec|minitest|phpunit|pest|rails test|bin\/rails test|swift (?:test|build)|mix (?:test|compile)|stack (?:test|build)|cabal (?:test|build)|zig (?:build|test)|dart test|flutter test|busted|prove|R CMD check)(?: |$)/,
];

/**
 * Counts of failures as the runners write them; the numbers of one pattern are added up, the largest sum is taken. Outputs
 * may be hostile: no pattern looks across lines, and what may repeat within one is bounded.
 */
const FAILURES: readonly RegExp[] = [
  // mocha
  /^[ \t]*(\d+) failing\b/gm,
  // jest, vitest: the count of tests, not that of suites or files
  /^[ \t]*Tests:?[ \t]+(?:.{0,200}?\b)?(\d+) failed\b/gm,
  // node --test, tap
  /^(?:# |ℹ )fail (\d+)[ \t]*$/gm,
  // pytest; errors are added below
  /^(?:=+ )?(?:[^\n=]{0,200}?\b)?(\d+) failed\b.{0,200} in [\d.:]+/gm,
  // cargo
  /^test result: \w+\. \d+ passed; (\d+) failed;/gm,
  // unittest
  /^FAILED \((?:[^)\n]{0,200}?\b)?failures=(\d+)/gm,
  // rspec, minitest
  /^[ \t]*\d+ (?:examples|runs|tests)?,.{0,200}?\b(\d+) failures?\b/gm,
  /^\d+ examples?, (\d+) failures?\b/gm,
  // dotnet test
  /^[ \t]*Failed(?:![ \t]+-[ \t]+Failed)?:[ \t]+(\d+)\b/gm,
  // maven, junit, phpunit
  /^(?:\[\w+\] )?Tests(?: run)?: \d+,.{0,200}?\bFailures: (\d+)/gm,
  // gradle
  /\b\d+ tests? completed, (\d+) failed\b/gm,
  // ctest
  /\b(\d+) tests? failed out of \d+/gm,
  // tsc, mypy, eslint
  /^Found (\d+) errors?\b/gm,
  /^✖ \d+ problems? \((\d+) errors?/gm,
  // swift
  /^[ \t]*Executed \d+ tests?, with (\d+) failures?/gm,
];
/** Errors beside failures, as added up by the same runners. */
const ERRORS: readonly RegExp[] = [
  /^(?:=+ )?(?:[^\n=]{0,200}?\b)?(\d+) errors?\b.{0,200} in [\d.]+s/gm,
  /^FAILED \((?:[^)\n]{0,200}?\b)?errors=(\d+)/gm,
  /^(?:\[\w+\] )?Tests(?: run)?: \d+,.{0,200}?\bErrors: (\d+)/gm,
];
/** One line each; counted where nothing sums them up. */
const SINGLE: readonly RegExp[] = [
  /^[ \t]*--- FAIL: /gm,
  /^.*\berror TS\d+: /gm,
  /^not ok \d+/gm,
  /^error(?:\[E\d+\])?: (?!aborting|could not)/gm,
];
/** Words of a runner that saw everything pass. */
const ALL_PASSED =
  /^[ \t]*\d+ passing\b|^[ \t]*Tests:?[ \t]+(?:\d+ \w+(?:, | \| ))*\d+ passed|\b\d+ passed\b.{0,200} in [\d.]+|^test result: ok|^OK(?: \(|$)|^ok[ \t]+(?=\S*[a-z/])\S+[ \t]+(?:[\d.]+s|\(cached\))|^(?:# |ℹ )fail 0[ \t]*$|, 0 failures|Passed![ \t]+-/m;

/** Runners end with their counts: so much of the end is looked at for these, and so much for lines to count. */
const MAX_SUMMARY_CHARS = 20_000;
const MAX_LINES_CHARS = 200_000;

/** The verdict of a test or build command; `null` when it is none, or when its verdict cannot be told. */
export function readCheck(command: string, exitCode: number, output: string): CheckResult | null {
  const parts = command.split(/&&|\|\||[;|\n]/).map((part) => program(part));
  const index = parts.findLastIndex((part) => CHECKS.some((check) => check.test(part)));
  if (index < 0) return null;
  const failures = countFailures(output);
  if (failures > 0) return { command, passed: false, failures };
  if (hidesExitCode(command, parts[index] ?? "")) return sawAllPass(output) ? { command, passed: true, failures: 0 } : null;
  return exitCode === 0 ? { command, passed: true, failures: 0 } : { command, passed: false, failures: null };
}

/** The command without what may stand before it. */
function program(part: string): string {
  let rest = part.trim().replace(/^[({]\s*/, "");
  for (let next = rest.replace(PREFIX, ""); next !== rest; next = rest.replace(PREFIX, "")) rest = next;
  return rest;
}

/** Whether something after the check gives its own exit code in place of the check's: `| tail`, `; echo`, `|| true`. */
function hidesExitCode(command: string, check: string): boolean {
  const after = command.slice(command.lastIndexOf(check) + check.length).trimEnd();
  return /\||;\s*\S|\n\s*\S/.test(after) && !/^\s*set -\w*e\w* *-?o? *pipefail|^\s*set -\w*o pipefail/.test(command);
}

function sawAllPass(output: string): boolean {
  return ALL_PASSED.test(output.slice(-MAX_SUMMARY_CHARS));
}

function countFailures(output: string): number {
  const end = output.slice(-MAX_SUMMARY_CHARS);
  const most = (patterns: readonly RegExp[]) => Math.max(...patterns.map((pattern) => sumOf(end, pattern)));
  const summed = most(FAILURES) + most(ERRORS);
  if (summed > 0) return summed;
  const lines = output.slice(-MAX_LINES_CHARS);
  return Math.max(...SINGLE.map((pattern) => lines.match(pattern)?.length ?? 0));
}

function sumOf(text: string, pattern: RegExp): number {
  let sum = 0;
  for (const match of text.matchAll(pattern)) sum += Number(match[1]);
  return sum;
}
