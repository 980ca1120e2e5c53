INSERT INTO orders (id, placed_on, status, discount_percent) VALUES
  (1, '2025-11-03', 'paid', 0), (2, '2025-11-20', 'shipped', 10), (3, '2026-02-01', 'paid', 0), (4, '2026-02-02', 'cancelled', 0);
INSERT INTO order_lines (order_id, quantity, unit_cents) VALUES (1, 2, 1500), (1, 1, 990), (2, 1, 1005), (3, 3, 700), (4, 1, 99900);
INSERT INTO refunds (order_id, refunded_on, amount_cents) VALUES (1, '2025-12-05', 500), (1, '2026-02-10', 490), (4, '2026-02-11', 99900);
