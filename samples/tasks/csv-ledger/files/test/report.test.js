import assert from "node:assert/strict";
import test from "node:test";
import { parseCsv } from "../src/csv.js";
import { report } from "../src/report.js";

test("sums by category", () => {
  const text = "date,payee,category,amount\n2026-01-01,Shop,food,1.50\n2026-01-02,Shop,food,2.00\n2026-01-02,Flat,rent,500.00";
  assert.equal(report(parseCsv(text)), "food 3.50\nrent 500.00");
});
