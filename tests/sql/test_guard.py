from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ghala.model.contract import Column
from ghala.model.mask import Mask, MaskKind
from ghala.model.names import DatasetName
from ghala.model.policy import Admission, Decision
from ghala.model.predicate import Comparison, IsNull, Operator, from_json
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
        yield json.loads(head.removeprefix("-- ")), expected


def decided(admissions, masks=None):
    return Decision(
        DatasetName(*NAME),
        is_allowed=True,
        admissions=tuple(
            Admission(
                frozenset(admission["columns"]),
                from_json(admission["rows"]) if "rows" in admission else None,
            )
            for admission in admissions
        ),
        masks={name: Mask(MaskKind(kind)) for name, kind in (masks or {}).items()},
        hash_key=b"key of a purpose",
    )


@pytest.mark.parametrize(("rule", "expected"), list(cases()))
def test_a_decision_becomes_a_view(rule, expected):
    made = view(NAME, SCAN, decided(rule["admissions"], rule.get("masks")), COLUMNS)
    assert made.sql(dialect="duckdb") + ";" == expected


@pytest.mark.parametrize("rows", [IsNull("salary"), Comparison("ID", Operator.EQUAL, "1")])
def test_a_predicate_about_a_column_that_is_not_there_makes_no_view(rows):
    decision = Decision(
        DatasetName(*NAME), is_allowed=True, admissions=(Admission(frozenset({"id"}), rows),)
    )
    with pytest.raises(ValueError, match="not there"):
        view(NAME, SCAN, decision, COLUMNS)


def test_a_mask_that_does_not_fit_makes_no_view():
    with pytest.raises(ValueError, match="masks bigint"):
        view(NAME, SCAN, decided([{"columns": ["id"]}], {"email": "bucket"}), COLUMNS)


def test_a_keyed_hash_without_a_key_makes_no_view():
    decision = replace(decided([{"columns": ["id"]}], {"email": "keyed-hash"}), hash_key=None)
    with pytest.raises(ValueError, match="no key"):
        view(NAME, SCAN, decision, COLUMNS)


def test_a_decision_that_shows_nothing_has_no_view():
    for decision in (
        decided([{"columns": []}]),
        decided([], {"id": "replace-with-null"}),
        Decision(DatasetName(*NAME), is_allowed=False),
        replace(decided([{"columns": ["id"]}]), is_allowed=False),
    ):
        with pytest.raises(ValueError, match="no readable column"):
            view(NAME, SCAN, decision, COLUMNS)


def test_a_column_that_the_contract_does_not_know_is_absent():
    made = view(NAME, SCAN, decided([{"columns": ["id", "region"]}]), COLUMNS[:1])
    assert "region" not in made.sql(dialect="duckdb")


def test_no_decision_shows_its_key():
    assert "purpose" not in repr(decided([{"columns": ["id"]}]))
