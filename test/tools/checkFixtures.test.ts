import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readCheck } from "../../src/tools/checks";

type Row = readonly [file: string, command: string, exitCode: number, failures: number | null, passes: number | null];

/**
 * Real outputs, shortened by stack traces, and what the suites behind them were written to do: failures and passes are
 * counted from those. An all-passing run has exit code 0 and 0 failures.
 */
const RUNS: readonly Row[] = [
  // Two that fail, four that pass (one prints "0 failing"), two pending; `good` has three that pass, one prints "2 failing".
  ["mocha-some", "npx mocha", 2, 2, 6],
  ["mocha-colour", "npx mocha --color", 2, 2, 3],
  ["mocha-dot", "npx mocha --reporter dot", 2, 2, 3],
  ["mocha-tap", "npx mocha -R tap", 2, 2, 3],
  ["mocha-good", "npm test", 0, 0, 3],
  ["mocha-hook", "npm test", 1, 1, 3],
  ["mocha-broken", "npm test", 1, null, null],
  // One that prints a line of totals, a snapshot that is written and one that is wrong, skipped and to do; `good` has two.
  ["jest-some", "npx jest", 1, 2, 5],
  ["jest-colour", "yarn jest --colors", 1, 2, 5],
  ["jest-good", "npm test", 0, 0, 2],
  ["jest-broken", "npm test", 1, 1, 2],
  ["vitest-some", "npx vitest run", 1, 1, 5],
  ["vitest-colour", "pnpm vitest run", 1, 1, 5],
  ["vitest-good", "npm test", 0, 0, 2],
  ["vitest-broken", "npm test", 1, 1, 2],
  // Five at two levels, two of which fail, one that prints "# fail 0"; skipped and to do; `good` has two, one prints "ℹ fail 7".
  ["node-some-spec", "node --test", 1, 2, 5],
  ["node-some-tap", "node --test --test-reporter tap", 1, 2, 5],
  ["node-some-junit", "node --test --test-reporter=junit", 1, 2, 5],
  ["node-some-dot", "node --test --test-reporter dot", 1, null, null],
  ["node-broken", "npm test", 1, 1, 2],
  ["ava-some", "npx ava", 1, 2, null],
  ["ava-good", "npx ava", 0, 0, 2],
  // Assertions: six of which one fails, and those of a file with two.
  ["tap-some", "npx tap", 1, 1, 5],
  ["tap-good", "npx tap", 0, 0, 2],
  ["tap-raw", "node some.test.js", 1, 1, 3],
  // Three of which one fails; two, one of them skipped.
  ["prove-some", "prove -r t", 1, 1, 4],
  ["prove-good", "prove t/b.t", 0, 0, 2],
  // Two that fail and one whose fixture does; `good` has two.
  ["pytest-some", "pytest", 1, 3, 6],
  ["pytest-q", "python -m pytest -q", 1, 3, 6],
  ["pytest-qq", "python -m pytest -qq", 1, 3, null],
  ["pytest-colour", "pytest --color=yes", 1, 3, 4],
  ["pytest-good", "pytest -s", 0, 0, 2],
  ["pytest-broken", "pytest", 2, 1, 0],
  ["unittest-some", "python3 -m unittest", 1, 2, 3],
  ["unittest-good", "python3 -m unittest", 0, 0, 2],
  // TestA has three subtests of which two fail, TestC fails; package b passes and prints "--- FAIL", d does not build.
  ["go-some", "go test ./...", 1, 3, null],
  ["go-v", "go test -v ./...", 1, 3, 4],
  ["go-json", "go test -json ./a", 1, 3, 2],
  ["go-good", "go test ./...", 0, 0, null],
  ["go-broken", "go test ./...", 1, 4, null],
  // One line of totals for each of two binaries and the docs.
  ["cargo-some", "cargo test --no-fail-fast", 101, 2, 5],
  ["cargo-ff", "cargo test", 101, 1, 2],
  ["cargo-colour", "cargo test --lib", 101, 1, 2],
  ["cargo-good", "cargo test", 0, 0, 7],
  ["rspec-some", "bundle exec rspec", 1, 2, 4],
  ["rspec-doc", "rspec -f d", 1, 2, 2],
  ["rspec-colour", "rspec --force-color", 1, 2, 2],
  ["rspec-good", "rspec", 0, 0, 2],
  ["rspec-broken", "rspec", 1, 1, 0],
  // JUnit by Maven, in two modules: one failure, one error, one skipped, one that prints a line of totals.
  ["mvn-some", "mvn test -fae", 1, 2, 6],
  ["mvn-colour", "mvn test", 1, 2, 4],
  ["mvn-good", "mvn test -pl b", 0, 0, 2],
  ["mvn-ignore", "mvn test -Dmaven.test.failure.ignore", 0, 2, 6],
  // mocha in two packages, the lines of which are mingled, or come one package after the other.
  ["pnpm-r", "pnpm -r test", 1, 2, 6],
  ["npm-ws", "npm test --workspaces", 1, 2, 6],
  // Builds: errors, and nothing that passes.
  ["tsc-plain", "npx tsc --noEmit", 1, 3, null],
  ["tsc-pretty", "npx tsc --noEmit --pretty", 1, 3, null],
  ["eslint", "npx eslint x.mjs", 1, 3, null],
  ["cargo-build", "cargo build", 101, 2, null],
  ["cargo-check-short", "cargo check --message-format short", 101, 2, null],
  ["cargo-test-broken", "cargo test", 101, 2, null],
  ["go-build", "go build ./...", 1, 3, null],
  ["go-vet", "go vet ./...", 1, 1, null],
  ["mvn-broken", "mvn -q compile", 1, 3, null],
  ["make-x", "make x.o", 2, 3, null],
  ["make-all", "make", 2, null, null],
  ["make-test", "make test", 2, null, null],
];

