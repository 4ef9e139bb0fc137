"""What a check reads: one scan for all rules about cells, a narrow one for each key, and only columns with rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ghala.model.contract import Comparison, Operator, Rule, RuleKind
from ghala.quality.check import check

if TYPE_CHECKING:
    from ghala.engines.duckdb import Session


@dataclass
class Listener:
    """A session that remembers what it ran."""

    session: Session
    ran: list[str] = field(default_factory=list)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self.ran.append(sql)
        return self.session.rows(sql)

    def execute(self, sql: str) -> None:
        self.ran.append(sql)
        self.session.execute(sql)

    def scans(self) -> list[str]:
        return [sql for sql in self.ran if "READ_PARQUET" in sql]


COLUMNS = {"id": "bigint", "name": "varchar", "note": "varchar", "amount": "decimal(9,2)"}
CELL_RULES = [
    Rule("1", RuleKind.REQUIRED, ("id",)),
    Rule("2", RuleKind.REQUIRED, ("name",)),
    Rule("3", RuleKind.LENGTH, ("name",), max_length=9),
    Rule("4", RuleKind.ENUM, ("name",), valid_values=("a", "b")),
    Rule("5", RuleKind.RANGE, ("amount",), minimum="0"),
    Rule("6", RuleKind.NULL_VALUES, ("amount",), Comparison(Operator.MUST_BE_LESS_THAN, 3)),
]


def run(laboratory, rules, rows=((1, "a", "x", 1),)):
    dataset = laboratory.dataset(COLUMNS, rules, ["id"])
    listener = Listener(laboratory.session)
    staged = laboratory.stage(dataset, rows)
    check(
        listener,
        dataset,
        staged,
        None,
        on_fail=None,
        separate=lambda *_: staged,
        run_rule=lambda *_: 0,
    )
    return listener


def test_all_rules_about_cells_share_one_scan(laboratory):
    (scan,) = run(laboratory, CELL_RULES).scans()
    assert "note" not in scan


def test_a_key_costs_a_scan_of_its_columns_and_a_look_at_statistics(laboratory):
    rules = [Rule("k", RuleKind.PRIMARY_KEY, ("id",)), Rule("u", RuleKind.UNIQUE, ("name", "note"))]
    _, span, numbers, texts = run(laboratory, rules).scans()
    assert span.startswith("SELECT MIN(")
    assert "BITSTRING_AGG" in numbers
    assert "DISTINCT" in texts
    assert "amount" not in span + numbers + texts


def test_no_table_is_made_while_no_key_repeats(laboratory):
    ran = run(laboratory, [Rule("k", RuleKind.PRIMARY_KEY, ("id",))]).ran
    assert not any(sql.startswith(("CREATE", "DROP")) for sql in ran)


def test_samples_of_all_broken_rules_share_one_scan(laboratory):
    rows = [(None, None, "x", -1), (1, "abc", "x", None)]
    assert len(run(laboratory, CELL_RULES, rows).scans()) == 2


def test_values_are_compared_without_casting_the_column(laboratory):
    (scan,) = run(laboratory, CELL_RULES[4:5]).scans()
    assert """"amount" < CAST('0.00' AS DECIMAL(9, 2))""" in scan
