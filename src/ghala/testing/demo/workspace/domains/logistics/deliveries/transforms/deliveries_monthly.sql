SELECT
  CAST(date_trunc('month', orders.ordered_on) AS DATE) AS month,
  shipments.warehouse,
  count(*) AS shipment_count,
  count(shipments.delivered_on) AS delivered_count,
  count(*) FILTER (WHERE shipments.delivered_on <= shipments.promised_on) AS on_time_count,
  CAST(
    round(
      100.0 * count(*) FILTER (WHERE shipments.delivered_on <= shipments.promised_on)
      / nullif(count(shipments.delivered_on), 0),
      2
    ) AS DECIMAL(5, 2)
  ) AS on_time_percent,
  CAST(
    round(avg(date_diff('day', orders.ordered_on, shipments.delivered_on)), 2) AS DECIMAL(6, 2)
  ) AS days_from_order
FROM logistics.shipments AS shipments
INNER JOIN sales.orders AS orders ON orders.order_id = shipments.order_id
GROUP BY 1, 2
