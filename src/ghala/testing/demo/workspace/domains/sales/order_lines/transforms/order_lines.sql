-- An unknown customer or article leaves its column empty, and the contract keeps such lines out.
SELECT
  exports.order_id,
  exports.line_number,
  exports.ordered_on,
  exports.customer_id,
  customers.country AS customer_country,
  exports.sku,
  goods.category,
  exports.quantity,
  exports.unit_price,
  exports.discount_percent,
  CAST(
    round(exports.quantity * exports.unit_price * (100 - exports.discount_percent) * 0.01, 2)
    AS DECIMAL(18, 2)
  ) AS net_amount,
  exports.currency,
  exports.channel,
  exports.sales_tool
FROM exports
LEFT JOIN sales.customers AS customers ON customers.customer_id = exports.customer_id
LEFT JOIN sales.goods AS goods ON goods.sku = exports.sku
