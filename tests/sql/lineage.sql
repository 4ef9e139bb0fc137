-- t(a, b, c, d, e, l, s), u(a, x, y), sales.orders(id, region, amount); checked by hand.
-- Below each statement its columns as `name: direct | indirect`, and what decides its rows; `?` is not traced.

SELECT ARRAY(SELECT x FROM u WHERE u.a = t.a) AS n, b FROM t;
--   n: u.x | t.a, u.a
--   b: t.b
-- rows: -

SELECT COLUMNS('[ab]') FROM t;
--   a: t.a
--   b: t.b
-- rows: -

SELECT * EXCLUDE (a,l,s) REPLACE (b+d AS b) FROM t;
--   b: t.b, t.d
--   c: t.c
--   d: t.d
--   e: t.e
-- rows: -

SELECT t.* RENAME (a AS z) FROM t;
--   z: t.a
--   b: t.b
--   c: t.c
--   d: t.d
--   e: t.e
--   l: t.l
--   s: t.s
-- rows: -

FROM t SELECT a;
--   a: t.a
-- rows: -

SELECT x.y FROM t, LATERAL (SELECT t.a AS y) AS x;
--   y: t.a
-- rows: -

SELECT q FROM t, UNNEST(t.l) AS q(q);
--   q: t.l
-- rows: t.l

SELECT unnest(l) AS v FROM t;
--   v: t.l
-- rows: t.l

PIVOT t ON a USING sum(b) GROUP BY c;
--   c: t.c
-- rows: t.c

FROM (PIVOT t ON a USING sum(b) GROUP BY c, d) SELECT *;
--   c: t.c
--   d: t.d
-- rows: t.c, t.d

WITH RECURSIVE r(n) AS (SELECT a FROM t UNION ALL SELECT n+b FROM r, t WHERE n<5) SELECT n FROM r;
--   n: t.a, t.b
-- rows: t.a, t.b

SELECT a FROM t UNION BY NAME SELECT x FROM u;
--   a: t.a
--   x: u.x
-- rows: t.a, u.x

SELECT a, b FROM t UNION ALL SELECT x, y FROM u;
--   a: t.a, u.x
--   b: t.b, u.y
-- rows: -

SELECT DISTINCT ON (a) b FROM t ORDER BY c LIMIT 1;
--   b: t.b
-- rows: t.a, t.c

SELECT sum(a) FILTER (WHERE b>1) OVER (PARTITION BY c ORDER BY d) s FROM t QUALIFY row_number() OVER w = 1 WINDOW w AS (PARTITION BY e);
--   s: t.a | t.b, t.c, t.d
-- rows: t.e

SELECT a, x FROM t NATURAL JOIN u;
--   a: t.a, u.a
--   x: u.x
-- rows: t.a, u.a

SELECT s.x.y, (s).x z, s['k'] w FROM t;
--   y: t.s
--   z: t.s
--   w: t.s
-- rows: -

SELECT list_transform(l, x -> x + b) v FROM t;
--   v: t.b, t.l
-- rows: -

SELECT [q+1 for q in l if q > b] v FROM t;
--   v: t.l | t.b, t.l
-- rows: -

SELECT t FROM t;
--   t: t.a, t.b, t.c, t.d, t.e, t.l, t.s
-- rows: -

SELECT * FROM (VALUES (1,2)) v(a,b);
--   a: -
--   b: -
-- rows: -

SELECT EXISTS(SELECT 1 FROM u WHERE u.a=t.b) v FROM t;
--   v: - | t.b, u.a
-- rows: -

SELECT a IN (SELECT x FROM u WHERE y>1) v FROM t;
--   v: t.a, u.x | u.y
-- rows: -

SELECT a FROM t SEMI JOIN u ON t.a=u.x;
--   a: t.a
-- rows: t.a, u.x

SELECT #2 v FROM t;
--   v: t.b
-- rows: -

SELECT a, COUNT(*) n FROM t GROUP BY ALL;
--   a: t.a
--   n: -
-- rows: t.a

SELECT t.a AS q, q+1 r FROM t WHERE q>1;
--   q: t.a
--   r: t.a
-- rows: t.a

SELECT max_by(a, b) v FROM t;
--   v: t.a | t.b
-- rows: -

SELECT (SELECT max(x) FROM u WHERE u.a=t.a) v FROM t;
--   v: u.x | t.a, u.a
-- rows: -

