SELECT
  sold.month,
  rates.country,
  sold.revenue_usd,
  CAST(round(sold.revenue_usd * rates.rate, 2) AS DECIMAL(18, 2)) AS revenue_local
FROM (
  SELECT
    CAST(date_trunc('month', ordered_on) AS DATE) AS month,
    CAST(round(sum(quantity * unit_price), 2) AS DECIMAL(18, 2)) AS revenue_usd
  FROM retail.sales
  GROUP BY 1
) AS sold
INNER JOIN finance.exchange_rates_monthly AS rates ON rates.month = sold.month
WHERE rates.country IN ('Canada', 'Denmark', 'India', 'Japan')
