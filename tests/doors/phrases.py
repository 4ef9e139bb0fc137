# ruff: noqa: E501 - each phrase of SQL stays on one line
"""What the grammar writes expressions from: for each type, phrases with holes that take expressions of a type.

A hole `{int}` takes an expression. What can fail for some values stands apart (`RISKY`) and comes seldom, but it comes:
a row that may not be seen must not make it fail. What few phrases have stands in `RARE`, and comes in turn.
"""

from __future__ import annotations

LEAVES = {
    "int": ["0", "1", "7", "42", "-3", "1_000", "5::BIGINT", "NULL::BIGINT"],
    "dec": ["0.5", "12.25", "100.00::DECIMAL(12, 2)", "NULL::DECIMAL(12, 2)"],
    "dbl": ["1.5::DOUBLE", "2e2", "pi()", "0::DOUBLE"],
    "text": ["'KE'", "'open'", "''", "'sku-1'", "E'a\\nb'", "$$dollar$$", "'12'", "NULL::VARCHAR", "N'x'"],
    "date": ["DATE '2025-03-15'", "'2025-06-01'::DATE", "NULL::DATE"],
    "ts": ["TIMESTAMP '2025-01-02 10:00:00'", "'2025-01-05'::TIMESTAMP"],
    "bool": ["true", "false", "NULL::BOOLEAN"],
    "list": ["['a1', 'b']", "[]::VARCHAR[]", "string_split('a,b', ',')"],
    "item": ["{'sku': 'x', 'amount': 1}", "struct_pack(sku := 'y', amount := 2)"],
    "items": ["[{'sku': 'x', 'amount': 1}]"],
    "json": ["'{\"user\": {\"id\": 3, \"tags\": [\"t1\"]}}'"],
}  # fmt: skip

