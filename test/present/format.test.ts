import assert from "node:assert/strict";
import fc from "fast-check";
import { nano, usd } from "../../src/core/money";
import {
  formatCap,
  formatClock,
  formatCount,
  formatDay,
  formatLikely,
  formatPercent,
  formatRate,
  formatSeconds,
  formatShare,
  formatTokenCap,
  formatTokens,
  formatUsd,
} from "../../src/present/format";

describe("format", () => {
  it("prints money that is only likely with no more digits than that is worth", () => {
    const amounts = [0, 0.00002, 0.00083, 0.0042, 0.0099, 0.0123, 0.083, 0.09996, 0.117, 1.268, 1_240];
    assert.deepEqual(
      amounts.map((dollars) => formatLikely(usd(dollars))),
      ["$0", "<$0.0001", "$0.0008", "$0.0042", "$0.0099", "$0.012", "$0.083", "$0.100", "$0.12", "$1.27", "$1,240"],
    );
  });

  it("gives money sensible digits", () => {
    const shown: readonly [number, string][] = [
      [0, "$0"],
      [0.00000001, "<$0.0001"],
      [0.0042, "$0.0042"],
      [0.09994, "$0.0999"],
      [0.09996, "$0.10"],
      [0.18, "$0.18"],
      [1.274, "$1.27"],
      [999.99, "$999.99"],
      [999.996, "$1,000"],
      [1_240.4, "$1,240"],
      [1_234_567, "$1,234,567"],
    ];
    for (const [dollars, text] of shown) assert.equal(formatUsd(usd(dollars)), text, String(dollars));
  });

  it("never shows a positive amount as nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000_000_000_000 }), (amount) => {
        assert.doesNotMatch(formatUsd(nano(amount)), /^\$0(\.0+)?$/);
      }),
    );
  });

  it("rounds bounds up and what is left down", () => {
    assert.equal(formatUsd(usd(0.03101), "up"), "$0.0311");
    assert.equal(formatUsd(usd(0.03109), "down"), "$0.0310");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000_000_000 }), (amount) => {
        const read = (text: string) => Number(text.replace(/[$,]/g, ""));
        const up = formatUsd(nano(amount), "up");
        assert.ok(read(up) * 1e9 >= amount - 1, up);
        assert.ok(read(formatUsd(nano(amount), "down")) * 1e9 <= amount + 1);
      }),
    );
  });

  it("shows caps and prices to the last digit that was typed", () => {
    assert.deepEqual(
      [0.5, 2, 0.005, 0.125, 1_240].map((dollars) => formatCap(usd(dollars))),
      ["$0.50", "$2.00", "$0.005", "$0.125", "$1,240"],
    );
    assert.deepEqual(
      [1.25, 10, 0.125].map((dollars) => formatRate(dollars * 1e9)),
      ["$1.25", "$10", "$0.125"],
    );
  });

  it("shortens tokens with three digits, and carries over", () => {
    const shown: readonly [number, string][] = [
      [0, "0"],
      [412, "412"],
      [1_730, "1.73 k"],
      [9_996, "10.0 k"],
      [21_234, "21.2 k"],
      [99_960, "100 k"],
      [212_000, "212 k"],
      [999_499, "999 k"],
      [999_500, "1.00 M"],
      [1_050_000, "1.05 M"],
      [2_000_000_000, "2.00 G"],
    ];
    for (const [tokens, text] of shown) assert.equal(formatTokens(tokens), text);
    assert.deepEqual([300_000, 1_500_000, 1_730, 12_345].map(formatTokenCap), ["300 k", "1.5 M", "1,730", "12,345"]);
  });

  it("shows durations as people say them", () => {
    assert.deepEqual([0, 40, 1_940, 9_960, 42_400, 59_700, 190_000, 3_730_000].map(formatSeconds), [
      ...["0.0 s", "0.0 s", "1.9 s", "10 s", "42 s", "1:00", "3:10", "1:02:10"],
    ]);
    assert.deepEqual([0, 42_999, 190_000, 3_730_000].map(formatClock), ["0:00", "0:42", "3:10", "1:02:10"]);
  });

  it("calls only the whole 100 %", () => {
    assert.deepEqual([0, 0.004, 0.29, 0.355, 0.999, 1, 1.04].map(formatShare), [
      "0 %",
      "<1 %",
      "29 %",
      "35 %",
      "99 %",
      "100 %",
      "104 %",
    ]);
    assert.equal(formatPercent(0.00412), "0.41 %");
  });

  it("counts with the right word", () => {
    assert.deepEqual(
      [formatCount(1, "turn"), formatCount(1_730, "token"), formatCount(2, "try", "tries")],
      ["1 turn", "1,730 tokens", "2 tries"],
    );
  });

  it("names days by the local calendar", () => {
    const now = new Date(2026, 10, 21, 0, 5).getTime();
    const at = (...parts: [number, number, number, number]) => new Date(...parts).getTime();
    assert.equal(formatDay(at(2026, 10, 21, 0), now), "Today");
    assert.equal(formatDay(at(2026, 10, 20, 23), now), "Yesterday");
    assert.equal(formatDay(at(2026, 10, 12, 9), now, "en-GB"), "12 Nov");
    assert.equal(formatDay(at(2025, 10, 12, 9), now, "en-GB"), "12 Nov 2025");
  });
});
