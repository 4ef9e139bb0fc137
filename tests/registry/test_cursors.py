"""Cursors: a rollback gives back what was taken since in few statements, and who read a file is known after it."""

import re
from datetime import UTC, datetime

from sqlalchemy import event, insert

from ghala.model.names import ProductName
from ghala.model.release import Release, Rollback
from ghala.model.run import TakenFile
from ghala.registry import cursors, rollbacks, runs, tables

PRODUCT = ProductName("sales", "orders")


def release(number):
    now = datetime.now(UTC)
    return Release(PRODUCT, "prod", number, f"run-{number}", "0" * 64, now, (), is_current=True)


def publish(connection, number, files):
    """Let a run publish a release for which it read some files, with their bytes."""
    values = {"environment": "prod", "product": str(PRODUCT), "definition_sha256": "0" * 64}
    made = {"id": f"run-{number}", "state": "published", "started_at": number, "release": number}
    connection.execute(insert(tables.runs).values(**values, **made, steps=[], reports=[]))
    taken = {path: TakenFile(sha256, 1, "") for path, sha256 in files.items()}
    runs.move_cursor(connection, "prod", PRODUCT, "rows", files=taken, release=number)


def roll_back(connection, number, to):
    publish(connection, number, {})
    rollbacks.record(connection, release(number), Rollback(to, number - 1, "a test", "user:one"))
    cursors.rewind(connection, release(number), to)


def takers(connection, *paths):
    return cursors.takers(connection, "prod", PRODUCT, "rows", paths)


def test_many_files_are_given_back_in_few_statements(registry):
    many = {f"{number}.csv": f"{number:064d}" for number in range(2000)}
    with registry.write() as connection:
        publish(connection, 1, {"first.csv": "f" * 64})
        publish(connection, 2, many)
        said = []

        def note(_connection, _cursor, statement, *_more):
            said.append(re.split(r"\s", statement, maxsplit=1)[0])

        event.listen(connection, "before_cursor_execute", note)
        cursors.rewind(connection, release(3), 1)
        assert len(said) < 20
        assert set(runs.cursor(connection, "prod", PRODUCT, "rows")) == {"first.csv"}
        cursors.rewind(connection, release(4), 2)
        assert len(runs.cursor(connection, "prod", PRODUCT, "rows")) == 2001


def test_who_read_a_file_is_known_whatever_was_rolled_back(registry):
    with registry.write() as connection:
        publish(connection, 1, {"a.csv": "a" * 64})
        publish(connection, 2, {"b.csv": "b" * 64})
        assert takers(connection, "a.csv", "b.csv", "c.csv") == {"a.csv": "run-1", "b.csv": "run-2"}
        roll_back(connection, 3, 1)
        assert takers(connection, "a.csv", "b.csv") == {"a.csv": "run-1"}
        # The same bytes, read by another run: perhaps with other columns.
        publish(connection, 4, {"b.csv": "b" * 64})
        assert takers(connection, "b.csv") == {"b.csv": "run-4"}
        roll_back(connection, 5, 2)
        assert takers(connection, "a.csv", "b.csv") == {"a.csv": "run-1", "b.csv": "run-2"}
        roll_back(connection, 6, 3)
        assert takers(connection, "b.csv") == {}
        roll_back(connection, 7, 5)
        assert takers(connection, "b.csv") == {"b.csv": "run-2"}
        roll_back(connection, 8, 4)
        assert takers(connection, "a.csv", "b.csv") == {"a.csv": "run-1", "b.csv": "run-4"}


def test_what_stands_is_what_no_rollback_took_out(registry):
    def standing():
        found = rollbacks.standing(connection, "prod", PRODUCT, [f"run-{n}" for n in range(1, 9)])
        return sorted(int(run.removeprefix("run-")) for run in found)

    with registry.write() as connection:
        for number in (1, 2, 3):
            publish(connection, number, {})
        assert standing() == [1, 2, 3]
        roll_back(connection, 4, 1)
        publish(connection, 5, {})
        assert standing() == [1, 5]
        roll_back(connection, 6, 3)
        assert standing() == [1, 2, 3]
        roll_back(connection, 7, 5)
        assert standing() == [1, 5]
