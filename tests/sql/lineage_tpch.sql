-- The columns of the 22 queries of TPC-H and of two more of its shapes, checked by hand; each name is of one table only.
-- Below each statement its columns as `name: direct | indirect`, and what decides its rows.

SELECT l_returnflag, l_linestatus, sum(l_quantity) AS sum_qty, sum(l_extendedprice) AS sum_base_price, sum(l_extendedprice * (1 - l_discount)) AS sum_disc_price, sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS sum_charge, avg(l_quantity) AS avg_qty, avg(l_extendedprice) AS avg_price, avg(l_discount) AS avg_disc, count(*) AS count_order FROM lineitem WHERE l_shipdate <= DATE '1998-09-02' GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus;
--   l_returnflag: l_returnflag
--   l_linestatus: l_linestatus
--   sum_qty: l_quantity
--   sum_base_price: l_extendedprice
--   sum_disc_price: l_discount, l_extendedprice
--   sum_charge: l_discount, l_extendedprice, l_tax
--   avg_qty: l_quantity
--   avg_price: l_extendedprice
--   avg_disc: l_discount
--   count_order: -
-- rows: l_linestatus, l_returnflag, l_shipdate

SELECT s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment FROM part, supplier, partsupp, nation, region WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND p_size = 15 AND p_type LIKE '%BRASS' AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'EUROPE' AND ps_supplycost = (SELECT min(ps_supplycost) FROM partsupp, supplier, nation, region WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'EUROPE') ORDER BY s_acctbal DESC, n_name, s_name, p_partkey LIMIT 100;
--   s_acctbal: s_acctbal
--   s_name: s_name
--   n_name: n_name
--   p_partkey: p_partkey
--   p_mfgr: p_mfgr
--   s_address: s_address
--   s_phone: s_phone
--   s_comment: s_comment
-- rows: n_name, n_nationkey, n_regionkey, p_partkey, p_size, p_type, ps_partkey, ps_suppkey, ps_supplycost, r_name, r_regionkey, s_acctbal, s_name, s_nationkey, s_suppkey

SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate, o_shippriority FROM customer, orders, lineitem WHERE c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate < DATE '1995-03-15' AND l_shipdate > DATE '1995-03-15' GROUP BY l_orderkey, o_orderdate, o_shippriority ORDER BY revenue DESC, o_orderdate LIMIT 10;
--   l_orderkey: l_orderkey
--   revenue: l_discount, l_extendedprice
--   o_orderdate: o_orderdate
--   o_shippriority: o_shippriority
-- rows: c_custkey, c_mktsegment, l_discount, l_extendedprice, l_orderkey, l_shipdate, o_custkey, o_orderdate, o_orderkey, o_shippriority

SELECT o_orderpriority, count(*) AS order_count FROM orders WHERE o_orderdate >= DATE '1993-07-01' AND EXISTS (SELECT * FROM lineitem WHERE l_orderkey = o_orderkey AND l_commitdate < l_receiptdate) GROUP BY o_orderpriority ORDER BY o_orderpriority;
--   o_orderpriority: o_orderpriority
--   order_count: -
-- rows: l_commitdate, l_orderkey, l_receiptdate, o_orderdate, o_orderkey, o_orderpriority

SELECT n_name, sum(l_extendedprice * (1 - l_discount)) AS revenue FROM customer, orders, lineitem, supplier, nation, region WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND l_suppkey = s_suppkey AND c_nationkey = s_nationkey AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'ASIA' AND o_orderdate >= DATE '1994-01-01' GROUP BY n_name ORDER BY revenue DESC;
--   n_name: n_name
--   revenue: l_discount, l_extendedprice
-- rows: c_custkey, c_nationkey, l_discount, l_extendedprice, l_orderkey, l_suppkey, n_name, n_nationkey, n_regionkey, o_custkey, o_orderdate, o_orderkey, r_name, r_regionkey, s_nationkey, s_suppkey

SELECT sum(l_extendedprice * l_discount) AS revenue FROM lineitem WHERE l_shipdate >= DATE '1994-01-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24;
--   revenue: l_discount, l_extendedprice
-- rows: l_discount, l_quantity, l_shipdate