/** Nothing ran: a verdict would be made up. With the exit codes that the runners end with. */
const EMPTY: readonly (readonly [file: string, command: string, exitCode: number])[] = [
  ["mocha-empty", "npx mocha", 0],
  ["mocha-none", "npx mocha", 1],
  ["jest-none", "npx jest", 1],
  ["jest-none0", "npx jest --passWithNoTests", 0],
  ["vitest-none", "npx vitest run", 1],
  ["node-none", "node --test", 0],
  ["pytest-none", "pytest -k zzz", 5],
  ["unittest-none", "python3 -m unittest", 0],
  ["go-none", "go test ./c", 0],
  ["go-norun", "go test -run ZZZ ./b", 0],
  ["cargo-none", "cargo test zzz", 0],
  ["rspec-none", "rspec -e zzz", 0],
];

function fixture(file: string): string {
  return readFileSync(path.resolve("test/fixtures/checks", `${file}.txt`), "utf8");
}

describe("readCheck on real outputs", () => {
  for (const [file, command, exitCode, failures, passes] of RUNS) {
    const passed = failures === 0;
    it(`reads ${file}: ${failures ?? "some"} failed, ${passes ?? "an unknown number"} passed`, () => {
      assert.deepEqual(readCheck(command, exitCode, fixture(file)), { command, passed, failures, passes });
    });

    it(`reads ${file} with foreign line ends, and behind a pipe, as it is`, () => {
      const crlf = fixture(file).replaceAll("\n", "\r\n");
      assert.deepEqual(readCheck(command, exitCode, crlf), { command, passed, failures, passes });
      const piped = `cd /project && ${command} 2>&1 | cat`;
      const verdict = readCheck(piped, 0, fixture(file));
      assert.deepEqual(verdict, { command: piped, passed, failures, passes });
    });
  }

  for (const [file, command, exitCode] of EMPTY) {
    it(`gives no verdict on ${file}, where nothing was tested`, () => {
      assert.equal(readCheck(command, exitCode, fixture(file)), null);
      assert.equal(readCheck(`${command} | tail -50`, 0, fixture(file)), null);
    });
  }

  it("believes exit code 0 of a runner against every word of its output", () => {
    for (const [file, command, exitCode] of RUNS) {
      if (exitCode !== 0 && !/^(?:npm|pnpm|mvn|make)/.test(command)) {
        assert.deepEqual(readCheck(command, 0, fixture(file)), { command, passed: true, failures: 0, passes: null }, file);
      }
    }
  });

  it("never takes a lost tail or head for fewer failures or a pass", () => {
    for (const [file, command, exitCode, failures] of RUNS) {
      if (exitCode === 0) continue;
      const lines = fixture(file).replace(/\n$/, "").split("\n");
      for (const kept of [1, 2, 3, 4, 5, 7, 10, 20, 40]) {
        for (const filter of ["tail", "head"]) {
          const part = filter === "tail" ? lines.slice(-kept) : lines.slice(0, kept);
          const verdict = readCheck(`${command} 2>&1 | ${filter} -${kept}`, 0, `${part.join("\n")}\n`);
          const about = `${file} by ${filter} -${kept}`;
          if (part.length < lines.length && failures !== null) {
            assert.ok(verdict === null || !verdict.passed, `${about}: ${JSON.stringify(verdict)}`);
            assert.ok(
              verdict === null || verdict.failures === null || verdict.failures === failures,
              `${about}: ${JSON.stringify(verdict)}`,
            );
          }
        }
      }
    }
  });
});
