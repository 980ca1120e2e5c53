/** What the script knows of samples/invoice; a test compares it with the files. */
export const MONEY_FILE = "src/money.js";
export const TEST_FILE = "test/invoice.test.js";
export const OTHER_FILES = [
  "README.md",
  "package.json",
  "src/invoice.js",
  "src/lines.js",
  "src/discounts.js",
  "src/tax.js",
  "src/format.js",
  "test/money.test.js",
] as const;

/** The line at fault, the fix that does not hold, and the one that does. */
export const ROUND_DOWN_NOISE = "return Math.round(cents * rate);";
export const ROUND_UP = "return Math.ceil(cents * rate);";
export const ROUND_WELL = "return Math.round(Number((cents * rate).toFixed(6)));";
/** Why, as it stands in the file after the right fix. */
export const ROUND_WELL_WITH_REASON = `// 200 * 0.0725 is 14.499999999999998: cut the noise of the multiplication before rounding.\n  ${ROUND_WELL}`;

const NAME = "half a cent rounds up however the rate is stored";
export const REGRESSION_TEST = {
  name: NAME,
  /** The new test goes before this one. */
  anchor: 'test("a discount comes off before tax", () => {',
  text: `test("${NAME}", () => {
  for (const [unitPrice, tax] of [["2.00", 15], ["30.00", 218], ["34.00", 247], ["66.00", 479]]) {
    const { totals } = createInvoice({ number: "7", region: "US-CA", lines: [{ title: "Item", quantity: 1, unitPrice }] });
    assert.equal(totals.tax, tax, \`tax on \${unitPrice}\`);
  }
});

`,
} as const;
