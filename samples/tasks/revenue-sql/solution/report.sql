WITH RECURSIVE
  good AS (
    SELECT
      o.id,
      substr(o.placed_on, 1, 7) AS month,
      coalesce((SELECT sum(l.quantity * l.unit_cents) FROM order_lines l WHERE l.order_id = o.id), 0) AS full_cents,
      o.discount_percent
    FROM orders o
    WHERE o.status <> 'cancelled'
  ),
  sold AS (
    SELECT month, count(*) AS orders, sum((full_cents * (100 - discount_percent) + 50) / 100) AS gross_cents
    FROM good
    GROUP BY month
  ),
  returned AS (
    SELECT substr(r.refunded_on, 1, 7) AS month, sum(r.amount_cents) AS refund_cents
    FROM refunds r
    JOIN good ON good.id = r.order_id
    GROUP BY 1
  ),
  span AS (
    SELECT min(month) AS first, max(month) AS last
    FROM (SELECT month FROM sold UNION ALL SELECT month FROM returned)
  ),
  months(month) AS (
    SELECT first FROM span WHERE first IS NOT NULL
    UNION ALL
    SELECT strftime('%Y-%m', month || '-01', '+1 month') FROM months, span WHERE month < last
  )
SELECT
  months.month,
  coalesce(sold.orders, 0) AS orders,
  coalesce(sold.gross_cents, 0) AS gross_cents,
  coalesce(returned.refund_cents, 0) AS refund_cents,
  coalesce(sold.gross_cents, 0) - coalesce(returned.refund_cents, 0) AS net_cents
FROM months
LEFT JOIN sold ON sold.month = months.month
LEFT JOIN returned ON returned.month = months.month
ORDER BY months.month;
