CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  placed_on TEXT NOT NULL, -- YYYY-MM-DD
  status TEXT NOT NULL, -- 'paid', 'shipped' or 'cancelled'
  discount_percent INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE order_lines (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders(id),
  quantity INTEGER NOT NULL,
  unit_cents INTEGER NOT NULL
);
CREATE TABLE refunds (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders(id),
  refunded_on TEXT NOT NULL, -- YYYY-MM-DD
  amount_cents INTEGER NOT NULL
);
