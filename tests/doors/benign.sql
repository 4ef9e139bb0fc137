-- Statements as analysts and their tools send them: each must run and give what DuckDB gives over the same files.
-- One statement between lines of two percent signs; results are compared without regard to order.
%%

-- A pricing summary (TPC-H 1)
SELECT sku, sum(quantity) AS sum_qty, sum(price) AS sum_base, sum(price * (1 - discount)) AS sum_disc,
  avg(quantity) AS avg_qty, avg(price) AS avg_price, avg(discount) AS avg_disc, count(*) AS count_order
FROM sales.lines WHERE shipped_on <= DATE '2025-12-01' - INTERVAL '90' DAY GROUP BY sku ORDER BY sku
%%
-- Shipping priority (TPC-H 3)
SELECT o.order_id, sum(l.price * (1 - l.discount)) AS revenue, o.ordered_on
FROM sales.customers c, sales.orders o, sales.lines l
WHERE c.country = 'KE' AND c.customer_id = o.customer_id AND l.order_id = o.order_id AND o.ordered_on < DATE '2025-03-15'
GROUP BY o.order_id, o.ordered_on ORDER BY revenue DESC, o.ordered_on LIMIT 10
%%
-- Order priority (TPC-H 4)
SELECT status, count(*) AS order_count FROM sales.orders
WHERE ordered_on >= DATE '2025-02-01' AND ordered_on < DATE '2025-02-01' + INTERVAL 3 MONTH
  AND EXISTS (SELECT * FROM sales.lines WHERE lines.order_id = orders.order_id AND shipped_on > ordered_on)
GROUP BY status ORDER BY status
%%
-- Forecasting revenue (TPC-H 6)
SELECT sum(price * discount) AS revenue FROM sales.lines
WHERE shipped_on >= DATE '2025-01-01' AND discount BETWEEN 0.05 AND 0.07 AND quantity < 24
%%
-- Volume by year (TPC-H 7 and 8)
SELECT country, extract(year FROM shipped_on) AS year, sum(volume) AS revenue FROM (
  SELECT c.country, l.shipped_on, l.price * (1 - l.discount) AS volume
  FROM sales.lines l JOIN sales.orders o ON o.order_id = l.order_id JOIN sales.customers c USING (customer_id)
) AS shipping GROUP BY country, year ORDER BY country, year
%%
-- Market share with CASE (TPC-H 12 and 14)
SELECT 100.00 * sum(CASE WHEN sku LIKE 'sku-1%' THEN price * (1 - discount) ELSE 0 END) / sum(price * (1 - discount)) AS share
FROM sales.lines
%%
-- Distribution of counts with an outer join (TPC-H 13)
SELECT c_count, count(*) AS custdist FROM (
  SELECT c.customer_id, count(o.order_id) AS c_count FROM sales.customers c
  LEFT OUTER JOIN sales.orders o ON c.customer_id = o.customer_id AND o.status NOT LIKE '%open%' GROUP BY c.customer_id
) AS c_orders (customer, c_count) GROUP BY c_count ORDER BY custdist DESC, c_count DESC
%%
-- Top supplier with a CTE and a scalar subquery (TPC-H 15)
WITH revenue AS (SELECT sku, sum(price) AS total FROM sales.lines GROUP BY sku)
SELECT sku, round(total, 4) FROM revenue WHERE total = (SELECT max(total) FROM revenue)
%%
-- NOT IN and count distinct (TPC-H 16)
SELECT country, count(DISTINCT customer_id) AS n FROM sales.customers
WHERE customer_id NOT IN (SELECT customer_id FROM sales.orders WHERE status = 'open') GROUP BY country
%%
-- Correlated average (TPC-H 17)
SELECT sum(price) / 7.0 AS avg_yearly FROM sales.lines l
WHERE quantity < (SELECT 0.2 * avg(quantity) FROM sales.lines WHERE sku = l.sku)
%%
-- Large orders with HAVING in a subquery (TPC-H 18)
SELECT c.name, o.order_id, sum(l.quantity) FROM sales.customers c, sales.orders o, sales.lines l
WHERE o.order_id IN (SELECT order_id FROM sales.lines GROUP BY order_id HAVING sum(quantity) > 100)
  AND c.customer_id = o.customer_id AND o.order_id = l.order_id GROUP BY c.name, o.order_id