SELECT o.amount FROM sales.orders o;
--   amount: sales.orders.amount
-- rows: -

SELECT sales.orders.amount, orders.region FROM sales.orders;
--   amount: sales.orders.amount
--   region: sales.orders.region
-- rows: -

SELECT region, sum(amount) total FROM sales.orders GROUP BY 1 HAVING count(*)>1 ORDER BY 2;
--   region: sales.orders.region
--   total: sales.orders.amount
-- rows: sales.orders.amount, sales.orders.region

WITH c AS (SELECT a AS k, b+c AS v FROM t WHERE d>1) SELECT c1.k, c2.v FROM c c1 JOIN c c2 ON c1.k=c2.k;
--   k: t.a
--   v: t.b, t.c
-- rows: t.a, t.d

SELECT min(COLUMNS(*)) FROM u;
--   a: u.a
--   x: u.x
--   y: u.y
-- rows: -

SELECT string_agg(a, ',' ORDER BY b) v, quantile_cont(c, 0.5) q, percentile_cont(0.5) WITHIN GROUP (ORDER BY d) p FROM t;
--   v: t.a | t.b
--   q: t.c
--   p: t.d
-- rows: -

SELECT a FROM t EXCEPT SELECT x FROM u;
--   a: t.a
-- rows: t.a, u.x

SELECT count(DISTINCT a) v, count(*) n FROM t;
--   v: t.a
--   n: -
-- rows: -

SELECT z FROM (SELECT a, b AS z FROM t) q;
--   z: t.b
-- rows: -

SELECT q.m FROM (SELECT a, b FROM t) AS q(k, m);
--   m: t.b
-- rows: -

SELECT a FROM (t JOIN u USING (a));
--   a: t.a, u.a
-- rows: t.a, u.a

SELECT x FROM t, (SELECT x FROM u WHERE u.a = t.a) z;
--   x: u.x
-- rows: t.a, u.a

SELECT row_number() OVER (ORDER BY a) v FROM t;
--   v: - | t.a
-- rows: -

SELECT {'k': a, 'm': b} v, [a, b] w, a::VARCHAR z, date_part('year', c) y FROM t;
--   v: t.a, t.b
--   w: t.a, t.b
--   z: t.a
--   y: t.c
-- rows: -

SELECT i FROM range(5) r(i);
--   i: -
-- rows: -

SELECT a.b FROM t a;
--   b: t.b
-- rows: -

SELECT struct_extract(s,'x') v FROM t;
--   v: t.s
-- rows: -

SELECT lag(a) OVER (PARTITION BY b) v FROM t;
--   v: t.a | t.b
-- rows: -

SELECT sum(a) v FROM t GROUP BY CUBE (b, c);
--   v: t.a
-- rows: t.b, t.c

SELECT sum(a) v FROM t GROUP BY GROUPING SETS ((b), (c));
--   v: t.a
-- rows: t.b, t.c

SELECT CASE WHEN a > 1 THEN b ELSE c END AS v, if(a > 1, b, c) AS w, coalesce(a, b) AS z, nullif(a, b) AS n FROM t;
--   v: t.b, t.c | t.a
--   w: t.b, t.c | t.a
--   z: t.a, t.b
--   n: t.a | t.b
-- rows: -

SELECT CASE a WHEN b THEN c END AS v FROM t;
--   v: t.c | t.a, t.b
-- rows: -

SELECT b.upper() AS v FROM t;
--   v: t.b
-- rows: -

SELECT nope AS v FROM u;
--   v: u.a, u.x, u.y ?
-- rows: -

SELECT a FROM t ORDER BY b;
--   a: t.a
-- rows: t.b

SELECT a FROM t INTERSECT SELECT x FROM u;
--   a: t.a
-- rows: t.a, u.x

SELECT count(*) FILTER (WHERE a > 1) AS v FROM t;
--   v: - | t.a
-- rows: -

SELECT x.a FROM t x LEFT JOIN u y ON x.b = y.x WHERE y.y IS NULL;
--   a: t.a
-- rows: t.b, u.x, u.y

SELECT first(a ORDER BY b) AS v FROM t;
--   v: t.a | t.b
-- rows: -

