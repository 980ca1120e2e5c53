import assert from "node:assert/strict";
import { readCheck } from "../../src/tools/checks";

/** What each runner really prints at its end. */
const FAILING: readonly (readonly [command: string, output: string, failures: number | null, passes: number | null])[] = [
  ["npm test", "\n  12 passing (34ms)\n  2 failing\n\n  1) adds\n", 2, 12],
  ["npx mocha test/*.js", "  0 passing (3ms)\n  1 failing\n", 1, 0],
  ["yarn jest --ci", "Test Suites: 1 failed, 2 passed, 3 total\nTests:       3 failed, 1 skipped, 20 passed, 24 total\n", 3, 20],
  ["pnpm exec vitest run", " Test Files  1 failed | 2 passed (3)\n      Tests  4 failed | 10 passed (14)\n", 4, 10],
  ["node --test", "# tests 5\n# pass 3\n# fail 2\n# cancelled 0\n", 2, 3],
  ["node --import tsx --test test/a.ts", "ℹ tests 5\nℹ pass 4\nℹ fail 1\n", 1, 4],
  ["python -m pytest -q", "FAILED t.py::test_a\n2 failed, 5 passed, 1 warning in 0.12s\n", 2, 5],
  ["pytest", "==== 1 failed, 3 passed, 2 errors in 1.20s ====\n", 3, 3],
  ["python3 -m unittest", "Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=2)\n", 3, 2],
  ["go test ./...", "--- FAIL: TestA (0.00s)\n    a_test.go:5: x\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tx/y\t0.01s\n", 2, null],
  [
    "cargo test",
    "test result: FAILED. 3 passed; 2 failed; 0 ignored\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored\nerror: test failed\n",
    3,
    4,
  ],
  ["npx tsc --noEmit -p .", "src/a.ts(1,2): error TS2322: x\nsrc/b.ts(3,4): error TS1005: y\n", 2, null],
  ["npm run typecheck", "src/a.ts:1:2 - error TS2322: x\n\nFound 1 error in src/a.ts:1\n", 1, null],
  ["bundle exec rspec", "Finished in 0.01 seconds\n10 examples, 4 failures\n", 4, 6],
  ["rake test", "3 runs, 5 assertions, 2 failures, 0 errors, 0 skips\n", 2, 1],
  ["dotnet test", "Failed!  - Failed:     2, Passed:     7, Skipped:     0, Total:     9\n", 2, 7],
  ["./mvnw -q verify", "[ERROR] Tests run: 9, Failures: 1, Errors: 1, Skipped: 0\n", 2, 7],
  ["./gradlew test", "12 tests completed, 3 failed\n", 3, 9],
  // Of one assembly each; the table of VSTest; the newer terminal logger, which repeats the assemblies.
  [
    "dotnet test a.sln",
    "Passed!  - Failed:     0, Passed:     4, Skipped:     1, Total:     5, Duration: 12 ms - A.dll (net8.0)\nFailed!  - Failed:     2, Passed:     7, Skipped:     0, Total:     9, Duration: 61 ms - B.dll (net8.0)\n",
    2,
    11,
  ],
  ["dotnet test -v n", "Total tests: 9\n     Passed: 6\n     Failed: 2\n    Skipped: 1\n Total time: 1.2 Seconds\n", 2, 6],
  [
    "dotnet test -v q",
    "Test summary: total: 9, failed: 2, succeeded: 6, skipped: 1, duration: 1.1s\nBuild failed with 2 error(s) in 1.9s\n",
    2,
    6,
  ],
  [
    "dotnet build",
    "a.cs(1,2): error CS1002: ; expected [/a.csproj]\n\nBuild FAILED.\n\n    0 Warning(s)\n    1 Error(s)\n",
    1,
    null,
  ],
  [
    "./gradlew check",
    "SumTest > adds() FAILED\n\n9 tests completed, 1 failed, 2 skipped\n\nFAILURE: Build failed with an exception.\n",
    1,
    6,
  ],
  [
    "java -jar junit-platform-console-standalone.jar execute",
    "[         4 containers found      ]\n[         0 containers failed     ]\n[         9 tests found           ]\n[         1 tests skipped         ]\n[         6 tests successful      ]\n[         2 tests failed          ]\n",
    2,
    6,
  ],
  ["mvn test", "Results :\n\nTests run: 9, Failures: 1, Errors: 1, Skipped: 1\n", 2, 6],
  ["npm run test:ci", '<testsuites name="jest tests" tests="9" failures="2" errors="1" time="0.5">\n', 3, 6],
  ["cargo nextest run", "     Summary [   0.123s] 9 tests run: 7 passed, 2 failed, 1 skipped\n", 2, 7],
  ["npx playwright test", "  1 failed\n    a.spec.ts:3:1 › adds\n  1 flaky\n  3 passed (2.1s)\n", 1, 3],
  ["swift test", "Executed 4 tests, with 1 failure (0 unexpected) in 0.1 (0.1) seconds\n", 1, 3],
  ["ctest", "75% tests passed, 1 tests failed out of 4\n", 1, 3],
  ["make test", "cc -o x\nmake: *** [test] Error 1\n", null, null],
  ["npx eslint src", "✖ 7 problems (5 errors, 2 warnings)\n", 5, null],
  ["vendor/bin/phpunit", "Tests: 4, Assertions: 5, Failures: 2.\n", 2, 2],
];