PHRASES = {
    "int": [
        "{int} + {int}", "{int} - {int}", "({int}) * 3", "({int}) % 7", "({int}) // 5", "-({int})", "abs({int} % 1000)",
        "length({text})", "strlen({text})", "TRY_CAST({text} AS BIGINT)",
        "CASE WHEN {bool} THEN {int} ELSE {int} END", "CASE {int} WHEN 1 THEN 2 WHEN 3 THEN {int} END",
        "coalesce({int}, {int})", "ifnull({int}, 0)", "nullif({int}, 1)", "if({bool}, {int}, {int})",
        "date_part('month', {date})", "extract(year FROM {date})", "date_diff('day', {date}, {date})", "year({date})",
        "len({list})", "({item}).amount", "({item})['amount']", "strpos({text}, 'e')", "position('o' IN {text})",
        "({int} % 100)::TINYINT", "CAST({dbl} AS INTEGER)", "round({dbl})::BIGINT", "floor({dec})::BIGINT",
        "sign({int})", "bit_count({int})", "({int}) & 15", "({int}) | 3", "xor({int} % 64, 5)", "abs({int} % 8) << 2",
        "({int}) >> 1", "~({int})", "greatest({int}, {int})", "least({int}, 10)", "factorial((abs({int} % 10))::INTEGER)",
        "ascii({text})", "levenshtein(left({text}, 5), 'Ke')", "json_extract({json}, '$.user.id')::VARCHAR::INT",
        "list_sum(list_transform({list}, lambda x: length(x)))",
        "list_reduce([1, 2, 3], lambda a, b: a + b)", "try(({text})::INTEGER)", "1000 // ({int})", "@({int} % 50)",
        "gcd({int} % 100, 12)", "list_position({list}, 'b')", "hour({ts})", "date_part('week', {date})",
        "datediff('month', {date}, {date})", "array_length({list})", "len({items})", "({items})[1].amount",
        "date_part('epoch', {ts})::BIGINT", "(SELECT max(s.line) FROM sales.lines s WHERE s.order_id = {int})",
    ],
    "dec": [
        "{dec} + {dec}", "({dec}) * 2", "round({dec}, 1)",
        "CASE WHEN {bool} THEN {dec} END", "coalesce({dec}, 0)", "abs({dec})", "{dec} - {dec}",
    ],
    "dbl": [
        "{dbl} + {dbl}", "({dbl}) * ({dbl})", "({dbl}) / 3", "({dec}) / ({dbl})", "sqrt(abs({dbl}))", "cbrt({dbl})",
        "ln({dbl} + 10)", "log(abs({dbl}) + 1)", "power({dbl}, 2)", "({dbl}) ** 2", "{int}::DOUBLE", "{dec}::DOUBLE",
        "sin({dbl})", "ceil({dbl})", "round({dbl}, 2)", "exp({dbl} / 1000)",
        "isnan({dbl})::INT::DOUBLE", "jaccard({text} || 'a', 'abc')", "epoch({date}::TIMESTAMP)",
    ],
    "text": [
        "upper({text})", "lower({text})", "({text}) || ({text})", "concat({text}, '-', {text})", "left({text}, 3)",
        "right({text}, 2)", "substring({text} FROM 2 FOR 3)", "substr({text}, 1, 4)", "reverse({text})", "trim({text})",
        "trim(BOTH 'k' FROM {text})", "replace({text}, 'e', '3')", "split_part({text}, '@', 2)", "md5({text})",
        "regexp_extract({text}, '[a-z]+')", "regexp_replace({text}, '[0-9]+', '#', 'g')", "lpad({text}, 12, '.')",
        "CASE WHEN {bool} THEN {text} ELSE {text} END", "coalesce({text}, 'none')", "CAST({int} AS TEXT)",
        "{date}::VARCHAR", "{dec}::VARCHAR", "strftime({date}, '%Y-%m')", "concat_ws('/', {text}, {text})",
        "({list})[1]", "({item}).sku", "({items})[1].sku", "array_to_string({list}, ',')", "({text})[1:3]",
        "format('{} {}', {text}, {int})", "printf('%d', {int} % 100)", "to_json({item})::VARCHAR", "typeof({text})",
        "json_extract_string({json}, '$.user.tags[0]')", "({json}) ->> '$.user.id'", "hex({text})", "dayname({date})",
        "sha256({text})", "nullif({text}, 'KE')", "chr(65 + ({int} % 26)::INT)",
        "list_extract({list}, 1)", "translate({text}, 'abc', 'xyz')", "overlay({text} PLACING 'zz' FROM 1 FOR 2)",
        "(SELECT any_value(c.country) FROM sales.customers c WHERE c.customer_id = {int})", "{bool}::VARCHAR",
        "({text}) COLLATE NOCASE", "unhex(hex({text}))::VARCHAR", "base64(encode({text}))", "monthname({date})",
    ],
    "date": [
        "{date} + 3", "({date}) - INTERVAL 1 MONTH", "date_trunc('month', {date})::DATE", "last_day({date})",
        "CAST({ts} AS DATE)", "coalesce({date}, DATE '2025-01-01')", "make_date(2025, 1 + abs({int} % 12), 1)",
        "CASE WHEN {bool} THEN {date} ELSE {date} END", "CAST(({date} + INTERVAL '2 days') AS DATE)",
 "TRY_CAST({text} AS DATE)",
        "time_bucket(INTERVAL 1 WEEK, {date})",
    ],
    "ts": [
        "({ts}) + INTERVAL 2 HOUR", "date_trunc('day', {ts})", "{date}::TIMESTAMP", "coalesce({ts}, TIMESTAMP '2025-01-01')",
        "({ts}) AT TIME ZONE 'UTC' AT TIME ZONE 'UTC'", "make_timestamp(2025, 1, 1, 0, 0, 0.0) + INTERVAL ({int} % 9) DAY",
    ],
    "bool": [
        "{int} = {int}", "{int} <> {int}", "{int} < {int}", "{int} >= {int}", "{dec} > {dec}", "{dbl} <= {dbl}",
        "{text} = {text}", "{text} != {text}", "{text} LIKE 'K%'", "{text} NOT LIKE '%o%'", "{text} ILIKE 'k%'",
        "{text} GLOB 'C*'", "{text} SIMILAR TO '[a-z]+'", "{text} ~ '^[0-9]'", "regexp_matches({text}, 'k[0-9]')",
        "{date} BETWEEN DATE '2025-02-01' AND {date}", "{int} IN (1, 2, {int})", "{text} NOT IN ('KE', 'open')",
        "{text} IS NULL", "{int} IS NOT NULL", "NOT ({bool})", "({bool}) AND ({bool})", "({bool}) OR ({bool})",
        "{text} IS DISTINCT FROM {text}", "{int} IS NOT DISTINCT FROM {int}", "starts_with({text}, 'K')",
        "{text} ^@ 'C'", "contains({text}, 'a')", "list_contains({list}, 'b')", "({bool}) IS TRUE",
        "EXISTS (SELECT 1 FROM sales.lines s WHERE s.order_id = {int} AND s.quantity < 30)",
        "{int} IN (SELECT s.order_id FROM sales.orders s WHERE s.amount > 300)", "({list}) && ['b']",
        "{int} > ALL (SELECT s.line FROM sales.lines s)", "{int} = ANY (SELECT s.order_id FROM sales.orders s)",
        "CASE WHEN {bool} THEN {bool} ELSE false END", "json_valid({json})", "({list}) @> ['b']", "['b'] <@ ({list})",
        "({date}, {int}) < (DATE '2025-05-05', 3)", "{text} LIKE 'x!%' ESCAPE '!'", "regexp_full_match({text}, '.*')",
        "json_contains({json}, '3')", "100 // ({int}) > 2",
        "NOT EXISTS (SELECT 1 FROM sales.customers s WHERE s.customer_id = {int})", "suffix({text}, 'q')",
        "({json} -> '$.user.id')::INT = 2", "len({list}) > 2", "({item}).sku = {text}",
        "{text} NOT ILIKE '%Q'", "list_has_any({list}, ['b', 'a1'])", "{text}[1] = 'K'",
    ],
    "list": [
        "list_transform({list}, lambda x: upper(x))", "list_filter({list}, lambda x, i: x LIKE 'a%' OR i = 3)",
        "[t || '!' FOR t IN {list} IF t <> 'b']", "list_sort({list})", "({list})[1:2]", "list_append({list}, {text})",
        "list_concat({list}, {list})", "string_split({text}, 'k')", "[{text}, {text}]", "list_distinct({list}).list_sort()",
        "({list}) || ['z']", "list_reverse({list})", "regexp_extract_all({text}, '[0-9]')", "apply({list}, lambda x: x || '.')",
        "array_transform({list}, lambda x: lower(x))", "list_value({text})", "({list})[-1:]",
    ],
    "item": [
        "{'sku': {text}, 'amount': {int}}", "struct_pack(sku := {text}, amount := {int})", "row({text}, {int})::STRUCT(sku VARCHAR, amount BIGINT)",
        "({items})[1]", "CASE WHEN {bool} THEN {item} END",
    ],
    "items": ["[{item}]", "list_filter({items}, lambda x: x.amount > 0)", "({items})[1:1]"],
    "json": ["to_json({item})::VARCHAR", "json_object('user', json_object('id', {int}))::VARCHAR", "coalesce({json}, '{}')"],
}  # fmt: skip

