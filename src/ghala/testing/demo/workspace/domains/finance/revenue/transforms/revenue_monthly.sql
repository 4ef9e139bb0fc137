-- Sums first, one division at the end: money is added up exactly and rounded once.
SELECT
  sold.month,
  sold.country,
  sold.category,
  sold.currency,
  sold.order_count,
  sold.item_count,
  sold.revenue,
  CAST(round(sold.revenue / rates.units_per_eur, 2) AS DECIMAL(18, 2)) AS revenue_eur
FROM (
  SELECT
    CAST(date_trunc('month', ordered_on) AS DATE) AS month,
    customer_country AS country,
    category,
    currency,
    count(DISTINCT order_id) AS order_count,
    CAST(sum(quantity) AS BIGINT) AS item_count,
    CAST(sum(net_amount) AS DECIMAL(18, 2)) AS revenue
  FROM sales.order_lines
  GROUP BY 1, 2, 3, 4
) AS sold
LEFT JOIN finance.exchange_rates AS rates
  ON rates.month = sold.month AND rates.currency = sold.currency
