SELECT
  CAST(date_trunc('month', orders.ordered_on) AS DATE) AS month,
  categories.name AS category,
  count(DISTINCT orders.order_id) AS order_count,
  CAST(
    round(sum(details.quantity * details.unit_price * (1 - details.discount)), 2) AS DECIMAL(18, 2)
  ) AS revenue
FROM sales.orders AS orders
INNER JOIN sales.order_details AS details ON details.order_id = orders.order_id
INNER JOIN purchasing.goods AS goods ON goods.product_id = details.product_id
INNER JOIN purchasing.categories AS categories ON categories.category_id = goods.category_id
GROUP BY 1, 2
