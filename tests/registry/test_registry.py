import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from ghala.errors import StorageError, UsageError
from ghala.registry import tables
from ghala.registry.registry import REVISION, move_epoch, open_registry, read_epoch

VERSIONS = Path(tables.__file__).parents[1] / "migrations" / "versions"


def test_a_block_that_raises_writes_nothing(registry):
    def move_and_fail():
        with registry.write() as connection:
            move_epoch(connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        move_and_fail()
    with registry.read() as connection:
        assert read_epoch(connection) == 1


def test_a_committed_change_moves_the_epoch_for_other_connections(registry, place):
    other = place.open()
    with registry.write() as connection:
        move_epoch(connection)

    with other.read() as connection:
        assert read_epoch(connection) == 2
    other.close()


def test_a_reading_connection_cannot_write(registry):
    with pytest.raises(StorageError, match=r"read-?only"), registry.read() as connection:
        move_epoch(connection)


def test_an_open_reader_does_not_hold_up_a_writer(registry):
    with registry.read() as reading:
        assert read_epoch(reading) == 1
        with registry.write() as writing:
            move_epoch(writing)
        # A reader sees one consistent state for as long as it is open.
        assert read_epoch(reading) == 1


def test_migrations_make_exactly_the_tables_that_the_code_knows(empty_place):
    registry = empty_place.open()
    with registry.read() as connection:
        check_tables(inspect(connection))
    registry.close()


def check_tables(inspector):
    there = {
        (table, column["name"], column["nullable"])
        for table in inspector.get_table_names()
        # The index of words is each database's own, and of SQLite's a handful of tables.
        if table != "alembic_version" and not table.startswith("search_words")
        for column in inspector.get_columns(table)
    }
    known = {
        (table.name, column.name, bool(column.nullable))
        for table in tables.metadata.sorted_tables
        for column in table.columns
    }
    assert there == known
    assert {
        index["name"] for t in inspector.get_table_names() for index in inspector.get_indexes(t)
    } >= {index.name for table in tables.metadata.sorted_tables for index in table.indexes}


def test_the_code_needs_the_newest_migration():
    newest = max(path.stem.removeprefix("v").split("_")[0] for path in VERSIONS.glob("v*.py"))
    assert newest == REVISION


def test_processes_that_start_together_migrate_once(empty_place):
    code = (
        "import sys; from pathlib import Path\n"
        "from ghala.registry.registry import open_registry\n"
        "open_registry(sys.argv[1], Path(sys.argv[2])).close()"
    )
    command = [sys.executable, "-c", code, *empty_place.words]
    started = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]


ADD_ONE = """
import sys
from pathlib import Path
from sqlalchemy import update
from ghala.registry import tables
from ghala.registry.registry import open_registry, read_epoch
registry = open_registry(sys.argv[1], Path(sys.argv[2]))
for _ in range(40):
    with registry.write() as connection:
        seen = read_epoch(connection)
        connection.execute(update(tables.epoch).values(value=seen + 1))
registry.close()
"""


def test_no_update_of_processes_that_write_at_once_is_lost(registry, place):
    command = [sys.executable, "-c", ADD_ONE, *place.words]
    started = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in started] == [0, 0]
    with registry.read() as connection:
        assert read_epoch(connection) == 81


def test_a_registry_of_a_newer_ghala_is_refused(registry, place):
    with registry.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UsageError, match="9999"):
        place.open()


def test_a_folder_without_a_registry_gets_one_that_is_durable(tmp_path):
    registry = open_registry(None, tmp_path)
    with registry.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.execute(select(tables.epoch.c.value)).scalar_one() == 1
    registry.close()


@pytest.mark.parametrize("url", ["mysql://u:s3cret@db/x", "nonsense"])
def test_another_database_is_refused(url, tmp_path):
    with pytest.raises(UsageError, match="neither in SQLite nor in PostgreSQL") as caught:
        open_registry(url, tmp_path)
    assert "s3cret" not in f"{caught.value}{caught.value.hint}{caught.value.evidence}"
