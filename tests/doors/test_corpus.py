"""What must pass and what must not, as two files of statements that are run through the real door."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from corpus import normal, statements

from ghala.errors import (
    DeniedError,
    GhalaError,
    LimitError,
    NotFoundError,
    QueryRefusedError,
)
from ghala.model.principal import OWNER_LOCAL


def title(sql: str) -> str:
    return next(line for line in sql.splitlines() if not line.startswith("--"))[:60]


@pytest.fixture(scope="module")
def plain():
    """DuckDB itself over the same files, without a door."""
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        yield engine


@pytest.fixture(scope="module")
def bare(plain, world):
    for name in world.tables:
        plain.execute(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
        plain.execute(f"CREATE VIEW {name} AS FROM read_parquet('{world.file(name)}')")
    return plain


def multiset(rows) -> Counter[str]:
    return Counter(repr(normal(row)) for row in rows)


@pytest.mark.parametrize("sql", statements("benign.sql"), ids=title)
def test_an_ordinary_statement_gives_what_the_engine_gives(sql, world, bare):
    names, *rows = world.rows(sql, OWNER_LOCAL)
    table = bare.sql(sql).to_arrow_table()
    expected = zip(*(column.to_pylist() for column in table.columns), strict=True)
    assert list(names) == table.schema.names
    assert multiset(rows) == multiset(expected)


def fill(sql: str, world) -> str:
    return (
        sql.replace("@STAFF@", str(world.file("people.staff")))
        .replace("@ORDERS@", str(world.file("sales.orders")))
        .replace("@FOLDER@", str(world.folder))
    )


def stored(world) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in world.folder.iterdir()}


@pytest.mark.parametrize("sql", statements("hostile.sql"), ids=title)
def test_a_hostile_statement_is_refused(sql, world):
    before = len(world.entries)
    with pytest.raises((QueryRefusedError, NotFoundError, DeniedError, LimitError)) as caught:
        world.rows(fill(sql, world), world.analyst)
    assert_silent(caught.value, world.canary)
    tags = {entry.tag.value for entry in world.entries[before:]}
    assert tags <= {"dataset:read_denied"}, "nothing may have run"


def test_hostile_statements_change_no_file(world):
    before = stored(world)
    for sql in statements("hostile.sql"):
        if " TO '" in sql or "ATTACH" in sql:
            with pytest.raises(GhalaError):
                world.rows(fill(sql, world), OWNER_LOCAL)
    assert stored(world) == before


@pytest.mark.parametrize("sql", statements("unseen.sql"), ids=title)
def test_what_is_hidden_stays_unseen(sql, world):
    try:
        rows = world.rows(sql, world.analyst)
    except GhalaError as error:
        assert_silent(error, world.canary)
    else:
        assert world.canary not in repr(rows)


def assert_silent(error: GhalaError, canary: str) -> None:
    said = f"{error} {error.hint} {error.evidence} {error.__cause__} {error.__context__}"
    assert canary not in said
    assert "read_parquet([" not in said
    assert "region =" not in said


def test_the_corpora_are_large_enough():
    assert len(statements("benign.sql")) >= 60
    assert len(statements("hostile.sql")) >= 120
