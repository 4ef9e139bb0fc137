"""A small organisation full of tokens, six personas, and what each may see, worked out in plain Python.

The rules stand here twice on purpose: as decisions for the door, and as functions over rows for the oracle, which
shares no code with Ghala.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from conftest import TABLES

from ghala.model.mask import Mask, MaskKind
from ghala.model.policy import Admission, Decision
from ghala.model.predicate import AllOf, AnyOf, Comparison, IsNull, Not, OneOf, Operator
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.types import parse_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.model.predicate import Predicate

TOKEN = re.compile(r"tk\d{7}q")
"""Every token: a consumer's output may hold those of the cells that it may see, and no other."""
KEY = b"tk9999999q is the key of a purpose"
SECRETS = {"tk9999998q": "a file beside the lake", "tk9999997q": "the environment"}

COLUMNS: dict[str, dict[str, str]] = {
    name: {column: str(kind) for column, kind in types.items()}
    for name, (types, _) in TABLES.items()
}
COLUMNS["sales.orders"] |= {"code": "VARCHAR", "units": "BIGINT"}
Row = dict[str, Any]


def rows(first: int = 1) -> dict[str, list[Row]]:
    """Return the stored rows: what is not of Kenya would break what computes with it, if it were ever computed.

    Tokens are numbered from `first`.
    """
    numbers = count(first)

    def token() -> str:
        return f"tk{next(numbers):07}q"

    orders = [
        {
            "order_id": i,
            "customer_id": i % 37,
            "region": ("KE", "TZ", "UG")[i % 3],
            "status": ("open", "paid", "shipped")[i % 3] if i % 5 else token(),
            "amount": Decimal(i * 7919 % 100000) / 100,
            "ordered_on": dt.date(2025, 1, 1) + dt.timedelta(days=i * 3 % 365),
            "email": f"{token()}@example.org",
            "note": None if i % 11 == 0 else f"note {token()}",
            "code": str(i) if i % 3 == 0 else token(),
            "units": i % 50 if i % 3 == 0 else 2**62 + i,
        }
        for i in range(1, 91)
    ]
    customers = [
        {
            "customer_id": i,
            "name": f"Customer {token()}",
            "country": ("KE", "TZ", "UG", None)[i % 4],
            "credit": i * 1.5,
        }
        for i in range(40)
    ]
    lines = [
        {
            "order_id": 1 + i % 60,
            "line": i // 60,
            "sku": f"sku-{i % 11}",
            "quantity": 1.0 + i % 50,
            "price": (i * 31 % 1000) / 10,
            "discount": (i % 11) / 100,
            "shipped_on": dt.date(2025, 1, 3) + dt.timedelta(days=i % 365),
        }
        for i in range(120)
    ]
    events = [
        {
            "event_id": i,
            "at": dt.datetime(2025, 1, 1) + dt.timedelta(minutes=i * 170),  # noqa: DTZ001 - no zone is stored
            "kind": ("view", "click", "buy")[i % 3],
            "item": {"sku": f"sku-{i % 11}" if i % 3 == 0 else token(), "amount": i % 5},
            "tags": [f"a{i % 3}", "b", f"c{i % 7}" if i % 3 == 0 else token()],
            "items": [{"sku": f"x{i}", "amount": i}, {"sku": "y", "amount": 1}],
            "payload": json.dumps({"user": {"id": i % 5, "tags": [f"t{i % 2}"]}})
            if i % 3 == 0
            else f"{{{token()}",
        }
        for i in range(45)
    ]
    staff = [{"id": i, "name": token(), "salary": 1000 * i} for i in range(10)]
    return {
        "sales.orders": orders,
        "sales.customers": customers,
        "sales.lines": lines,
        "web.events": events,
        "people.staff": staff,
    }


def releases() -> dict[str, list[Row]]:
    """Return the stored rows of each table's current release, and as `table@1` those of its first, all different."""
    first = {f"{name}@1": stored[::2] for name, stored in rows(500_001).items()}
    return rows() | first


def nothing(_: Any) -> None:
    return None


def first_two(value: str | None) -> str | None:
    return None if value is None else (value[:2] + "***" if len(value) > 2 else "***")