AGGREGATES = {
    "int": ["count(*)", "count({int})", "count(DISTINCT {text})", "sum({int} % 1000)::BIGINT", "min({int})", "max({int})",
            "count(*) FILTER (WHERE {bool})", "bit_xor({int})", "sum({int})::HUGEINT::BIGINT", "arg_min({int}, {int})",
            "count_if({bool})", "quantile_disc({int}, 0.5)", "length(string_agg({text}, ','))", "max(length({text}))",
            "len(list({int}))", "regr_count({dbl}, {dbl})", "approx_count_distinct(1)"],
    "dec": ["sum({dec})::DECIMAL(18, 2)", "min({dec})", "max({dec})", "sum({dec}) FILTER (WHERE {bool})::DECIMAL(18, 2)"],
    "dbl": ["avg({dbl})", "sum({dbl})", "stddev({dbl})", "median({dbl})", "avg({dec})", "var_pop({dbl})", "corr({dbl}, {dbl})",
            "quantile_cont({dbl}, 0.25)", "percentile_cont(0.5) WITHIN GROUP (ORDER BY {dbl})", "sum({dbl} / 2)"],
    "text": ["min({text})", "max({text})", "string_agg(DISTINCT {text}, ',' ORDER BY 1)", "any_value('x')", "arg_max({text}, {int})",
             "string_agg({text}, '|' ORDER BY {text})", "max_by({text}, {dec})", "mode('a')", "histogram({text})::VARCHAR",
             "min({text}) FILTER (WHERE {bool})", "first({text} ORDER BY {text})", "array_agg({text} ORDER BY {text})::VARCHAR"],
    "date": ["min({date})", "max({date})", "arg_min({date}, {int})"],
    "ts": ["min({ts})", "max({ts})"],
    "bool": ["bool_and({bool})", "bool_or({bool})", "count(*) > 3", "sum({int} % 10) > 12"],
    "list": ["list({text} ORDER BY {text})", "list_sort(list(DISTINCT {text}))"],
    "item": ["{'sku': min({text}), 'amount': count(*)}"],
    "items": ["list({item} ORDER BY {int})[1:1]"],
    "json": ["json_group_array({int})::VARCHAR", "coalesce(max({json}), '{}')"],
}  # fmt: skip

