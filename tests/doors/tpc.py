"""The questions of TPC-DS and TPC-H as this house asks them, and two people: one who sees all, and one who does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from ghala.model.mask import Mask, MaskKind
from ghala.model.policy import Admission, Decision
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import Principal, PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.model.names import DatasetName
    from ghala.model.policy import Action
    from ghala.model.predicate import Predicate

SEES_ALL = Principal("user:ada", PrincipalKind.USER, "work")
SEES_SOME = Principal("user:sam", PrincipalKind.USER, "work")


@dataclass(frozen=True)
class Seen:
    """What the second person sees of a table: for the door, and in the words of SQL for the engine alone."""

    rows: Predicate | None = None
    kept: str = "true"
    masks: Mapping[str, tuple[Mask, str]] = field(default_factory=dict)

    def select(self, table: str) -> str:
        """Return the SQL of what is left."""
        shown = ", ".join(f"{made} AS {column}" for column, (_, made) in self.masks.items())
        columns = f"* REPLACE ({shown})" if shown else "*"
        return f"SELECT {columns} FROM {table} WHERE {self.kept}"


def _first(column: str, count: int) -> tuple[Mask, str]:
    made = f"if(length({column}) > {count}, {column}[:{count}] || '***', if({column} IS NULL, NULL, '***'))"
    return Mask(MaskKind.SHOW_FIRST, count=count), made


def _last(column: str, count: int) -> tuple[Mask, str]:
    made = f"if(length({column}) > {count}, '***' || {column}[-{count}:], if({column} IS NULL, NULL, '***'))"
    return Mask(MaskKind.SHOW_LAST, count=count), made


def _tens(column: str) -> tuple[Mask, str]:
    return Mask(MaskKind.BUCKET, size=Decimal(10)), f"{column} - {column} % 10"


_NULL = (Mask(MaskKind.REPLACE_WITH_NULL), "CAST(NULL AS VARCHAR)")
_RATINGS = (("Good", "Fine"), ("High Risk", "Bad"), ("Low Risk", "Fine"))
_RATED = (
    Mask(MaskKind.GENERALISE, lookup=_RATINGS, otherwise="Other"),
    "map {'Good': 'Fine', 'Low Risk': 'Fine', 'High Risk': 'Bad', 'Unknown': 'Other'}[cd_credit_rating]",
)

SEEN: Mapping[str, Seen] = {
    "tpcds.catalog_sales": Seen(
        Comparison("cs_quantity", Operator.LESS, "95"),
        "cs_quantity < 95",
        {"cs_wholesale_cost": _tens("cs_wholesale_cost")},
    ),
    "tpcds.customer": Seen(
        Comparison("c_birth_month", Operator.NOT_EQUAL, "2"),
        "c_birth_month <> 2",
        {"c_email_address": _NULL, "c_last_name": _first("c_last_name", 2)},
    ),
    "tpcds.customer_address": Seen(masks={"ca_city": _last("ca_city", 4)}),
    "tpcds.customer_demographics": Seen(masks={"cd_credit_rating": _RATED}),
    "tpcds.inventory": Seen(
        Comparison("inv_quantity_on_hand", Operator.LESS_OR_EQUAL, "900"),
        "inv_quantity_on_hand <= 900",
    ),
    "tpcds.item": Seen(
        masks={
            "i_item_desc": _first("i_item_desc", 12),
            "i_product_name": (
                Mask(MaskKind.MASK_TO_FIXED_VALUE, value="product"),
                "CASE WHEN i_product_name IS NOT NULL THEN 'product' END",
            ),
        }
    ),
    "tpcds.store_returns": Seen(masks={"sr_return_amt": _tens("sr_return_amt")}),
    "tpcds.store_sales": Seen(
        Comparison("ss_quantity", Operator.LESS, "95"),
        "ss_quantity < 95",
        {"ss_ext_sales_price": _tens("ss_ext_sales_price")},
    ),
    "tpcds.web_sales": Seen(Comparison("ws_quantity", Operator.GREATER, "3"), "ws_quantity > 3"),
    "tpch.customer": Seen(
        Comparison("c_custkey", Operator.LESS, "1400"),
        "c_custkey < 1400",
        {"c_address": _NULL, "c_phone": _first("c_phone", 2)},
    ),
    "tpch.lineitem": Seen(
        Comparison("l_linenumber", Operator.LESS, "6"),
        "l_linenumber < 6",
        {"l_extendedprice": _tens("l_extendedprice")},
    ),
    "tpch.orders": Seen(
        masks={
            "o_orderdate": (
                Mask(MaskKind.TRUNCATE_TO_MONTH),
                "make_date(year(o_orderdate), month(o_orderdate), 1)",
            )
        }
    ),
    "tpch.supplier": Seen(masks={"s_comment": _last("s_comment", 3)}),
}


class Policy:
    """All for the first person; for the second what `SEEN` says, and all of the other tables."""

    def decide(
        self,
        principal: Principal,
        _action: Action,
        asked: Sequence[Asked],
        *,
        prepared: Collection[DatasetName] = frozenset(),  # noqa: ARG002 - the door names it
    ) -> tuple[Decision, ...]:
        return tuple(self.one(principal, dataset) for dataset in asked)

    def one(self, principal: Principal, asked: Asked) -> Decision:
        seen = Seen() if principal == SEES_ALL else SEEN.get(str(asked.name), Seen())
        clear = frozenset(column.name for column in asked.columns).difference(seen.masks)
        masks = {column: mask for column, (mask, _) in seen.masks.items()}
        admissions = (Admission(clear, seen.rows),)
        return Decision(asked.name, is_allowed=True, admissions=admissions, masks=masks)


@lru_cache(maxsize=1024)
def _tree(question: str) -> exp.Expr:
    (tree,) = (one for one in sqlglot.parse(question, read="duckdb") if one is not None)
    return tree


@lru_cache(maxsize=1024)
def qualified(question: str, domain: str, tables: frozenset[str]) -> str:
    """Return a question that names its datasets in full and is otherwise as it was written."""
    named = (table.this for table in _tree(question).find_all(exp.Table) if not table.db)
    places = {int(name.meta["start"]) for name in named if name.name.lower() in tables}
    for place in sorted(places, reverse=True):
        question = f"{question[:place]}{domain}.{question[place:]}"
    return question


def quoted(question: str) -> str:
    """Return a question in which every name stands in quotes."""
    return _tree(question).sql("duckdb", identify=True)


def eased(question: str) -> Iterator[str]:
    """Yield a question with fewer and fewer conditions: on small tables some have no rows otherwise.

    Conditions that join by columns stay as long as others are left; then each of them goes alone.
    """
    yield question
    tree = _tree(question).copy()
    for condition in _conditions(tree):
        if not _is_joining(condition):
            condition.replace(exp.true())
            yield tree.sql("duckdb")
    for condition in reversed([one for one in _conditions(tree) if _is_joining(one)]):
        gone = condition.replace(exp.true())
        yield tree.sql("duckdb")
        gone.replace(condition)


def _conditions(tree: exp.Expr) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for clause in tree.find_all(exp.Where, exp.Having):
        found += clause.this.flatten() if isinstance(clause.this, exp.And) else [clause.this]
    return found


def _is_joining(condition: exp.Expr) -> bool:
    return isinstance(condition, exp.EQ) and all(
        isinstance(side, exp.Column) for side in (condition.left, condition.right)
    )


def uncut(question: str, keys: int) -> str | None:
    """Return a question without its limit; None if it has none, or is sorted by more than so many keys.

    >>> uncut("SELECT a FROM t ORDER BY a LIMIT 3", 1), uncut("SELECT a FROM t ORDER BY a, b LIMIT 3", 1)
    ('SELECT a FROM t ORDER BY a', None)
    """
    tree = _tree(question).copy()
    order = tree.args.get("order")
    if tree.args.get("limit") is None or order is None or len(order.expressions) > keys:
        return None
    tree.set("limit", None)
    return tree.sql("duckdb")


def order_of(question: str, names: Sequence[str]) -> list[int]:
    """Return the places of the columns that a question sorts its rows by, as far as they are in the result.

    >>> order_of("SELECT a, sum(b) AS c FROM t GROUP BY a ORDER BY 2 DESC, t.a, d", ["a", "c"])
    [1, 0]
    """
    order = _tree(question).args.get("order")
    shown = [name.lower() for name in names]
    places = []
    for one in order.expressions if order else ():
        key = one.this
        if isinstance(key, exp.Literal):
            places.append(int(key.name) - 1)
        elif isinstance(key, exp.Column) and shown.count(key.name.lower()) == 1:
            places.append(shown.index(key.name.lower()))
        else:
            break
    return places
