# ruff: noqa: E501 - SQL over many columns
"""The tables of the TPC-H benchmark, with rows by chance: the same in every run, and whole by reference."""

from __future__ import annotations

_WORDS = "['almond', 'forest', 'green', 'lemon', 'metallic', 'navy', 'puff', 'smoke']"
_NATIONS = (
    "ALGERIA 0,ARGENTINA 1,BRAZIL 1,CANADA 1,EGYPT 4,ETHIOPIA 0,FRANCE 3,GERMANY 3,INDIA 2,INDONESIA 2,IRAN 4,IRAQ 4,"
    "JAPAN 2,JORDAN 4,KENYA 0,MOROCCO 0,MOZAMBIQUE 0,PERU 1,CHINA 2,ROMANIA 3,SAUDI ARABIA 4,VIETNAM 2,RUSSIA 3,"
    "UNITED KINGDOM 3,UNITED STATES 1"
)
_NATION_ROWS = ", ".join(
    f"({number}, '{text.rpartition(' ')[0]}', {text.rpartition(' ')[2]})"
    for number, text in enumerate(_NATIONS.split(","))
)


def _chance(salt: str, below: int, key: str = "i") -> str:
    return f"CAST(hash({key}, '{salt}') % {below} AS BIGINT)"


def _one(values: str, salt: str, key: str = "i") -> str:
    return f"({values})[1 + {_chance(salt, values.count(',') + 1, key)}]"


def _money(salt: str, below: int, key: str = "i") -> str:
    return f"CAST({_chance(salt, below, key)} / 100 AS DECIMAL(15, 2))"


_LINE = "(o.i * 8 + l.n)"


def tables(size: int = 1) -> dict[str, str]:
    """Return for each table the query that makes it; of size 1 it has 6,000 lines, of size 1,000 those of scale factor 1."""
    return {
        "region": "SELECT i AS r_regionkey, (['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'])[1 + i] AS r_name,"
        " 'region' AS r_comment FROM range(5) t(i)",
        "nation": "SELECT key::BIGINT AS n_nationkey, name AS n_name, region::BIGINT AS n_regionkey, 'nation' AS n_comment"
        f" FROM (VALUES {_NATION_ROWS}) t(key, name, region)",
        "supplier": "SELECT i AS s_suppkey, 'Supplier#' || i AS s_name, 'street ' || i AS s_address,"
        f" i % 25 AS s_nationkey, (10 + i % 25) || '-555-' || i AS s_phone, {_money('sa', 900000)} AS s_acctbal,"
        f" CASE WHEN i % 13 = 0 THEN 'the Customer has Complaints' ELSE 'quick' END AS s_comment FROM range(1, {60 * size} + 1) t(i)",
        "part": f"SELECT i AS p_partkey, {_one(_WORDS, 'p1')} || ' ' || {_one(_WORDS, 'p2')} AS p_name, 'Manufacturer#1' AS p_mfgr,"
        f" 'Brand#' || (1 + {_chance('pb', 3)}) || (1 + {_chance('pc', 3)}) AS p_brand,"
        f""" {_one("['PROMO', 'STANDARD', 'ECONOMY', 'MEDIUM']", "pt")} || ' ' || {_one("['ANODIZED', 'POLISHED']", "pu")} || ' '"""
        f""" || {_one("['BRASS', 'STEEL', 'TIN']", "pv")} AS p_type, {_chance("ps", 50)} + 1 AS p_size,"""
        f""" {_one("['SM', 'MED', 'LG', 'JUMBO']", "px")} || ' ' || {_one("['BOX', 'CASE', 'PACK', 'PKG', 'BAG']", "py")} AS p_container,"""
        f" {_money('pp', 200000)} AS p_retailprice, 'part' AS p_comment FROM range(1, {200 * size} + 1) t(i)",
        "partsupp": f"SELECT p.i AS ps_partkey, 1 + (p.i * 7 + s.n * 13) % {60 * size} AS ps_suppkey, {_chance('pq', 9999, 'p.i * 4 + s.n')} AS ps_availqty,"
        f" {_money('pz', 100000, 'p.i * 4 + s.n')} AS ps_supplycost, 'supply' AS ps_comment FROM range(1, {200 * size} + 1) p(i), range(4) s(n)",
        "customer": f"SELECT i AS c_custkey, 'Customer#' || i AS c_name, 'road ' || i AS c_address, {_chance('cn', 25)} AS c_nationkey,"
        f" (10 + {_chance('cp', 25)}) || '-555-' || i AS c_phone, CAST({_money('ca', 1100000)} - 1000 AS DECIMAL(15, 2)) AS c_acctbal,"
        f""" {_one("['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY']", "cm")} AS c_mktsegment, 'customer' AS c_comment"""
        f" FROM range(1, {300 * size} + 1) t(i)",
        "orders": f"""SELECT i AS o_orderkey, 1 + {_chance("oc", 200 * size)} AS o_custkey, {_one("['O', 'F', 'P']", "os")} AS o_orderstatus,"""
        f" {_money('ot', 40000000)} AS o_totalprice, DATE '1992-01-01' + {_chance('od', 2400)}::INT AS o_orderdate,"
        f""" {_one("['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW']", "op")} AS o_orderpriority, 'Clerk' AS o_clerk,"""
        f" 0::BIGINT AS o_shippriority, CASE WHEN i % 9 = 0 THEN 'special packages requests' ELSE 'furious' END AS o_comment"
        f" FROM range(1, {1200 * size} + 1) t(i)",
        "lineitem": f"SELECT o.i AS l_orderkey, p.k AS l_partkey, 1 + (p.k * 7 + {_chance('lj', 4, _LINE)} * 13) % {60 * size} AS l_suppkey, l.n AS l_linenumber,"
        f" CAST(1 + {_chance('lq', 50, _LINE)} AS DECIMAL(15, 2)) AS l_quantity, {_money('le', 9000000, _LINE)} AS l_extendedprice,"
        f" CAST({_chance('ld', 11, _LINE)} / 100 AS DECIMAL(15, 2)) AS l_discount, CAST({_chance('lt', 9, _LINE)} / 100 AS DECIMAL(15, 2)) AS l_tax,"
        f""" {_one("['A', 'N', 'R']", "lr", _LINE)} AS l_returnflag, {_one("['O', 'F']", "lf", _LINE)} AS l_linestatus,"""
        f" b.d + (1 + {_chance('lg', 120, _LINE)})::INT AS l_shipdate, b.d + (30 + {_chance('lh', 60, _LINE)})::INT AS l_commitdate,"
        f" b.d + (5 + {_chance('li', 140, _LINE)})::INT AS l_receiptdate,"
        f""" {_one("['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN']", "lk", _LINE)} AS l_shipinstruct,"""
        f""" {_one("['AIR', 'AIR REG', 'MAIL', 'RAIL', 'SHIP', 'TRUCK']", "lm", _LINE)} AS l_shipmode, 'line' AS l_comment"""
        f" FROM range(1, {1200 * size} + 1) o(i), range(1, 6) l(n), LATERAL (SELECT 1 + {_chance('lp', 200 * size, _LINE)} AS k) p,"
        f" LATERAL (SELECT DATE '1992-01-01' + {_chance('od', 2400, 'o.i')}::INT AS d) b",
    }


TABLES = tables()