def tens(value: Decimal | None) -> Decimal | None:
    return None if value is None else value - value % 10


def month(value: dt.date | None) -> dt.date | None:
    return value and value.replace(day=1)


def hashed(value: str | None) -> str | None:
    return value and hmac.new(KEY, value.encode(), hashlib.sha256).hexdigest()


def fixed(value: str | None) -> str | None:
    return value and "?"


@dataclass(frozen=True)
class Rule:
    """One agreement, for the door and for the oracle."""

    columns: str
    predicate: Predicate | None = None
    holds: Callable[[Row], bool] = field(default=lambda _: True)

    def names(self, table: str) -> frozenset[str]:
        return frozenset(COLUMNS[table] if self.columns == "*" else self.columns.split())


@dataclass(frozen=True)
class Seen:
    """What a persona may see of one dataset: its agreements, and masks as (for the door, for the oracle)."""

    rules: tuple[Rule, ...]
    masks: Mapping[str, tuple[Mask, Callable[[Any], Any]]] = field(default_factory=dict)


NULL = Mask(MaskKind.REPLACE_WITH_NULL)
KENYA = Comparison("region", Operator.EQUAL, "KE")
OVER_TWO = AnyOf((KENYA, Comparison("order_id", Operator.LESS, "0")))
"""No scan of a file can decide that alone: it stays a condition beside those of the statement."""
ALL = Seen((Rule("*"),))
_FILTERED = {
    "sales.orders": Seen(
        (Rule("order_id customer_id region status amount ordered_on code units", OVER_TWO,
              lambda row: row["region"] == "KE" or row["order_id"] < 0),),
        {"email": (NULL, nothing)},
    ),
    "sales.customers": Seen(
        (Rule("*", OneOf("country", ("KE", "UG")), lambda row: row["country"] in {"KE", "UG"}),)
    ),
    "sales.lines": Seen(
        (Rule("*", Comparison("quantity", Operator.LESS, "25"), lambda row: row["quantity"] < 25),)
    ),
    "web.events": Seen(
        (Rule("*", Not(Comparison("kind", Operator.NOT_EQUAL, "view")),
              lambda row: row["kind"] == "view"),)
    ),
}  # fmt: skip
_MASKED = {
    "sales.orders": Seen(
        (Rule("order_id customer_id region status units"),),
        {
            "email": (Mask(MaskKind.KEYED_HASH), hashed),
            "code": (Mask(MaskKind.SHOW_FIRST, count=2), first_two),
            "amount": (Mask(MaskKind.BUCKET, size=Decimal(10)), tens),
            "ordered_on": (Mask(MaskKind.TRUNCATE_TO_MONTH), month),
            "note": (Mask(MaskKind.MASK_TO_FIXED_VALUE, value="?"), fixed),
        },
    ),
    "sales.customers": Seen((Rule("customer_id country credit"),), {"name": (NULL, nothing)}),
    "sales.lines": ALL,
    "web.events": Seen((Rule("event_id at kind tags"),), {"payload": (NULL, nothing)}),
}
_OVERLAPPING = {
    "sales.orders": Seen(
        (
            Rule("order_id customer_id region amount status ordered_on",
                 OneOf("region", ("KE", "TZ")), lambda row: row["region"] in {"KE", "TZ"}),
            Rule("order_id email ordered_on code units",
                 AnyOf((Comparison("amount", Operator.GREATER, "500"), IsNull("note"))),
                 lambda row: row["amount"] > 500 or row["note"] is None),
        ),
        {"email": (Mask(MaskKind.SHOW_FIRST, count=2), first_two)},
    ),
    "sales.customers": ALL,
    "sales.lines": Seen(
        (
            Rule("*", Comparison("sku", Operator.EQUAL, "sku-1"), lambda row: row["sku"] == "sku-1"),
            Rule("order_id line quantity price discount", Comparison("line", Operator.EQUAL, "1"),
                 lambda row: row["line"] == 1),
        )
    ),
    "web.events": _FILTERED["web.events"],
}  # fmt: skip
_NARROW = {
    "sales.orders": Seen(
        (Rule("order_id region amount code units",
              AllOf((OVER_TWO, Comparison("amount", Operator.LESS_OR_EQUAL, "700"))),
              lambda row: row["region"] == "KE" and row["amount"] <= 700),)
    ),
    "sales.lines": _FILTERED["sales.lines"],
}  # fmt: skip


