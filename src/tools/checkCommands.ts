import type { LineFilter } from "./checkCounts";

/** What may stand before a program without changing which one it is. */
const PREFIX =
  /^(?:\w+=(?:"[^"]*"|'[^']*'|\S*)|sudo|time|env|command|nice|npx|bunx|pnpx|(?:pnpm|yarn|npm) (?:exec|dlx)|(?:pnpm|yarn|bun)(?= (?:jest|vitest|mocha|ava|tsc|vue-tsc|eslint|playwright|cypress|biome)\b)|poetry run|uv run|pipenv run|hatch run|bundle exec|rye run|timeout(?: -\S+)* \S+|--yes|-y|--no-install|-p \S+|--package[ =]\S+|--)\s+/;

/** A script of the shell that is named for what it does: `./run-tests.sh`, `bash scripts/build.sh`. */
const SCRIPT = /^(?:(?:ba|z|da)?sh (?:-\S+ )*)?[^\s=]*(?:test|check|lint|build|verify)[^\s=]*\.sh(?: |$)/;

/** Programs that test or build. Words like `test:unit` and `build-all` count. */
const CHECKS: readonly RegExp[] = [
  /^(?:npm|pnpm|yarn|bun)(?: (?:--prefix|-C|--dir|--filter|-F|--workspace|-w|--cwd|workspace) [^\s-]\S*| (?!(?:--prefix|-C|--dir|--filter|-F|--workspace|--cwd) )-\S+| run(?:-script)?)* (?:t|tst|test|tests|check|lint|build|compile|typecheck|type-check|types|unit|e2e|verify|ci:test)(?:[:.\w-]*)(?: |$)/,
  /^(?:\S*\/)?(?:mocha|jest|vitest|ava|tap|jasmine|karma|playwright test|cypress run|tsc|vue-tsc|eslint|biome (?:check|lint|ci)|c8|nyc)(?:\.js|\.cmd)?(?: |$)/,
  /^(?:\S*\/)?(?:turbo|nx|lerna)(?: run| run-many| affected)?(?: -t| --target)?[ =](?:test|build|lint|check|typecheck)(?:[:.\w-]*)(?: |$)/,
  /^node(?: \S+)* --test(?:[ =-]|$)/,
  /^node \S*(?:test|spec)\S*\.[cm]?[jt]s(?: |$)/,
  /^deno (?:test|check|lint)(?: |$)/,
  /^(?:\S*\/)?(?:pytest(?:-3)?|py\.test|tox|nox|mypy|pyright|flake8|ruff check|pylint)(?: |$)/,
  /^(?:\S*\/)?(?:python[\d.]*|coverage run)(?: -[A-Za-z]+)* (?:-m (?:pytest|unittest|mypy|tox|doctest|nose2?|coverage run)|manage\.py test|setup\.py test|\S*test\S*\.py)(?: |$)/,
  /^(?:go (?:test|build|vet)|(?:\S*\/)?gotestsum)(?: |$)/,
  /^cargo(?: \+\S+)? (?:test|t|build|b|check|c|clippy|nextest)(?: |$)/,
  /^(?:make|gmake|ninja|just|task|rake|mage)(?: -\S+)*(?: (?:\S*test\S*|check|lint|build|all|spec|verify))?(?: |$)/,
  /^(?:ctest|cmake --build|bazel (?:test|build)|buck2? (?:test|build)|meson test)(?: |$)/,
  /^dotnet (?:test|build)(?: |$)/,
  /^(?:\S*\/)?(?:mvn|mvnw|gradle|gradlew|sbt|ant|lein|mill)(?: \S+)* :?\S*(?:test|check|verify|build|compile|package|install)\S*(?: |$)/i,
  /^java(?: \S+)* \S*junit-platform-console\S*\.jar(?: |$)/,
  /^(?:composer(?: run)?|php artisan) (?:test|check|lint)(?:[:.\w-]*)(?: |$)/,
  SCRIPT,
  /^(?:\S*\/)?(?:rspec|minitest|phpunit|pest|rails test|bin\/rails test|swift (?:test|build)|mix (?:test|compile)|stack (?:test|build)|cabal (?:test|build)|zig (?:build|test)|dart test|flutter test|busted|prove|R CMD check)(?: |$)/,
];

/** Programs that run others by a name of their own: what they start, and what becomes of its exit code, is not in the command. */
const WRAPPERS =
  /^(?:npm|pnpm|yarn|bun|make|gmake|ninja|just|task|rake|mage|tox|nox|\S*\/(?:mvnw|gradlew)|mvn|gradle|ant|sbt|lein|mill|bazel|buck2?|hatch|rye|composer|turbo|nx|lerna)(?: |$)/;
/** Switches by which a runner ends with 0 whatever failed. */
const SILENCED =
  /(?:^| )(?:-Dmaven\.test\.failure\.ignore(?:=true)?|-fn|--fail-never|--failure-exit-code[ =]0|--ignore-errors)(?: |$)|^g?make(?: -\S+)* -[a-z]*i[a-z]*(?: |$)/;

/** A command line that tests or builds. */
export interface CheckCommand extends LineFilter {
  /** Whose the exit code is. `other`: of what follows, as `| tail`, `; echo`, `|| true`, `&`. `silenced`: 0 whatever failed. */
  readonly exitCode: "own" | "other" | "silenced";
  /** Whether it is a script's name, behind which the runner stands. */
  readonly isWrapped: boolean;
}

/** Finds the last part of a command line that tests or builds; `null` when none does. */
export function checkCommand(command: string): CheckCommand | null {
  const parts = command.split(/&&|\|\||[;|\n]/).map((part) => program(part));
  const check = parts.findLast((part) => CHECKS.some((known) => known.test(part)));
  if (check === undefined) return null;
  const after = command.slice(command.lastIndexOf(check) + check.length).trimEnd();
  return {
    exitCode: SILENCED.test(check) ? "silenced" : hidesExitCode(command, check, after) ? "other" : "own",
    isWrapped: WRAPPERS.test(check) || SCRIPT.test(check),
    lostLines: (lines) => lines >= keptLines(after),
    keepsEnd: !/\|\s*head\b/.test(after),
    picksLines: /\|\s*(?:e|f|z)?(?:grep|rg|sed|awk|ag|cut|sort|uniq)\b/.test(after),
  };
}

/** So much of a part is looked at: no pattern may take long, whatever the command is. */
const MAX_PART_CHARS = 2_000;

/** The command without what may stand before it, and without the end of a subshell. */
function program(part: string): string {
  let rest = part
    .trim()
    .slice(0, MAX_PART_CHARS)
    .replace(/^[({]\s*/, "")
    .replace(/[)}]$/, "");
  for (let next = rest.replace(PREFIX, ""); next !== rest; next = rest.replace(PREFIX, "")) rest = next;
  return rest;
}

/** Whether something gives its own exit code in place of the check's. */
function hidesExitCode(command: string, check: string, after: string): boolean {
  if (/(?<![&>])&(?![&>\d])$/.test(check)) return true;
  return /\||;\s*\S|\n\s*\S/.test(after) && !/^\s*set -\w*e\w* *-?o? *pipefail|^\s*set -\w*o pipefail/.test(command);
}

/** The least number of lines that a `head` or `tail` behind the check lets through. */
function keptLines(after: string): number {
  const filters = after.match(/\|\s*(?:head|tail)\b[^|;&\n]{0,200}/g) ?? [];
  return Math.min(
    ...filters.map((filter) => {
      if (/\s-c|--bytes|-n ?\+|\s\+\d/.test(filter)) return 0;
      return Number(/(?:-n ?|-|--lines[= ])(\d{1,9})/.exec(filter)?.[1] ?? 10);
    }),
  );
}