WINDOWS = {
    "int": ["row_number() OVER (PARTITION BY {text} ORDER BY {int}, {text})", "rank() OVER (ORDER BY {int})",
            "dense_rank() OVER (PARTITION BY {bool} ORDER BY {date})", "ntile(3) OVER (ORDER BY {int})",
            "sum({int} % 100) OVER (PARTITION BY {text})::BIGINT", "count(*) OVER ()", "lag({int}, 1, 0) OVER (ORDER BY {int})",
            "max({int}) OVER (ORDER BY {date} RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND CURRENT ROW)",
            "count(*) FILTER (WHERE {bool}) OVER (PARTITION BY {text})"],
    "dec": ["sum({dec}) OVER (PARTITION BY {text})::DECIMAL(18, 2)",
            "max({dec}) OVER (ORDER BY {int} ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)"],
    "dbl": ["avg({dbl}) OVER (PARTITION BY {text})", "percent_rank() OVER (ORDER BY {int})", "cume_dist() OVER (ORDER BY {dec})"],
    "text": ["first_value({text}) OVER (PARTITION BY {text} ORDER BY {int})", "lead({text}) OVER (ORDER BY {int})",
             "last_value({text} IGNORE NULLS) OVER (ORDER BY {int} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
             "nth_value({text}, 2) OVER (ORDER BY {int} GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES)",
             "first_value({text} RESPECT NULLS) OVER (ORDER BY {text} NULLS FIRST)"],
    "date": ["min({date}) OVER (PARTITION BY {text})"],
}  # fmt: skip

RISKY = {
    "int": ["CAST({text} AS INTEGER)", "({text})::BIGINT", "(json_extract_string({json}, '$.user.id'))::INT", "({int}) * ({int})",
            "{int} + {int} + {int}", "factorial(({int})::INTEGER)", "({int} % 8) << 2", "json_array_length({json}, '$.user.tags')"],
    "dec": ["{int}::DECIMAL(18, 2)", "CAST({text} AS DECIMAL(9, 2))", "({dec}) * ({dec}) * ({dec})"],
    "dbl": ["CAST({text} AS DOUBLE)", "sqrt({dbl})", "ln({dbl})", "log2({dbl})", "acos({dbl})"],
    "text": ["strftime(({text})::DATE, '%Y')", "chr(({int})::INTEGER)", "unhex({text})::VARCHAR", "regexp_replace('a', {text}, 'b')",
             "decode(from_base64({text}))", "substr({text}, ({int})::INTEGER, 2)"],
    "date": ["({text})::DATE", "strptime('2025-01-' || ({int})::VARCHAR, '%Y-%m-%d')::DATE", "make_date(2025, ({int})::INTEGER, 1)",
             "({date}) + ({int})::INTEGER"],
    "ts": ["({text})::TIMESTAMP", "epoch_ms({int} * 1000)"],
    "bool": ["({text})::INT > 3", "({text})::DATE > {date}", "({int}) * ({int}) > 100", "strptime({text}, '%d') IS NULL", "({text})::BOOLEAN",
             "regexp_matches('KE', {text})"],
    "list": ["list_transform({list}, lambda x: (x::INT)::VARCHAR)"],
    "json": ["json_set({json}, '$.a', {int})::VARCHAR"],
}  # fmt: skip
"""What fails for some values."""

