"""Checks that were recorded before they had a table of their own are taken over with the identity of their datasets."""

from alembic import command
from alembic.config import Config
from sqlalchemy import insert

from ghala.registry import checks, tables
from ghala.registry import migrate as migrations
from ghala.registry.postgresql import PostgreSQL
from ghala.registry.sqlite import SQLite

REPORT = {"dataset": "sales.orders", "is_broken": False, "findings": []}
RUN = {
    "environment": "prod", "product": "sales/orders", "definition_sha256": "0" * 64,
    "state": "published", "started_at": 1, "steps": [],
}  # fmt: skip


def old_registry(place):
    """Make a registry of before, with two runs of which only one's dataset has a release."""
    database = (
        PostgreSQL.open(place.url)
        if place.url
        else SQLite.open(f"sqlite:///{place.folder / 'registry.db'}")
    )
    with database.writing.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option(
            "script_location", migrations.__file__.replace("migrate.py", "migrations")
        )
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        unknown = {**REPORT, "dataset": "sales.gone"}
        for number, reports in ((1, [REPORT]), (2, [REPORT, unknown]), (3, [])):
            connection.execute(
                insert(tables.runs).values(
                    id=f"r{number}", finished_at=number * 10, release=number, reports=reports, **RUN
                )
            )
        connection.execute(
            insert(tables.release_datasets).values(
                environment="prod", product="sales/orders", number=1, domain="sales",
                dataset="orders", dataset_id="c/orders", metadata_location="m", snapshot_id=1,
                schema_id=0, files_sha256="0" * 64, row_count=0, byte_count=0,
            )
        )  # fmt: skip
    database.reading.dispose()
    database.writing.dispose()


def test_old_reports_become_the_history_of_their_datasets(empty_place):
    old_registry(empty_place)
    registry = empty_place.open()
    with registry.read() as connection:
        found = checks.history(connection, "prod", "c/orders", 10)
    registry.close()
    assert [(one.run_id, one.release) for one in found] == [("r2", 2), ("r1", 1)]
    assert found[0].report == REPORT
