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
