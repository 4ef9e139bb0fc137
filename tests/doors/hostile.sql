-- Statements that must not get anything past the read door. One between lines of two percent signs.
-- @STAFF@, @ORDERS@ and @FOLDER@ stand for real paths that an attacker would have guessed.
%%
-- Reading files by function, by quoted path, by glob
SELECT * FROM read_parquet('@STAFF@')
%%
SELECT * FROM read_parquet(['@ORDERS@', '@STAFF@'])
%%
SELECT * FROM parquet_scan('@ORDERS@')
%%
SELECT * FROM '@STAFF@'
%%
SELECT * FROM "@STAFF@"
%%
FROM '@ORDERS@'
%%
SELECT note FROM '@ORDERS@'
%%
SELECT * FROM '@FOLDER@/*.parquet'
%%
SELECT * FROM '@FOLDER@/../@FOLDER@/people.staff.parquet'
%%
SELECT * FROM read_csv('@FOLDER@/secret.csv')
%%
SELECT * FROM read_csv_auto('@FOLDER@/secret.csv')
%%
SELECT * FROM '@FOLDER@/secret.csv'
%%
SELECT content FROM read_text('@FOLDER@/secret.csv')
%%
SELECT content FROM read_blob('@FOLDER@/secret.csv')
%%
SELECT * FROM read_json('@FOLDER@/secret.csv')
%%
SELECT * FROM read_ndjson_objects('@FOLDER@/secret.csv')
%%
SELECT * FROM sniff_csv('@FOLDER@/secret.csv')
%%
SELECT * FROM glob('@FOLDER@/*')
%%
SELECT * FROM parquet_metadata('@ORDERS@')
%%
SELECT * FROM parquet_schema('@ORDERS@')
%%
SELECT * FROM parquet_kv_metadata('@ORDERS@')
%%
SELECT * FROM parquet_file_metadata('@ORDERS@')
%%
SELECT * FROM parquet_full_metadata('@ORDERS@')
%%
SELECT * FROM parquet_bloom_probe('@ORDERS@', 'note', 'x')
%%
SELECT * FROM read_duckdb('@FOLDER@/x.db')
%%
SELECT content FROM read_text('/proc/self/environ')
%%
SELECT content FROM read_text('/etc/passwd')
%%
SELECT * FROM 'https://example.org/x.parquet'
%%
SELECT * FROM 's3://bucket/x.parquet'
%%
SELECT * FROM "read_parquet"('@STAFF@')
%%
SELECT * FROM main.read_parquet('@STAFF@')
%%
SELECT * FROM system.main.read_parquet('@STAFF@')
%%
SELECT * FROM READ_PARQUET /* a comment */ ('@STAFF@')
%%
SELECT (SELECT count(*) FROM read_parquet('@STAFF@'))
%%
WITH a AS (FROM read_parquet('@STAFF@')) SELECT * FROM a
%%
SELECT * FROM sales.customers, LATERAL (SELECT * FROM read_parquet('@STAFF@')) x
%%
SELECT * FROM sales.customers JOIN read_parquet('@STAFF@') s ON true
%%
SELECT 1 UNION ALL SELECT salary FROM read_parquet('@STAFF@')
%%
SELECT * FROM (PIVOT read_parquet('@STAFF@') ON id IN (1) USING sum(salary))
%%
PIVOT '@STAFF@' ON id IN (1) USING sum(salary)
%%
SUMMARIZE '@STAFF@'
%%
DESCRIBE '@STAFF@'
%%
DESCRIBE SELECT * FROM read_parquet('@STAFF@')
%%
SELECT * FROM (SUMMARIZE SELECT * FROM '@STAFF@')
%%
-- A CTE named like a path, used where it is not visible
SELECT * FROM (WITH "@STAFF@" AS (SELECT 1) SELECT * FROM "@STAFF@") a, "@STAFF@" b
%%
WITH "@STAFF@" AS (SELECT * FROM "@STAFF@") SELECT * FROM "@STAFF@"
%%
-- Dynamic SQL
SELECT * FROM query('SELECT * FROM sales.orders')
%%
SELECT * FROM query('SELECT * FROM read_parquet(''@STAFF@'')')
%%
SELECT * FROM query_table('sales.orders')
%%
SELECT * FROM query_table(['sales.orders', 'people.staff'])
%%
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM sales.orders'))
%%
PRAGMA json_execute_serialized_sql('x')
%%
SELECT json_serialize_sql('SELECT 1')
%%
SELECT json_serialize_plan('SELECT * FROM sales.orders')
%%
SELECT json_deserialize_sql('{}')
%%
SELECT * FROM (EXECUTE p)
%%
PREPARE p AS SELECT * FROM people.staff
%%
EXECUTE p(1)
%%
-- The catalog, settings, variables
SELECT sql FROM duckdb_views()
%%
SELECT * FROM duckdb_views
%%
SELECT * FROM duckdb_tables()
%%
SELECT * FROM duckdb_columns()
%%
SELECT * FROM duckdb_settings()
%%
SELECT current_setting('allowed_paths')
%%
SELECT getvariable('x')
%%
SELECT getenv('HOME')
%%
SELECT * FROM duckdb_external_file_cache()
%%
SELECT * FROM duckdb_secrets()
%%
SELECT * FROM which_secret('s3://x', 's3')
%%
SELECT * FROM duckdb_logs()
%%
SELECT * FROM duckdb_memory()
%%
SELECT * FROM duckdb_functions()
%%
SELECT * FROM pragma_table_info('sales.orders')
%%
SELECT * FROM pragma_storage_info('sales.orders')
%%
SELECT * FROM information_schema.role_table_grants
%%
SELECT * FROM information_schema.character_sets
%%
SELECT * FROM pg_catalog.pg_views
%%
SELECT * FROM pg_views
%%
SELECT * FROM sqlite_master
%%
SELECT * FROM duckdb_tables WHERE true
%%
SELECT * FROM system.sales.orders
%%
SELECT * FROM memory.people.staff
%%
SELECT * FROM memory.main.duckdb_views
%%
SELECT * FROM memory.information_schema.character_sets
%%
SELECT * FROM main.memory.sales.orders
%%
SELECT * FROM system.information_schema.tables
%%
SELECT pg_get_viewdef(1)
%%
SELECT * FROM (WITH duckdb_views AS (SELECT 1) SELECT * FROM duckdb_views) a, duckdb_views b
%%
SELECT * FROM (WITH sqlite_master AS (SELECT 1 AS sql) SELECT * FROM sqlite_master) a JOIN sqlite_master b ON true
%%
WITH duckdb_settings AS (SELECT * FROM duckdb_settings) FROM duckdb_settings
%%
SHOW ALL TABLES
%%
SHOW DATABASES
%%
SHOW SCHEMAS
%%
SHOW sales.orders.note
%%
SELECT * FROM (SHOW ALL TABLES)
%%
SELECT * FROM (SHOW TABLES)
%%
DESCRIBE
%%
DESCRIBE TABLES
%%
-- Other statements
COPY sales.orders TO '@FOLDER@/out.csv'
%%
COPY (SELECT 1) TO '@ORDERS@' (FORMAT parquet, USE_TMP_FILE false)
%%
EXPORT DATABASE '@FOLDER@/export'
%%
IMPORT DATABASE '@FOLDER@/export'
%%
ATTACH '@FOLDER@/x.db' AS x
%%
ATTACH ':memory:' AS m
%%
CREATE TABLE t AS SELECT * FROM sales.orders
%%
CREATE OR REPLACE VIEW sales.orders AS SELECT 1
%%
CREATE MACRO f() AS TABLE SELECT * FROM people.staff
%%
CREATE SECRET s (TYPE s3)
%%
DROP VIEW sales.orders
%%
INSERT INTO sales.orders VALUES (1)
%%
UPDATE sales.orders SET note = 'x'
%%
DELETE FROM sales.orders
%%
TRUNCATE sales.orders
%%
ALTER TABLE sales.orders RENAME TO x
%%
SET enable_external_access = true
%%
RESET lock_configuration
%%
SET VARIABLE x = (SELECT 1)
%%
PRAGMA enable_profiling
%%
INSTALL httpfs
%%
LOAD httpfs
%%
CALL pragma_version()
%%
CHECKPOINT
%%
FORCE CHECKPOINT
%%
VACUUM
%%
ANALYZE
%%
USE sales
%%
BEGIN TRANSACTION
%%
COMMENT ON VIEW sales.orders IS 'x'
%%
EXPLAIN SELECT * FROM sales.orders
%%
EXPLAIN ANALYZE SELECT * FROM sales.orders
%%
SELECT 1; SELECT * FROM people.staff
%%
SELECT 1;; COPY sales.orders TO '@FOLDER@/x.csv'
%%
;;
%%
SELECT * INTO t FROM sales.orders
%%
SELECT * FROM sales.orders FOR UPDATE
%%
WITH x AS (INSERT INTO sales.orders VALUES (1) RETURNING *) SELECT * FROM x
%%
WITH x AS (DELETE FROM sales.orders RETURNING *) FROM x
%%
SELECT $1
%%
SELECT ?
%%
SELECT $note FROM sales.orders
%%
-- Datasets of others, in many spellings
SELECT * FROM people.staff
%%
SELECT * FROM PEOPLE.Staff
%%
SELECT * FROM "people"."staff"
%%
SELECT * FROM people . staff
%%
SELECT * FROM people/**/.staff
%%
FROM people.staff SELECT name
%%
TABLE people.staff
%%
SUMMARIZE people.staff
%%
DESCRIBE people.staff
%%
SELECT count(*) FROM people.staff
%%
SELECT (SELECT max(salary) FROM people.staff)
%%
SELECT * FROM sales.customers WHERE customer_id IN (SELECT id FROM people.staff)
%%
SELECT EXISTS (FROM people.staff)
%%
SELECT 1 ORDER BY (SELECT max(salary) FROM people.staff)
%%
SELECT 1 LIMIT (SELECT max(salary) FROM people.staff)
%%
SELECT sum(1) OVER (ORDER BY (SELECT max(salary) FROM people.staff))
%%
SELECT list_transform([1], lambda x: (SELECT max(salary) FROM people.staff))
%%
SELECT CASE WHEN (SELECT count(*) FROM people.staff) > 3 THEN 1 END
%%
WITH staff AS (SELECT * FROM people.staff) SELECT * FROM staff
%%
WITH sales AS (SELECT 1) SELECT * FROM people.staff
%%
SELECT * FROM (PIVOT people.staff ON id IN (1, 2) USING sum(salary))
%%
UNPIVOT people.staff ON salary INTO NAME n VALUE v
%%
SELECT * FROM sales.customers POSITIONAL JOIN people.staff
%%
SELECT * FROM sales.customers ASOF JOIN people.staff ON customer_id >= id
%%
SELECT * FROM sales.customers, LATERAL (FROM people.staff) x
%%
SELECT * FROM people.staff AT (VERSION => 1)
%%
SELECT * FROM staff
%%
SELECT * FROM main.staff
%%
SELECT * FROM sales."orders@1"
%%
-- Columns that are hidden, through every door of SQL
SELECT note FROM sales.orders
%%
SELECT o.note FROM sales.orders o
%%
SELECT sales.orders.note FROM sales.orders
%%
SELECT max(note) FROM sales.orders
%%
SELECT order_id FROM sales.orders WHERE note IS NOT NULL
%%
SELECT order_id FROM sales.orders ORDER BY note
%%
SELECT COLUMNS('note') FROM sales.orders
%%
SELECT * REPLACE (note AS status) FROM sales.orders
%%
SELECT order_id FROM sales.orders o JOIN sales.customers c ON o.note = c.name
%%
SELECT filename FROM sales.orders
%%
SELECT file_row_number, file_index FROM sales.orders
%%
SELECT * FROM sales.orders NATURAL JOIN (SELECT 1 AS note)
%%
-- Values in error messages, waiting, logs
SELECT error(region) FROM sales.orders
%%
SELECT write_log(region) FROM sales.orders
%%
SELECT sleep_ms(100000)
%%
SELECT pg_sleep(100)
%%
SELECT nextval('x')
%%
SELECT assert_true(false)
%%
-- Bombs in the parser
SELECT range(1000000000000)
%%
SELECT repeat('x', 2000000000)
%%
SELECT lpad('x', 2000000000, 'y')
%%
SELECT list_sum(generate_series(1, 5e8::BIGINT))
%%
SELECT 'a'.repeat(2000000000)
%%
-- Functions in FROM that are not the allowed three
SELECT * FROM repeat('x', 10)
%%
SELECT * FROM repeat_row(1, num_rows := 10)
%%
SELECT * FROM test_all_types()
%%
SELECT * FROM seq_scan('sales.orders')
%%
SELECT * FROM summary(sales.orders)
%%
SELECT * FROM histogram(sales.orders, note)
%%
SELECT * FROM pandas_scan(1)
%%
SELECT * FROM arrow_scan(1, 2, 3)
%%
SELECT * FROM icu_calendar_names()
%%
SELECT * FROM json_each('[1]')
%%
SELECT * FROM enable_logging()
%%
-- Without its bounds this takes the smallest and the largest value of the whole file, hidden rows included
SELECT bitstring_agg(order_id) FROM sales.orders
%%
SELECT bitstring_agg(DISTINCT order_id) FILTER (WHERE amount > 5) FROM sales.orders
%%
SELECT order_id.bitstring_agg() FROM sales.orders
%%
SELECT bitstring_agg(order_id) OVER (PARTITION BY status) FROM sales.orders
%%
PIVOT sales.orders ON status IN ('open') USING bitstring_agg(order_id)
%%
-- Functions of the catalog, of statistics and of the session, by other names
SELECT stats(region) FROM sales.orders
%%
SELECT o.region.stats() FROM sales.orders o
%%
SELECT bitstring_agg(order_id) FROM sales.orders
%%
SELECT o.order_id.bitstring_agg() FROM sales.orders o
%%
SELECT bitstring_agg(order_id) OVER (PARTITION BY status) FROM sales.orders
%%
SELECT * FROM pragma_show('sales.orders')
%%
SELECT * FROM pragma_database_size()
%%
SELECT * FROM duckdb_constraints()
%%
SELECT * FROM duckdb_dependencies()
%%
SELECT * FROM duckdb_variables()
%%
SELECT * FROM duckdb_prepared_statements()
%%
SELECT * FROM duckdb_extensions()
%%
SELECT current_query()
%%
SELECT txid_current()
%%
SELECT current_schemas(true)
%%
SELECT in_search_path('memory', 'people')
%%
SELECT has_table_privilege('people.staff', 'select')
%%
SELECT obj_description(1), col_description(1, 1)
%%
SELECT 'people.staff'::regclass
%%
SELECT system.main.getenv('HOME')
%%
SELECT main.read_text('/etc/passwd')
%%
-- SQL made of strings
SELECT * FROM query('FROM ' || 'people' || '.staff')
%%
SELECT * FROM query($$FROM people.staff$$)
%%
SELECT * FROM query_table('people' || '.staff', true)
%%
SELECT list_transform(['@STAFF@'], lambda f: (SELECT count(*) FROM read_parquet(f)))
%%
WITH names AS (SELECT 'people.staff' AS n) SELECT * FROM query_table((SELECT n FROM names))
%%
SELECT list_aggregate([1], 'read_text')
%%
-- Files by every kind of string, and in the words of other formats
SELECT * FROM $$@STAFF@$$
%%
SELECT * FROM E'@STAFF@'
%%
SELECT * FROM 'file://@STAFF@'
%%
SELECT * FROM "file://@STAFF@" AS t(a, b, c)
%%
SELECT * FROM read_csv($$@FOLDER@/secret.csv$$)
%%
SELECT * FROM "/proc/self/environ"
%%
SELECT * FROM iceberg_scan('@FOLDER@')
%%
SELECT * FROM iceberg_metadata('@FOLDER@')
%%
SELECT * FROM iceberg_snapshots('@FOLDER@')
%%
SELECT * FROM delta_scan('@FOLDER@')
%%
SELECT * FROM sqlite_scan('@FOLDER@/registry.db', 'agreements')
%%
SELECT * FROM postgres_query('x', 'SELECT 1')
%%
SELECT * FROM sales."orders$snapshots"
%%
SELECT * FROM sales.orders.parquet
%%
-- Letters that look like others, letters that nobody sees, quotes in quotes
SELECT * FROM реople.staff
%%
SELECT * FROM people​.staff
%%
SELECT * FROM people．staff
%%
SELECT * FROM people . /* ' */ "staff"
%%
SELECT * FROM "people.staff"
%%
SELECT * FROM "people"".""staff"
%%
SELECT * FROM 'people.staff'
%%
SELECT 1 /* ; */; /* */ SELECT * FROM people.staff
%%
SELECT 1 -- '
; FROM people.staff
%%
SELECT  || (SELECT max(name) FROM people.staff) || 
%%
SELECT $q$'$q$ || (SELECT max(name) FROM people.staff)
%%
-- Releases that are none, or whose number would be computed
SELECT * FROM sales.orders AT (VERSION => 0)
%%
SELECT * FROM sales.orders AT (VERSION => 99)
%%
SELECT * FROM sales.orders AT (VERSION => -1)
%%
SELECT * FROM sales.orders AT (VERSION => (SELECT max(id) FROM people.staff))
%%
SELECT * FROM people.staff AT (TIMESTAMP => TIMESTAMP '2025-01-01 00:00:00')
%%
SELECT * FROM sales.orders AT (SNAPSHOT => 1)
%%
-- Plans and what they would say
EXPLAIN (FORMAT json) SELECT * FROM sales.orders
%%
EXPLAIN (ANALYZE, FORMAT json) SELECT * FROM sales.orders
%%
SELECT * FROM (EXPLAIN SELECT 1)
%%
/* first */ PRAGMA database_list
%%
SUMMARIZE SELECT note FROM sales.orders
%%
DESCRIBE SELECT note FROM sales.orders
%%
SHOW TABLES FROM people
%%
-- Other datasets and hidden columns, once more
VALUES ((SELECT string_agg(name, ',') FROM people.staff))
%%
SELECT COLUMNS(lambda c: c LIKE 'n%') FROM people.staff
%%
SELECT COLUMNS(lambda c: c = 'note') FROM sales.orders
%%
SELECT o['note'] FROM sales.orders o
%%
SELECT struct_extract(o, 'note') FROM sales.orders o
%%
SELECT (o).note FROM sales.orders o
%%
SELECT o.* REPLACE (note AS status) FROM sales.orders o
%%
SELECT count(*) FILTER (WHERE note LIKE 'k%') FROM sales.orders
%%
SELECT order_id FROM sales.orders QUALIFY row_number() OVER (ORDER BY note) = 1
%%
SELECT * FROM sales.orders a JOIN sales.orders b USING (note)
%%
SELECT region, count(*) FROM sales.orders GROUP BY GROUPING SETS ((region), (note))
%%
PIVOT sales.orders ON note IN ('kanarienvogel') USING count(*)
%%
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT s.salary FROM people.staff s, r WHERE r.n < 2) FROM r
%%
WITH RECURSIVE r USING KEY (a) AS (SELECT 1 AS a, 2 AS b UNION SELECT s.id, s.salary FROM people.staff s, r) FROM r
%%
CREATE MACRO upper(x) AS (SELECT max(name) FROM people.staff)
%%
CREATE TEMP VIEW orders AS FROM people.staff
%%
SET search_path = 'people'
%%
SET GLOBAL errors_as_json = false
%%
COPY (FROM people.staff) TO '/dev/stdout'
%%
COPY FROM DATABASE memory TO other
%%
-- Values as large as an argument says
SELECT list_resize([1], 2000000000)
%%
SELECT array_to_string(range(200000000), ',')
%%
SELECT rpad('x', 1_000_000_000, '-')
%%
SELECT ARRAY(SELECT name FROM people.staff)
%%
SELECT len(ARRAY(SELECT s.salary FROM people.staff s WHERE s.id = o.order_id)) FROM sales.orders o
%%
-- Names in backticks are names like any other
SELECT * FROM `@FOLDER@/secret.csv`
%%
SELECT `getenv`('HOME')
%%
SELECT * FROM `read_csv`('@FOLDER@/secret.csv')
%%
SELECT `note` FROM `sales`.`orders`
%%
SELECT * FROM `people`.`staff`
%%
SELECT 1 AS `a; SELECT * FROM `people`.`staff`