RARE = [
    "#1", "current_date > DATE '2020-01-01'", "current_timestamp IS NULL", "current_time IS NULL", "year(current_localtimestamp()) > 2020",
    "localtimestamp IS NOT NULL", "localtime IS NULL", "current_user", "session_user", "current_catalog", "current_schema()", "user",
    "[1.0, {dbl}]::DOUBLE[2] <-> [2.0, 3.0]::DOUBLE[2]", "{json} -> '$.user.*'", "{json} -> '$..id'", "{json} -> '$.user.tags[*]'",
    "MAP {'a': {int}}", "map(['a', 'b'], [{int}, {int}])['b']", "MAP {{text}: {int}}::VARCHAR", "struct_pack(sku => {text}, amount => {int})",
    "{text} ~* 'k'", "{text} !~* 'e'", "row({int}, {text})", "{text} LIKE 'a%' ESCAPE '$'", "{text} NOT SIMILAR TO 'a.*'",
    "xor({int} % 8, 5)", "bit_count({int} % 100)", "{date} - INTERVAL '3' DAYS", "{ts} + INTERVAL (abs({int} % 5)) HOURS",
    "make_timestamp(2025, 1, 1 + abs({int} % 20), 0, 0, 0.0)", "({text})::VARCHAR(7)", "({text}).upper().left(2)", "[1, 2, 3][abs({int} % 3)]",
    "({dbl} IS NOT NULL) IS NOT FALSE", "ARRAY(SELECT s.line FROM sales.lines s WHERE s.order_id = 7 ORDER BY s.line)",
    "ARRAY[{int}, 3]", "{int} = SOME (SELECT s.order_id FROM sales.orders s)", "{int} ISNULL", "{int} NOTNULL", "({dec})::FLOAT::DOUBLE",
    "[x + i FOR x, i IN [1, {int} % 9] IF x > 1]", "list_filter([{text}], lambda x: x IS NOT NULL)", "trim(LEADING 'K' FROM {text})",
    "TRY_CAST({text} AS DECIMAL(9, 2))", "TRY_CAST({text} AS UUID)", "isnan({dbl})", "cbrt({dbl})", "factorial(abs({int} % 6)::INTEGER)",
    "({int} % 5, {text}) IN ((1, 'KE'), (2, 'TZ'))", "overlay({text} PLACING 'zz' FROM 1 FOR 2)", "{int} IS NOT DISTINCT FROM {int}",
    "md5({text})", "to_json({item})", "json_object('a', {text})", "json_array({int}, {text})", "EXISTS (FROM sales.orders)", "E'\\x41' || {text}",
    "({text})::BLOB::VARCHAR", "'101'::BIT::VARCHAR", "({int} % 9)::VARCHAR ^@ '3'", "{text} COLLATE NOCASE = 'ke'", "({items})[1]['sku']",
    "({ts}) AT TIME ZONE 'Africa/Nairobi' > TIMESTAMPTZ '2025-01-02 00:00:00+00'", "grouping_label: {int}", "regexp_full_match({text}, '.*')",
    "extract(dow FROM {date})", "array_transform([{text}], lambda x, i: x || i)", "{text} IN (SELECT s.region FROM sales.orders s)",
    "listed: (SELECT count(*) FROM information_schema.columns s WHERE s.table_name = {text})", "union_value(k := {int}).k",
    "1e3::DECIMAL(9, 2) + {dec}", "({bool}) IS NOT TRUE", "@({int} % 50)", "({int} % 9) ^ 2", "list_contains({list}, {text})", "({list}) && ['b', 'a1']",
    "string_split({text}, 'k')[1]", "(['a', 'b'] || {list})[2]", "{list} @> ['b']", "['b'] <@ {list}", "{text} GLOB '[A-K]*'", "N'x' || {text}",
]  # fmt: skip
"""Expressions that show a kind of node which few phrases have; written in turn, beside those by chance."""

RARE_AGGREGATES = [
    "approx_quantile(3, 0.5)", "quantile({int}, 0.5)", "percentile_disc(0.5) WITHIN GROUP (ORDER BY {int})", "json_group_object('k', 1)::VARCHAR",
    "mode() WITHIN GROUP (ORDER BY 3)", "percentile_cont(0.25) WITHIN GROUP (ORDER BY {dbl})", "any_value('x')", "bool_and({bool})", "bool_or({bool})",
    "group_concat(DISTINCT {text}, '/' ORDER BY 1)", "listagg({text}, ',' ORDER BY {text})", "arg_min({text}, {text})", "arg_max({text}, {text})",
    "max({text}, 2)", "min({int}, 2)", "quantile_disc({int}, [0.25, 0.5])", "histogram({int} % 3)", "list(DISTINCT {text} ORDER BY 1)",
    "sum({int} % 10) FILTER ({bool})", "count(DISTINCT ({int} % 5, {text}))", "entropy({text})", "approx_count_distinct(NULL)", "mad({dbl})",
    "kurtosis({dbl})", "product(1 + abs({int} % 2))", "bit_or({int} % 64)", "bitstring_agg((abs({int}) % 8)::INTEGER, 0, 7)::VARCHAR", "median({date})",
    "first({text} ORDER BY {text} DESC NULLS LAST)", "(max({item})).sku", "covar_pop({dbl}, {dbl})", "regr_slope({dbl}, {dbl})", "geomean(abs({dbl}) + 1)",
]  # fmt: skip
"""The same for aggregates."""