SELECT * FROM u JOIN t USING (a) WHERE FALSE;
--   a: t.a, u.a
--   x: u.x
--   y: u.y
--   b: t.b
--   c: t.c
--   d: t.d
--   e: t.e
--   l: t.l
--   s: t.s
-- rows: t.a, u.a

SELECT * FROM (SELECT a, b FROM t) UNPIVOT (v FOR n IN (b));
--   a: t.a
--   n: -
--   v: t.b
-- rows: t.b

SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS v, avg(c) OVER (ORDER BY d RANGE BETWEEN e PRECEDING AND UNBOUNDED FOLLOWING) AS w FROM t;
--   v: t.a | t.b
--   w: t.c | t.d, t.e
-- rows: -

SELECT first_value(a) IGNORE NULLS OVER (w ORDER BY b) AS v FROM t WINDOW w AS (PARTITION BY c);
--   v: t.a | t.b, t.c
-- rows: -

SELECT l[1:b] AS v, l[c] AS w, s.x.y[1] AS z FROM t;
--   v: t.b, t.l
--   w: t.c, t.l
--   z: t.s
-- rows: -

SELECT COLUMNS(* EXCLUDE (l, s, d, e)) + a FROM t;
--   a: t.a
--   b: t.a, t.b
--   c: t.a, t.c
-- rows: -

SELECT t.a, u.y FROM t ASOF JOIN u ON t.a = u.a AND t.b >= u.x;
--   a: t.a
--   y: u.y
-- rows: t.a, t.b, u.a, u.x

SELECT t.b, u.x FROM t POSITIONAL JOIN u;
--   b: t.b
--   x: u.x
-- rows: -

SELECT a, t.b, u.y FROM t FULL OUTER JOIN u USING (a);
--   a: t.a, u.a
--   b: t.b
--   y: u.y
-- rows: t.a, u.a

SELECT v: a + b, w: v * 2 FROM t;
--   v: t.a, t.b
--   w: t.a, t.b
-- rows: -

WITH u AS (SELECT a AS x FROM t) SELECT x FROM u;
--   x: t.a
-- rows: -

WITH a AS (WITH a AS (SELECT b AS k FROM t) SELECT k AS m FROM a) SELECT m FROM a;
--   m: t.b
-- rows: -

SELECT q.v FROM t, LATERAL (SELECT t.b + u.x AS v FROM u WHERE u.a = t.a) AS q;
--   v: t.b, u.x
-- rows: t.a, u.a

SELECT * FROM t, LATERAL (SELECT max(x) AS top FROM u WHERE u.a = t.a) WHERE top > 1 AND FALSE;
--   a: t.a
--   b: t.b
--   c: t.c
--   d: t.d
--   e: t.e
--   l: t.l
--   s: t.s
--   top: u.x
-- rows: t.a, u.a, u.x

SELECT a, unnest(l) AS v FROM t;
--   a: t.a
--   v: t.l
-- rows: t.l

SELECT i, a FROM t, range(t.b) r(i);
--   i: t.b
--   a: t.a
-- rows: t.b

SELECT DISTINCT a FROM t;
--   a: t.a
-- rows: t.a

SELECT list_filter(l, x -> x > b) AS v, list_reduce(l, (x, y) -> x + y) AS w FROM t;
--   v: t.b, t.l
--   w: t.l
-- rows: -

SELECT a > ANY (SELECT x FROM u WHERE y > 0) AS v FROM t;
--   v: t.a, u.x | u.y
-- rows: -

SELECT (a, b) = (c, d) AS v FROM t;
--   v: t.a, t.b, t.c, t.d
-- rows: -

SELECT a BETWEEN b AND c AS v, a IN (b, c) AS w, a IS DISTINCT FROM b AS z FROM t;
--   v: t.a, t.b, t.c
--   w: t.a, t.b, t.c
--   z: t.a, t.b
-- rows: -

SELECT 2 AS k, b AS v FROM t GROUP BY 1, 2 ORDER BY 2;
--   k: -
--   v: t.b
-- rows: t.b

SELECT x, sum(y) AS v FROM u GROUP BY x HAVING sum(a) > 1;
--   x: u.x
--   v: u.y
-- rows: u.a, u.x

SELECT grouping(b) AS g, b, count(*) AS n FROM t GROUP BY ROLLUP (b, c);
--   g: t.b
--   b: t.b
--   n: -
-- rows: t.b, t.c

