-- Both tools in one form. The new one writes discounts as a share of 1, the old one in percent.
SELECT
  order_id,
  line_number,
  ordered_on,
  customer_id,
  sku,
  quantity,
  unit_price,
  discount_percent,
  currency,
  channel,
  'old' AS sales_tool
FROM old_tool
UNION ALL
SELECT
  order_id,
  line_number,
  ordered_on,
  customer_id,
  sku,
  quantity,
  unit_price,
  CAST(discount_share * 100 AS DECIMAL(5, 2)) AS discount_percent,
  currency,
  channel,
  'new' AS sales_tool
FROM new_tool
