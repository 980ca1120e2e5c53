import assert from "node:assert/strict";
import { test } from "node:test";
import { createInvoice, formatInvoice } from "../src/invoice.js";

const notebook = { title: "Notebook", quantity: 2, unitPrice: "1.00" };
const desk = { title: "Standing desk", quantity: 1, unitPrice: "1200.00" };

test("an invoice adds up its lines", () => {
  const { totals } = createInvoice({ number: "1", region: "DE", lines: [notebook, desk] });
  assert.deepEqual(totals, { net: 120200, discount: 0, tax: 22838, due: 143038 });
});

test("half a cent of tax is rounded up", () => {
  // 7.25 % of $2.00 is 14.5 cents.
  const { totals } = createInvoice({ number: "2", region: "US-CA", lines: [notebook] });
  assert.equal(totals.tax, 15);
  assert.equal(totals.due, 215);
});

test("a discount comes off before tax", () => {
  const discount = { kind: "percent", rate: 0.1 };
  const { totals } = createInvoice({ number: "3", region: "DE", lines: [desk], discount });
  assert.deepEqual(totals, { net: 120000, discount: 12000, tax: 20520, due: 128520 });
});

test("a coupon never makes an invoice negative", () => {
  const discount = { kind: "fixed", cents: 10000 };
  const { totals } = createInvoice({ number: "4", region: "US-NY", lines: [notebook], discount });
  assert.deepEqual(totals, { net: 200, discount: 200, tax: 0, due: 0 });
});

test("exempt customers pay no tax", () => {
  const { totals } = createInvoice({ number: "5", region: "US-CA", lines: [desk], exempt: true });
  assert.equal(totals.tax, 0);
});

test("an invoice is written out with its amounts in a column", () => {
  const invoice = createInvoice({ number: "2026-014", region: "DE-reduced", lines: [notebook] });
  const text = formatInvoice(invoice);
  assert.match(text, /^Invoice 2026-014\n/);
  assert.match(text, /\n2 x Notebook +\$2\.00\n/);
  assert.match(text, /\nDue +\$2\.14$/);
});
