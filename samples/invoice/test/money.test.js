import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCents, parsePrice, portion } from "../src/money.js";

test("prices are read as people write them", () => {
  assert.equal(parsePrice("2.50"), 250);
  assert.equal(parsePrice("2.5"), 250);
  assert.equal(parsePrice(" 19 "), 1900);
  assert.equal(parsePrice("-0.99"), -99);
});

test("what is not a price is refused", () => {
  for (const text of ["", "1,50", "2.505", "$3", "1e3"]) assert.throws(() => parsePrice(text), TypeError);
});

test("a share below half a cent is rounded down", () => {
  assert.equal(portion(333, 0.07), 23); // 23.31
  assert.equal(portion(1999, 0.04), 80); // 79.96
});

test("a share that comes out even stays as it is", () => {
  assert.equal(portion(10000, 0.19), 1900);
  assert.equal(portion(400, 0.0725), 29);
});

test("amounts are written with two decimals", () => {
  assert.equal(formatCents(123450), "$1,234.50");
  assert.equal(formatCents(5), "$0.05");
  assert.equal(formatCents(-99), "-$0.99");
});
