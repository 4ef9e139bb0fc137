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
