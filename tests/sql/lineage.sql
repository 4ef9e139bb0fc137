-- t(a, b, c, d, e, l, s), u(a, x, y), sales.orders(id, region, amount); checked by hand.
-- Below each statement its columns as `name: direct | indirect`, and what decides its rows; `?` is not traced.

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
-- rows: -

SELECT unnest(l) AS v FROM t;
--   v: t.l
-- rows: -

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