SELECT supp_nation, cust_nation, l_year, sum(volume) AS revenue FROM (SELECT n1.n_name AS supp_nation, n2.n_name AS cust_nation, extract(year FROM l_shipdate) AS l_year, l_extendedprice * (1 - l_discount) AS volume FROM supplier, lineitem, orders, customer, nation n1, nation n2 WHERE s_suppkey = l_suppkey AND o_orderkey = l_orderkey AND c_custkey = o_custkey AND s_nationkey = n1.n_nationkey AND c_nationkey = n2.n_nationkey AND l_shipdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31') AS shipping GROUP BY supp_nation, cust_nation, l_year ORDER BY supp_nation, cust_nation, l_year;
--   supp_nation: n_name
--   cust_nation: n_name
--   l_year: l_shipdate
--   revenue: l_discount, l_extendedprice
-- rows: c_custkey, c_nationkey, l_orderkey, l_shipdate, l_suppkey, n_name, n_nationkey, o_custkey, o_orderkey, s_nationkey, s_suppkey

SELECT o_year, sum(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / sum(volume) AS mkt_share FROM (SELECT extract(year FROM o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) AS volume, n2.n_name AS nation FROM part, supplier, lineitem, orders, customer, nation n1, nation n2, region WHERE p_partkey = l_partkey AND s_suppkey = l_suppkey AND l_orderkey = o_orderkey AND o_custkey = c_custkey AND c_nationkey = n1.n_nationkey AND n1.n_regionkey = r_regionkey AND r_name = 'AMERICA' AND s_nationkey = n2.n_nationkey AND p_type = 'ECONOMY ANODIZED STEEL') AS all_nations GROUP BY o_year ORDER BY o_year;
--   o_year: o_orderdate
--   mkt_share: l_discount, l_extendedprice | n_name
-- rows: c_custkey, c_nationkey, l_orderkey, l_partkey, l_suppkey, n_nationkey, n_regionkey, o_custkey, o_orderdate, o_orderkey, p_partkey, p_type, r_name, r_regionkey, s_nationkey, s_suppkey

SELECT nation, o_year, sum(amount) AS sum_profit FROM (SELECT n_name AS nation, extract(year FROM o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity AS amount FROM part, supplier, lineitem, partsupp, orders, nation WHERE s_suppkey = l_suppkey AND ps_suppkey = l_suppkey AND ps_partkey = l_partkey AND p_partkey = l_partkey AND o_orderkey = l_orderkey AND s_nationkey = n_nationkey AND p_name LIKE '%green%') AS profit GROUP BY nation, o_year ORDER BY nation, o_year DESC;
--   nation: n_name
--   o_year: o_orderdate
--   sum_profit: l_discount, l_extendedprice, l_quantity, ps_supplycost
-- rows: l_orderkey, l_partkey, l_suppkey, n_name, n_nationkey, o_orderdate, o_orderkey, p_name, p_partkey, ps_partkey, ps_suppkey, s_nationkey, s_suppkey

SELECT c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) AS revenue, c_acctbal, n_name, c_address, c_phone, c_comment FROM customer, orders, lineitem, nation WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate >= DATE '1993-10-01' AND l_returnflag = 'R' AND c_nationkey = n_nationkey GROUP BY c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment ORDER BY revenue DESC LIMIT 20;
--   c_custkey: c_custkey
--   c_name: c_name
--   revenue: l_discount, l_extendedprice
--   c_acctbal: c_acctbal
--   n_name: n_name
--   c_address: c_address
--   c_phone: c_phone
--   c_comment: c_comment
-- rows: c_acctbal, c_address, c_comment, c_custkey, c_name, c_nationkey, c_phone, l_discount, l_extendedprice, l_orderkey, l_returnflag, n_name, n_nationkey, o_custkey, o_orderdate, o_orderkey

SELECT ps_partkey, sum(ps_supplycost * ps_availqty) AS value FROM partsupp, supplier, nation WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY' GROUP BY ps_partkey HAVING sum(ps_supplycost * ps_availqty) > (SELECT sum(ps_supplycost * ps_availqty) * 0.0001 FROM partsupp, supplier, nation WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY') ORDER BY value DESC;
--   ps_partkey: ps_partkey
--   value: ps_availqty, ps_supplycost
-- rows: n_name, n_nationkey, ps_availqty, ps_partkey, ps_suppkey, ps_supplycost, s_nationkey, s_suppkey

SELECT l_shipmode, sum(CASE WHEN o_orderpriority = '1-URGENT' OR o_orderpriority = '2-HIGH' THEN 1 ELSE 0 END) AS high_line_count, sum(CASE WHEN o_orderpriority <> '1-URGENT' AND o_orderpriority <> '2-HIGH' THEN 1 ELSE 0 END) AS low_line_count FROM orders, lineitem WHERE o_orderkey = l_orderkey AND l_shipmode IN ('MAIL', 'SHIP') AND l_commitdate < l_receiptdate AND l_shipdate < l_commitdate GROUP BY l_shipmode ORDER BY l_shipmode;
--   l_shipmode: l_shipmode
--   high_line_count: - | o_orderpriority
--   low_line_count: - | o_orderpriority
-- rows: l_commitdate, l_orderkey, l_receiptdate, l_shipdate, l_shipmode, o_orderkey

SELECT c_count, count(*) AS custdist FROM (SELECT c_custkey, count(o_orderkey) FROM customer LEFT OUTER JOIN orders ON c_custkey = o_custkey AND o_comment NOT LIKE '%special%requests%' GROUP BY c_custkey) AS c_orders(c_custkey, c_count) GROUP BY c_count ORDER BY custdist DESC, c_count DESC;
--   c_count: o_orderkey
--   custdist: -
-- rows: c_custkey, o_comment, o_custkey, o_orderkey

SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice * (1 - l_discount) ELSE 0 END) / sum(l_extendedprice * (1 - l_discount)) AS promo_revenue FROM lineitem, part WHERE l_partkey = p_partkey AND l_shipdate >= DATE '1995-09-01';
--   promo_revenue: l_discount, l_extendedprice | p_type
-- rows: l_partkey, l_shipdate, p_partkey

