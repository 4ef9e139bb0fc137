SELECT
  session_id,
  min(occurred_at) AS started_at,
  max(occurred_at) AS ended_at,
  min(customer_id) AS customer_id,
  min(device) AS device,
  min(referrer) AS referrer,
  count(*) AS event_count,
  bool_or(kind = 'cart') AS reached_cart,
  bool_or(kind = 'checkout') AS reached_checkout
FROM clicks
GROUP BY session_id
