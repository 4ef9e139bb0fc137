-- Statements that may run, and must show nothing of hidden rows, masked cells or hidden columns.
%%
SELECT * FROM sales.orders
%%
SELECT COLUMNS(*) FROM sales.orders
%%
SELECT o FROM sales.orders o
%%
SELECT struct_pack(o := o) FROM sales.orders o
%%
SELECT to_json(o) FROM sales.orders o
%%
SELECT o::VARCHAR FROM sales.orders o
%%
SELECT string_agg(email, ',') FROM sales.orders
%%
SELECT max(region), min(region) FROM sales.orders
%%
SELECT count(*) FROM sales.orders WHERE region <> 'EU'
%%
SELECT region FROM sales.orders GROUP BY region
%%
SELECT histogram(region), approx_top_k(region, 5) FROM sales.orders
%%
SUMMARIZE sales.orders
%%
SUMMARIZE SELECT email, region FROM sales.orders
%%
DESCRIBE sales.orders
%%
SELECT * FROM sales.orders WHERE email LIKE '%kanarien%' OR region LIKE 'kanarien%'
%%
SELECT * FROM sales.orders WHERE CAST(region AS INTEGER) = 1
%%
SELECT region::INTEGER FROM sales.orders
%%
SELECT 1 / (amount - 79.19) FROM sales.orders
%%
SELECT * FROM sales.orders WHERE CASE WHEN region LIKE 'kan%' THEN CAST(region AS INTEGER) > 0 ELSE true END
%%
SELECT regexp_extract(region, region || '(') FROM sales.orders
%%
SELECT strptime(region, region) FROM sales.orders
%%
SELECT json_extract(region, '$.a') FROM sales.orders
%%
SELECT (SELECT region FROM sales.orders)
%%
SELECT make_date(2025, order_id::INTEGER, 1) FROM sales.orders
%%
SELECT 9223372036854775807 + order_id FROM sales.orders
%%
PIVOT sales.orders ON region IN ('EU', 'kanarien') USING count(*)
%%
UNPIVOT (SELECT region, email, status FROM sales.orders) ON COLUMNS(*) INTO NAME n VALUE v
%%
SELECT * FROM sales.orders a FULL OUTER JOIN sales.orders b ON a.order_id = b.order_id + 1
%%
SELECT count(*) FROM sales.orders a ANTI JOIN sales.orders b ON a.region = b.region
%%
SELECT * FROM sales.orders AT (VERSION => 1)
%%
SELECT first_value(region) OVER (ORDER BY order_id), lead(email) OVER (ORDER BY order_id) FROM sales.orders
%%
SELECT * FROM sales.orders TABLESAMPLE 100%
%%
SELECT email, count(*) FROM sales.orders GROUP BY ROLLUP (email)
%%
SELECT orders.region FROM sales.orders, (SELECT 'kan' || 'arien' AS x) WHERE region > x
%%
WITH RECURSIVE r AS (SELECT order_id, region FROM sales.orders UNION SELECT r.order_id + 3, o.region FROM r JOIN sales.orders o ON o.order_id = r.order_id + 1) FROM r
%%
SELECT rowid FROM sales.orders
%%
SELECT * FROM information_schema.tables
%%
SELECT * FROM information_schema.columns
%%
SELECT * FROM information_schema.schemata
%%
SELECT view_definition FROM information_schema.views
%%
SELECT * FROM information_schema.tables t, sales.orders o WHERE t.table_name = o.region
%%
-- Conditions that fail for hidden rows only, where the engine could try them before the row filter
SELECT count(*) FROM sales.orders, range(3) r WHERE CAST(region AS INTEGER) > 0
%%
-- Errors that only rows outside the filter, or masked cells, would bring about
SELECT CAST(email AS INTEGER) FROM sales.orders
%%
SELECT CASE WHEN region <> 'EU' THEN CAST(region AS INTEGER) ELSE 0 END AS n FROM sales.orders
%%
SELECT CASE WHEN region > 'EU' THEN chr(-1) END FROM sales.orders
%%
SELECT CASE WHEN starts_with(region, 'kan') THEN date_trunc(region, ordered_on) END FROM sales.orders
%%
SELECT (SELECT CAST(o.region AS INTEGER) FROM range(1) WHERE o.region <> 'EU') FROM sales.orders o
%%
SELECT count(*) FROM range(5) r JOIN sales.orders o ON CAST(o.region AS INTEGER) = r.range WHERE o.region <> 'EU'
%%
SELECT count(*) FROM sales.orders WHERE regexp_matches('a', region) AND region <> 'EU'
%%
SELECT count(*) FROM sales.orders WHERE region <> 'EU' AND json_extract(region, '$') IS NULL
%%
SELECT count(*) FROM sales.orders WHERE region <> 'EU' AND strptime(region, '%Y') IS NOT NULL
%%
SELECT count(*) FROM sales.orders WHERE region <> 'EU' AND list_extract([1], order_id)::TINYINT > 0
%%
SELECT TRY(CAST(region AS INTEGER)), TRY_CAST(email AS DATE) FROM sales.orders
%%
SELECT status::INTEGER FROM sales.orders WHERE region = 'EU'
%%
SELECT region::ENUM('EU', 'KE') FROM sales.orders
%%
SELECT * FROM sales.orders WHERE region = 5
%%
SELECT region FROM sales.orders UNION ALL SELECT 1
%%
SELECT (SELECT order_id FROM sales.orders) AS one
%%
-- What is taken before or after the filter
SELECT region FROM sales.orders ORDER BY region = 'EU' LIMIT 3
%%
SELECT region FROM sales.orders ORDER BY hash(region), email NULLS FIRST LIMIT 5
%%
SELECT max_by(region, amount), min_by(email, amount), arg_max(region, order_id, 5) FROM sales.orders
%%
SELECT first(region ORDER BY amount DESC), last(email ORDER BY order_id) FROM sales.orders
%%
SELECT * FROM sales.orders USING SAMPLE 5 ROWS
%%
SELECT region, email FROM sales.orders TABLESAMPLE bernoulli(60%)
%%
SELECT region FROM sales.orders LIMIT 90%
%%
SELECT count(*) AS n FROM sales.orders
%%
SELECT count(*) AS n FROM sales.orders POSITIONAL JOIN range(600) r
%%
SELECT r.range FROM range(601) r ANTI JOIN sales.orders o ON o.order_id = r.range
%%
SELECT r.range, o.region FROM range(601) r ASOF LEFT JOIN sales.orders o ON r.range >= o.order_id
%%
-- Statistics, sketches and hashes
SELECT approx_count_distinct(region), approx_quantile(order_id, 1), reservoir_quantile(order_id, 1.0) FROM sales.orders
%%
SELECT approx_top_k(email, 3), histogram(order_id), entropy(region), mode(region) FROM sales.orders
%%
SELECT bitstring_agg(order_id, 1, 600)::VARCHAR FROM sales.orders
%%
SELECT hash(email), md5(email), sha256(region), hash(o) FROM sales.orders o
%%
SELECT "min", "max", approx_unique, null_percentage FROM (SUMMARIZE sales.orders) WHERE column_name IN ('region', 'email')
%%
SELECT min(order_id), max(order_id), min(region), max(email), count(email) FROM sales.orders
%%
-- Whole rows and every column
SELECT max(o)::VARCHAR, list(o)[1:2] FROM sales.orders o
%%
SELECT unnest(o) FROM sales.orders o
%%
SELECT to_json(o) ->> '$.note' FROM sales.orders o
%%
SELECT struct_keys(o), struct_values(o), typeof(o) FROM sales.orders o LIMIT 1
%%
SELECT MAP {o: o.email} FROM sales.orders o
%%
SELECT min(COLUMNS(*)), max(COLUMNS(lambda c: true)) FROM sales.orders
%%
SELECT coalesce(*COLUMNS('region|status|email')) FROM sales.orders
%%
SELECT * LIKE '%o%' FROM sales.orders
%%
SELECT * RENAME (note AS memo, region AS place) FROM sales.orders
%%
SELECT o.* EXCLUDE (order_id) FROM sales.orders o SEMI JOIN sales.orders p ON o = p
%%
-- Grouping, windows, recursion, sets
SELECT region, email, count(*) FROM sales.orders GROUP BY CUBE (region, email) ORDER BY ALL
%%
SELECT any_value(region) AS r FROM sales.orders GROUP BY ALL HAVING any_value(region) <> 'EU'
%%
SELECT lag(region) OVER (ORDER BY order_id ROWS BETWEEN 5 PRECEDING AND 5 FOLLOWING), nth_value(email, 2) OVER (ORDER BY order_id) FROM sales.orders
%%
SELECT order_id FROM sales.orders QUALIFY count(*) OVER (PARTITION BY order_id // 3) > 1
%%
WITH RECURSIVE r USING KEY (k) AS (SELECT 1 AS k, 'x' AS v UNION SELECT r.k + 1, o.region FROM r JOIN sales.orders o ON o.order_id = r.k + 1) FROM r
%%
(SELECT region FROM sales.orders) EXCEPT ALL (SELECT 'EU' FROM range(500))
%%
SELECT * FROM (SELECT * FROM sales.orders ORDER BY region DESC LIMIT 3) UNION ALL BY NAME SELECT 'x' AS region
%%
SELECT l.x FROM sales.orders o, LATERAL (SELECT o.region AS x UNION ALL SELECT o.email) l WHERE l.x <> 'EU'
%%
SELECT region COLLATE NOCASE AS r, count(*) FROM sales.orders WHERE region COLLATE NOACCENT >= 'a' GROUP BY 1
%%
-- Releases, huge numbers, odd letters
SELECT a.region, b.region FROM sales.orders AT (VERSION => 1) a FULL JOIN sales.orders AT (VERSION => 2) b USING (order_id)
%%
SELECT count(*) FROM sales.orders WHERE 10::DOUBLE ** (CASE WHEN region = 'EU' THEN 1 ELSE 999999999 END) > 0
%%
SELECT factorial(CASE WHEN region = 'EU' THEN 1 ELSE 2000000000 END) AS n FROM sales.orders
%%
SELECT sum(CASE WHEN region = 'EU' THEN 1::HUGEINT ELSE 170141183460469231731687303715884105727 END) FROM sales.orders
%%
SELECT repeat(region, CASE WHEN region = 'EU' THEN 1 ELSE 100000000 END) FROM sales.orders
%%
SELECT E'\x6b\x61n' || region, $tag$kan$tag$ || email, N'kan' || status FROM sales.orders
%%
SELECT "region", 'it''s' AS "a ""b""", /* region */ status -- kan
FROM sales.orders;
