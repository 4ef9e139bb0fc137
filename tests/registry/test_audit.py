import subprocess
import sys

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, column, delete, func, insert, select, table, update

from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.audit_record import AuditFilter, Mark, ReadOutcome
from ghala.registry import audit, audit_search, tables
from ghala.registry.audit_check import check_entries
from ghala.registry.audit_form import old_hash_of
from ghala.registry.migrate import __file__ as migrate_file
from ghala.registry.postgresql import PostgreSQL
from ghala.registry.sqlite import SQLite

ENTRY = AuditEntry(
    AuditTag.DATASET_READ, "owner:local", "administration", ("sales.orders",), {"rows": 3}
)


@pytest.fixture
def chain(registry):
    for _ in range(4):
        with registry.write() as connection:
            audit.append(connection, ENTRY)
    return registry


def faults(registry, marks=None):
    with registry.read() as connection:
        return [fault.words for fault in check_entries(connection, marks).faults]


def change(registry, *statements):
    with registry.write() as connection:
        for statement in statements:
            connection.execute(statement)


def entry_of(number):
    return update(tables.audit).filter_by(number=number)


def test_an_untouched_chain_holds(chain):
    assert faults(chain) == []
    with chain.read() as connection:
        checked = check_entries(connection)
        assert (checked.entries, checked.chains) == (4, 1)
        assert audit.first_break(connection) is None


@pytest.mark.parametrize(
    "values",
    [
        {"at": 1},
        {"tag": "dataset:read_denied"},
        {"principal": "somebody"},
        {"purpose": "fun"},
        {"read_id": "r"},
        {"objects": []},
        {"detail": {"rows": 4}},
        {"sha256": "f" * 64},
        {"previous_sha256": "f" * 64},
        {"principal": "owner:local\nadministration", "purpose": ""},
    ],
    ids="+".join,
)
def test_a_changed_entry_is_named(chain, values):
    change(chain, entry_of(2).values(**values))
    assert faults(chain) == ["entry 2 of chain 1 was changed"]


def test_a_removed_entry_is_named(chain):
    change(chain, delete(tables.audit).filter_by(number=3))
    assert faults(chain) == ["entry 3 of chain 1 is missing"]


def test_an_entry_hidden_in_another_one_is_missed(chain):
    with chain.read() as connection:
        row = connection.execute(select(tables.audit).filter_by(number=3)).one()
        detail = connection.exec_driver_sql("SELECT detail FROM audit WHERE number = 2").scalar()
    hidden = "\n".join(
        (
            *map(str, (row.chain, row.number, row.sha256, row.previous_sha256, row.at)),
            *(row.tag, row.principal, row.purpose, row.read_id, '["sales.orders"]', '{"rows":3}'),
        )
    )
    with chain.write() as connection:
        connection.execute(delete(tables.audit).filter_by(number=3))
        text = f"{detail}\x1e{hidden}".replace("'", "''")
        connection.exec_driver_sql(f"UPDATE audit SET detail = '{text}' WHERE number = 2")
    assert faults(chain) == ["entry 2 of chain 1 was changed"]


def test_entries_that_changed_places_are_named(chain):
    change(
        chain,
        entry_of(2).values(number=99),
        entry_of(3).values(number=2),
        entry_of(99).values(number=3),
    )
    assert faults(chain) == ["entry 2 of chain 1 does not follow from the one before it"]


def test_an_entry_before_the_first_has_no_place(chain):
    change(chain, entry_of(1).values(number=0))
    assert faults(chain) == ["entry 0 of chain 1 has no place in its chain"]


def test_a_cut_chain_is_told(chain):
    change(chain, delete(tables.audit).where(tables.audit.c.number > 2))
    found = "entry 3 of chain 1 is missing: the registry's list of chains has entry 4"
    assert faults(chain) == [found]


