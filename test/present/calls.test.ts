import assert from "node:assert/strict";
import { checkWords } from "../../src/present/calls";

describe("the words of a check", () => {
  const words = (passed: boolean, failures: number | null, passes?: number | null) =>
    checkWords({ command: "npm test", passed, failures, ...(passes === undefined ? {} : { passes }) });

  it("say how many failed and how many passed, as far as it was told", () => {
    assert.equal(words(true, 0, 1041), "1,041 passed");
    assert.equal(words(false, 3, 41), "3 failing, 41 passed");
    assert.equal(words(false, 3, 0), "3 failing, 0 passed");
    assert.equal(words(false, null, 41), "failing, 41 passed");
    assert.equal(words(false, 3, null), "3 failing");
    assert.equal(words(false, null, null), "failing");
  });

  it("do without a count of passes, as in events that were stored before there was one", () => {
    assert.equal(words(true, 0), "passed");
    assert.equal(words(false, 2), "2 failing");
  });
});