/** Long lines, many lines, and beginnings of summaries over and over. */
const HOSTILE: readonly string[] = [
  "1 ".repeat(100_000),
  "=".repeat(1_000_000),
  "Tests ".repeat(200_000),
  "error: ".repeat(150_000),
  "9,".repeat(300_000),
  "\n".repeat(5_000_000),
  "   \n".repeat(1_000_000),
  " ".repeat(1_000_000),
  `Tests ${"1 a | ".repeat(100_000)}`,
  `Tests: ${"1 a, ".repeat(100_000)}`,
  `ok ${"a".repeat(1_000_000)}`,
  "1 failed, 1 error, 1 passed ".repeat(50_000),
  `${"1 failed, ".repeat(20)}\n`.repeat(20_000),
  "error TS".repeat(100_000),
  "\u001b[".repeat(100_000),
  "\u001b]".repeat(100_000),
];

describe("readCheck", () => {
  for (const [command, output, failures, passes] of FAILING) {
    it(`counts ${failures ?? "no"} failures of ${command}`, () => {
      assert.deepEqual(readCheck(command, 1, output), { command, passed: false, failures, passes });
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
      assert.deepEqual(readCheck(command, 0, "all is well"), { command, passed: true, failures: 0, passes: null });
    }
  });

  it("does not believe an exit code that is not the check's own", () => {
    const piped = "npm test 2>&1 | tail -20";
    assert.deepEqual(readCheck(piped, 0, "  3 passing\n  1 failing\n"), {
      command: piped,
      passed: false,
      failures: 1,
      passes: 3,
    });
    assert.deepEqual(readCheck(piped, 0, "  3 passing (3ms)\n"), { command: piped, passed: true, failures: 0, passes: 3 });
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
      passes: null,
    });
  });

  it("knows a check by the program or by the name of a script, whatever stands before it", () => {
    for (const command of [
      "npm --prefix app test",
      "npm run -s test",
      "npm -w packages/a run test",
      "pnpm --filter @x/a test",
      "pnpm -w test",
      "yarn workspace a test",
      "npx --no-install jest",
      "npx -p typescript tsc --noEmit",
      "(cd app && npm test)",
      "turbo run test",
      "npx nx run-many --target=build",
      "gotestsum ./...",
      "coverage run -m pytest",
      "python -m coverage run -m pytest",
      "java -jar lib/junit-platform-console-standalone-1.10.2.jar execute",
      "composer test",
      "./scripts/run-tests.sh",
      "bash build.sh",
    ]) {
      assert.equal(readCheck(command, 1, "crash")?.passed, false, command);
    }
  });

  it("has nothing to say about commands that check nothing", () => {
    for (const command of [
      "ls",
      "cat test.js",
      "git commit -m 'npm test'",
      "npm install",
      "echo pytest",
      "npm run dev",
      "npm --prefix test install",
      "cat run-tests.sh",
      "chmod +x build.sh",
      "X=test.sh ls",
      "grep -r jest .",
    ]) {
      assert.equal(readCheck(command, 0, "1 failing"), null, command);
    }
  });

  it("makes nothing of large and odd output", () => {
    for (const output of HOSTILE) {
      assert.deepEqual(readCheck("npx mocha", 1, output), { command: "npx mocha", passed: false, failures: null, passes: null });
      assert.equal(readCheck("npm test | cat", 0, output), null);
      assert.equal(readCheck(`npm test${output.slice(0, 100_000)}`, 0, "")?.passed ?? true, true);
    }
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

  it("lets an exit code of its own win over what tests print", () => {
    for (const printed of ["2 failed", "  2 failing", "Tests: 9 failed, 9 total", "not ok 1 - x", "a.c:1:2: error: x", "FAIL"]) {
      for (const command of ["npx jest", "npm test", "make check"]) {
        assert.equal(readCheck(command, 0, `${printed}\n`)?.passed, true, `${command}: ${printed}`);
      }
    }
    const jest = (printed: string) => `${printed}\nTest Suites: 1 passed, 1 total\nTests:       4 passed, 4 total\n`;
    assert.equal(readCheck("npm test", 0, jest("Tests: 9 failed, 9 total"))?.passes, 4);
    assert.deepEqual(readCheck("npm test", 1, "0 failing\n  0 failing\nTypeError: x\n"), {
      ...{ command: "npm test", passed: false, failures: null, passes: null },
    });
  });

  it("believes a whole summary at the end against the exit code of a script", () => {
    const output = "  3 passing (4ms)\n  1 failing\n";
    assert.equal(readCheck("npm test", 0, output)?.failures, 1);
    assert.equal(readCheck("npx mocha", 0, output)?.failures, 0);
    assert.equal(readCheck("npm test", 0, `${output}\n  7 passing (4ms)\n`)?.passed, true);
  });

  it("has no verdict on what could not be started", () => {
    assert.equal(readCheck("npx mocha", 127, "sh: 1: mocha: not found\n"), null);
    assert.equal(readCheck("npm test", 1, 'npm error Missing script: "test"\n'), null);
    assert.equal(readCheck("npm test", 1, "Error: no test specified\n"), null);
    assert.equal(readCheck("npm test", 1, "TypeError: x is not a function\n")?.passed, false);
  });

  it("reads the words alone when the exit code says nothing", () => {
    for (const command of ["mvn -fn test", "rspec --failure-exit-code 0", "make -i test", "npm test &", "npm test; true"]) {
      assert.equal(readCheck(command, 0, "crash"), null, command);
      assert.equal(readCheck(command, 0, "  3 passing (4ms)\n  1 failing\n")?.failures, 1, command);
    }
    assert.equal(readCheck("mvn -fn test", 0, "[INFO] BUILD SUCCESS\n"), null);
    assert.equal(readCheck("mvn test | tail -3", 0, "[INFO] BUILD SUCCESS\n")?.passed, true);
    assert.equal(readCheck("npm test > log.txt 2>&1", 0, "")?.passed, true);
  });

  it("knows no sum of parts when the middle of the output is missing", () => {
    const binary = (verdict: string, failures: number) =>
      `\ntest result: ${verdict}. 3 passed; ${failures} failed; 0 ignored; 0 measured; 0 filtered out\n`;
    const cut = (middle: string) =>
      `${binary("ok", 0)}${middle}${binary("FAILED", 2)}\nerror: test failed, to rerun pass \`--lib\`\n`;
    assert.deepEqual(readCheck("cargo test", 101, cut("")), { command: "cargo test", passed: false, failures: 2, passes: 6 });
    const lossy = readCheck("cargo test", 101, cut("[31337 characters left out here]\n"));
    assert.deepEqual(lossy, { command: "cargo test", passed: false, failures: 2, passes: null });
    const errors = "a.ts(1,2): error TS2322: x\n".repeat(10);
    assert.equal(readCheck("npx tsc | head -20", 0, errors)?.failures, 10);
    assert.equal(readCheck("npx tsc | head", 0, errors)?.failures, null);
    assert.equal(readCheck("npx tsc", 1, `${errors}[99 characters left out here]\n${errors}`)?.failures, null);
  });
});