%%
-- Customers without orders (TPC-H 22)
SELECT substring(name FROM 10 FOR 1) AS code, count(*), sum(credit) FROM sales.customers c
WHERE credit > (SELECT avg(credit) FROM sales.customers) AND NOT EXISTS (SELECT * FROM sales.orders WHERE customer_id = c.customer_id)
GROUP BY code
%%
FROM sales.orders
%%
FROM sales.orders SELECT order_id, amount WHERE amount > 500 ORDER BY ALL LIMIT 20 OFFSET 5
%%
TABLE sales.customers
%%
VALUES (1, 'a'), (2, 'b')
%%
SELECT 1;
%%
-- Comments /* everywhere */
SELECT /* a 'quote' in a comment */ count(*) -- and a trailing one: COPY x TO 'y'
FROM sales.orders /* AT (VERSION => 1) */
%%
-- As Power BI: everything quoted, fully qualified columns
SELECT "sales"."orders"."order_id", "sales"."orders"."amount" FROM "sales"."orders" WHERE "sales"."orders"."status" = 'paid'
%%
-- Another case
SELECT Order_ID, STATUS FROM SALES.Orders WHERE Region = 'EU'
%%
-- Column alias list
SELECT a, b FROM sales.customers AS c (a, b) WHERE a < 5
%%
SELECT * EXCLUDE (note, email) REPLACE (upper(status) AS status) FROM sales.orders
%%
SELECT * RENAME (order_id AS id) FROM sales.lines
%%
SELECT COLUMNS('^c') FROM sales.customers
%%
SELECT min(COLUMNS(lambda c: c LIKE '%t%')) FROM sales.lines
%%
SELECT c.* LIKE 'c%' FROM sales.customers c
%%
SELECT order_id, amount, sum(amount) OVER (PARTITION BY status ORDER BY order_id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving,
  row_number() OVER w AS n, lag(amount, 1, 0) OVER w AS before FROM sales.orders WINDOW w AS (PARTITION BY status ORDER BY order_id)
%%
SELECT status, order_id, amount FROM sales.orders QUALIFY rank() OVER (PARTITION BY status ORDER BY amount DESC, order_id) <= 3
%%
SELECT ordered_on, sum(amount) OVER (ORDER BY ordered_on RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND CURRENT ROW) FROM sales.orders
%%
SELECT status, region, count(*), grouping(status) FROM sales.orders GROUP BY GROUPING SETS ((status, region), (status), ())
%%
SELECT status, sku, sum(quantity) FROM sales.orders JOIN sales.lines USING (order_id) GROUP BY ROLLUP (status, sku)
%%
SELECT kind, item.sku, count(*) FROM web.events GROUP BY CUBE (kind, item.sku)
%%
SELECT status, count(*) FROM sales.orders GROUP BY ALL HAVING count(*) > 10 ORDER BY ALL
%%
PIVOT sales.orders ON status IN ('open', 'paid', 'shipped') USING sum(amount) GROUP BY region
%%
SELECT * FROM (PIVOT sales.orders ON status IN ('open', 'paid') USING sum(amount) AS total, count(*) AS n GROUP BY customer_id) ORDER BY customer_id
%%
SELECT * FROM (SELECT customer_id, status, amount FROM sales.orders) PIVOT (sum(amount) FOR status IN ('open', 'paid'))
%%
UNPIVOT (SELECT order_id, quantity, price FROM sales.lines) ON quantity, price INTO NAME measure VALUE number
%%
SELECT * FROM (SELECT sku, quantity, price FROM sales.lines) UNPIVOT (number FOR measure IN (quantity, price))
%%
SELECT o.order_id, l.sku FROM sales.orders o, LATERAL (SELECT sku FROM sales.lines WHERE order_id = o.order_id ORDER BY line LIMIT 1) l
%%
SELECT c.name, o.amount FROM sales.customers c LEFT JOIN LATERAL (SELECT amount FROM sales.orders WHERE customer_id = c.customer_id ORDER BY order_id LIMIT 2) o ON true
%%
SELECT o.order_id, l.shipped_on FROM sales.orders o ASOF JOIN sales.lines l ON o.order_id = l.order_id AND o.ordered_on >= l.shipped_on
%%
SELECT count(*) FROM sales.customers POSITIONAL JOIN (SELECT order_id FROM sales.orders LIMIT 3) o
%%
SELECT count(*) FROM sales.customers SEMI JOIN sales.orders USING (customer_id)
%%
SELECT customer_id FROM sales.customers ANTI JOIN sales.orders USING (customer_id)
%%
SELECT count(*) FROM sales.customers NATURAL JOIN sales.orders
%%
SELECT count(*) FROM sales.customers CROSS JOIN sales.customers b FULL OUTER JOIN sales.orders o ON o.customer_id = b.customer_id
%%
SELECT country FROM sales.customers UNION SELECT status FROM sales.orders EXCEPT SELECT 'paid' INTERSECT SELECT 'paid'
%%
SELECT customer_id AS a FROM sales.customers UNION ALL BY NAME SELECT 'x' AS b, order_id AS a FROM sales.orders
%%
(SELECT 1 AS a) UNION ALL (SELECT 2) ORDER BY a DESC LIMIT 1
%%
WITH RECURSIVE days(d) AS (SELECT DATE '2025-01-01' UNION ALL SELECT d + 1 FROM days WHERE d < DATE '2025-01-10')
SELECT d, count(o.order_id) FROM days LEFT JOIN sales.orders o ON o.ordered_on = d GROUP BY d ORDER BY d
%%
WITH a AS MATERIALIZED (FROM sales.orders), b AS NOT MATERIALIZED (SELECT * FROM a WHERE amount > 10), c(x) AS (SELECT count(*) FROM b)
SELECT x, (SELECT count(*) FROM a) FROM c
%%
-- A CTE with the name of a dataset, and the dataset itself
WITH orders AS (SELECT order_id FROM sales.orders WHERE status = 'paid') SELECT count(*) FROM orders JOIN sales.orders USING (order_id)
%%
-- Nested WITH, the same name in two scopes
SELECT * FROM (WITH t AS (SELECT 1 AS x) SELECT * FROM t) a, (WITH t AS (SELECT 2 AS y) SELECT * FROM t) b
%%
SELECT list_transform(tags, lambda t: upper(t)), list_filter(tags, lambda t, i: t LIKE 'a%' OR i = 3), [t || '!' FOR t IN tags IF t <> 'b'] FROM web.events
%%
SELECT list_reduce([1, 2, 3], lambda a, b: a + b), list_sort([3, 1, 2]), list_sum(range(10)), tags[1], tags[-1:], len(tags) FROM web.events
%%
SELECT item.sku, item['amount'], items[1].sku, struct_pack(a := event_id, b := kind).a, {'x': 1, 'y': [1, 2]}.y[2] FROM web.events
%%
SELECT item.*, event_id FROM web.events
%%
SELECT event_id, t FROM web.events, unnest(tags) AS u(t) WHERE t <> 'b'
%%
SELECT event_id, unnest(tags) AS tag FROM web.events
%%
SELECT event_id, unnest(items, recursive := true) FROM web.events
%%
SELECT event_id, e.sku FROM web.events CROSS JOIN LATERAL (SELECT unnest(items).sku AS sku) e
%%
SELECT payload -> '$.user.id' AS id, payload ->> '$.user.tags[0]' AS tag, json_extract_string(payload, '$.user.id'), CAST(payload AS JSON)['user'] FROM web.events
%%
SELECT map {'a': 1, 'b': 2}['a'], map_keys(map([1, 2], ['x', 'y'])), map_from_entries([('k', 1)])
%%
SELECT i, i * i FROM range(1, 5) r(i) JOIN generate_series(2, 10) s(j) ON i = j
%%
SELECT d::DATE FROM generate_series(DATE '2025-01-01', DATE '2025-01-07', INTERVAL 1 DAY) t(d)
%%
SELECT date_trunc('month', ordered_on) AS m, date_part('week', ordered_on), strftime(ordered_on, '%Y-%m'), dayname(ordered_on),
  date_diff('day', DATE '2025-01-01', ordered_on), last_day(ordered_on), year(ordered_on), ordered_on + 3, ordered_on - INTERVAL 1 YEAR,
  age(ordered_on, DATE '2024-01-01'), epoch(ordered_on), make_date(2025, 1, 2), time_bucket(INTERVAL 1 WEEK, ordered_on) FROM sales.orders
%%
SELECT "at" AT TIME ZONE 'Africa/Kampala', "at"::DATE, extract(hour FROM "at"), strptime('2025-01-31', '%Y-%m-%d'), try_strptime('x', '%Y') FROM web.events
%%
SELECT regexp_extract(email, '@(.*)$', 1), regexp_replace(name, '[0-9]+', '#', 'g'), regexp_matches(name, '^C'), name ~ 'C.*', name SIMILAR TO 'C%.*',
  split_part(email, '@', 2), string_split(name, ' ')[2], upper(name), trim(both 'C' FROM name), lpad(name, 20, '.'), concat_ws('-', name, country), name[1:3],
  position('o' IN name), strpos(name, 'm'), replace(name, 'o', '0'), left(name, 2), reverse(name), length(name), contains(name, 'x'), format('{} {}', 1, 'a'),
  printf('%05.2f', 3.14159), md5(name), levenshtein(name, 'Customer'), name ILIKE 'customer%', name GLOB 'C*', starts_with(name, 'C'), name ^@ 'C', ascii('a'), chr(65)
FROM sales.orders JOIN sales.customers USING (customer_id)
%%
SELECT quantile_cont(amount, 0.5), quantile_disc(amount, [0.1, 0.9]), median(amount), mode(order_id % 7 > 0), arg_max(order_id, amount), max_by(status, amount), stddev(amount),
  corr(order_id, amount), string_agg(DISTINCT status, ',' ORDER BY status), list(order_id ORDER BY order_id)[1:3], count(*) FILTER (WHERE status = 'paid'), any_value(region),
  bool_and(amount > 0), first(order_id ORDER BY order_id), percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), histogram(status), approx_count_distinct(order_id) > 0,
  count(DISTINCT (status, region)), sum(DISTINCT customer_id), kurtosis(amount), regr_slope(amount, order_id), product(1), bit_xor(order_id)
