import assert from "node:assert/strict";
import { formatNumber } from "../../src/present/format";
import { LIMITS, MOST_TASK_CHARS, TASK_TOO_LONG } from "../../src/protocol/limits";
import { readNumber, type TypedNumber } from "../../src/protocol/typedNumber";

const { turns, usd, tokens } = LIMITS;
const number = (value: number): TypedNumber => ({ kind: "number", value });

describe("numbers typed by hand", () => {
  it("are read as people write them", () => {
    const amounts: readonly [string, number][] = [
      ["12", 12],
      [" 300000 ", 300_000],
      ["300,000", 300_000],
      ["1,234,567", 1_234_567],
      ["300k", 300_000],
      ["1.5M", 1_500_000],
      ["1,5 m", 1_500_000],
      ["1.005k", 1_005],
    ];
    for (const [text, value] of amounts) assert.deepEqual(readNumber(text, tokens), number(value), text);
    const dollars: readonly [string, number][] = [
      ["$1.25", 1.25],
      ["$ .5", 0.5],
      ["8,5", 8.5],
      ["0,125", 0.125],
      ["1,250", 1_250],
      ["1,234.50", 1_234.5],
    ];
    for (const [text, value] of dollars) assert.deepEqual(readNumber(text, usd), number(value), text);
    assert.deepEqual(readNumber("  ", usd), { kind: "empty" });
  });

  it("are refused, not guessed, where they could be two numbers", () => {
    for (const text of ["1234,567", "1.234,5", "300.000", "1,23,456", "1,,2", "0,125,000"]) {
      const read = readNumber(text, tokens);
      assert.ok(read.kind === "bad" && /^not clear; write 1500, 1,500 or 1\.5k$/.test(read.why), text);
    }
    for (const text of ["soon", "-1", "1e3", "1 2", "1..2", "."]) assert.equal(readNumber(text, usd).kind, "bad", text);
  });

  it("are refused beyond their range, with the range", () => {
    assert.deepEqual(readNumber("20,000", turns), { kind: "bad", why: "a whole number from 0 to 10,000" });
    assert.deepEqual(readNumber("10,000", turns), number(10_000));
    assert.deepEqual(readNumber("1,5", turns), { kind: "bad", why: turns.words });
  });

  it("have ranges whose words say them", () => {
    for (const { most, words } of Object.values(LIMITS)) assert.ok(words.includes(formatNumber(most)), words);
    assert.ok(TASK_TOO_LONG.includes(formatNumber(MOST_TASK_CHARS)));
  });
});
