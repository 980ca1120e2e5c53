import type { Found, Reader } from "./checkFound";

const RESULT = /^ {0,40}--- (PASS|FAIL|SKIP): (\S{1,300}) \([\d.]{1,12}s\)$/;
/** The end of a package: `ok  	a/b	0.01s`, `FAIL	a/b [build failed]`; `?` where it has no tests. */
const PACKAGE = /^(ok|FAIL|\?) {0,3}\t\S{1,300}(?:\s(.{0,100}))?$/;

/**
 * Of go test: a test with subtests counts by these. Which tests passed is told with `-v` only. A package that fails
 * without naming a test (it does not build, it panics, it takes too long) is one failure, and in one that ends well a
 * line that says FAIL was printed by a test. FAIL at the very end is of a package that `tail` took away.
 */
export const goTest: Reader = (lines) => {
  const found: Found[] = [];
  let results: [verdict: string, name: string][] = [];
  lines.forEach((line, at) => {
    const [, verdict, name] = RESULT.exec(line) ?? [];
    if (verdict !== undefined && name !== undefined) results.push([verdict, name]);
    const [, end, words = ""] = PACKAGE.exec(line) ?? [];
    if (end === undefined) return;
    const failed = end === "FAIL" ? Math.max(1, leaves(results, "FAIL")) : 0;
    const passes = results.some(([one]) => one === "PASS") ? leaves(results, "PASS") : null;
    if (end !== "?" && !/\[no tests? /.test(words)) found.push({ at, passes, failures: failed, by: "lines" });
    results = [];
  });
  const left = leaves(results, "FAIL");
  if (left > 0) found.push({ at: lines.length, passes: null, failures: left, by: "lines" });
  const endsFailing = lines.findLast((line) => line !== "") === "FAIL";
  if (endsFailing && found.every(({ failures }) => failures === 0)) {
    found.push({ at: lines.length, passes: null, failures: null, by: "lines" });
  }
  return found;
};

/** How many have the verdict and no subtest: for FAIL none that failed too, for PASS none at all. */
function leaves(results: readonly (readonly [verdict: string, name: string])[], verdict: "PASS" | "FAIL"): number {
  const parents = new Set<string>();
  for (const [one, name] of results) {
    if (verdict === "FAIL" && one !== "FAIL") continue;
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1)) parents.add(name.slice(0, end));
  }
  return results.filter(([one, name]) => one === verdict && !parents.has(name)).length;
}

/** `go test -json`: one object a line, of which the verdicts of tests are read. */
export const goJson: Reader = (lines) => {
  const results: [verdict: string, name: string][] = [];
  let packages = 0;
  let failedPackages = 0;
  lines.forEach((line) => {
    const action = /^\{"Time":"[^"]{1,60}","Action":"(pass|fail)","Package":"([^"]{1,200})"(?:,"Test":"([^"]{1,200})")?/.exec(
      line,
    );
    const [, verdict, name, test] = action ?? [];
    if (verdict === undefined || name === undefined) return;
    if (test !== undefined) results.push([verdict.toUpperCase(), `${name} ${test}`]);
    else packages++;
    if (test === undefined && verdict === "fail") failedPackages++;
  });
  if (packages + results.length === 0) return [];
  const failures = Math.max(failedPackages, leaves(results, "FAIL"));
  return [{ at: lines.length, passes: leaves(results, "PASS"), failures, by: "lines" }];
};
