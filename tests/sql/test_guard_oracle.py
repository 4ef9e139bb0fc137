"""What a view shows, cell by cell, against a plain reading of the rules that shares no code with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghala.model.contract import Column
from ghala.model.mask import Mask, MaskKind, mask_fault
from ghala.model.names import DatasetName
from ghala.model.policy import Admission, Decision
from ghala.model.predicate import AllOf, AnyOf, Comparison, IsNull, Not, OneOf, Operator
from ghala.model.scan import plain_scan
from ghala.model.types import parse_type
from ghala.sql.guard import view, visible

KEY = b"a key longer than a block of the hash function, so that it is hashed before use"
TYPES = {"id": "bigint", "region": "varchar", "amount": "decimal(12,2)", "day": "date"}
COLUMNS = tuple(Column(name, parse_type(kind)) for name, kind in TYPES.items())
ROWS = [
    (-7, "KE", Decimal("-0.01"), dt.date(2024, 2, 29)),
    (0, "TZ", Decimal("0.00"), dt.date(2023, 12, 31)),
    (10**18, "KENYA", Decimal("1234567890.99"), dt.date(1, 1, 1)),
    (None, None, None, None),
    (5, "", Decimal("10.00"), dt.date(9999, 12, 31)),
    (-(2**63), "é∑𝄞xyz", Decimal("-9999999999.99"), None),
]
LITERALS = {
    "id": ["-7", "0", "5"],
    "region": ["KE", "", "é∑𝄞xyz"],
    "amount": ["0", "10.00", "-0.01"],
    "day": ["2024-02-29", "2024-01-01"],
}
READ = {"id": int, "region": str, "amount": Decimal, "day": dt.date.fromisoformat}
SIGNS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def holds(predicate, row):  # noqa: PLR0911 - one case per shape
    """Return True, False or None, as SQL has it."""
    match predicate:
        case None:
            return True
        case AllOf(parts):
            found = [holds(part, row) for part in parts]
            return False if False in found else (None if None in found else True)
        case AnyOf(parts):
            found = [holds(part, row) for part in parts]
            return True if True in found else (None if None in found else False)
        case Not(part):
            found = holds(part, row)
            return None if found is None else not found
        case IsNull(column):
            return row[column] is None
        case OneOf(column, values):
            return None if row[column] is None else row[column] in map(READ[column], values)
        case Comparison(column, operator, value):
            if row[column] is None:
                return None
            return SIGNS[operator.value](row[column], READ[column](value))


def hidden_as(mask, value):  # noqa: C901, PLR0911 - one case per mask
    """Return what a mask makes of a value."""
    if value is None:
        return None
    match mask.kind:
        case MaskKind.REPLACE_WITH_NULL:
            return None
        case MaskKind.MASK_TO_FIXED_VALUE:
            return type(value)(mask.value)
        case MaskKind.SHOW_FIRST:
            return value[: mask.count] + "***" if len(value) > mask.count else "***"
        case MaskKind.SHOW_LAST:
            return "***" + value[-mask.count :] if len(value) > mask.count else "***"
        case MaskKind.GENERALISE:
            return dict(mask.lookup).get(value, mask.otherwise)
        case MaskKind.BUCKET:
            lower = value - value % int(mask.size) if isinstance(value, int) else None
            if isinstance(value, Decimal):
                lower = value - (value % mask.size + mask.size) % mask.size
            fits = lower >= -(2**63) if isinstance(value, int) else abs(lower) < Decimal(10) ** 10
            return lower if fits else None
        case MaskKind.TRUNCATE_TO_MONTH:
            return value.replace(day=1)
        case MaskKind.TRUNCATE_TO_YEAR:
            return value.replace(month=1, day=1)
        case MaskKind.KEYED_HASH:
            digest = hmac.new(KEY, str(value).encode(), hashlib.sha256).hexdigest()
            return int(digest[:15], 16) if isinstance(value, int) else digest


COMPARISONS = st.sampled_from(list(TYPES)).flatmap(
    lambda column: st.one_of(
        st.builds(
            Comparison,
            st.just(column),
            st.sampled_from(Operator),
            st.sampled_from(LITERALS[column]),
        ),
        st.builds(
            OneOf,
            st.just(column),
            st.lists(st.sampled_from(LITERALS[column]), min_size=1).map(tuple),
        ),
        st.builds(IsNull, st.just(column)),
    )
)
PREDICATES = st.recursive(
    COMPARISONS,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
ADMISSIONS = st.lists(
    st.builds(
        Admission,
        st.frozensets(st.sampled_from(list(TYPES))),
        st.none() | PREDICATES,
    ),
    min_size=1,
    max_size=3,
).map(tuple)
MASKS = st.fixed_dictionaries(
    {},
    optional={
        column.name: st.builds(
            Mask,
            st.sampled_from(MaskKind),
            count=st.integers(1, 5),
            size=st.sampled_from([Decimal(1), Decimal(10), Decimal(7)]),
            value=st.just({"id": "9", "region": "?", "amount": "9.00"}.get(column.name, "9")),
            lookup=st.just((("KE", "East"), ("TZ", "East"))),
            otherwise=st.none() | st.just("Elsewhere"),
        ).filter(
            lambda mask, column=column: (
                mask_fault(mask, column.type) is None
                and not (mask.kind is MaskKind.MASK_TO_FIXED_VALUE and column.name == "day")
            )
        )
        for column in COLUMNS
    },
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    path = tmp_path_factory.mktemp("lake") / "rows.parquet"
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("CREATE SCHEMA sales")
        names = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
        connection.execute(f"CREATE TABLE stored ({names})")
        connection.executemany("INSERT INTO stored VALUES (?, ?, ?, ?)", ROWS)
        connection.execute(f"COPY stored TO '{path}' (FORMAT parquet)")
        scan = plain_scan([(column.name, column.type) for column in COLUMNS], [(path, len(ROWS))])
        yield connection, scan


@settings(max_examples=120, deadline=None)
@given(ADMISSIONS, MASKS)
def test_every_cell_is_what_the_rules_say(engine, admissions, masks):
    connection, scan = engine
    name = DatasetName("sales", "orders")
    decision = Decision(name, is_allowed=True, admissions=admissions, masks=masks, hash_key=KEY)
    named = {column for admission in admissions for column in admission.columns} | set(masks)
    seen = [column.name for column in visible(COLUMNS, decision)]
    assert seen == [column for column in TYPES if column in named]
    if not seen:
        return
    statement = view(("sales", "orders"), scan, decision, COLUMNS).sql(dialect="duckdb")
    connection.execute(statement.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))
    relation = connection.sql("FROM sales.orders")
    assert relation.columns == seen
    assert [str(kind).lower().replace(" ", "") for kind in relation.types] == [
        TYPES[column] for column in seen
    ]
    wanted = []
    for values in ROWS:
        row = dict(zip(TYPES, values, strict=True))
        admitting = [admission for admission in admissions if holds(admission.rows, row)]
        if not admitting:
            continue
        wanted.append(
            tuple(
                row[column]
                if any(column in admission.columns for admission in admitting)
                else hidden_as(masks.get(column, Mask(MaskKind.REPLACE_WITH_NULL)), row[column])
                for column in seen
            )
        )
    assert relation.fetchall() == wanted