FROM sales.orders
%%
SELECT abs(-1), @(-2), 7 // 2, 7 % 3, 2 ** 10, 2 ^ 3, 5 & 3, 5 | 3, xor(5, 3), 1 << 3, ~1, round(2.567, 2), ceil(1.2), floor(1.8), greatest(1, 2), least(1, 2),
  coalesce(NULL, 1), ifnull(NULL, 2), nullif(1, 1), if(1 > 0, 'a', 'b'), 1 IS DISTINCT FROM NULL, 0x1F, 1e3, 1_000, pi(), ln(2), log(10), power(2, 3), sqrt(16), cbrt(27), gcd(12, 8), factorial(5), even(3)
%%
SELECT CAST('12' AS INTEGER), '12'::BIGINT, TRY_CAST('x' AS INTEGER), DATE '2025-01-01', TIMESTAMP '2025-01-01 10:00', INTERVAL '2 days', '1.5'::DECIMAL(10, 2), [1, 2]::VARCHAR[], 'a'::ENUM('a', 'b')::VARCHAR
%%
SELECT try(CAST('abc' AS INTEGER)), E'a\nb', 'it''s', $$dollar$$, "name" FROM sales.customers LIMIT 1
%%
SELECT CASE status WHEN 'paid' THEN 1 WHEN 'open' THEN 2 END, CASE WHEN amount > 100 THEN 'big' ELSE 'small' END, amount BETWEEN 1 AND 5, status IN ('a', 'b'), status NOT IN (SELECT 'x'),
  amount > ALL (SELECT 1), customer_id = ANY (SELECT customer_id FROM sales.customers), note IS NULL, NOT (amount > 5 AND amount < 7 OR status = 'open') FROM sales.orders