@dataclass(frozen=True)
class Persona:
    principal: Principal
    sees: Mapping[str, Seen]

    def rows_of(self, table: str, stored: Sequence[Row]) -> list[Row]:
        """Return the rows and cells that this persona may see; the oracle."""
        seen = self.sees[table]
        shown = []
        for row in stored:
            admitting = [rule for rule in seen.rules if rule.holds(row)]
            if admitting:
                clear = frozenset().union(*(rule.names(table) for rule in admitting))
                shown.append(
                    {
                        name: row[name]
                        if name in clear
                        else (seen.masks[name][1](row[name]) if name in seen.masks else None)
                        for name in self.columns_of(table)
                    }
                )
        return shown

    def admitted(self, stored: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
        """Return the stored rows that this persona may see at all, as they are stored."""
        return {
            release: [row for row in its_rows if any(rule.holds(row) for rule in seen.rules)]
            for release, its_rows in stored.items()
            if (seen := self.sees.get(release.partition("@")[0]))
        }

    def columns_of(self, table: str) -> list[str]:
        seen = self.sees[table]
        named = {name for rule in seen.rules for name in rule.names(table)} | set(seen.masks)
        return [name for name in COLUMNS[table] if name in named]


PERSONAS = {
    "owner": Persona(Principal("user:owner", PrincipalKind.USER, "work"), dict.fromkeys(COLUMNS, ALL)),
    "filtered": Persona(Principal("user:fatma", PrincipalKind.USER, "work"), _FILTERED),
    "masked": Persona(Principal("user:moses", PrincipalKind.USER, "work"), _MASKED),
    "overlapping": Persona(Principal("user:olive", PrincipalKind.USER, "work"), _OVERLAPPING),
    "agent": Persona(Principal("agent:scout", PrincipalKind.AGENT, "work"), _NARROW),
    "discover": Persona(Principal("user:dan", PrincipalKind.USER, "work"), {}),
}  # fmt: skip


class CanaryPolicy:
    """Decides as the personas' agreements say."""

    def decide(self, principal, _action, asked: Sequence[Asked], *, prepared=frozenset()):  # noqa: ARG002 - the door names it
        (persona,) = (one for one in PERSONAS.values() if one.principal == principal)
        return tuple(self.one(persona, str(dataset.name), dataset) for dataset in asked)

    def one(self, persona: Persona, table: str, asked: Asked) -> Decision:
        if table not in persona.sees:
            return Decision(asked.name, is_allowed=False, reasons=("no agreement",))
        seen = persona.sees[table]
        return Decision(
            asked.name,
            is_allowed=True,
            admissions=tuple(Admission(rule.names(table), rule.predicate) for rule in seen.rules),
            masks={name: mask for name, (mask, _) in seen.masks.items()},
            hash_key=KEY,
        )


_ARROW = {
    "BIGINT": pa.int64(), "DATE": pa.date32(), "DOUBLE": pa.float64(), "VARCHAR": pa.string(),
    "DECIMAL(12, 2)": pa.decimal128(12, 2), "TIMESTAMP": pa.timestamp("us"),
}  # fmt: skip
_ITEM = pa.struct([("sku", pa.string()), ("amount", pa.int64())])


def arrow_type(kind: str) -> pa.DataType:
    if kind in _ARROW:
        return _ARROW[kind]
    inner = _ITEM if kind.startswith("STRUCT") else pa.string()
    return pa.list_(inner) if kind.endswith("[]") else inner


def table_of(name: str, columns: Sequence[str], stored: Sequence[Row]) -> pa.Table:
    fields = [(column, arrow_type(COLUMNS[name][column])) for column in columns]
    return pa.Table.from_pylist(list(stored), schema=pa.schema(fields))


def types_of(name: str) -> dict[str, Any]:
    known = TABLES[name][0]
    return {column: known.get(column) or parse_type(kind) for column, kind in COLUMNS[name].items()}
