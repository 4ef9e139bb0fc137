-- Small groups are left out here; the contract makes sure that nobody forgets it.
SELECT
  staff.department,
  staff.position,
  count(*) AS staff_count,
  count(DISTINCT staff.country) AS country_count,
  CAST(min(year(staff.hired_on)) AS INTEGER) AS first_hired_in,
  CAST(round(avg(staff.monthly_salary / rates.units_per_eur), 2) AS DECIMAL(12, 2))
    AS mean_monthly_salary_eur
FROM people.staff AS staff
INNER JOIN finance.exchange_rates AS rates
  ON rates.currency = staff.currency
  AND rates.month = (SELECT max(month) FROM finance.exchange_rates)
GROUP BY staff.department, staff.position
HAVING count(*) >= 5
