-- All lines of an order have the same head: min() only picks it.
SELECT
  order_id,
  min(ordered_on) AS ordered_on,
  min(customer_id) AS customer_id,
  min(customer_country) AS customer_country,
  min(channel) AS channel,
  min(currency) AS currency,
  count(*) AS line_count,
  CAST(sum(quantity) AS BIGINT) AS item_count,
  CAST(sum(net_amount) AS DECIMAL(18, 2)) AS net_amount
FROM sales.order_lines
GROUP BY order_id
