from __future__ import annotations

from pathlib import Path

import pytest

from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.policy import Clearance, Decision
from ghala.model.scan import plain_scan
from ghala.model.types import parse_type
from ghala.sql.guard import view

NAME = ("sales", "orders")
COLUMNS = tuple(
    Column(name, parse_type(kind))
    for name, kind in [
        ("id", "bigint"),
        ("region", "varchar"),
        ("email", "varchar"),
        ("note", "varchar"),
        ("amount", "decimal(12,2)"),
    ]
)
SCAN = plain_scan(
    [(column.name, column.type) for column in COLUMNS],
    [(Path("a.parquet"), 1), (Path("b.parquet"), 1)],
)


def cases():
    text = (Path(__file__).parent / "guard.sql").read_text()
    for block in text.strip().split("\n\n")[1:]:
        head, expected = block.split("\n")
        row_filter, columns = head.removeprefix("-- ").split(" | ")
        yield row_filter, columns, expected


def decided(row_filter, columns):
    pairs = (pair.split() for pair in columns.split(", "))
    return Decision(
        DatasetName(*NAME),
        is_allowed=True,
        columns={name: Clearance(how) for name, how in pairs},
        row_filter=None if row_filter == "none" else row_filter,
    )


@pytest.mark.parametrize(("row_filter", "columns", "expected"), list(cases()))
def test_a_decision_becomes_a_view(row_filter, columns, expected):
    made = view(NAME, SCAN, decided(row_filter, columns), COLUMNS)
    assert made.sql(dialect="duckdb") + ";" == expected


@pytest.mark.parametrize(
    "row_filter",
    [
        "id IN (SELECT id FROM people.staff)",
        "salary > 1",
        "people.staff.id = 1",
        "read_text('x') = 'y'",
        "sum(id) > 1",
        "row_number() OVER () = 1",
    ],
)
def test_a_filter_is_a_plain_predicate(row_filter):
    with pytest.raises(ValueError, match="row filter"):
        view(NAME, SCAN, decided(row_filter, "id clear"), COLUMNS)


def test_a_decision_that_shows_nothing_has_no_view():
    with pytest.raises(ValueError, match="no readable column"):
        view(NAME, SCAN, decided("none", "id hidden"), COLUMNS)
    with pytest.raises(ValueError, match="no readable column"):
        view(NAME, SCAN, Decision(DatasetName(*NAME), is_allowed=False), COLUMNS)


def test_a_column_that_the_contract_does_not_know_is_absent():
    made = view(NAME, SCAN, decided("none", "id clear, region clear"), COLUMNS[:1])
    assert "region" not in made.sql(dialect="duckdb")
