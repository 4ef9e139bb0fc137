-- sales.orders(id BIGINT, region VARCHAR, email VARCHAR, note VARCHAR, amount DECIMAL(12, 2)) in a.parquet and b.parquet
-- Each case: a line `-- <filter, or none> | <columns with their clearance>`, then the view. A column that is not named is hidden.

-- none | id clear, region clear, email clear, note clear, amount clear
CREATE VIEW "sales"."orders" AS SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region", CAST("email" AS TEXT) AS "email", CAST("note" AS TEXT) AS "note", CAST("amount" AS DECIMAL(12, 2)) AS "amount" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE);

-- none | id clear, amount clear
CREATE VIEW "sales"."orders" AS SELECT CAST("id" AS BIGINT) AS "id", CAST("amount" AS DECIMAL(12, 2)) AS "amount" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE);

-- region = 'EU' | id clear, region clear, email masked
CREATE VIEW "sales"."orders" AS SELECT "id", "region", CAST(NULL AS TEXT) AS "email" FROM (SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored WHERE "region" = 'EU';

-- REGION in ('EU', 'US') and amount > 5 | id clear, note hidden
CREATE VIEW "sales"."orders" AS SELECT "id" FROM (SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region", CAST("amount" AS DECIMAL(12, 2)) AS "amount" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored WHERE "region" IN ('EU', 'US') AND "amount" > 5;

-- none | email masked
CREATE VIEW "sales"."orders" AS SELECT CAST(NULL AS TEXT) AS "email" FROM (SELECT CAST("email" AS TEXT) AS "email" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored;