WITH revenue AS (SELECT l_suppkey AS supplier_no, sum(l_extendedprice * (1 - l_discount)) AS total_revenue FROM lineitem WHERE l_shipdate >= DATE '1996-01-01' GROUP BY supplier_no) SELECT s_suppkey, s_name, s_address, s_phone, total_revenue FROM supplier, revenue WHERE s_suppkey = supplier_no AND total_revenue = (SELECT max(total_revenue) FROM revenue) ORDER BY s_suppkey;
--   s_suppkey: s_suppkey
--   s_name: s_name
--   s_address: s_address
--   s_phone: s_phone
--   total_revenue: l_discount, l_extendedprice
-- rows: l_discount, l_extendedprice, l_shipdate, l_suppkey, s_suppkey

SELECT p_brand, p_type, p_size, count(DISTINCT ps_suppkey) AS supplier_cnt FROM partsupp, part WHERE p_partkey = ps_partkey AND p_brand <> 'Brand#45' AND p_type NOT LIKE 'MEDIUM POLISHED%' AND p_size IN (49, 14, 23) AND ps_suppkey NOT IN (SELECT s_suppkey FROM supplier WHERE s_comment LIKE '%Customer%Complaints%') GROUP BY p_brand, p_type, p_size ORDER BY supplier_cnt DESC, p_brand, p_type, p_size;
--   p_brand: p_brand
--   p_type: p_type
--   p_size: p_size
--   supplier_cnt: ps_suppkey
-- rows: p_brand, p_partkey, p_size, p_type, ps_partkey, ps_suppkey, s_comment, s_suppkey

SELECT sum(l_extendedprice) / 7.0 AS avg_yearly FROM lineitem, part WHERE p_partkey = l_partkey AND p_brand = 'Brand#23' AND p_container = 'MED BOX' AND l_quantity < (SELECT 0.2 * avg(l_quantity) FROM lineitem WHERE l_partkey = p_partkey);
--   avg_yearly: l_extendedprice
-- rows: l_partkey, l_quantity, p_brand, p_container, p_partkey

SELECT c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) AS quantity FROM customer, orders, lineitem WHERE o_orderkey IN (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING sum(l_quantity) > 300) AND c_custkey = o_custkey AND o_orderkey = l_orderkey GROUP BY c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice ORDER BY o_totalprice DESC, o_orderdate LIMIT 100;
--   c_name: c_name
--   c_custkey: c_custkey
--   o_orderkey: o_orderkey
--   o_orderdate: o_orderdate
--   o_totalprice: o_totalprice
--   quantity: l_quantity
-- rows: c_custkey, c_name, l_orderkey, l_quantity, o_custkey, o_orderdate, o_orderkey, o_totalprice

SELECT sum(l_extendedprice * (1 - l_discount)) AS revenue FROM lineitem, part WHERE (p_partkey = l_partkey AND p_brand = 'Brand#12' AND p_container IN ('SM CASE', 'SM BOX') AND l_quantity BETWEEN 1 AND 11 AND p_size BETWEEN 1 AND 5 AND l_shipmode IN ('AIR', 'AIR REG') AND l_shipinstruct = 'DELIVER IN PERSON') OR (p_partkey = l_partkey AND p_brand = 'Brand#23' AND l_quantity BETWEEN 10 AND 20);
--   revenue: l_discount, l_extendedprice
-- rows: l_partkey, l_quantity, l_shipinstruct, l_shipmode, p_brand, p_container, p_partkey, p_size

