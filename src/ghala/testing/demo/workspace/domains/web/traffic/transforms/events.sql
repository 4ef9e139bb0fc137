SELECT
  event_id,
  occurred_at,
  kind,
  session_id,
  customer_id,
  country,
  device,
  operating_system,
  path,
  items
FROM clicks
