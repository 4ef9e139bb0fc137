"""All questions of TPC-DS and TPC-H, word for word, through the door: the rows of the engine over what may be seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest
import write_tpc
from corpus import changed, normal
from fuzz import equal, rows_of
from small_door import door
from sqlglot import exp
from tpc import SEEN, SEES_ALL, SEES_SOME, Policy, Seen, eased, order_of, qualified, quoted, uncut

from ghala.query.limits import Limits
from ghala.sql.dialect import trees_of
from ghala.sql.lineage import trace
from ghala.sql.types import from_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.model.principal import Principal
    from ghala.query.answer import Answerer

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".peers"
QUESTIONS = [
    *(("tpcds", number) for number in range(1, 100)),
    *(("tpch", number) for number in range(1, 23)),
]


@dataclass(frozen=True)
class Benchmarks:
    """The questions, the door, and the engine alone: over all rows, and over what the second person sees."""

    questions: dict[str, list[str]]
    columns: dict[str, dict[str, str]]
    answerer: Answerer
    whole: duckdb.DuckDBPyConnection
    seen: duckdb.DuckDBPyConnection
    answered: dict[str, tuple[str, pa.Table]] = field(default_factory=dict)

    def question(self, benchmark: str, number: int) -> str:
        names = (name.partition(".") for name in self.columns)
        tables = frozenset(table for domain, _, table in names if domain == benchmark)
        return qualified(self.questions[benchmark][number - 1], benchmark, tables)

    def with_rows(self, question: str) -> tuple[str, pa.Table]:
        """A question with as few conditions gone as the second person needs to get rows, and these."""
        if question not in self.answered:
            asked = ((text, self.seen.sql(text).to_arrow_table()) for text in eased(question))
            self.answered[question] = next(one for one in asked if one[1].num_rows)
        return self.answered[question]

    def rows(self, question: str, principal: Principal) -> pa.Table:
        with self.answerer.answer(question, principal) as answer:
            return pa.Table.from_batches(list(answer.batches()), answer.schema)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which an older engine wrote tables and questions; CI must have that engine."""
    if not (PEERS / ".ready").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the older engine that has the questions is missing: run `make peers`")
        pytest.skip("the questions come from an older engine; `make peers` installs it")
    folder = tmp_path_factory.mktemp("tpc")
    script = str(write_tpc.__file__)
    subprocess.run([sys.executable, script, str(PEERS), str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def benchmarks(written: Path) -> Iterator[Benchmarks]:
    questions = json.loads((written / "questions.json").read_text())
    files, columns = {}, {}
    with duckdb.connect() as whole, duckdb.connect() as seen:
        for benchmark in questions:
            whole.execute(f"CREATE SCHEMA {benchmark}")
            seen.execute(f"CREATE SCHEMA {benchmark}; CREATE SCHEMA changed_{benchmark}")
        for path in sorted(written.glob("*.parquet")):
            rows = whole.from_parquet(str(path))
            rows.create(path.stem)
            columns[path.stem] = dict(zip(rows.columns, map(str, rows.types), strict=True))
            types = {column: from_engine(kind) for column, kind in columns[path.stem].items()}
            files[path.stem] = (path, types, len(rows))
            select = SEEN.get(path.stem, Seen()).select(f"'{path}'")
            seen.execute(f"CREATE TABLE {path.stem} AS {select}")
        answerer = replace(door(written, files, Policy()), limits=Limits(timeout_s=30))
        yield Benchmarks(questions, columns, answerer, whole, seen)
        answerer.workers.close()


def assert_same(
    found: pa.Table, expected: pa.Table, question: str, engine: duckdb.DuckDBPyConnection
) -> None:
    """The same rows, and in the order that was asked for; where a limit cuts through a tie, any rows of the tie."""
    places = order_of(question, expected.schema.names)
    ours, theirs = (
        [[normal(row[place]) for place in places] for row in rows_of(table)]
        for table in (found, expected)
    )
    assert ours == theirs
    if equal(found, expected):
        return
    whole = uncut(question, len(places))
    assert whole is not None
    assert found.num_rows == expected.num_rows
    ours, theirs = (
        Counter(repr(normal(row)) for row in rows_of(table))
        for table in (found, engine.sql(whole).to_arrow_table())
    )
    assert ours <= theirs


@pytest.mark.parametrize(("benchmark", "number"), QUESTIONS)
def test_who_sees_all_gets_the_rows_of_the_engine_with_every_name_in_quotes(
    benchmark, number, benchmarks
):
    question = benchmarks.question(benchmark, number)
    expected = benchmarks.whole.sql(question).to_arrow_table()
    found = benchmarks.rows(quoted(question), SEES_ALL)
    found = found.rename_columns(expected.schema.names)
    assert_same(found, expected, question, benchmarks.whole)


@pytest.mark.parametrize(("benchmark", "number"), QUESTIONS)
def test_filters_and_masks_give_the_rows_over_filtered_and_masked_tables(
    benchmark, number, benchmarks
):
    question = benchmarks.question(benchmark, number)
    text, expected = benchmarks.with_rows(question)
    assert_same(benchmarks.rows(text, SEES_SOME), expected, text, benchmarks.seen)
    if text != question:
        assert benchmarks.rows(question, SEES_SOME).num_rows == 0


@pytest.mark.parametrize(("benchmark", "number"), QUESTIONS)
def test_every_column_is_traced_and_what_is_no_origin_of_it_changes_nothing(
    benchmark, number, benchmarks
):
    text, before = benchmarks.with_rows(benchmarks.question(benchmark, number))
    (tree,) = trees_of(text)
    names = before.schema.names
    lineage = trace(
        tree, {table: list(types) for table, types in benchmarks.columns.items()}, names
    )
    assert [name for name, _ in lineage.columns] == names
    assert all(influence.is_traced for _, influence in lineage.columns)
    origins = [(influence | lineage.rows).origins for _, influence in lineage.columns]
    place = min(range(len(names)), key=lambda column: len(origins[column]))
    for table in {f"{use.db}.{use.name}" for use in tree.find_all(exp.Table) if use.db}:
        kept = {origin.column for origin in origins[place] if origin.table == table}
        shown = ", ".join(
            column if column in kept else f"{changed(column, kind)} AS {column}"
            for column, kind in benchmarks.columns[table].items()
        )
        view = f"CREATE OR REPLACE VIEW changed_{table} AS SELECT {shown} FROM {table}"
        benchmarks.seen.execute(view)
    after = benchmarks.seen.sql(text.replace(f"{benchmark}.", f"changed_{benchmark}."))
    assert equal(after.to_arrow_table().select([place]), before.select([place]))
