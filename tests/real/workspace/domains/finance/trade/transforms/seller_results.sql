SELECT
  employees.employee_id,
  employees.last_name,
  count(DISTINCT orders.order_id) AS order_count,
  CAST(
    round(sum(details.quantity * details.unit_price * (1 - details.discount)), 2) AS DECIMAL(18, 2)
  ) AS revenue
FROM sales.orders AS orders
INNER JOIN sales.order_details AS details ON details.order_id = orders.order_id
INNER JOIN people.employees AS employees ON employees.employee_id = orders.employee_id
GROUP BY employees.employee_id, employees.last_name