def test_a_cut_chain_is_told_by_who_else_knows_it(chain):
    with chain.read() as connection:
        kept = connection.execute(select(tables.audit.c.sha256).order_by(tables.audit.c.number))
        hashes = list(kept.scalars())
    change(
        chain,
        delete(tables.audit).where(tables.audit.c.number > 2),
        update(tables.audit_chains).values(number=2, sha256=hashes[1]),
    )
    assert faults(chain) == []
    marks = {1: [Mark(4, hashes[3], "the anchor")]}
    assert faults(chain, marks) == ["entry 3 of chain 1 is missing: the anchor has entry 4"]


def test_a_whole_chain_that_is_gone_is_told(chain, place):
    other = place.open()
    with other.write() as connection:
        audit.append(connection, ENTRY)
    other.close()
    change(
        chain,
        delete(tables.audit).filter_by(chain=1),
        delete(tables.audit_chains).filter_by(chain=1),
    )
    assert faults(chain) == ["entry 1 of chain 1 is missing, with all of its chain"]


def test_long_and_short_chains_are_read_whole(registry, place):
    for count in (1, 5001, 3, 2):
        writer = place.open()
        with writer.write() as connection:
            audit.append_all(connection, [ENTRY] * count)
        writer.close()
    with registry.read() as connection:
        checked = check_entries(connection)
        assert (checked.entries, checked.chains, checked.faults) == (5007, 4, [])
    change(registry, delete(tables.audit).filter_by(chain=2, number=5001))
    change(registry, update(tables.audit).filter_by(chain=4, number=1).values(purpose="x"))
    assert [words[:20] for words in faults(registry)] == [
        "entry 5001 of chain ",
        "entry 1 of chain 4 w",
    ]


WRITE = """
import sys
from pathlib import Path
from ghala.model.audit import AuditEntry, AuditTag
from ghala.registry import audit
from ghala.registry.registry import open_registry
registry = open_registry(sys.argv[1], Path(sys.argv[2]))
for number in range(40):
    with registry.write() as connection:
        audit.append(connection, AuditEntry(AuditTag.DATASET_READ, sys.argv[3], "test", (), {"n": number}))
registry.close()
"""


def test_processes_that_write_at_once_keep_a_sound_chain_each(registry, place):
    started = [
        subprocess.Popen([sys.executable, "-c", WRITE, *place.words, name]) for name in ("a", "b")
    ]
    assert [process.wait(60) for process in started] == [0, 0]
    assert faults(registry) == []
    with registry.read() as connection:
        counted = select(tables.audit.c.principal, tables.audit.c.chain, func.count())
        rows = connection.execute(counted.group_by("principal", "chain")).all()
    assert sorted(row[0] for row in rows) == ["a", "b"]
    assert {row[2] for row in rows} == {40}
    assert {row[1] for row in rows} == {1, 2}


def read_entry(read_id, tag=AuditTag.DATASET_READ, principal="user:amina", **detail):
    return AuditEntry(
        tag, principal, "analytics", ("sales.orders",), {"read_id": read_id, **detail}
    )


