SELECT
  substr(o.placed_on, 1, 7) AS month,
  count(o.id) AS orders,
  sum(l.quantity * l.unit_cents * (100 - o.discount_percent) / 100) AS gross_cents,
  coalesce(sum(r.amount_cents), 0) AS refund_cents,
  sum(l.quantity * l.unit_cents * (100 - o.discount_percent) / 100) - coalesce(sum(r.amount_cents), 0) AS net_cents
FROM orders o
JOIN order_lines l ON l.order_id = o.id
LEFT JOIN refunds r ON r.order_id = o.id
WHERE o.status <> 'cancelled'
GROUP BY month
ORDER BY month;