%%
SELECT DISTINCT ON (status) status, order_id FROM sales.orders ORDER BY status, order_id
%%
SELECT count(*) >= 0 FROM sales.orders USING SAMPLE 50%
%%
SELECT count(*) FROM sales.orders TABLESAMPLE RESERVOIR (20 ROWS) REPEATABLE (1)
%%
SELECT order_id, lower(status) AS name_of_status FROM sales.orders ORDER BY name_of_status COLLATE NOCASE, order_id LIMIT 10
%%
SELECT amount AS a, a * 2 AS b FROM sales.orders WHERE b > 500
%%
SELECT #1, #2 FROM (SELECT status, region FROM sales.orders) GROUP BY #1, #2
%%
SUMMARIZE sales.customers
%%
SUMMARIZE SELECT quantity, price FROM sales.lines
%%
DESCRIBE sales.orders
%%
DESCRIBE SELECT item, tags FROM web.events
%%
SELECT column_name FROM (DESCRIBE sales.orders) WHERE column_type = 'VARCHAR'
%%
-- dbt: a chain of CTEs with SELECT *
with source as (select * from sales.orders), renamed as (select order_id as id, customer_id, amount::double as amount from source),
final as (select r.*, c.name from renamed r left join sales.customers c on c.customer_id = r.customer_id) select * from final
%%
-- Superset: a virtual dataset and a time grain
SELECT DATE_TRUNC('month', ordered_on) AS __timestamp, status AS status, SUM(amount) AS "SUM(amount)"
FROM (SELECT * FROM sales.orders) AS virtual_table WHERE ordered_on >= '2025-01-01' AND ordered_on < '2026-01-01' GROUP BY DATE_TRUNC('month', ordered_on), status ORDER BY "SUM(amount)" DESC LIMIT 1000
%%
-- Metabase: nested source query
SELECT "source"."status" AS "status", COUNT(*) AS "count" FROM (SELECT "sales"."orders"."status" AS "status" FROM "sales"."orders") AS "source" GROUP BY "source"."status" ORDER BY "source"."status" ASC
%%
-- pandas' trick for an empty frame
SELECT * FROM sales.orders WHERE 1 = 0
%%
SELECT version() IS NOT NULL, current_date >= DATE '2025-01-01', now() > TIMESTAMP '2025-01-01', typeof(1), current_user, current_schema(), uuid() <> uuid(), random() < 1, hash(1) IS NOT NULL
%%
SELECT alias.x FROM (VALUES (1), (2)) AS alias(x) WHERE x > 1
%%
SELECT (SELECT max(amount) FROM sales.orders o WHERE o.customer_id = c.customer_id) AS biggest FROM sales.customers c
%%
SELECT a: order_id, b: amount FROM sales.orders LIMIT 0
%%
SELECT name.upper().substring(1, 4), [1, 2].list_sum() FROM sales.customers
%%
SELECT status, approx_quantile(amount, 0.5) FROM sales.orders GROUP BY status
%%
-- A list of rows
SELECT ARRAY(SELECT line FROM sales.lines WHERE order_id = 7 ORDER BY line) AS l, ARRAY[1, 2] AS a
%%
-- Structs without members
SELECT struct_pack() AS nothing, order_id FROM sales.orders
