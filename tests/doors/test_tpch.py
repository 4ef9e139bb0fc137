"""The 22 questions of TPC-H with row filters and masks: the rows of the engine over the same data, filtered."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
import tpch
from corpus import statements
from fuzz import equal
from small_door import door

from ghala.model.mask import Mask, MaskKind
from ghala.model.policy import Admission, Decision
from ghala.model.predicate import Comparison, Operator
from ghala.model.principal import Principal, PrincipalKind
from ghala.sql.types import from_engine

ANALYST = Principal("user:tess", PrincipalKind.USER, "work")
FILTER = {"lineitem": ("l_linenumber", "5"), "customer": ("c_custkey", "290")}
MASKED = {"supplier": "s_comment", "customer": "c_address"}


class Policy:
    """Fewer lines and customers; a comment and an address without their words."""

    def decide(self, _principal, _action, asked, *, prepared=frozenset()):  # noqa: ARG002 - the door names it
        return tuple(self.one(dataset) for dataset in asked)

    def one(self, asked):
        table = asked.name.dataset
        limit = FILTER.get(table)
        masked = MASKED.get(table)
        clear = frozenset(column.name for column in asked.columns) - {masked}
        return Decision(
            asked.name,
            is_allowed=True,
            admissions=(Admission(clear, limit and Comparison(limit[0], Operator.LESS, limit[1])),),
            masks={masked: Mask(MaskKind.SHOW_FIRST, count=3)} if masked else {},
        )


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tpch")
    tables = {}
    with duckdb.connect() as bare:
        bare.execute("CREATE SCHEMA tpch")
        for name, query in tpch.TABLES.items():
            rows = bare.sql(query)
            rows.write_parquet(str(folder / f"{name}.parquet"))
            types = zip(rows.columns, map(str, rows.types), strict=True)
            columns = {column: from_engine(kind) for column, kind in types}
            tables[f"tpch.{name}"] = (folder / f"{name}.parquet", columns, len(rows))
            kept = f" WHERE {FILTER[name][0]} < {FILTER[name][1]}" if name in FILTER else ""
            hidden = MASKED.get(name)
            shown = f"* REPLACE (left({hidden}, 3) || '***' AS {hidden})" if hidden else "*"
            path = folder / f"{name}.parquet"
            bare.execute(f"CREATE TABLE tpch.{name} AS SELECT {shown} FROM '{path}'{kept}")
        answerer = door(folder, tables, Policy())
        yield answerer, bare
        answerer.workers.close()


@pytest.mark.parametrize("number", range(1, 23))
def test_a_question_of_tpch_has_its_rows(number, benchmark):
    answerer, bare = benchmark
    sql = statements("tpch.sql")[number - 1]
    with answerer.answer(sql, ANALYST) as answer:
        table = pa.Table.from_batches(list(answer.batches()), answer.schema)
    expected = bare.sql(sql).to_arrow_table()
    assert equal(table, expected)
    assert expected.num_rows > 0, "a question without rows tests nothing"
