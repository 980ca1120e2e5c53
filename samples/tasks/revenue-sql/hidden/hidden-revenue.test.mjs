import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";

const schema = `CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_on TEXT NOT NULL, status TEXT NOT NULL, discount_percent INTEGER NOT NULL DEFAULT 0);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, quantity INTEGER NOT NULL, unit_cents INTEGER NOT NULL);
CREATE TABLE refunds (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, refunded_on TEXT NOT NULL, amount_cents INTEGER NOT NULL);`;

function report({ orders = [], lines = [], refunds = [] }) {
  const db = new DatabaseSync(":memory:");
  db.exec(schema);
  for (const [id, day, status, discount = 0] of orders) db.prepare("INSERT INTO orders VALUES (?, ?, ?, ?)").run(id, day, status, discount);
  for (const line of lines) db.prepare("INSERT INTO order_lines (order_id, quantity, unit_cents) VALUES (?, ?, ?)").run(...line);
  for (const refund of refunds) db.prepare("INSERT INTO refunds (order_id, refunded_on, amount_cents) VALUES (?, ?, ?)").run(...refund);
  const rows = db.prepare(readFileSync("report.sql", "utf8")).all();
  return rows.map((row) => {
    assert.deepEqual(Object.keys(row), ["month", "orders", "gross_cents", "refund_cents", "net_cents"]);
    return Object.values(row);
  });
}

test("several lines and several refunds do not multiply each other", () => {
  const data = {
    orders: [[1, "2026-01-31", "paid"]],
    lines: [[1, 2, 1500], [1, 1, 990], [1, 1, 10]],
    refunds: [[1, "2026-01-31", 100], [1, "2026-01-31", 200]],
  };
  assert.deepEqual(report(data), [["2026-01", 1, 4000, 300, 3700]]);
});

test("quiet months, over a new year, up to a last refund and from a first one", () => {
  const data = {
    orders: [[1, "2025-11-30", "shipped"], [2, "2026-04-30", "paid"]],
    lines: [[1, 1, 100], [2, 1, 50]],
    refunds: [[1, "2026-02-01", 100], [2, "2025-10-02", 1]],
  };
  assert.deepEqual(report(data), [
    ["2025-10", 0, 0, 1, -1],
    ["2025-11", 1, 100, 0, 100],
    ["2025-12", 0, 0, 0, 0],
    ["2026-01", 0, 0, 0, 0],
    ["2026-02", 0, 0, 100, -100],
    ["2026-03", 0, 0, 0, 0],
    ["2026-04", 1, 50, 0, 50],
  ]);
});

test("cancelled orders neither count nor stretch the report, nor do their refunds", () => {
  const data = {
    orders: [[1, "2026-01-01", "cancelled"], [2, "2026-03-01", "paid"]],
    lines: [[1, 1, 1000], [2, 1, 5]],
    refunds: [[1, "2026-05-01", 1000]],
  };
  assert.deepEqual(report(data), [["2026-03", 1, 5, 0, 5]]);
  assert.deepEqual(report({ orders: [[1, "2026-01-01", "cancelled"]], refunds: [[1, "2026-01-01", 1]] }), []);
});

test("rounds once an order, half a cent up", () => {
  const data = {
    orders: [[1, "2026-01-01", "paid", 10], [2, "2026-01-02", "paid", 50], [3, "2026-01-03", "paid", 33]],
    lines: [[1, 1, 1005], [2, 1, 1], [2, 1, 1], [2, 1, 1], [3, 1, 101], [3, 1, 1]],
  };
  // 904.5, 1.5 and 68.34.
  assert.deepEqual(report(data), [["2026-01", 3, 905 + 2 + 68, 0, 975]]);
});

test("an order without lines is an order of nothing", () => {
  assert.deepEqual(report({ orders: [[1, "2026-01-01", "paid"]] }), [["2026-01", 1, 0, 0, 0]]);
  assert.deepEqual(report({}), []);
});