SELECT s_name, s_address FROM supplier, nation WHERE s_suppkey IN (SELECT ps_suppkey FROM partsupp WHERE ps_partkey IN (SELECT p_partkey FROM part WHERE p_name LIKE 'forest%') AND ps_availqty > (SELECT 0.5 * sum(l_quantity) FROM lineitem WHERE l_partkey = ps_partkey AND l_suppkey = ps_suppkey AND l_shipdate >= DATE '1994-01-01')) AND s_nationkey = n_nationkey AND n_name = 'CANADA' ORDER BY s_name;
--   s_name: s_name
--   s_address: s_address
-- rows: l_partkey, l_quantity, l_shipdate, l_suppkey, n_name, n_nationkey, p_name, p_partkey, ps_availqty, ps_partkey, ps_suppkey, s_name, s_nationkey, s_suppkey

SELECT s_name, count(*) AS numwait FROM supplier, lineitem l1, orders, nation WHERE s_suppkey = l1.l_suppkey AND o_orderkey = l1.l_orderkey AND o_orderstatus = 'F' AND l1.l_receiptdate > l1.l_commitdate AND EXISTS (SELECT * FROM lineitem l2 WHERE l2.l_orderkey = l1.l_orderkey AND l2.l_suppkey <> l1.l_suppkey) AND NOT EXISTS (SELECT * FROM lineitem l3 WHERE l3.l_orderkey = l1.l_orderkey AND l3.l_suppkey <> l1.l_suppkey AND l3.l_receiptdate > l3.l_commitdate) AND s_nationkey = n_nationkey AND n_name = 'SAUDI ARABIA' GROUP BY s_name ORDER BY numwait DESC, s_name LIMIT 100;
--   s_name: s_name
--   numwait: -
-- rows: l_commitdate, l_orderkey, l_receiptdate, l_suppkey, n_name, n_nationkey, o_orderkey, o_orderstatus, s_name, s_nationkey, s_suppkey

SELECT cntrycode, count(*) AS numcust, sum(c_acctbal) AS totacctbal FROM (SELECT substring(c_phone FROM 1 FOR 2) AS cntrycode, c_acctbal FROM customer WHERE substring(c_phone FROM 1 FOR 2) IN ('13', '31') AND c_acctbal > (SELECT avg(c_acctbal) FROM customer WHERE c_acctbal > 0.00 AND substring(c_phone FROM 1 FOR 2) IN ('13', '31')) AND NOT EXISTS (SELECT * FROM orders WHERE o_custkey = c_custkey)) AS custsale GROUP BY cntrycode ORDER BY cntrycode;
--   cntrycode: c_phone
--   numcust: -
--   totacctbal: c_acctbal
-- rows: c_acctbal, c_custkey, c_phone, o_custkey

WITH monthly AS (SELECT date_trunc('month', o_orderdate) AS month, o_custkey, sum(o_totalprice) AS spent FROM orders GROUP BY ALL) SELECT month, c_mktsegment, sum(spent) AS spent, sum(spent) - lag(sum(spent)) OVER (PARTITION BY c_mktsegment ORDER BY month) AS growth, rank() OVER (ORDER BY sum(spent) DESC) AS place FROM monthly JOIN customer ON o_custkey = c_custkey GROUP BY month, c_mktsegment;
--   month: o_orderdate
--   c_mktsegment: c_mktsegment
--   spent: o_totalprice
--   growth: o_totalprice | c_mktsegment, o_orderdate
--   place: - | o_totalprice
-- rows: c_custkey, c_mktsegment, o_custkey, o_orderdate

SELECT * EXCLUDE (o_comment, o_clerk, o_shippriority) REPLACE (upper(o_orderpriority) AS o_orderpriority), c_name AS customer FROM orders JOIN (SELECT c_custkey AS o_custkey, c_name FROM customer) AS named USING (o_custkey);
--   o_orderkey: o_orderkey
--   o_custkey: c_custkey, o_custkey
--   o_orderstatus: o_orderstatus
--   o_totalprice: o_totalprice
--   o_orderdate: o_orderdate
--   o_orderpriority: o_orderpriority
--   c_name: c_name
--   customer: c_name
-- rows: c_custkey, o_custkey
