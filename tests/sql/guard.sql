-- sales.orders(id BIGINT, region VARCHAR, email VARCHAR, note VARCHAR, amount DECIMAL(12, 2)) in a.parquet and b.parquet
-- Each case: a line `-- {"admissions": …, "masks": …}`, then the view. A column that neither names is hidden.

-- {"admissions": [{"columns": ["id", "region", "email", "note", "amount"]}]}
CREATE VIEW "sales"."orders" AS SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region", CAST("email" AS TEXT) AS "email", CAST("note" AS TEXT) AS "note", CAST("amount" AS DECIMAL(12, 2)) AS "amount" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE);

-- {"admissions": [{"columns": ["id", "amount"]}]}
CREATE VIEW "sales"."orders" AS SELECT CAST("id" AS BIGINT) AS "id", CAST("amount" AS DECIMAL(12, 2)) AS "amount" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE);

-- {"admissions": [{"columns": ["id", "region"], "rows": {"column": "region", "is": "=", "value": "EU"}}], "masks": {"email": "replace-with-null"}}
CREATE VIEW "sales"."orders" AS SELECT "id" AS "id", "region" AS "region", CAST(NULL AS TEXT) AS "email" FROM (SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored WHERE "region" = TRY_CAST('EU' AS TEXT);

-- {"admissions": [{"columns": ["id"], "rows": {"all": [{"column": "region", "in": ["EU", "US"]}, {"column": "amount", "is": ">", "value": "5"}]}}]}
CREATE VIEW "sales"."orders" AS SELECT "id" AS "id" FROM (SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region", CAST("amount" AS DECIMAL(12, 2)) AS "amount" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored WHERE "region" IN (TRY_CAST('EU' AS TEXT), TRY_CAST('US' AS TEXT)) AND "amount" > TRY_CAST('5' AS DECIMAL(12, 2));

-- {"admissions": [{"columns": []}], "masks": {"email": "replace-with-null"}}
CREATE VIEW "sales"."orders" AS SELECT CAST(NULL AS TEXT) AS "email" FROM (SELECT CAST("email" AS TEXT) AS "email" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored;

-- {"admissions": [{"columns": ["id"]}, {"columns": ["id", "email"], "rows": {"column": "region", "is": "=", "value": "EU"}}], "masks": {"email": "show-first", "amount": "bucket"}}
CREATE VIEW "sales"."orders" AS SELECT "id" AS "id", CASE WHEN "region" = TRY_CAST('EU' AS TEXT) THEN "email" ELSE TRY(CAST(CASE WHEN "email" IS NULL THEN NULL ELSE CASE WHEN LENGTH("email") > 4 THEN LEFT("email", 4) || '***' ELSE '***' END END AS TEXT)) END AS "email", TRY(CAST("amount" - ((("amount" % 1) + 1) % 1) AS DECIMAL(12, 2))) AS "amount" FROM (SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region", CAST("email" AS TEXT) AS "email", CAST("amount" AS DECIMAL(12, 2)) AS "amount" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored;

-- {"admissions": [{"columns": ["id", "note"], "rows": {"column": "region", "is": "=", "value": "EU"}}, {"columns": ["id"], "rows": {"not": {"column": "note", "is": "null"}}}]}
CREATE VIEW "sales"."orders" AS SELECT "id" AS "id", CASE WHEN "region" = TRY_CAST('EU' AS TEXT) THEN "note" ELSE CAST(NULL AS TEXT) END AS "note" FROM (SELECT CAST("id" AS BIGINT) AS "id", CAST("region" AS TEXT) AS "region", CAST("note" AS TEXT) AS "note" FROM READ_PARQUET(['a.parquet', 'b.parquet'], hive_partitioning = FALSE)) AS stored WHERE "region" = TRY_CAST('EU' AS TEXT) OR NOT "note" IS NULL;
