-- Statements as tools send them, over the columns that the analyst of conftest.py sees; the oracle computes what is right.
%%
-- Connection checks
SELECT 1
%%
SELECT 1;
%%
select 1 as one /* ping */
%%
/* ApplicationName=DBeaver */ SELECT 1
%%
SELECT 'Hello' AS test_connection
%%
SELECT 1 WHERE 1 = 0
%%
SELECT NULL AS nothing
%%
SELECT CURRENT_DATE = current_date AS ok
%%
SELECT count(*) FROM (SELECT 1) AS t
%%
SELECT CAST('test plain returns' AS VARCHAR(60)) AS anon_1
%%
SELECT CAST('test unicode returns' AS VARCHAR(60)) AS anon_1
%%
SELECT current_schema() IS NOT NULL
%%
-- Metabase: samples, fields, filters, breakouts
SELECT "source".* FROM (SELECT * FROM sales.orders) "source" LIMIT 1048575
%%
SELECT "source"."order_id" AS "order_id", "source"."amount" AS "amount" FROM (SELECT "sales"."orders"."order_id" AS "order_id", "sales"."orders"."amount" AS "amount" FROM "sales"."orders" WHERE "sales"."orders"."status" = 'open') AS "source" ORDER BY "source"."order_id" ASC LIMIT 1048575
%%
-- Metabase:: userID: 1 queryType: MBQL queryHash: 0f3e
SELECT "sales"."orders"."status" AS "status", COUNT(*) AS "count" FROM "sales"."orders" GROUP BY "sales"."orders"."status" ORDER BY "sales"."orders"."status" ASC
%%
SELECT DATE_TRUNC('month', CAST("sales"."orders"."ordered_on" AS timestamp)) AS "ordered_on", SUM("sales"."orders"."amount") AS "sum" FROM "sales"."orders" GROUP BY DATE_TRUNC('month', CAST("sales"."orders"."ordered_on" AS timestamp)) ORDER BY 1 ASC
%%
SELECT DATE_TRUNC('week', "sales"."orders"."ordered_on") AS "w", AVG("sales"."orders"."amount") AS "avg" FROM "sales"."orders" WHERE "sales"."orders"."ordered_on" >= DATE '2025-03-01' AND "sales"."orders"."ordered_on" < DATE '2025-06-01' GROUP BY DATE_TRUNC('week', "sales"."orders"."ordered_on") ORDER BY DATE_TRUNC('week', "sales"."orders"."ordered_on") ASC
%%
SELECT FLOOR(("sales"."orders"."amount" - 0.0) / 100.0) * 100.0 + 0.0 AS "amount", COUNT(*) AS "count" FROM "sales"."orders" GROUP BY FLOOR(("sales"."orders"."amount" - 0.0) / 100.0) * 100.0 + 0.0 ORDER BY 1
%%
SELECT COUNT(DISTINCT "sales"."orders"."customer_id") AS "count" FROM "sales"."orders"
%%
SELECT "sales"."orders"."order_id", "Customers"."name" AS "Customers__name" FROM "sales"."orders" LEFT JOIN "sales"."customers" AS "Customers" ON "sales"."orders"."customer_id" = "Customers"."customer_id" ORDER BY 1 LIMIT 2000
%%
SELECT "source"."Customers__country" AS "country", SUM("source"."amount") AS "sum" FROM (SELECT "sales"."orders"."amount" AS "amount", "Customers"."country" AS "Customers__country" FROM "sales"."orders" LEFT JOIN "sales"."customers" AS "Customers" ON "sales"."orders"."customer_id" = "Customers"."customer_id") AS "source" GROUP BY "source"."Customers__country" ORDER BY "source"."Customers__country" ASC
%%
SELECT "sales"."orders"."status" FROM "sales"."orders" GROUP BY "sales"."orders"."status" ORDER BY "sales"."orders"."status" ASC LIMIT 1000
%%
SELECT SUBSTRING("sales"."customers"."name", 1, 1234) AS "substring29" FROM "sales"."customers" ORDER BY 1 LIMIT 10000
%%
SELECT COUNT(*) AS "count" FROM "sales"."orders" WHERE (LOWER("sales"."orders"."status") LIKE '%pa%') AND ("sales"."orders"."amount" IS NOT NULL)
%%
SELECT CASE WHEN "sales"."orders"."amount" < 100 THEN 'small' WHEN "sales"."orders"."amount" < 500 THEN 'medium' ELSE 'large' END AS "size", COUNT(*) FROM "sales"."orders" GROUP BY 1 ORDER BY 1
%%
SELECT EXTRACT(month FROM "sales"."orders"."ordered_on") AS "month", EXTRACT(dow FROM "sales"."orders"."ordered_on") AS "day", COUNT(*) FROM "sales"."orders" GROUP BY 1, 2 ORDER BY 1, 2
%%
SELECT STDDEV_POP("sales"."orders"."amount") AS "s", MIN("sales"."orders"."amount") AS "a", MAX("sales"."orders"."amount") AS "b" FROM "sales"."orders"
%%
SELECT "sales"."orders"."status" AS "status", SUM(CASE WHEN "sales"."orders"."amount" > 300 THEN 1 ELSE 0.0 END) / COUNT(*) AS "share" FROM "sales"."orders" GROUP BY "sales"."orders"."status"
%%
SELECT percentile_cont(0.9) within group (order by "sales"."orders"."amount") AS "p90" FROM "sales"."orders"
%%
SELECT "source"."ordered_on", "source"."sum", SUM("source"."sum") OVER (ORDER BY "source"."ordered_on" ASC ROWS UNBOUNDED PRECEDING) AS "running" FROM (SELECT "sales"."orders"."ordered_on" AS "ordered_on", SUM("sales"."orders"."amount") AS "sum" FROM "sales"."orders" GROUP BY 1) AS "source" ORDER BY 1
%%
-- Superset: SQL Lab limits, virtual datasets, time grains, filters, top n series
SELECT * FROM (SELECT order_id, amount FROM sales.orders) AS virtual_table ORDER BY order_id LIMIT 1001
%%
SELECT status AS status, COUNT(*) AS count FROM sales.orders GROUP BY status ORDER BY count DESC, status LIMIT 10000
%%
SELECT DATE_TRUNC('day', ordered_on) AS __timestamp, SUM(amount) AS "SUM(amount)" FROM sales.orders WHERE ordered_on >= TO_TIMESTAMP(1735689600)::DATE AND ordered_on < CAST('2026-01-01' AS DATE) GROUP BY DATE_TRUNC('day', ordered_on) ORDER BY "SUM(amount)" DESC, 1 LIMIT 50000
%%
SELECT DATE_TRUNC('month', ordered_on) AS __timestamp, status AS status, COUNT(*) AS n FROM sales.orders JOIN (SELECT status AS status__, COUNT(*) AS mme_inner__ FROM sales.orders GROUP BY status ORDER BY mme_inner__ DESC LIMIT 100) AS series_limit ON status = status__ GROUP BY DATE_TRUNC('month', ordered_on), status ORDER BY n DESC, 1, 2 LIMIT 1000
%%
SELECT DATE_TRUNC('quarter', ordered_on) AS q, AVG(amount) AS "AVG(amount)" FROM sales.orders WHERE status IN ('open', 'paid') AND (amount > 10) GROUP BY DATE_TRUNC('quarter', ordered_on) HAVING ((COUNT(*) > 1)) ORDER BY q
%%
SELECT DISTINCT status AS status FROM sales.orders ORDER BY status LIMIT 1000
%%
SELECT min(ordered_on) AS min, max(ordered_on) AS max FROM sales.orders
%%
SELECT COUNT(*) AS rowcount FROM (SELECT order_id AS order_id FROM sales.orders LIMIT 100000) AS rowcount_qry
%%
SELECT country AS country, sum(credit) AS metric FROM (select * from sales.customers where country is not null) AS virtual_table GROUP BY country ORDER BY metric DESC LIMIT 100
%%
SELECT CASE WHEN status = 'open' THEN 'o' ELSE 'x' END AS flag, COUNT(DISTINCT customer_id) AS "COUNT_DISTINCT(customer_id)" FROM sales.orders GROUP BY CASE WHEN status = 'open' THEN 'o' ELSE 'x' END
%%
WITH __cte AS (SELECT * FROM sales.lines) SELECT sku, sum(price) AS "SUM(price)" FROM __cte GROUP BY sku ORDER BY sku LIMIT 10000
%%
SELECT DATE_TRUNC('hour', "at") AS __timestamp, kind, COUNT(*) AS n FROM web.events WHERE "at" >= '2025-01-01 00:00:00.000000' AND "at" < '2025-02-01 00:00:00.000000' GROUP BY DATE_TRUNC('hour', "at"), kind ORDER BY 1, 2
%%
SELECT corr(price, quantity) AS c, var_samp(price) AS v, median(price) AS m FROM sales.lines
%%
SELECT * FROM sales.orders WHERE 1 = 0
%%
-- Power BI and Excel: everything quoted, nested row sets, TOP as LIMIT
select "_"."status" as "status", sum("_"."amount") as "total" from "sales"."orders" as "_" group by "_"."status" order by "_"."status"
%%
select "rows"."status" as "status", count(1) as "a0" from (select "status" from "sales"."orders" as "$Table") "rows" group by "status"
%%
select "$Table"."order_id" as "order_id", "$Table"."customer_id" as "customer_id", "$Table"."ordered_on" as "ordered_on" from "sales"."orders" "$Table" order by "$Table"."order_id" limit 4096
%%
select "C1", "C2" from (select "status" as "C1", cast(sum(cast("amount" as decimal(18, 4))) as decimal(18, 4)) as "C2" from "sales"."orders" group by "status") as "ITBL" order by "C1" asc
%%
select "OTBL"."name", "ITBL"."total" from (select "customer_id" as "c1", sum("amount") as "total" from "sales"."orders" group by "customer_id") as "ITBL" inner join "sales"."customers" as "OTBL" on ("OTBL"."customer_id" = "ITBL"."c1" or ("OTBL"."customer_id" is null and "ITBL"."c1" is null)) order by 1
%%
SELECT "t0"."country", "t0"."credit" FROM "sales"."customers" AS "t0" WHERE NOT("t0"."country" IS NULL) AND ("t0"."credit" >= 10 OR "t0"."country" = 'KE') ORDER BY "t0"."credit"
%%
SELECT COUNT_BIG FROM (SELECT COUNT(*) AS COUNT_BIG FROM "sales"."lines") AS "x"
%%
SELECT CAST("ordered_on" AS DATE) AS "Date", CAST(EXTRACT(YEAR FROM "ordered_on") AS INTEGER) AS "Year", CAST("order_id" AS TEXT) AS "Key" FROM "sales"."orders" ORDER BY "order_id" LIMIT 501
%%
SELECT "basetable0"."a0", "basetable0"."c18" FROM (SELECT MAX("amount") AS "a0", "status" AS "c18" FROM "sales"."orders" GROUP BY "status") AS "basetable0" WHERE (NOT (("basetable0"."a0" IS NULL))) ORDER BY 2
%%
SELECT "Custom SQL Query"."status" AS "status", SUM("Custom SQL Query"."amount") AS "sum:amount:ok" FROM (SELECT * FROM sales.orders) "Custom SQL Query" GROUP BY 1
%%
SELECT SUM(1) AS "cnt:orders:ok", DATE_TRUNC('YEAR', "orders"."ordered_on") AS "tyr:ordered_on:ok" FROM "sales"."orders" "orders" GROUP BY 2
%%
SELECT MIN("orders"."amount") AS "TEMP(min)", MAX("orders"."amount") AS "TEMP(max)", COUNT(1) AS "TEMP(n)" FROM "sales"."orders" "orders" HAVING (COUNT(1) > 0)
%%
SELECT "orders"."status" AS "status" FROM "sales"."orders" "orders" GROUP BY 1 ORDER BY 1 ASC NULLS FIRST
%%
-- dbt: compiled models, tests, snapshots of relations
with source as (select * from "sales"."orders"), renamed as (select order_id, customer_id, cast(amount as double) as amount, ordered_on as order_date, status from source) select * from renamed
%%
with orders as (select * from sales.orders), customers as (select * from sales.customers), customer_orders as (select customer_id, min(ordered_on) as first_order, max(ordered_on) as most_recent_order, count(order_id) as number_of_orders from orders group by customer_id), final as (select customers.customer_id, customers.name, customer_orders.first_order, customer_orders.most_recent_order, coalesce(customer_orders.number_of_orders, 0) as number_of_orders from customers left join customer_orders on customers.customer_id = customer_orders.customer_id) select * from final
%%
select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error from (select order_id from sales.orders where order_id is null) dbt_internal_test
%%
select count(*) as failures from (select order_id as unique_field, count(*) as n_records from sales.orders where order_id is not null group by order_id having count(*) > 1) dbt_internal_test
%%
with all_values as (select status as value_field, count(*) as n_records from sales.orders group by status) select * from all_values where value_field not in ('open', 'paid', 'shipped')
%%
with child as (select customer_id as from_field from sales.orders where customer_id is not null), parent as (select customer_id as to_field from sales.customers) select from_field from child left join parent on child.from_field = parent.to_field where parent.to_field is null
%%
select * from (select * from sales.orders) as __dbt_sbq where false limit 0
%%
select * from sales.lines where 1=0 limit 0
%%
with days as (select cast(d as date) as day from generate_series(date '2025-01-01', date '2025-01-31', interval 1 day) as t(d)), spine as (select days.day, count(o.order_id) as orders from days left join sales.orders o on o.ordered_on = days.day group by 1) select * from spine order by day
%%
select md5(cast(coalesce(cast(order_id as TEXT), '_dbt_utils_surrogate_key_null_') || '-' || coalesce(cast(line as TEXT), '_dbt_utils_surrogate_key_null_') as TEXT)) as id, sku from sales.lines
%%
(select cast('a' as TEXT) as _dbt_source_relation, cast("sku" as VARCHAR) as "sku", cast(null as DATE) as "d" from sales.lines) union all (select cast('b' as TEXT), cast("status" as VARCHAR), cast("ordered_on" as DATE) from sales.orders)
%%
select customer_id, sum(case when status = 'open' then amount else 0 end) as "open", sum(case when status = 'paid' then amount else 0 end) as "paid" from sales.orders group by customer_id order by 1
%%
select *, row_number() over (partition by customer_id order by ordered_on desc, order_id desc) as _row from sales.orders qualify _row = 1
%%
select o.* exclude (email), l.price from sales.orders o inner join sales.lines l using (order_id) -- joined
%%
with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select * from r
%%
with monthly as (select date_trunc('month', ordered_on)::date as m, sum(amount) as revenue from sales.orders group by 1) select m, revenue, lag(revenue) over (order by m) as previous from monthly order by m
%%
select t.x from (select 1 as x) as t
%%
-- pandas and SQLAlchemy
SELECT sales.orders.order_id, sales.orders.status FROM sales.orders WHERE sales.orders.status = 'open' ORDER BY sales.orders.order_id LIMIT 10 OFFSET 5
%%
SELECT count(*) AS count_1 FROM (SELECT sales.orders.order_id AS sales_orders_order_id FROM sales.orders WHERE sales.orders.amount > 10) AS anon_1
%%
SELECT orders_1.order_id, customers_1.name FROM sales.orders AS orders_1 JOIN sales.customers AS customers_1 ON customers_1.customer_id = orders_1.customer_id
%%
SELECT anon_1.status, anon_1.total FROM (SELECT sales.orders.status AS status, sum(sales.orders.amount) AS total FROM sales.orders GROUP BY sales.orders.status) AS anon_1 WHERE anon_1.total > 100
%%
SELECT EXISTS (SELECT 1 FROM sales.orders WHERE sales.orders.status = 'paid') AS anon_1
%%
SELECT sales.orders.order_id FROM sales.orders WHERE sales.orders.customer_id IN (SELECT sales.customers.customer_id FROM sales.customers WHERE sales.customers.country = 'KE')
%%
SELECT CAST(sales.orders.order_id AS VARCHAR) AS order_id, coalesce(sales.orders.status, 'x') AS coalesce_1 FROM sales.orders
%%
SELECT * FROM sales.customers
%%
SELECT "customer_id", "name" FROM "sales"."customers" WHERE "name" IN ('Customer 1', 'Customer 2')
%%
SELECT sales.orders.status, count(sales.orders.order_id) AS n FROM sales.orders GROUP BY sales.orders.status HAVING count(sales.orders.order_id) > 3 ORDER BY n DESC, 1
%%
SELECT EXTRACT(year FROM sales.orders.ordered_on) AS anon_1, EXTRACT(month FROM sales.orders.ordered_on) AS anon_2 FROM sales.orders GROUP BY 1, 2 ORDER BY 1, 2
%%
SELECT sales.orders.order_id, rank() OVER (PARTITION BY sales.orders.status ORDER BY sales.orders.amount DESC) AS rank_1 FROM sales.orders
%%
SELECT * FROM "sales"."orders" LIMIT 0
%%
SELECT CASE WHEN (sales.orders.amount > 100) THEN 'high' ELSE 'low' END AS anon_1 FROM sales.orders
%%
SELECT sales.orders.order_id FROM sales.orders EXCEPT SELECT sales.lines.order_id FROM sales.lines
%%
-- What may be read, as tools look it up
SELECT table_name FROM information_schema.tables WHERE table_schema = 'sales' ORDER BY table_name
%%
SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1, 2
%%
SELECT "table_schema", "table_name", "table_type" FROM "information_schema"."tables" WHERE "table_type" IN ('BASE TABLE', 'VIEW')
%%
SELECT column_name, data_type, ordinal_position, is_nullable FROM information_schema.columns WHERE table_schema = 'sales' AND table_name = 'orders' ORDER BY ordinal_position
%%
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = 'web'
%%
SELECT column_name, numeric_precision, numeric_scale FROM information_schema.columns WHERE table_name = 'orders' AND data_type LIKE 'DECIMAL%'
%%
SELECT count(*) FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'sales'
%%
SELECT information_schema.tables.table_name FROM information_schema.tables WHERE information_schema.tables.table_schema = 'web'
%%
SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'orders'
%%
SELECT kcu.column_name FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name WHERE tc.constraint_type = 'PRIMARY KEY'
%%
select table_catalog as database, table_schema as schema, table_name as name from information_schema.tables where table_schema ilike 'sales'
%%
SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('sales', 'web') AND catalog_name = current_database()
%%
DESCRIBE sales.orders
%%
DESCRIBE SELECT * FROM sales.lines
%%
SUMMARIZE sales.customers
%%
SELECT column_name, column_type FROM (DESCRIBE sales.customers)
%%
-- Analysts by hand
from sales.orders
%%
from sales.orders select status, count(*) group by all order by all
%%
SELECT * FROM sales.orders ORDER BY amount DESC, order_id LIMIT 5
%%
SELECT status, round(avg(amount), 2) average FROM sales.orders GROUP BY status ORDER BY average
%%
SELECT o.order_id, sum(l.quantity * l.price * (1 - l.discount)) revenue FROM sales.orders o JOIN sales.lines l ON l.order_id = o.order_id GROUP BY o.order_id HAVING revenue > 1000 ORDER BY revenue DESC
%%
SELECT country, count(*) FILTER (WHERE credit > 20) AS rich, count(*) AS n FROM sales.customers GROUP BY country ORDER BY country NULLS LAST
%%
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY status ORDER BY amount DESC, order_id) AS rn FROM sales.orders) t WHERE rn <= 3
%%
SELECT customer_id, string_agg(status, ', ' ORDER BY order_id) FROM sales.orders GROUP BY customer_id
%%
SELECT date_part('year', ordered_on) y, date_part('month', ordered_on) m, count(*) FROM sales.orders GROUP BY ALL ORDER BY y, m
%%
SELECT strftime(ordered_on, '%Y-%m') AS month, sum(amount) FROM sales.orders GROUP BY month ORDER BY month
%%
SELECT width, count(*) FROM (SELECT CAST(floor(amount / 250) AS INTEGER) AS width FROM sales.orders) GROUP BY width ORDER BY width
%%
SELECT sku, count(DISTINCT order_id) AS orders FROM sales.lines GROUP BY sku ORDER BY orders DESC, sku LIMIT 5
%%
SELECT c.name, coalesce(sum(o.amount), 0) AS total FROM sales.customers c LEFT JOIN sales.orders o USING (customer_id) GROUP BY c.name ORDER BY total DESC, c.name
%%
SELECT c.name FROM sales.customers c WHERE NOT EXISTS (SELECT 1 FROM sales.orders o WHERE o.customer_id = c.customer_id)
%%
SELECT a.order_id, b.order_id FROM sales.orders a JOIN sales.orders b ON a.customer_id = b.customer_id AND a.order_id < b.order_id AND a.ordered_on = b.ordered_on
%%
SELECT status, amount, amount - avg(amount) OVER (PARTITION BY status) AS difference FROM sales.orders
%%
SELECT ordered_on, amount, sum(amount) OVER (ORDER BY ordered_on, order_id) AS running FROM sales.orders
%%
SELECT quantile_cont(amount, [0.25, 0.5, 0.75]) FROM sales.orders
%%
SELECT kind, count(*) AS n, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent FROM web.events GROUP BY kind
%%
SELECT tag, count(*) FROM (SELECT unnest(tags) AS tag FROM web.events) GROUP BY tag ORDER BY tag
%%
SELECT payload ->> '$.user.id' AS "user", count(*) FROM web.events GROUP BY 1 ORDER BY 1
%%
SELECT item.sku, sum(item.amount) FROM web.events GROUP BY item.sku
%%
SELECT event_id, list_transform(tags, lambda t: upper(t)) FROM web.events
%%
SELECT event_id, apply(tags, lambda t: t || '!') FROM web.events
%%
SELECT reduce([1, 2, 3], lambda a, b: a + b)
%%
PIVOT sales.orders ON status IN ('open', 'paid', 'shipped') USING sum(amount) GROUP BY customer_id ORDER BY customer_id
%%
PIVOT (SELECT country, credit > 20 AS rich FROM sales.customers) ON rich IN (true, false) USING count(*) GROUP BY country ORDER BY country LIMIT 3
%%
WITH o AS (SELECT * FROM sales.orders) PIVOT o ON status IN ('open', 'paid') USING count(*) GROUP BY customer_id ORDER BY ALL
%%
SELECT * FROM (PIVOT sales.orders ON status IN ('open') USING max(amount) GROUP BY region ORDER BY region) p
%%
UNPIVOT (SELECT customer_id, credit, credit * 2 AS doubled FROM sales.customers) ON credit, doubled INTO NAME measure VALUE v ORDER BY customer_id, measure
%%
SELECT * FROM sales.orders WHERE ordered_on BETWEEN '2025-02-01' AND '2025-02-28'
%%
SELECT * FROM sales.orders WHERE ordered_on > (SELECT max(ordered_on) FROM sales.orders) - INTERVAL 30 DAY
%%
SELECT order_id, CASE status WHEN 'open' THEN 1 WHEN 'paid' THEN 2 ELSE 3 END AS code FROM sales.orders ORDER BY code, order_id
%%
SELECT regexp_extract(name, '[0-9]+')::INT AS number, upper(name) FROM sales.customers ORDER BY number
%%
SELECT min(amount), max(amount), avg(amount), stddev(amount), count(*), count(email) FROM sales.orders
%%
SELECT date_diff('day', o.ordered_on, l.shipped_on) AS days, count(*) FROM sales.orders o JOIN sales.lines l USING (order_id) GROUP BY days ORDER BY days
%%
SELECT greatest(amount, 100) AS at_least, nullif(status, 'open') AS other, TRY_CAST(status AS INTEGER) AS number FROM sales.orders
%%
SELECT CAST(amount AS TEXT), amount::INT, CAST(ordered_on AS TEXT), ordered_on::TIMESTAMP FROM sales.orders
%%
SELECT status, customer_id, sum(amount) FROM sales.orders GROUP BY GROUPING SETS ((status), (customer_id), ())
%%
SELECT status FROM sales.orders UNION SELECT country FROM sales.customers ORDER BY 1
%%
SELECT DISTINCT ON (customer_id) customer_id, order_id FROM sales.orders ORDER BY customer_id, order_id
%%
SELECT * FROM sales.lines l ASOF JOIN sales.orders o ON l.order_id = o.order_id AND l.shipped_on >= o.ordered_on
%%
SELECT count(*) FROM sales.customers c CROSS JOIN (VALUES ('a'), ('b')) v(letter)
%%
SELECT "order_id" "id", "amount" FROM "sales"."orders" WHERE "amount" > 900 AND NOT "status" = 'open'
%%
SELECT sum(amount)::FLOAT / count(*) FROM sales.orders WHERE status <> 'open' OR status IS NULL;
%%
-- Tableau: probes, extracts, filters, level of detail, top n, relative dates
SELECT 1 AS "Number of Records" FROM "sales"."orders" "orders" LIMIT 1
%%
SELECT * FROM (SELECT * FROM "sales"."orders") "Custom SQL Query" LIMIT 0
%%
SELECT "t0"."x_status" AS "status", "t1"."x_measure__1" AS "sum:amount:ok" FROM (SELECT "orders"."status" AS "x_status" FROM "sales"."orders" "orders" GROUP BY 1) "t0" INNER JOIN (SELECT "orders"."status" AS "status", SUM("orders"."amount") AS "x_measure__1" FROM "sales"."orders" "orders" GROUP BY 1) "t1" ON ("t0"."x_status" IS NOT DISTINCT FROM "t1"."status")
%%
SELECT DATE_TRUNC( 'MONTH', CAST("orders"."ordered_on" AS DATE) ) AS "tmn:ordered_on:ok", SUM("orders"."amount") AS "sum:amount:ok" FROM "sales"."orders" "orders" WHERE ((CAST("orders"."ordered_on" AS DATE) >= (DATE '2025-02-01')) AND (CAST("orders"."ordered_on" AS DATE) <= (DATE '2025-05-31'))) GROUP BY 1
%%
SELECT (CASE WHEN ("orders"."amount" > 250) THEN 'High' WHEN NOT ("orders"."amount" > 250) THEN 'Low' ELSE NULL END) AS "Calculation_1", COUNT(DISTINCT "orders"."customer_id") AS "ctd:customer_id:ok" FROM "sales"."orders" "orders" GROUP BY 1
%%
SELECT CAST(EXTRACT(YEAR FROM "orders"."ordered_on") AS BIGINT) AS "yr:ordered_on:ok", CAST(TRUNC(EXTRACT(QUARTER FROM "orders"."ordered_on")) AS INTEGER) AS "qr:ordered_on:ok", AVG(CAST("orders"."amount" AS DOUBLE PRECISION)) AS "avg" FROM "sales"."orders" "orders" GROUP BY 1, 2
%%
SELECT "orders"."status" AS "status", SUM("orders"."amount") AS "$__alias__0" FROM "sales"."orders" "orders" GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1 ASC LIMIT 2
%%
SELECT "customers"."country" AS "country", COUNT("orders"."order_id") AS "cnt" FROM "sales"."orders" "orders" LEFT JOIN "sales"."customers" "customers" ON (CAST("orders"."customer_id" AS TEXT) = CAST("customers"."customer_id" AS TEXT)) WHERE (("customers"."country" IN ('KE', 'TZ')) OR ("customers"."country" IS NULL)) GROUP BY 1
%%
SELECT COUNT(1) AS "count", MIN("orders"."ordered_on") AS "lower", MAX("orders"."ordered_on") AS "upper" FROM "sales"."orders" "orders" HAVING COUNT(1) > 0
%%
SELECT "orders"."order_id", SUM(SUM("orders"."amount")) OVER (PARTITION BY "orders"."status" ORDER BY "orders"."order_id" ROWS UNBOUNDED PRECEDING) AS "running" FROM "sales"."orders" "orders" GROUP BY "orders"."order_id", "orders"."status"
%%
-- Looker: aliases with dots, derived tables, pivots by rank, totals, symmetric aggregates
SELECT orders.status AS "orders.status", COUNT(*) AS "orders.count" FROM sales.orders AS orders GROUP BY 1 ORDER BY 2 DESC, 1 FETCH NEXT 500 ROWS ONLY
%%
SELECT (DATE(orders.ordered_on)) AS "orders.ordered_date", COALESCE(SUM(orders.amount), 0) AS "orders.total" FROM sales.orders AS orders WHERE ((( orders.ordered_on ) >= ((DATE '2025-03-01')) AND ( orders.ordered_on ) < ((DATE '2025-03-01' + INTERVAL '30 day')))) GROUP BY 1 ORDER BY 1 DESC LIMIT 500
%%
WITH customer_facts AS (SELECT customer_id, COUNT(*) AS lifetime_orders FROM sales.orders GROUP BY 1) SELECT customer_facts.lifetime_orders AS "customer_facts.lifetime_orders", COUNT(DISTINCT customers.customer_id) AS "customers.count" FROM sales.customers AS customers LEFT JOIN customer_facts ON customers.customer_id = customer_facts.customer_id GROUP BY 1 ORDER BY 1
%%
SELECT * FROM (SELECT *, DENSE_RANK() OVER (ORDER BY z___min_rank) as z___pivot_row_rank, RANK() OVER (PARTITION BY z__pivot_col_rank ORDER BY z___min_rank) as z__pivot_col_ordering, CASE WHEN z___min_rank = z___rank THEN 1 ELSE 0 END AS z__is_highest_ranked_cell FROM (SELECT *, MIN(z___rank) OVER (PARTITION BY "orders.status") as z___min_rank FROM (SELECT *, RANK() OVER (ORDER BY CASE WHEN z__pivot_col_rank=1 THEN (CASE WHEN "orders.count" IS NOT NULL THEN 0 ELSE 1 END) ELSE 2 END, "orders.count" DESC, z__pivot_col_rank, "orders.status") AS z___rank FROM (SELECT *, DENSE_RANK() OVER (ORDER BY CASE WHEN "customers.country" IS NULL THEN 1 ELSE 0 END, "customers.country") AS z__pivot_col_rank FROM (SELECT customers.country AS "customers.country", orders.status AS "orders.status", COUNT(*) AS "orders.count" FROM sales.orders AS orders LEFT JOIN sales.customers AS customers ON orders.customer_id = customers.customer_id GROUP BY 1, 2) ww) bb WHERE z__pivot_col_rank <= 16384) aa) xx) zz WHERE (z__pivot_col_rank <= 50 OR z__is_highest_ranked_cell = 1) AND (z___pivot_row_rank <= 500 OR z__pivot_col_ordering = 1) ORDER BY z___pivot_row_rank
%%
SELECT COUNT(DISTINCT CASE WHEN orders.amount > 100 THEN orders.order_id ELSE NULL END) AS "n", COALESCE(COALESCE(CAST((SUM(DISTINCT (CAST(FLOOR(COALESCE(orders.amount, 0) * 1000000) AS DECIMAL(38,0))))) AS DOUBLE PRECISION) / 1000000.0, 0), 0) AS "total" FROM sales.orders AS orders
%%
SELECT TO_CHAR FROM (SELECT STRFTIME(orders.ordered_on, '%Y-%m-%d') AS TO_CHAR FROM sales.orders AS orders) LIMIT 5
%%
SELECT (CASE WHEN orders.status = 'open' THEN 'Yes' ELSE 'No' END) AS "orders.is_open", COUNT(*) FROM sales.orders orders WHERE NOT (orders.status = 'paid') OR (orders.status = 'paid') IS NULL GROUP BY 1
%%
-- DBeaver: counts, paging, filters over a result, values of a column
SELECT x.* FROM sales.orders x ORDER BY x.order_id LIMIT 200 OFFSET 0
%%
SELECT count(*) FROM (select * from sales.orders where amount > 10) dbvrcnt
%%
select * from (select * from sales.orders where status <> 'x') dbvrsub order by 1 desc
%%
SELECT "status", count(*) as "cnt" FROM "sales"."orders" GROUP BY "status" ORDER BY "cnt" DESC, 1 LIMIT 200
%%
SELECT order_id, customer_id, region, status, amount, ordered_on FROM sales.orders WHERE order_id=3
%%
SELECT current_schema(), session_user IS NOT NULL
%%
SELECT current_database() = current_catalog()
%%
SELECT table_schema || '.' || table_name AS full_name FROM information_schema.tables WHERE table_type = 'VIEW' AND table_schema LIKE 'web%'
%%
-- Power BI: folded steps, everything in brackets and quotes
select "_"."order_id", "_"."status", "_"."amount" from (select "order_id", "status", "amount", "ordered_on" from "sales"."orders") "_" where "_"."ordered_on" >= DATE '2025-01-01' and "_"."ordered_on" < DATE '2025-07-01' and ("_"."status" = 'open' and "_"."status" is not null)
%%
select "rows"."country" as "country", count(distinct "rows"."customer_id") + max(case when "rows"."customer_id" is null then 1 else 0 end) as "a0" from (select "country", "customer_id" from "sales"."customers" "$Table") "rows" group by "country"
%%
select "semijoin1"."c1", sum("basetable0"."amount") as "a0" from ((select "status", "amount", "customer_id" from "sales"."orders") "basetable0" inner join ((select 'open' as "c1") union all (select 'paid' as "c1")) "semijoin1" on (("semijoin1"."c1" = "basetable0"."status"))) group by "semijoin1"."c1"
%%
select "C1" from (select count("C1") as "C1" from (select distinct "status" as "C1" from "sales"."orders") as "ITBL") as "ITBL" limit 1
%%
select cast(null as varchar) as "a", "$Outer"."order_id", "$Inner"."name" from "sales"."orders" as "$Outer" left outer join "sales"."customers" as "$Inner" on ("$Outer"."customer_id" = "$Inner"."customer_id") limit 1000
%%
select "order_id", "amount", case when "amount" >= 100 and "amount" < 200 then '1. low' when "amount" >= 200 then '2. high' else null end as "band" from "sales"."orders" "_" order by "amount" desc, "order_id" limit 1001
%%
-- dbt: macros of the common packages, incremental models, audits
with relation_columns as (select cast('ORDER_ID' as TEXT) as relation_column, cast('BIGINT' as TEXT) as relation_column_type union all select cast('STATUS' as TEXT), cast('VARCHAR' as TEXT)), test_data as (select * from relation_columns where relation_column = 'ORDER_ID' and relation_column_type not in ('BIGINT')) select count(*) as failures from test_data
%%
with a as (select * from sales.orders where status = 'open'), b as (select * from sales.orders), a_intersect_b as (select * from a intersect select * from b), a_except_b as (select * from a except select * from b) select 'both' as kind, count(*) as n from a_intersect_b union all select 'only a', count(*) from a_except_b
%%
select order_id, {'status': status, 'amount': amount} as payload from sales.orders where ordered_on > (select coalesce(max(ordered_on), date '1900-01-01') from sales.orders where status = 'paid')
%%
with rawdata as (with p as (select 0 as generated_number union all select 1), unioned as (select p0.generated_number * power(2, 0) + p1.generated_number * power(2, 1) + 1 as generated_number from p as p0 cross join p as p1) select * from unioned where generated_number <= 4 order by generated_number), all_periods as (select (cast('2025-01-01' as date) + ((interval '1 day') * cast(row_number() over (order by generated_number) - 1 as integer))) as date_day from rawdata) select * from all_periods where date_day <= cast('2025-01-10' as date)
%%
select status, sum(case when (country = 'KE') then 1 else 0 end) as "KE", sum(case when (country = 'TZ') then 1 else 0 end) as "TZ" from sales.orders left join sales.customers using (customer_id) group by status
%%
with fct as (select o.*, row_number() over (partition by o.customer_id order by o.ordered_on, o.order_id) as customer_order_number from sales.orders as o) select customer_id, max(case when customer_order_number = 1 then ordered_on end) as first_order, count_if(customer_order_number > 1) as repeats from fct group by 1
%%
select md5(cast(coalesce(cast(order_id as TEXT), '') || '|' || coalesce(cast(status as TEXT), '') as TEXT)) as key, count(*) over () as n from sales.orders qualify n > 0
%%
select * from (values ('open', 1), ('paid', 2), ('shipped', 3)) as seed(status, rank) inner join sales.orders using (status) where rank < 3
%%
select datediff('day', min(ordered_on), max(ordered_on)) as days, date_add(max(ordered_on), interval 1 month) as later, dateadd from (select *, ordered_on + interval (2) day as dateadd from sales.orders) group by dateadd
%%
select count(*) filter (where n > 1) = 0 as is_unique from (select order_id, line, count(*) as n from sales.lines group by all)
%%
-- Metabase: temporal buckets, filters by relative dates, binning, cumulative sums, joins of questions, pivot tables
SELECT CAST(DATE_TRUNC('week', CAST("sales"."orders"."ordered_on" AS timestamp) + INTERVAL '1 day') AS timestamp) - INTERVAL '1 day' AS "ordered_on", COUNT(*) AS "count" FROM "sales"."orders" GROUP BY CAST(DATE_TRUNC('week', CAST("sales"."orders"."ordered_on" AS timestamp) + INTERVAL '1 day') AS timestamp) - INTERVAL '1 day' ORDER BY 1
%%
SELECT SUM(COUNT(*)) OVER (ORDER BY DATE_TRUNC('month', "sales"."orders"."ordered_on") ASC ROWS UNBOUNDED PRECEDING) AS "count", DATE_TRUNC('month', "sales"."orders"."ordered_on") AS "m" FROM "sales"."orders" GROUP BY DATE_TRUNC('month', "sales"."orders"."ordered_on") ORDER BY 2 ASC
%%
SELECT "source"."status" AS "status", "source"."pivot-grouping" AS "pivot-grouping", SUM("source"."amount") AS "sum" FROM (SELECT "sales"."orders"."status" AS "status", "sales"."orders"."amount" AS "amount", ABS(0) AS "pivot-grouping" FROM "sales"."orders") AS "source" GROUP BY "source"."status", "source"."pivot-grouping" ORDER BY "source"."pivot-grouping" ASC, "source"."status" ASC
%%
SELECT "Q1"."status" AS "status", "Question 2"."n" AS "n" FROM (SELECT DISTINCT "status" FROM "sales"."orders") AS "Q1" LEFT JOIN (SELECT "status", COUNT(*) AS "n" FROM "sales"."orders" GROUP BY "status") AS "Question 2" ON "Q1"."status" = "Question 2"."status" LIMIT 1048575
%%
SELECT "sales"."orders"."order_id" AS "ID", CAST("sales"."orders"."amount" AS float) / CASE WHEN 3 = 0 THEN NULL ELSE 3 END AS "third", COALESCE("sales"."orders"."email", '(none)') AS "mail", LENGTH("sales"."orders"."status") AS "l", CONCAT("sales"."orders"."status", '-', "sales"."orders"."order_id") AS "c" FROM "sales"."orders" WHERE ("sales"."orders"."email" IS NULL OR "sales"."orders"."email" = '') AND ("sales"."orders"."amount" BETWEEN 10 AND 900) LIMIT 1048575
%%
SELECT COUNT(*) AS "count" FROM "sales"."orders" WHERE "sales"."orders"."ordered_on" >= DATE_TRUNC('month', (TIMESTAMP '2025-07-02 00:00:00' + INTERVAL '-3 month')) AND "sales"."orders"."ordered_on" < DATE_TRUNC('month', TIMESTAMP '2025-07-02 00:00:00')
%%
WITH "__mb_source" AS (SELECT "sales"."lines"."sku" AS "sku", "sales"."lines"."price" AS "price" FROM "sales"."lines") SELECT "__mb_source"."sku", LAG(SUM("__mb_source"."price"), 1) OVER (ORDER BY "__mb_source"."sku" ASC) AS "before" FROM "__mb_source" GROUP BY "__mb_source"."sku" ORDER BY 1
%%
-- Superset: time comparison, rolling, percentiles, filter options, native filters
SELECT time_bucket(INTERVAL '15 minutes', "at") AS __timestamp, COUNT(*) AS "COUNT(*)" FROM web.events WHERE "at" >= TIMESTAMP '2025-01-01 00:00:00.000000' AND "at" < TIMESTAMP '2025-01-02 00:00:00.000000' GROUP BY time_bucket(INTERVAL '15 minutes', "at") ORDER BY "COUNT(*)" DESC, 1 LIMIT 10000
%%
SELECT DATE_TRUNC('month', ordered_on) AS ordered_on, sum(amount) AS "SUM(amount)", sum(amount) FILTER (WHERE status = 'paid') AS "paid" FROM (SELECT o.*, c.country FROM sales.orders o JOIN sales.customers c USING (customer_id)) AS virtual_table WHERE country IN ('KE', 'UG') GROUP BY DATE_TRUNC('month', ordered_on) ORDER BY "SUM(amount)" DESC LIMIT 1000
%%
SELECT PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY amount) AS q1, quantile_disc(amount, 0.75) AS q3, approx_count_distinct(customer_id) > 0 AS some FROM sales.orders LIMIT 1
%%
SELECT status, country, SUM(amount) AS s, GROUPING(status, country) AS g FROM sales.orders JOIN sales.customers USING (customer_id) GROUP BY CUBE (status, country) ORDER BY g, 1, 2
%%
SELECT (EXTRACT(EPOCH FROM "at") / 60)::BIGINT AS minute, count(*) FROM web.events GROUP BY 1 ORDER BY 1 LIMIT 100
%%
SELECT * FROM (SELECT * FROM sales.orders LIMIT 1001) AS inner_qry WHERE lower(status) ILIKE '%P%' LIMIT 1001
%%
-- pandas, Polars, Ibis and SQLGlot as they print
SELECT "t2"."status", "t2"."total" FROM (SELECT "t1"."status", SUM("t1"."amount") AS "total" FROM (SELECT * FROM "sales"."orders" AS "t0" WHERE "t0"."amount" > CAST(10 AS TINYINT)) AS "t1" GROUP BY 1) AS "t2" WHERE "t2"."total" > CAST(5 AS TINYINT) ORDER BY "t2"."total" ASC
%%
SELECT "t0"."status", MEAN("t0"."amount") AS "mean", LIST("t0"."order_id" ORDER BY "t0"."order_id" ASC) FILTER (WHERE "t0"."order_id" IS NOT NULL) AS "ids" FROM "sales"."orders" AS "t0" GROUP BY 1
%%
SELECT "t0".* EXCLUDE ("email"), "t0"."amount" * CAST(2 AS TINYINT) AS "twice" FROM "sales"."orders" AS "t0"
%%
SELECT * REPLACE (CAST(amount AS DOUBLE) AS amount) FROM sales.orders
%%
SELECT anon_1.order_id FROM (SELECT sales.orders.order_id AS order_id, row_number() OVER (ORDER BY sales.orders.order_id) AS rn FROM sales.orders) AS anon_1 WHERE anon_1.rn BETWEEN 2 AND 7
%%
SELECT sum(sales.orders.amount) AS sum_1, sales.orders.status FROM sales.orders WHERE sales.orders.ordered_on BETWEEN CAST('2025-01-01' AS DATE) AND CAST('2025-12-31' AS DATE) AND sales.orders.order_id NOT IN (1, 2, 3) AND (sales.orders.status = 'open' OR sales.orders.status LIKE 'p' || '%') GROUP BY sales.orders.status
%%
WITH anon_2 AS (SELECT sales.customers.customer_id AS customer_id FROM sales.customers WHERE sales.customers.credit > 3.0) SELECT count(*) AS count_1 FROM sales.orders JOIN anon_2 ON anon_2.customer_id = sales.orders.customer_id
%%
-- Grafana, Evidence, Hex and other dashboards
SELECT epoch_ms("at") AS time, count(*) OVER (ORDER BY "at") AS value FROM web.events WHERE epoch("at") BETWEEN 1735689600 AND 1735776000 ORDER BY 1
%%
SELECT to_timestamp(floor(epoch(ordered_on) / 86400)::BIGINT * 86400) AS time, status AS metric, sum(amount) AS value FROM sales.orders GROUP BY 1, 2 ORDER BY 1, 2
%%
SELECT strftime(date_trunc('month', ordered_on), '%b %Y') AS label, any_value(status), sum(amount) / sum(sum(amount)) OVER () AS share_pct FROM sales.orders GROUP BY date_trunc('month', ordered_on), label ORDER BY label
%%
PIVOT (SELECT status, date_part('month', ordered_on) AS m, amount FROM sales.orders) ON m IN (1, 2, 3) USING sum(amount) AS total, count(*) AS n GROUP BY status ORDER BY status DESC LIMIT 2
%%
FROM (PIVOT sales.orders ON status IN ('open', 'paid') USING sum(amount) GROUP BY customer_id) SELECT customer_id, open - coalesce(paid, 0) AS difference ORDER BY ALL
%%
FROM sales.orders o JOIN sales.customers c USING (customer_id) SELECT country, sum(amount) AS total GROUP BY ALL HAVING total > 10 ORDER BY total DESC LIMIT 3
%%
SELECT status, list(DISTINCT customer_id ORDER BY customer_id)[:3] AS first_customers FROM sales.orders GROUP BY status
%%
SELECT max_by(order_id, amount), min_by(status, (ordered_on, order_id)), arg_max(order_id, amount, 2) FROM sales.orders
%%
SELECT o1.status, count(*) FROM sales.orders o1 WHERE amount > (SELECT avg(o2.amount) FROM sales.orders o2 WHERE o2.status = o1.status) GROUP BY 1
%%
SELECT DISTINCT status, first_value(order_id) OVER w AS first, last_value(order_id) OVER w AS last FROM sales.orders WINDOW w AS (PARTITION BY status ORDER BY ordered_on, order_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
%%
SELECT order_id, amount, ntile(4) OVER (ORDER BY amount, order_id), percent_rank() OVER (ORDER BY amount), cume_dist() OVER (ORDER BY amount), nth_value(amount, 2) OVER (ORDER BY order_id) FROM sales.orders
%%
SELECT order_id, avg(amount) OVER (ORDER BY ordered_on RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND INTERVAL 0 DAYS FOLLOWING EXCLUDE CURRENT ROW) FROM sales.orders
%%
SELECT max(COLUMNS(* EXCLUDE (email))) FROM sales.orders
%%
SELECT * FROM sales.orders WHERE COLUMNS('.*_id') > 5
%%
SELECT unnest([1, 2]) AS n, * FROM sales.customers ORDER BY ALL LIMIT 4
%%
SELECT c.*, o.n FROM sales.customers c LEFT JOIN LATERAL (SELECT count(*) AS n FROM sales.orders WHERE customer_id = c.customer_id) o ON true
%%
SELECT * FROM sales.customers POSITIONAL JOIN sales.customers b LIMIT 3
%%
SELECT status IN ('open') OR status = ANY(['paid']) AS a, amount::VARCHAR LIKE '%.0_' ESCAPE '!' AS b, NOT amount IS NULL AS c, -amount AS d, +order_id AS e FROM sales.orders
%%
SELECT 'it''s' || chr(10) || E'\t', 1e-3, .5, 0xff, 1_000::INT, TRUE AND NOT FALSE, NULL IS NULL, DATE '2025-01-01' - DATE '2024-12-25', INTERVAL '1' MONTH, '2 days'::INTERVAL
%%
SELECT CASE WHEN count(*) = 0 THEN NULL ELSE sum(amount) / nullif(count(*), 0) END FROM sales.orders WHERE status IS NOT DISTINCT FROM 'open'
%%
SELECT extract('isodow' FROM ordered_on), date_part(['year', 'month'], ordered_on), EXTRACT(EPOCH FROM INTERVAL 1 DAY) FROM sales.orders LIMIT 1
%%
SELECT date_trunc('month', ordered_on)::DATE AS month, count(*) n, count(*) - lag(count(*), 12) OVER (ORDER BY month) AS change FROM sales.orders GROUP BY month
%%
WITH t(a, b) AS (VALUES (1, 2), (3, 4)) SELECT sum(a) OVER (), b FROM t
%%
WITH RECURSIVE tree AS (SELECT customer_id, 0 AS depth FROM sales.customers WHERE customer_id = 1 UNION ALL SELECT c.customer_id, depth + 1 FROM sales.customers c JOIN tree t ON c.customer_id = t.customer_id * 2 WHERE depth < 5) SELECT * FROM tree
%%
(SELECT order_id FROM sales.orders ORDER BY amount DESC, order_id LIMIT 3) UNION ALL (SELECT order_id FROM sales.orders ORDER BY amount, order_id LIMIT 3) ORDER BY 1
%%
SELECT * FROM sales.orders o, (SELECT avg(amount) AS mean FROM sales.orders) a WHERE o.amount > a.mean ORDER BY o.amount DESC, o.order_id LIMIT 5
%%
SELECT ALL status FROM sales.orders LIMIT 10%
%%
SELECT * FROM sales.orders ORDER BY order_id FETCH FIRST 3 ROWS ONLY
%%
SELECT * FROM sales.orders ORDER BY order_id OFFSET 5 ROWS FETCH NEXT 3 ROWS ONLY
%%
SELECT payload::JSON -> 'user' ->> 'id', json_extract_string(payload, ['$.user.id', '$.user.tags[0]']), payload->>'$.user.tags[#-1]' FROM web.events LIMIT 3
%%
SELECT kind, e.item.sku, e.items[1].amount, struct_extract(item, 'sku'), tags[1:2], list_aggregate(tags, 'count'), array_to_string(tags, '+') FROM web.events e
%%
SELECT (item).sku, (items[1]).sku FROM web.events
%%
SELECT row(1, 'a'), (1, 'a') = (1, 'a'), [x * 2 for x in [1, 2, 3] if x > 1], map {'k': 1}.k FROM sales.customers LIMIT 1
%%
SUMMARIZE SELECT amount FROM sales.orders WHERE status = 'open'
%%
DESCRIBE FROM sales.orders SELECT order_id, sum(amount) GROUP BY ALL
%%
SELECT * FROM (SUMMARIZE sales.customers) WHERE column_name = 'credit'
%%
SELECT version() LIKE 'v%', pg_typeof(1), current_user IS NOT NULL, user IS NOT NULL
%%
-- Syntax that people and their tools know
SELECT amount IS TRUE, status ISNULL, status NOTNULL, (amount > 5) IS NOT FALSE, (amount > 5) IS UNKNOWN, status !~ 'o.*', status ~* 'O.*', status NOT ILIKE 'O%', status NOT SIMILAR TO 'o' FROM sales.orders
%%
SELECT (amount > 5) IS TRUE, (amount > 5) IS NOT FALSE, status ISNULL, status NOTNULL, status !~ 'o.*', status NOT ILIKE 'O%', status NOT SIMILAR TO 'o' FROM sales.orders
%%
SELECT status ~* 'O.*' FROM sales.orders
%%
SELECT * FROM sales.customers LIMIT ALL
%%
SELECT generate_series(1, 3) AS g, count() FROM sales.orders
%%
SELECT count() AS n, count(1), count(ALL status), sum(ALL amount) FROM sales.orders HAVING count() > 1
%%
SELECT * FROM (sales.orders o JOIN sales.customers c ON o.customer_id = c.customer_id) WHERE c.country = 'KE'
%%
SELECT order_id FROM sales.orders WHERE (customer_id, status) IN (SELECT customer_id, status FROM sales.orders WHERE amount > 100)
%%
SELECT order_id, sum(amount) FILTER (WHERE status = 'open') OVER (PARTITION BY customer_id) AS s, count(DISTINCT status) OVER (PARTITION BY customer_id) FROM sales.orders
%%
SELECT position('p' IN status), substring(status FROM 1 FOR 2), substring(status FROM 2), overlay(status PLACING 'xx' FROM 1 FOR 2), trim(LEADING 'o' FROM status), trim(BOTH FROM status), trim(TRAILING FROM status), ltrim(status, 'o') FROM sales.orders
%%
SELECT CAST({'a': 1} AS STRUCT(a INTEGER)), ['1']::INT[], CAST('a' AS ENUM('a', 'b')), 'x'::VARCHAR(10), 1::UTINYINT, 1::HUGEINT, '00000000-0000-0000-0000-000000000000'::UUID, 1.5::REAL, '10'::BIT
%%
SELECT order_id FROM sales.orders WHERE 'a' IN ['a', 'b'] AND order_id IN [3, 6, 9]
%%
SELECT * FROM sales.orders o ASOF LEFT JOIN sales.lines l ON o.order_id = l.order_id AND o.ordered_on >= l.shipped_on
%%
SELECT status, count(*) FROM sales.orders GROUP BY status, ROLLUP (customer_id) HAVING count(*) > 5
%%
SELECT customer_id, status, count(*) FROM sales.orders GROUP BY GROUPING SETS (ROLLUP (customer_id, status), CUBE (status))
%%
SELECT customer_id, sum(amount) FROM sales.orders GROUP BY () , customer_id
%%
SELECT * FROM (SELECT customer_id, status, amount FROM sales.orders) PIVOT (sum(amount) AS total, count(*) AS n FOR status IN ('open' AS o, 'paid' AS p) GROUP BY customer_id)
%%
PIVOT sales.orders ON status IN ('open', 'paid') USING count(*), sum(amount) AS total GROUP BY region, customer_id ORDER BY customer_id LIMIT 5 OFFSET 2
%%
PIVOT sales.orders ON status IN ('open', 'paid'), region IN ('EU') USING count(*) GROUP BY customer_id
%%
SELECT 1 AS "select", 2 AS "from", 3 "Group By"
%%
SELECT 1;;
%%
/*+ hint */ SELECT /*+ parallel */ 1
%%
(((SELECT 1 AS a)))
%%
((SELECT 1 AS a) UNION (SELECT 2)) EXCEPT SELECT 1
%%
SELECT * FROM ((SELECT 1 AS a) UNION ALL (SELECT 2)) q
%%
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) LIMIT 1
%%
VALUES (1, 'a') UNION ALL SELECT 2, 'b' ORDER BY 1
%%
WITH a AS (VALUES (1)) TABLE a
%%
TABLE sales.customers ORDER BY customer_id LIMIT 2
%%
FROM sales.customers LIMIT 2
%%
FROM (FROM sales.orders WHERE status = 'open') SELECT count(*)
%%
FROM sales.orders AS o SELECT o.order_id WHERE o.amount > 5 ORDER BY 1 LIMIT 3
%%
WITH RECURSIVE r(a, b) USING KEY (a) AS (SELECT 1, 1 UNION SELECT a, b + 1 FROM r WHERE b < 3) SELECT * FROM r
%%
SELECT * FROM sales.orders WHERE ordered_on >= '2025-01-01'::DATE AND ordered_on < '2025-01-01'::DATE + INTERVAL '1 year' - INTERVAL 1 DAY + INTERVAL '2' MONTH + INTERVAL (3) DAYS + to_days(3)
%%
SELECT INTERVAL '1 day 02:03:04', INTERVAL 90 MINUTE, INTERVAL '3' HOURS, 5 * INTERVAL 1 DAY
%%
SELECT "at" AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Berlin', timezone('UTC', "at"), EXTRACT(timezone FROM ("at" AT TIME ZONE 'UTC')) FROM web.events LIMIT 3
%%
SELECT extract(year FROM ordered_on), extract(doy FROM ordered_on), extract('month' FROM ordered_on), date_part('dow', ordered_on), datepart('week', ordered_on), year(ordered_on), weekofyear(ordered_on), date_trunc('decade', ordered_on) FROM sales.orders
%%
SELECT CASE WHEN EXISTS (SELECT 1 FROM sales.lines l WHERE l.order_id = o.order_id AND l.price > 50) THEN 1 ELSE 0 END, NOT EXISTS (FROM sales.lines l WHERE l.order_id = o.order_id), (SELECT count(*) FROM sales.lines l WHERE l.order_id = o.order_id), amount > ANY (SELECT price FROM sales.lines), amount <= ALL (SELECT price FROM sales.lines) FROM sales.orders o
%%
SELECT * FROM sales.orders AS o(a, b, c) WHERE a < 10
%%
SELECT * FROM sales.orders "Orders" WHERE "Orders".STATUS = 'open'
%%
SELECT "SALES"."ORDERS"."ORDER_ID" FROM "SALES"."ORDERS"
%%
SELECT orders.* EXCLUDE (email, region), orders.* FROM sales.orders
%%
SELECT * LIKE '%_id' FROM sales.orders
%%
SELECT * ILIKE 'C%' FROM sales.orders
%%
SELECT * NOT LIKE '%_id' FROM sales.orders
%%
SELECT * SIMILAR TO '.*_id' FROM sales.orders
%%
SELECT COLUMNS('(.*)_id') AS '\1' FROM sales.orders
%%
SELECT COLUMNS(['order_id', 'status']) FROM sales.orders
%%
SELECT sum(COLUMNS(* EXCLUDE (status, region, email, ordered_on))) FROM sales.orders
%%
SELECT coalesce(*COLUMNS('.*_id')) FROM sales.orders
%%
SELECT struct_pack(*COLUMNS(*)) FROM sales.customers
%%
SELECT UNNEST({'a': 1, 'b': 2}), unnest([{'c': 3}], max_depth := 2)
%%
SELECT * FROM unnest([1, 2, 3]) AS t(x)
%%
SELECT u.* FROM web.events e, unnest(e.tags) WITH ORDINALITY AS u(tag, place) WHERE e.event_id < 5
%%
SELECT * FROM range(DATE '2025-01-01', DATE '2025-01-04', INTERVAL 1 DAY)
%%
SELECT range FROM range(5)
%%
SELECT x FROM generate_series(1, 10, 3) g(x)
%%
SELECT list_filter(tags, lambda t: t <> 'b'), [t FOR t IN tags], tags[-1], tags[:2], tags[1:3:2], list_contains(tags, 'b'), tags @> ['b'], tags && ['b'], 'b' = ANY(tags), len(tags), array_length(tags, 1), cardinality(map(tags, tags)) FROM web.events
%%
SELECT tags || ['z'], list_sort(tags, 'DESC'), list_distinct(tags), list_zip(tags, tags), flatten([tags, tags]), tags::VARCHAR FROM web.events
%%
SELECT try_cast(payload AS JSON), payload->'user', payload->>'user', payload->'$.user.tags'->0, json_keys(payload), payload::JSON->>'$.user.id', json(payload), json_type(payload), json_array_length(payload, '$.user.tags') FROM web.events
%%
SELECT json_object('a', kind, 'b', event_id), json_array(kind, event_id), to_json(item), json_group_array(kind) FROM web.events GROUP BY ALL
%%
SELECT row_to_json(c) FROM sales.customers c
%%
SELECT c FROM sales.customers c
%%
SELECT c.customer_id AS id, (c).name FROM sales.customers c
%%
SELECT customers FROM sales.customers
%%
SELECT count(customers) FROM sales.customers
%%
SELECT true AND NULL, NOT NULL, NULL = NULL, 1 = 1.0, 1 <> 2, 1 != 2, 1 == 1, 'a' < 'b'
%%
SELECT status COLLATE NOCASE = 'OPEN', status LIKE 'O%' COLLATE NOCASE FROM sales.orders ORDER BY status COLLATE NOCASE
%%
SELECT * FROM sales.orders ORDER BY ALL DESC NULLS LAST LIMIT 5
%%
SELECT * FROM sales.orders ORDER BY length(status), order_id + 1 DESC NULLS FIRST LIMIT (SELECT 2 + 3)
%%
SELECT DISTINCT ON (status) * FROM sales.orders ORDER BY status, amount DESC, order_id
%%
SELECT order_id AS id, id * 2 AS twice, twice + 1 AS more FROM sales.orders WHERE more > 100 ORDER BY more
%%
SELECT status AS s, count(*) AS n FROM sales.orders GROUP BY s HAVING n > 3 ORDER BY n
%%
SELECT status, max(amount) AS m FROM sales.orders GROUP BY 1 HAVING max(amount) > ALL (SELECT price FROM sales.lines)
%%
SELECT a.order_id FROM sales.orders a LEFT OUTER JOIN sales.lines b USING (order_id) RIGHT JOIN sales.customers c USING (customer_id) FULL JOIN sales.customers d USING (customer_id)
%%
SELECT * FROM sales.orders NATURAL LEFT JOIN sales.customers
%%
SELECT * FROM sales.orders CROSS JOIN range(2) r(i)
%%
SELECT o.order_id, x.top FROM sales.orders o JOIN LATERAL (SELECT max(price) AS top FROM sales.lines l WHERE l.order_id = o.order_id) x ON x.top > 50
%%
SELECT o.order_id, x.* FROM sales.orders o CROSS JOIN LATERAL (VALUES (o.amount), (o.amount * 2)) x(v)
%%
SELECT 1 WHERE EXISTS (VALUES (1))
%%
SELECT lower(status) AS status FROM sales.orders UNION ALL BY NAME SELECT country, 'x' AS status FROM sales.customers
%%
SELECT status FROM sales.orders INTERSECT ALL SELECT status FROM sales.orders WHERE amount > 100
%%
SELECT order_id FROM sales.orders EXCEPT ALL SELECT order_id FROM sales.orders WHERE amount > 100
%%
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT * FROM a UNION ALL SELECT * FROM b
%%
WITH o AS MATERIALIZED (SELECT * FROM sales.orders) SELECT count(*) FROM o a JOIN o b USING (order_id)
%%
SELECT * FROM (WITH o AS (SELECT * FROM sales.orders) SELECT status, count(*) FROM o GROUP BY ALL)
%%
SELECT sum(amount) OVER w, avg(amount) OVER (w ROWS 2 PRECEDING), rank() OVER (w) FROM sales.orders WINDOW w AS (PARTITION BY status ORDER BY order_id)
%%
SELECT order_id, sum(amount) OVER (ORDER BY order_id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES), row_number() OVER () > 0 FROM sales.orders
%%
SELECT row_number(ORDER BY amount) OVER (ORDER BY order_id) FROM sales.orders
%%
SELECT * FROM sales.orders WHERE status = 'open' LIMIT 10 OFFSET 0 ROWS
%%
SELECT if(amount > 500, 'big', 'small') AS size, count(*) FROM sales.orders GROUP BY ALL
%%
SELECT ifnull(email, 'x'), coalesce(email, status), nullif(status, 'open'), greatest(amount, 1), least(amount, 2, 3) FROM sales.orders
%%
SELECT strftime('%Y', ordered_on), strftime(ordered_on, '%d.%m.%Y'), strptime('01/02/2025', '%d/%m/%Y')::DATE, dayname(ordered_on), monthname(ordered_on) FROM sales.orders
%%
SELECT current_date - 30 < current_date, current_date::TIMESTAMP - INTERVAL '7 days' < now(), date_trunc('month', now()) <= now(), now()::DATE = current_date
%%
SELECT timestamp '2025-01-01 00:00:00' + interval '1 second' * 5, make_timestamp(2025, 1, 1, 0, 0, 0.0), epoch_ms(1735689600000), to_timestamp(1735689600) IS NOT NULL, date_diff('month', date '2025-01-31', date '2025-03-01'), datesub('month', date '2025-01-31', date '2025-03-01')
%%
SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision FROM information_schema.columns WHERE table_schema = 'sales' ORDER BY table_name, ordinal_position
%%
DESCRIBE TABLE sales.orders
%%
DESC sales.orders
%%
SELECT approx_top_k(status, 2), reservoir_quantile(amount, 0.5) IS NULL, histogram(status), entropy(status), skewness(amount), sem(amount), mad(amount), bool_or(amount > 5), product(1 + 0 * amount), list(status)[1], first(status), last(status), arbitrary(region) FROM sales.orders
%%
SELECT regexp_replace(status, '(o)(p)', '\2\1'), regexp_extract(status, '(o)(.*)', ['a', 'b']), regexp_split_to_array(status, 'p'), string_split(status, 'p'), split_part(status, 'p', 1), printf('%s-%d', status, order_id), format('{:>10}', status), repeat(status, 2), left(status, -1), bar(1, 0, 10), chr(65), ascii('A'), unicode('ü'), hash(status) = hash(status), md5(status), sha256(status), encode(status), base64(encode(status)), url_encode(status) FROM sales.orders
%%
SELECT 'a'::json IS NULL FROM (SELECT 1) WHERE false
%%
SELECT map(['a'], [1])['a'], map {'a': 1}, map_keys(map {'a': 1}), element_at(map {'a': 1}, 'a'), map_extract(map {'a': 1}, 'a')
%%
SELECT {'a': {'b': 1}}.a.b, struct_extract({'a': 1}, 'a'), ({'a': 1})['a'], row(1, 2)[1], {'a': 1}.a + 1
%%
SELECT union_value(num := 1), typeof(1), typeof(union_value(num := 1))
%%
SELECT amount::INT::VARCHAR || '%' AS p, CAST(amount AS DECIMAL(10, 1)), CAST(amount AS NUMERIC), CAST(order_id AS STRING), CAST(ordered_on AS DATETIME), CAST(order_id AS INT8), CAST(order_id AS SIGNED), CAST(amount AS FLOAT4), CAST(status AS CHAR), CAST(status AS NVARCHAR) FROM sales.orders
%%
SELECT sum(amount) AS "Σ", avg(amount) "Ø (mean)", 'ünï' AS "näme" FROM sales.orders
%%
SELECT status, sum(amount)::DOUBLE * 100 / (SELECT sum(amount) FROM sales.orders) AS pct FROM sales.orders GROUP BY status
%%
SELECT max(amount) - min(amount) AS range, count(*) AS count, sum(amount) AS sum FROM sales.orders
%%
SELECT status AS value, count(*) AS filter FROM sales.orders GROUP BY value
%%
SELECT order_id AS offset, status AS text, amount AS number, region AS type, ordered_on AS date, customer_id AS index FROM sales.orders
%%
SELECT date FROM (SELECT ordered_on AS date FROM sales.orders) WHERE date > '2025-05-01'
%%
SELECT t.key, t.value FROM (SELECT status AS key, count(*) AS value FROM sales.orders GROUP BY 1) t
%%
SELECT status, (SELECT name FROM sales.customers c WHERE c.customer_id = o.customer_id) AS name, (SELECT list(l.sku ORDER BY l.line, l.sku) FROM sales.lines l WHERE l.order_id = o.order_id) AS skus, ARRAY(SELECT l.line FROM sales.lines l WHERE l.order_id = o.order_id ORDER BY 1) AS lines FROM sales.orders o
%%
SELECT quarter(ordered_on) AS q, CONCAT('Q', quarter(ordered_on)) AS label, count(*) FROM sales.orders GROUP BY q, label ORDER BY q
%%
SELECT o.order_id FROM sales.orders o WHERE o.amount > 5 AND (o.status, o.region) = ('open', 'EU')
%%
SELECT main.upper(status) FROM sales.orders
%%
SELECT 1 AS x GROUP BY ALL
%%
SELECT count_star() FROM sales.orders
%%
-- Names with the catalog that information_schema and current_database() state, as dbt and JDBC tools make them
SELECT * FROM "memory"."sales"."orders"
%%
select "memory"."sales"."orders"."order_id", c.name from "memory"."sales"."orders" left join MEMORY.sales.customers c using (customer_id)
%%
with source as (select * from "memory"."sales"."lines"), final as (select sku, sum(price) as price from source group by 1) select * from final
%%
select count(*) as failures from (select order_id from "memory"."sales"."orders" where order_id is null) dbt_internal_test
%%
DESCRIBE memory.sales.orders
%%
SUMMARIZE "memory"."sales"."customers"
%%
PIVOT memory.sales.orders ON status IN ('open') USING count(*) GROUP BY region ORDER BY 1
%%
WITH orders AS (SELECT 1 AS x) SELECT count(*) FROM memory.sales.orders, orders
%%
-- A table that has the catalog's name
SELECT memory.item.sku, memory.kind FROM web.events memory
%%
SELECT DATE(orders.ordered_on) AS "orders.ordered_date", COALESCE(SUM(orders.amount), 0) AS "orders.total" FROM sales.orders AS orders WHERE DATE(orders.ordered_on) >= DATE('2025-03-01') GROUP BY 1 ORDER BY 1 DESC LIMIT 500
%%
-- Names in backticks, as people write them who come from other engines
SELECT `o`.`status`, count(*) AS `n of them` FROM `sales`.`orders` AS `o` GROUP BY `o`.`status` ORDER BY `n of them` DESC, 1
%%
WITH `a``b` AS (SELECT `order_id`, `upper`(`status`) AS `S` FROM sales.`Orders`) SELECT `s`, 'it`s' AS "x`y" FROM "a`b" WHERE `order_id` > 5
