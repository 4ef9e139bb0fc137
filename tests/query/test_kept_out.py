"""Rows that were kept out: no more is said of them, and of fewer, than other ways would tell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from ghala.errors import ConflictError, NotFoundError, UsageError
from ghala.model.audit import AuditTag
from ghala.model.contract import Rule, RuleKind
from ghala.model.names import DatasetName, ProductName
from ghala.model.outcome import Quarantined
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.release import PROD
from ghala.model.run import Run, RunState, StepBalance
from ghala.model.run_progress import RunStep, RunStepKind
from ghala.quality.separate import RULES_COLUMN
from ghala.query import kept_batches
from ghala.query.discover import Discovery
from ghala.query.kept_out import KeptOut, Narrowed
from ghala.query.kept_row import LONGEST_SHOWN
from ghala.query.mending import Mendings
from ghala.registry import progress, runs, tables
from ghala.registry.registry import open_registry
from ghala.testing.catalog import Eyes, column, definitions, product

STAFF, HEALTH = DatasetName("hr", "staff"), DatasetName("hr", "health")
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")
ANN = Principal("user:ann", PrincipalKind.USER, "analytics", teams=frozenset({"team:hr-team"}))
AT = datetime(2026, 3, 1, tzinfo=UTC)
RULES = (
    Rule("salary.required", RuleKind.REQUIRED, ("salary",)),
    Rule("id.required", RuleKind.REQUIRED, ("id",)),
    Rule("total", RuleKind.SQL, query="SELECT 0"),
)


def people():
    """A product of two datasets that one source feeds."""
    columns = [column("id"), column("salary")]
    made = product("hr/people", {"staff": columns, "health": [column("id"), column("Illness")]})
    (contract,) = made.contracts
    staff, health = contract.datasets
    with_rules = replace(contract, datasets=(replace(staff, rules=RULES), health))
    return replace(made, contracts=(with_rules,))


class Kept:
    """What runs kept out of the product."""

    def __init__(self, folder):
        self.folder = folder / "quarantine"
        self.registry = open_registry(None, folder)
        self.eyes = Eyes()
        known = definitions(people())
        self.out = KeptOut(Discovery(self.registry, lambda: known, self.eyes), self.folder)
        self.mendings = Mendings(self.out)
        self.turn = 0

    def run(self, name, *, has_graph=True):
        """Record a run that published both datasets from the one source."""
        self.turn += 1
        at = AT + timedelta(days=self.turn)
        made = Run(name, ProductName("hr", "people"), PROD, "0" * 64, RunState.RUNNING, at)
        graph = {
            0: RunStep("people", RunStepKind.INGEST),
            1: RunStep("staff", RunStepKind.SQL, ("people",), "hr.staff"),
            2: RunStep("health", RunStepKind.SQL, ("people",), "hr.health"),
        }
        with self.registry.write() as connection:
            runs.start(connection, made)
            progress.set_steps(connection, name, graph if has_graph else {})
            steps = [StepBalance("people", 2, 0)]
            runs.finish(connection, name, RunState.PUBLISHED, steps=steps, reports=[])

    def batch(self, run, step, kind, table):
        """Keep rows out."""
        path = f"{run}/{step}.parquet"
        (self.folder / run).mkdir(parents=True, exist_ok=True)
        pq.write_table(table, self.folder / path)
        at = AT + timedelta(days=self.turn)
        step = step.partition("-")[0]
        kept = Quarantined(ProductName("hr", "people"), run, step, kind, table.num_rows, path, at)
        with self.registry.write() as connection:
            runs.record_quarantine(connection, PROD, [kept])

    def records(self, run, *texts):
        """Keep records of the source out."""
        count = len(texts)
        self.batch(
            run,
            "people",
            "source",
            pa.table(
                {
                    "file": ["people.csv"] * count,
                    "record": list(range(1, count + 1)),
                    "line": list(range(2, count + 2)),
                    "reason": ["type"] * count,
                    "message": ["is no number"] * count,
                    "column": ["id"] * count,
                    "raw": list(texts),
                }
            ),
        )

    def rows(self, run, *rules):
        """Keep rows of `hr.staff` out, each for some rules."""
        columns = {"id": [str(number) for number in range(len(rules))]}
        columns |= {"salary": ["9"] * len(rules), RULES_COLUMN: [list(one) for one in rules]}
        self.batch(run, "hr.staff-0", "check", pa.table(columns))

    def page(self, name, principal, **asked):
        """Return the page of a dataset."""
        return self.out.page(name, principal, Narrowed(**asked))

    def recorded(self, tag=AuditTag.QUARANTINE_READ):
        """Return the entries of reads of what was kept out."""
        with self.registry.read() as connection:
            query = select(tables.audit.c.objects, tables.audit.c.detail).filter_by(tag=tag)
            return [tuple(one) for one in connection.execute(query)]


@pytest.fixture
def kept(tmp_path):
    made = Kept(tmp_path)
    yield made
    made.registry.close()


def test_rules_of_hidden_columns_are_not_named(kept):
    kept.run("first")
    kept.rows("first", ("salary.required",), ("salary.required", "id.required"), ("gone",))
    owner = kept.page("hr.staff", ANN)
    assert owner["reasons"] == [
        {"reason": "salary.required", "rows": 2},
        {"reason": "id.required", "rows": 1},
        {"reason": "gone", "rows": 1},
    ]
    kept.eyes.hidden = {"hr.staff.salary"}
    for principal in (BEN, ANN):
        told = kept.page("hr.staff", principal)
        assert (told["quarantined"], told["rows"], told["may_repair"]) == (3, None, False)
        assert told["reasons"] == [{"reason": "id.required", "rows": 1}]


def test_records_of_a_source_are_for_those_who_read_all_that_it_feeds(kept):
    kept.run("first")
    kept.records("first", b"1,5,flu", b"2,6,gout")
    kept.rows("first", ("id.required",))
    everything = kept.page("hr.staff", ANN)
    assert (everything["quarantined"], everything["matching"]) == (3, 3)
    record = next(row["id"] for row in everything["rows"] if row["kind"] == "source")
    kept.eyes.hidden = {"hr.health.Illness"}
    told = kept.page("hr.staff", ANN)
    assert (told["quarantined"], told["matching"], told["files"]) == (3, 1, [])
    assert [row["kind"] for row in told["rows"]] == ["check"]
    assert "flu" not in str(told)
    with pytest.raises(NotFoundError, match="no row"):
        kept.mendings.fix("hr.staff", record, by=ANN, raw="1,5,none")
    with pytest.raises(NotFoundError, match="no row"):
        kept.mendings.discard("hr.staff", [record], reason="a test", by=ANN)
    assert kept.page("hr.staff", OWNER_LOCAL)["matching"] == 3


def test_where_it_is_not_on_record_a_source_feeds_all_datasets(kept):
    kept.run("old", has_graph=False)
    kept.records("old", b"1,5,flu")
    assert kept.page("hr.staff", ANN)["matching"] == 1
    kept.eyes.hidden = {"hr.health.Illness"}
    assert kept.page("hr.staff", ANN)["matching"] == 0


def test_who_sees_counts_alone_makes_nobody_read_the_rows(kept, monkeypatch):
    kept.run("first")
    kept.records("first", b"1,5,flu", b"2,6,gout")
    kept.rows("first", ("id.required",))

    def rows(*_asked):
        raise AssertionError("rows were read")

    with monkeypatch.context() as patched:
        patched.setattr(kept_batches, "rows", rows)
        told = kept.page("hr.staff", BEN, limit=1)
    assert (told["quarantined"], told["open"]) == (3, 3)
    # What was decided about rows is counted by looking at them.
    first = kept.page("hr.staff", ANN, file="people.csv")["rows"][0]
    kept.mendings.discard("hr.staff", [first["id"]], reason="a test", by=ANN)
    told = kept.page("hr.staff", BEN)
    assert (told["quarantined"], told["open"], told["discarded"]) == (3, 2, 1)
    assert {one["reason"]: one["rows"] for one in told["reasons"]} == {"type": 1, "id.required": 1}


def test_a_batch_that_is_no_longer_kept_is_counted_and_left_out(kept):
    kept.run("first")
    kept.records("first", b"1,5,flu", b"2,6,gout")
    kept.rows("first", ("id.required",))
    (kept.folder / "first" / "people.parquet").unlink()
    for principal in (BEN, ANN):
        told = kept.page("hr.staff", principal)
        assert (told["quarantined"], told["lost"]) == (1, 2)
    (row,) = kept.page("hr.staff", ANN)["rows"]
    kept.mendings.discard("hr.staff", [row["id"]], reason="a test", by=ANN)


def test_what_was_read_is_recorded_with_its_columns(kept):
    kept.run("first")
    kept.rows("first", ("id.required",))
    kept.page("hr.staff", BEN)
    assert kept.recorded() == []
    kept.page("hr.staff", ANN)
    staff = {"columns": ["id", "salary"]}
    (objects, detail) = kept.recorded()[0]
    assert (objects, detail["datasets"]) == (["hr/people", "hr.staff"], {"hr.staff": staff})
    kept.records("first", b"1,5,flu")
    kept.page("hr.staff", ANN)
    (objects, detail) = kept.recorded()[1]
    assert objects == ["hr/people", "hr.health", "hr.staff"]
    assert detail["datasets"] == {"hr.staff": staff, "hr.health": {"columns": ["id", "Illness"]}}


def test_what_is_shown_otherwise_than_it_stands_is_not_saved(kept):
    kept.run("first")
    kept.records(
        "first", b"1,caf\xe9,5", rb"2,C:\xe9," + b"\xe9", b"3," + b"x" * LONGEST_SHOWN, b"4,5"
    )
    rows = {row["record"]: row for row in kept.page("hr.staff", ANN)["rows"]}
    assert {record: row["is_whole"] for record, row in rows.items()} == {
        1: False,
        2: False,
        3: False,
        4: True,
    }
    assert rows[1]["raw"] == r"1,caf\xe9,5"
    for record in (1, 2):
        with pytest.raises(UsageError, match="stands for a byte"):
            kept.mendings.fix("hr.staff", rows[record]["id"], by=ANN, raw=rows[record]["raw"])
    kept.mendings.fix("hr.staff", rows[1]["id"], by=ANN, raw="1,café,5")
    # That text stands there as well.
    kept.mendings.fix("hr.staff", rows[2]["id"], by=ANN, raw=r"2,C:\xe9,é")
    assert "longer than" in rows[3]["why_not"]
    with pytest.raises(ConflictError, match="longer than"):
        kept.mendings.fix("hr.staff", rows[3]["id"], by=ANN, raw=rows[3]["raw"])
    # What was edited is shown whole, however long it is.
    edited = "4," + "y" * (LONGEST_SHOWN + 1)
    made = kept.mendings.fix("hr.staff", rows[4]["id"], by=ANN, raw=edited)
    assert made["fixed_raw"] == edited
