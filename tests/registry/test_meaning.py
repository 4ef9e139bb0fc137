"""A value comes back from either database as it was given, and a comparison means the same in both."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from ghala.errors import GhalaError, StorageError
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.names import DatasetName, ProductName
from ghala.model.product import Definition
from ghala.model.release import Release, ReleasedDataset
from ghala.model.run import Run, RunState, TakenFile
from ghala.registry import audit, definitions, releases, runs, tables

PRODUCT = ProductName("sales", "orders")
GREATEST = 2**63 - 1
TEXT = "Köln, 東京, ✓ \U0001f600 'quoted' \"twice\" %s %% :name $1 \\ \t\n"


def run(run_id="r1"):
    return Run(
        run_id, PRODUCT, "prod", "d" * 64, RunState.RUNNING, datetime(2026, 1, 2, tzinfo=UTC)
    )


def test_bytes_of_any_kind_come_back(registry):
    content = bytes(range(256)) * 100
    definition = Definition(sha256="a" * 64, files={"raw/all.bin": content, "empty": b""})
    with registry.write() as connection:
        definitions.keep(connection, PRODUCT, definition)
        definitions.keep(connection, PRODUCT, definition)
    with registry.read() as connection:
        assert definitions.files_of(connection, "a" * 64) == definition.files


def test_the_greatest_numbers_come_back(registry):
    dataset = ReleasedDataset(
        DatasetName("sales", "orders"), "id", "m.json", GREATEST, 2**31 - 1, "f" * 64, GREATEST, 0
    )
    at = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
    release = Release(PRODUCT, "prod", 1, "r1", "d" * 64, at, (dataset,))
    with registry.write() as connection:
        assert releases.swap_pointer(connection, release, dataset, None)
        releases.record(connection, release, round(at.timestamp() * 1_000_000), [])
    with registry.read() as connection:
        (found,) = releases.history(connection, "prod")
    assert (found.datasets, found.created_at) == ((dataset,), at)


def test_reports_come_back_as_they_were(registry):
    report = {
        "text": TEXT,
        "zero": "a\0b",
        "number": 0.1,
        "large": GREATEST,
        "none": None,
        "b": [True],
    }
    with registry.write() as connection:
        runs.start(connection, run())
        runs.finish(
            connection, "r1", RunState.FAILED, steps=(), reports=[report], error=GhalaError(TEXT)
        )
    with registry.read() as connection:
        assert json.dumps(runs.reports_of(connection, "r1")) == json.dumps([report])
        assert runs.find(connection, "r1").error == TEXT


def test_an_error_with_a_character_that_no_text_holds_is_kept_without_it(registry):
    with registry.write() as connection:
        runs.start(connection, run())
        runs.finish(
            connection, "r1", RunState.FAILED, steps=(), reports=[], error=GhalaError("a\0b")
        )
    with registry.read() as connection:
        assert runs.find(connection, "r1").error == "a\N{REPLACEMENT CHARACTER}b"


def test_text_that_is_none_is_refused_and_harms_nobody(registry):
    def start():
        with registry.write() as connection:
            runs.start(connection, run())
            runs.start(connection, run("\ud800"))

    with pytest.raises(UnicodeEncodeError):
        start()
    with registry.write() as connection:
        assert runs.find(connection, "r1") is None
        runs.start(connection, run())
    with registry.read() as connection:
        assert runs.find(connection, "r1").id == "r1"


def test_text_is_ordered_by_its_bytes_and_its_case_counts(registry):
    names = ["a_b", "ab", "a b", "B", "b", "Z", "é", "-x"]
    with registry.write() as connection:
        connection.execute(
            insert(tables.definitions),
            [{"sha256": n, "product": n, "content": b"", "applied_at": 0} for n in names],
        )
    table = tables.definitions.c
    with registry.read() as connection:
        found = connection.execute(select(table.product).order_by(table.product)).scalars().all()
        assert found == sorted(names, key=str.encode)
        later = connection.execute(select(table.product).where(table.product > "b")).scalars().all()
        assert set(later) == {"é"}
        assert connection.execute(select(table.product).filter_by(product="A_B")).first() is None


def test_a_row_that_is_there_is_refused_and_the_words_hold_no_value(registry):
    def start_twice():
        with registry.write() as connection:
            runs.start(connection, run("secret-run"))
            runs.start(connection, run("secret-run"))

    with pytest.raises(StorageError) as caught:
        start_twice()
    assert "secret-run" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    with registry.read() as connection:
        assert runs.find(connection, "secret-run") is None


def test_many_files_go_at_once_and_again(registry):
    many = {f"landing/{number}.csv": TakenFile(f"{number:064d}", 1, "s") for number in range(3000)}
    for release in (1, 2):
        with registry.write() as connection:
            runs.move_cursor(connection, "prod", PRODUCT, "in", files=many, release=release)
            releases.record_files(
                connection, "r1", {f"{release}/{path}": ("f" * 64, 1) for path in many}
            )
    with registry.read() as connection:
        assert runs.cursor(connection, "prod", PRODUCT, "in") == many
        assert len(releases.known_files(connection)) == 6000


def test_audit_entries_are_counted_without_gaps(registry):
    entry = AuditEntry(
        AuditTag.DATASET_READ, "owner:local", "administration", ("a.b",), {"t": TEXT}
    )

    def append_and_fail():
        with registry.write() as connection:
            audit.append(connection, entry)
            raise RuntimeError

    for _ in range(3):
        with registry.write() as connection:
            audit.append(connection, entry)
        with pytest.raises(RuntimeError):
            append_and_fail()
    with registry.read() as connection:
        assert connection.execute(select(tables.audit.c.number)).scalars().all() == [1, 2, 3]
        assert audit.first_break(connection) is None