@pytest.fixture
def searched(registry):
    finished = AuditTag.DATASET_READ_FINISHED
    with registry.write() as connection:
        audit.append_all(
            connection,
            [
                read_entry("1", environment="prod"),
                read_entry("1", finished, outcome="finished", rows=7, bytes=70, ms=3),
                read_entry("2", principal="agent:bot", on_behalf_of="user:amina"),
                read_entry("2", finished, "agent:bot", outcome="failed", error="limit"),
                read_entry("3", note='50%_"ü'),
                AuditEntry(AuditTag.USER_CREATED, "owner:local", "administration", ("user:x",), {}),
            ],
        )
    return registry


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (AuditFilter(), [6, 5, 4, 3, 2, 1]),
        (AuditFilter(who="user:amina"), [5, 3, 2, 1]),
        (AuditFilter(who="user:amin"), []),
        (AuditFilter(dataset="sales.orders", tag="dataset:read"), [5, 3, 1]),
        (AuditFilter(dataset="SALES.orders"), []),
        (AuditFilter(purpose="administration"), [6]),
        (AuditFilter(outcome=ReadOutcome.FINISHED), [1]),
        (AuditFilter(outcome=ReadOutcome.FAILED), [3]),
        (AuditFilter(outcome=ReadOutcome.INTERRUPTED), [5]),
        (AuditFilter(text='50%_"Ü'.lower()), [5]),
        (AuditFilter(text="USER:X"), [6]),
        (AuditFilter(text="50_"), []),
        (AuditFilter(since_us=1 << 60), []),
        (AuditFilter(until_us=1), []),
    ],
)
def test_entries_are_found_newest_first(searched, wanted, numbers):
    with searched.read() as connection:
        found = audit_search.find(connection, wanted, 100)
        assert [one.number for one in found] == numbers
        all_of_them = audit_search.read_all(connection, wanted)
        assert [one.number for one in all_of_them] == numbers[::-1]


def test_a_page_goes_on_where_the_one_before_ended(searched):
    with searched.read() as connection:
        first = audit_search.find(connection, AuditFilter(), 4)
        last = connection.execute(select(tables.audit).filter_by(number=first[-1].number)).one()
        before = AuditFilter(before=(last.at, last.chain, last.number))
        assert [one.number for one in audit_search.find(connection, before, 4)] == [2, 1]


def test_an_intent_says_how_its_read_ended(searched):
    with searched.read() as connection:
        found = {one.number: one for one in audit_search.find(connection, AuditFilter(), 100)}
    ended = found[1]
    assert (ended.outcome, ended.rows, ended.byte_count, ended.ms) == ("finished", 7, 70, 3)
    assert (found[3].outcome, found[3].error) == ("failed", "limit")
    # A crash between the intent and its outcome.
    assert (found[5].outcome, found[5].rows) == ("interrupted", None)
    assert found[6].outcome is None


OLD_TABLE = table(
    "audit",
    *map(column, ("number", "at", "tag", "principal", "purpose", "previous_sha256", "sha256")),
    column("objects", JSON),
    column("detail", JSON),
)


def database_at(place):
    """The database alone: nothing is brought up to date."""
    if place.url:
        return PostgreSQL.open(place.url)
    return SQLite.open(f"sqlite:///{place.folder / 'registry.db'}")


def migrated_to(connection, revision):
    config = Config()
    config.set_main_option("script_location", migrate_file.replace("migrate.py", "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_what_was_recorded_before_there_were_chains_keeps_its_hashes(empty_place):
    database = database_at(empty_place)
    with database.writing.connect() as connection, connection.begin():
        migrated_to(connection, "0004")
        previous, old = "0" * 64, []
        for number in range(1, 4):
            values = {
                "at": number,
                "tag": "dataset:read",
                "principal": "user:zoë",
                "purpose": "analytics",
                "objects": ["sales.orders"],
                "detail": {"read_id": f"{number:032d}", "b": 1.5, "a": "ü"},
            }
            digest = old_hash_of(previous, values)
            old.append({"number": number, "previous_sha256": previous, "sha256": digest, **values})
            previous = digest
        connection.execute(insert(OLD_TABLE), old)
    database.reading.dispose()
    database.writing.dispose()

    registry = empty_place.open()
    assert faults(registry) == []
    with registry.read() as connection:
        found = audit_search.find(connection, AuditFilter(), 10)
    assert [(one.chain, one.number, one.sha256) for one in found][-1] == (0, 1, old[0]["sha256"])
    assert found[0].read_id == f"{3:032d}"
    with registry.write() as connection:
        audit.append(connection, ENTRY)
    assert faults(registry) == []
    change(registry, entry_of(2).filter_by(chain=0).values(read_id="x"))
    assert faults(registry) == ["entry 2 of chain 0 was changed"]
    registry.close()