SELECT arg_min(a, b) AS v, max_by(c, d) AS w, mode(e) AS m FROM t;
--   v: t.a | t.b
--   w: t.c | t.d
--   m: t.e
-- rows: -

SELECT v FROM (VALUES (1), (2)) AS k(v) JOIN t ON t.a = v;
--   v: -
-- rows: t.a

SELECT x.v, y.v AS w FROM (SELECT a AS v FROM t) AS x, (SELECT y AS v FROM u) AS y;
--   v: t.a
--   w: u.y
-- rows: -

(SELECT a, b FROM t ORDER BY c LIMIT 3) UNION SELECT x, y FROM u;
--   a: t.a, u.x
--   b: t.b, u.y
-- rows: t.a, t.b, t.c, u.x, u.y

SELECT a FROM t UNION ALL BY NAME SELECT a, x FROM u;
--   a: t.a, u.a
--   x: u.x
-- rows: -

SELECT * FROM t ANTI JOIN u USING (a);
--   a: t.a
--   b: t.b
--   c: t.c
--   d: t.d
--   e: t.e
--   l: t.l
--   s: t.s
-- rows: t.a, u.a

SELECT (SELECT count(*) FROM u WHERE u.a = t.a AND u.x > t.b) AS n FROM t;
--   n: - | t.a, t.b, u.a, u.x
-- rows: -

SELECT a FROM t WHERE b IN (SELECT x FROM u WHERE y = t.c);
--   a: t.a
-- rows: t.b, t.c, u.x, u.y

SELECT CASE WHEN EXISTS (SELECT y FROM u WHERE u.a = t.a) THEN b END AS v FROM t;
--   v: t.b | t.a, u.a
-- rows: -

SELECT coalesce((SELECT min(x) FROM u), a) AS v FROM t;
--   v: t.a, u.x
-- rows: -

SELECT count(*) FILTER (WHERE b > 0) AS n, sum(a) FILTER (WHERE c > 0) AS v FROM t;
--   n: - | t.b
--   v: t.a | t.c
-- rows: -

SELECT sum(v) OVER (PARTITION BY k) AS v FROM (SELECT a AS k, b * c AS v FROM t WHERE d > 0) AS q;
--   v: t.b, t.c | t.a
-- rows: t.d

SELECT t.*, u.x AS more FROM t JOIN u ON t.a = u.a WHERE FALSE;
--   a: t.a
--   b: t.b
--   c: t.c
--   d: t.d
--   e: t.e
--   l: t.l
--   s: t.s
--   more: u.x
-- rows: t.a, u.a

FROM (FROM t SELECT a AS k, b) SELECT k WHERE b > 1;
--   k: t.a
-- rows: t.b

UNPIVOT u ON x, y INTO NAME k VALUE v;
--   a: u.a
--   k: -
--   v: u.x, u.y
-- rows: u.x, u.y

SELECT json_extract(s, '$.x') AS v, s->>'y' AS w FROM t;
--   v: t.s
--   w: t.s
-- rows: -

SELECT a FROM t TABLESAMPLE 10%;
--   a: t.a
-- rows: -

SELECT a FROM t LIMIT (SELECT max(x) FROM u);
--   a: t.a
-- rows: u.x

SELECT a AS b, b AS c FROM t WHERE b > 0;
--   b: t.a
--   c: t.b
-- rows: t.b

SELECT row(a, b) AS r, map([a], [b]) AS m, struct_pack(k := a, v := b).k AS p FROM t;
--   r: t.a, t.b
--   m: t.a, t.b
--   p: t.a, t.b
-- rows: -

SELECT t.s AS whole, t AS r FROM t;
--   whole: t.s
--   r: t.a, t.b, t.c, t.d, t.e, t.l, t.s
-- rows: -

SELECT string_agg(DISTINCT b, ',' ORDER BY c) AS v, array_agg(a ORDER BY d) AS w, list(e) AS z FROM t;
--   v: t.b | t.c
--   w: t.a | t.d
--   z: t.e
-- rows: -

SELECT b FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY c) = 1;
--   b: t.b
-- rows: t.a, t.c

SELECT memory.sales.orders.amount, "Memory".sales.orders.id + 1 AS n FROM memory.sales.orders WHERE memory.sales.orders.region = 'EU';
--   amount: sales.orders.amount
--   n: sales.orders.id
-- rows: sales.orders.region
