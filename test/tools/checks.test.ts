import assert from "node:assert/strict";
import { readCheck } from "../../src/tools/checks";

/** What each runner really prints at its end. */
const FAILING: readonly (readonly [command: string, output: string, failures: number | null])[] = [
  ["npm test", "\n  12 passing (34ms)\n  2 failing\n\n  1) adds\n", 2],
  ["npx mocha test/*.js", "  0 passing (3ms)\n  1 failing\n", 1],
  ["yarn jest --ci", "Test Suites: 1 failed, 2 passed, 3 total\nTests:       3 failed, 1 skipped, 20 passed, 24 total\n", 3],
  ["pnpm exec vitest run", " Test Files  1 failed | 2 passed (3)\n      Tests  4 failed | 10 passed (14)\n", 4],
  ["node --test", "# tests 5\n# pass 3\n# fail 2\n# cancelled 0\n", 2],
  ["node --import tsx --test test/a.ts", "ℹ tests 5\nℹ pass 4\nℹ fail 1\n", 1],
  ["python -m pytest -q", "FAILED t.py::test_a\n2 failed, 5 passed, 1 warning in 0.12s\n", 2],
  ["pytest", "==== 1 failed, 3 passed, 2 errors in 1.20s ====\n", 3],
  ["python3 -m unittest", "Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=2)\n", 3],
  ["go test ./...", "--- FAIL: TestA (0.00s)\n    a_test.go:5: x\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tx/y\t0.01s\n", 2],
  [
    "cargo test",
    "test result: FAILED. 3 passed; 2 failed; 0 ignored\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored\nerror: test failed\n",
    3,
  ],
  ["npx tsc --noEmit -p .", "src/a.ts(1,2): error TS2322: x\nsrc/b.ts(3,4): error TS1005: y\n", 2],
  ["npm run typecheck", "src/a.ts:1:2 - error TS2322: x\n\nFound 1 error in src/a.ts:1\n", 1],
  ["bundle exec rspec", "Finished in 0.01 seconds\n10 examples, 4 failures\n", 4],
  ["rake test", "3 runs, 5 assertions, 2 failures, 0 errors, 0 skips\n", 2],
  ["dotnet test", "Failed!  - Failed:     2, Passed:     7, Skipped:     0, Total:     9\n", 2],
  ["./mvnw -q verify", "[ERROR] Tests run: 9, Failures: 1, Errors: 1, Skipped: 0\n", 2],
  ["./gradlew test", "12 tests completed, 3 failed\n", 3],
  ["ctest", "75% tests passed, 1 tests failed out of 4\n", 1],
  ["make test", "cc -o x\nmake: *** [test] Error 1\n", null],
  ["npx eslint src", "✖ 7 problems (5 errors, 2 warnings)\n", 5],
  ["vendor/bin/phpunit", "Tests: 4, Assertions: 5, Failures: 2.\n", 2],
];

describe("readCheck", () => {
  for (const [command, output, failures] of FAILING) {
    it(`counts ${failures ?? "no"} failures of ${command}`, () => {
      assert.deepEqual(readCheck(command, 1, output), { command, passed: false, failures });
    });
  }

  it("takes exit code 0 for passed", () => {
    for (const command of [
      "npm test",
      "cd app && CI=1 pnpm run build",
      "time cargo build",
      "make",
      "npm run test:unit -- --grep x",
    ]) {
      assert.deepEqual(readCheck(command, 0, "all is well"), { command, passed: true, failures: 0 });
    }
  });

  it("does not believe an exit code that is not the check's own", () => {
    const piped = "npm test 2>&1 | tail -20";
    assert.deepEqual(readCheck(piped, 0, "  3 passing\n  1 failing\n"), { command: piped, passed: false, failures: 1 });
    assert.deepEqual(readCheck(piped, 0, "  3 passing (3ms)\n"), { command: piped, passed: true, failures: 0 });
    assert.equal(readCheck(piped, 0, "something else"), null);
    assert.equal(readCheck("node --test | head -5", 0, "TAP version 13\nok 1 - adds\n"), null);
    assert.equal(readCheck("node --test | tail -5", 0, "# pass 3\n# fail 0\n")?.passed, true);
    assert.equal(readCheck("go test ./... | tail -5", 0, "ok  \tx/y\t0.01s\n")?.passed, true);
    assert.equal(readCheck("npm test || true", 0, "crash"), null);
    assert.equal(readCheck("npm test; echo done", 0, "crash\ndone"), null);
    assert.deepEqual(readCheck("cd a && npm test && echo done", 0, ""), {
      command: "cd a && npm test && echo done",
      passed: true,
      failures: 0,
    });
  });

  it("has nothing to say about commands that check nothing", () => {
    for (const command of [
      "ls",
      "cat test.js",
      "git commit -m 'npm test'",
      "npm install",
      "echo pytest",
      "npm run dev",
      "grep -r jest .",
    ]) {
      assert.equal(readCheck(command, 0, "1 failing"), null, command);
    }
  });

  it("answers at once on large and odd output", () => {
    const startedAt = performance.now();
    for (const output of [
      "1 ".repeat(500_000),
      "=".repeat(1_000_000),
      "Tests ".repeat(200_000),
      "error: ".repeat(150_000),
      "9,".repeat(300_000),
      "\n".repeat(5_000_000),
      "   \n".repeat(1_000_000),
      " ".repeat(1_000_000),
      `Tests ${"1 a | ".repeat(100_000)}`,
      `Tests: ${"| ".repeat(100_000)}`,
      `ok ${"a".repeat(1_000_000)}`,
      "1 failed, 1 error, 1 passed ".repeat(50_000),
      "error TS".repeat(100_000),
    ]) {
      readCheck("npm test", 1, output);
      readCheck("npm test | cat", 0, output);
      readCheck(`npm test${output.slice(0, 100_000)}`, 0, "");
    }
    assert.ok(performance.now() - startedAt < 2_000, `${performance.now() - startedAt} ms`);
  });

  it("reads what runners say when everything passes behind a pipe", () => {
    for (const output of [
      "Tests:       1 skipped, 20 passed, 21 total\n",
      "      Tests  2 skipped | 10 passed (12)\n",
      "\n\n  Tests  10 passed (10)\n",
      "===== 3 passed, 1 warning in 0.12s =====\n",
    ]) {
      assert.equal(readCheck("npm test | tail -9", 0, output)?.passed, true, output);
    }
  });
});
