"""What is on record of repaired rows: brought over from before, and however many they are."""

import json
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, column, insert, select, table

from ghala.model.names import ProductName
from ghala.model.quarantine import KeptOutState, Place, RowFault
from ghala.model.release import Release
from ghala.model.run import RunState
from ghala.registry import browsing, migrate, progress, repairs, rollbacks, runs, tables
from ghala.registry.postgresql import PostgreSQL
from ghala.registry.sqlite import SQLite

PRODUCT = ProductName("sales", "orders")
PLACE = Place("prod", PRODUCT, "sales.orders-0")
OLD_REPAIRS = table(
    "quarantine_repairs",
    *map(column, ("row", "environment", "product", "place", "kind", "path", "position", "state")),
    *map(column, ("fixed", "note", "at", "principal")),
)
OLD_RELEASES = table(
    "quarantine_releases", *map(column, ["row", "environment", "product", "release", "ended_by"])
)
OLD_RUNS = table(
    "runs",
    *map(
        column,
        ["id", "environment", "product", "definition_sha256", "state", "started_at", "release"],
    ),
    column("steps", JSON),
    column("reports", JSON),
)
OLD_STEPS = table(
    "run_steps",
    *map(column, ["run_id", "position", "name", "kind", "state"]),
    column("reads", JSON),
)


def repair(row, run_id, position, **values):
    return {
        "row": row, "environment": "prod", "product": "sales/orders", "place": PLACE.name,
        "kind": "check", "path": f"{run_id}/{PLACE.name}.parquet", "position": position,
        "state": "released", "fixed": b"{}", "note": None, "at": 1, "principal": "owner:local",
    } | values  # fmt: skip


def run(run_id, state, release=None):
    return {
        "id": run_id, "environment": "prod", "product": "sales/orders", "state": state,
        "definition_sha256": "0" * 64, "started_at": 1, "release": release, "steps": [],
        "reports": [],
    }  # fmt: skip


def step(run_id, kind, reads):
    made = {"position": 0, "name": kind, "kind": kind, "reads": reads, "state": "done"}
    return {"run_id": run_id, **made}


def released(row, release, ended_by=None):
    key = {"environment": "prod", "product": "sales/orders"}
    return {**key, "row": row, "release": release, "ended_by": ended_by}


def test_what_was_decided_before_is_found_under_the_ids_of_today(empty_place):
    url = f"sqlite:///{empty_place.folder / 'registry.db'}"
    database = PostgreSQL.open(empty_place.url) if empty_place.url else SQLite.open(url)
    given_up = {"state": "discarded", "fixed": None, "note": "why"}
    with database.writing.connect() as connection, connection.begin():
        config = Config()
        folder = migrate.__file__.replace("migrate.py", "migrations")
        config.set_main_option("script_location", folder)
        config.attributes["connection"] = connection
        command.upgrade(config, "0017")
        connection.execute(
            insert(OLD_RUNS),
            [run("one", "published", 1), run("two", "refused"), run("back", "refused")],
        )
        connection.execute(
            insert(OLD_STEPS),
            [
                step("one", "ingest", ["rows"]),
                step("two", "publish", ["land"]),
                step("back", "publish", ["release 7"]),
            ],
        )
        connection.execute(
            insert(OLD_REPAIRS),
            [
                repair("a" * 32, "one", 0, fixed=b'{"amount": "2"}'),
                repair("b" * 32, "one", 3, **given_up),
                repair("c" * 32, "two", 0, **given_up),
                repair("d" * 32, "one", 0, kind="source", fixed=b"raw"),
            ],
        )
        connection.execute(
            insert(OLD_RELEASES),
            [released("a" * 32, 2, 3), released("a" * 32, 4), released("d" * 32, 2)],
        )
    database.reading.dispose()
    database.writing.dispose()

    registry = empty_place.open()
    with registry.read() as connection:
        found = repairs.of_product(connection, "prod", PRODUCT)
        spans = connection.execute(
            select(tables.quarantine_releases).order_by(tables.quarantine_releases.c.id)
        ).mappings()
        first, second = PLACE.once_id("one", 0), PLACE.once_id("one", 3)
        assert set(found) == {first, second, *(letter * 32 for letter in "bcd")}
        assert json.loads(found[first].fixed) == {"amount": "2"}
        assert found[first].state is KeptOutState.RELEASED
        assert (found[second].state, found[second].note) == (KeptOutState.DISCARDED, "why")
        assert [(span["row"], span["release"], span["fixed"]) for span in spans] == [
            (first, 2, None),
            (first, 4, b'{"amount": "2"}'),
            ("d" * 32, 2, b"raw"),
        ]
        assert [runs.find(connection, one).rolls_back for one in ("one", "two", "back")] == [
            None,
            None,
            7,
        ]
    registry.close()


def test_no_statement_is_too_long_for_many_rows(registry):
    many = {f"{number:032d}": b"" for number in range(70_000)}
    some = dict(list(many.items())[:1_001])
    now = datetime.now(UTC)
    release = Release(PRODUCT, "prod", 1, "run-1", "0" * 64, now, (), is_current=True)
    with registry.write() as connection:
        repairs.released(connection, release, some)
        repairs.ended(connection, release, many)
        assert repairs.of_run(connection, "prod", PRODUCT, many) == {}
        assert runs.states_of(connection, many) == {}
        assert progress.steps_of_runs(connection, many) == {}
        assert rollbacks.standing(connection, "prod", PRODUCT, many) == frozenset()
        left = select(tables.quarantine_releases.c.id).filter_by(ended_by=None)
        assert connection.execute(left).first() is None


def test_a_repair_that_was_changed_since_is_told(registry):
    with registry.write() as connection:
        values = repair("a" * 32, "one", 0, state="fixed")
        connection.execute(insert(tables.quarantine_repairs), [values, {**values, "row": "b" * 32}])
    with registry.write() as connection:
        rows = ["a" * 32, "b" * 32]
        known = repairs.of_run(connection, "prod", PRODUCT, rows)
        assert sorted(known) == rows == sorted(repairs.waiting(connection, "prod", PRODUCT))
        assert repairs.changed(connection, known) == frozenset()
    with registry.write() as connection:
        repairs.refused(connection, {"a" * 32: RowFault("type", "no number")})
        assert repairs.changed(connection, known) == {"a" * 32}


@pytest.mark.parametrize("state", [RunState.REFUSED, RunState.FAILED])
def test_a_rollback_that_came_to_nothing_is_no_last_run(registry, state):
    with registry.write() as connection:
        rows = [
            {**run("one", "published", 1), "rolls_back": None},
            {**run("two", state.value), "started_at": 2, "rolls_back": 1},
        ]
        connection.execute(insert(tables.runs), rows)
    with registry.read() as connection:
        assert runs.last_ended(connection, "prod", PRODUCT, "three").id == "one"
        assert runs.last_of(connection, "prod", PRODUCT).id == "one"
        assert browsing.kept_contracts(connection) == {"sales/orders": True}
        last = browsing.last_runs(connection, ["sales/orders"], checked=True)
        assert last["sales/orders"].id == "one"