WHOLE = [
    "SHOW TABLES", "SHOW TABLES;", "show tables", "DESCRIBE sales.orders", "DESCRIBE sales.lines", "DESC web.events", "DESCRIBE TABLE sales.lines",
    "SUMMARIZE sales.orders", "SUMMARIZE sales.lines", "SUMMARIZE sales.customers", "TABLE sales.orders", "FROM sales.lines",
    "VALUES (1, 'a'), (2, NULL)", "FROM (VALUES (1, 'KE')) v(n, word)", "SELECT * FROM sales.orders", "SELECT o FROM sales.orders o",
    "PIVOT sales.orders ON region IN ('KE', 'TZ') USING count(*) AS n, max(amount) AS m GROUP BY customer_id ORDER BY ALL LIMIT 50",
    "PIVOT sales.lines ON line IN (0, 1) USING sum(quantity)", "FROM sales.orders AT (VERSION => 1) AS o SELECT o.*",
    "UNPIVOT (SELECT order_id, region, code FROM sales.orders) ON region, code INTO NAME n VALUE v",
    "FROM sales.lines UNPIVOT (v FOR n IN (quantity AS 'q', price AS 'p'))", "SELECT * FROM information_schema.tables",
    "SELECT table_schema, table_name, column_name, ordinal_position, data_type, numeric_scale FROM information_schema.columns ORDER BY ALL",
    "SELECT * FROM information_schema.schemata",
    "SELECT * FROM information_schema.key_column_usage", "SELECT view_definition FROM information_schema.views WHERE table_schema = 'sales'",
    "SELECT count(COLUMNS(*)) FROM sales.orders", "SELECT * LIKE '%_id' FROM sales.orders", "SELECT * EXCLUDE (order_id) FROM sales.orders",
    "SELECT * REPLACE (order_id + 1 AS order_id) FROM sales.orders", "SELECT * RENAME (order_id AS id) FROM sales.orders",
    "SELECT struct_pack(*COLUMNS('order_id|region')) FROM sales.orders", "SELECT max(COLUMNS(lambda c: c LIKE '%i%')) FROM sales.orders",
    "SELECT sum(order_id) OVER w AS s FROM sales.orders WINDOW w AS (PARTITION BY region ORDER BY order_id)",
    "SELECT order_id FROM sales.orders ORDER BY order_id FETCH FIRST 3 ROWS ONLY", "SELECT order_id FROM sales.orders ORDER BY 1 LIMIT 40%",
    "SELECT order_id FROM sales.orders ORDER BY #1 DESC OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY", "FROM sales.orders USING SAMPLE 100%",
    "SELECT * FROM sales.orders TABLESAMPLE reservoir(100%)", "SELECT * FROM sales.lines a POSITIONAL JOIN (SELECT 1 AS one) b",
    "SELECT * FROM sales.orders NATURAL JOIN sales.customers", "SELECT * FROM sales.orders JOIN sales.lines USING (order_id)",
    "SELECT region, grouping(region), count(*) FROM sales.orders GROUP BY CUBE (region, customer_id)",
    "SELECT region, status, count(*) FROM sales.orders GROUP BY GROUPING SETS ((region, status), (region), ())",
    "SELECT * FROM (PIVOT sales.orders ON customer_id IN (1, 2) USING max(region) GROUP BY region)",
    "SELECT * FROM sales.orders PIVOT (count(order_id) FOR region IN ('KE' AS kenya, 'TZ' AS tanzania) GROUP BY customer_id)",
    "FROM sales.orders o SELECT o.region, n: count(*) GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL",
    "SELECT DISTINCT ON (region) region, order_id FROM sales.orders ORDER BY region, order_id",
    "WITH RECURSIVE r(n, p) AS (SELECT 1, NULL::VARCHAR UNION ALL SELECT n + 1, o.region FROM r JOIN sales.orders o ON o.order_id = n WHERE n < 20) FROM r",
    "SELECT * FROM sales.orders o, LATERAL (SELECT l.sku FROM sales.lines l WHERE l.order_id = o.order_id) x",
    "SELECT * FROM sales.orders o SEMI JOIN sales.lines l ON l.order_id = o.order_id EXCEPT ALL SELECT * FROM sales.orders WHERE region = 'TZ'",
    "SELECT column_name, null_percentage FROM (SUMMARIZE sales.orders)", "SELECT * FROM (DESCRIBE SELECT region, order_id FROM sales.orders)",
    "SELECT unnest(tags), unnest(items, recursive := true) FROM web.events",
    "SELECT * FROM range(3) r, generate_series(1, 2) g, unnest(['a', 'b']) u",
]  # fmt: skip
"""Statements that are written as they stand."""

SOURCES = [
    ("(VALUES (1, 'KE'), (2, 'TZ')) AS {a}(n, word)", {"n": "int", "word": "text"}),
    ("range(1, 6) AS {a}(n)", {"n": "int"}),
    ("generate_series(0, 3) AS {a}(n)", {"n": "int"}),
    ("unnest(['KE', 'TZ', 'x']) AS {a}(word)", {"word": "text"}),
    (
        "(PIVOT sales.orders ON region IN ('KE', 'TZ') USING count(*) AS n GROUP BY customer_id) AS {a}",
        {"customer_id": "int", "KE_n": "int", "TZ_n": "int"},
    ),
    (
        "(SELECT region, status, amount FROM sales.orders) PIVOT (sum(amount) FOR status IN ('open', 'paid') GROUP BY region) AS {a}",
        {"region": "text", "open": "dec", "paid": "dec"},
    ),
    (
        "(UNPIVOT (SELECT order_id, quantity, price FROM sales.lines) ON quantity, price INTO NAME measure VALUE number) AS {a}",
        {"order_id": "int", "measure": "text", "number": "dbl"},
    ),
    (
        "(UNPIVOT (SELECT order_id, region, code FROM sales.orders) ON COLUMNS(* EXCLUDE (order_id)) INTO NAME n VALUE v) AS {a}",
        {"order_id": "int", "n": "text", "v": "text"},
    ),
    (
        "(SELECT * FROM sales.lines TABLESAMPLE 100%) AS {a}",
        {"order_id": "int", "quantity": "dbl", "sku": "text"},
    ),
    (
        "(SELECT event_id, unnest(tags) AS tag FROM web.events) AS {a}",
        {"event_id": "int", "tag": "text"},
    ),
    (
        "(SELECT event_id, unnest(item) FROM web.events) AS {a}",
        {"event_id": "int", "sku": "text", "amount": "int"},
    ),
    (
        "(WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < 9) FROM steps) AS {a}",
        {"n": "int"},
    ),
    ("(TABLE sales.customers) AS {a}", {"customer_id": "int", "country": "text", "credit": "dbl"}),
    (
        "(SELECT column_name, column_type FROM (DESCRIBE sales.orders)) AS {a}",
        {"column_name": "text", "column_type": "text"},
    ),
    (
        '(SELECT column_name, "count" AS n FROM (SUMMARIZE sales.lines)) AS {a}',
        {"column_name": "text", "n": "int"},
    ),
    (
        "information_schema.columns AS {a}",
        {"table_schema": "text", "table_name": "text", "column_name": "text", "data_type": "text"},
    ),
    ("information_schema.tables AS {a}", {"table_schema": "text", "table_name": "text"}),
    ("information_schema.schemata AS {a}", {"catalog_name": "text", "schema_name": "text"}),
    ("sales.orders AT (VERSION => 1) AS {a}", {"order_id": "int", "region": "text"}),
    (
        "sales.lines AT (TIMESTAMP => TIMESTAMP '2025-06-01 00:00:00') AS {a}",
        {"order_id": "int", "quantity": "dbl", "shipped_on": "date"},
    ),
    ("sales.lines AT (VERSION => 2) AS {a}", {"order_id": "int", "price": "dbl"}),
]
"""Relations that are no plain dataset: SQL with the alias's hole, and their columns."""
