"""An answer in the forms that people want: each takes the whole answer, or streams it, once."""

import datetime as dt
import sys
from decimal import Decimal

import pyarrow as pa
import pytest

from ghala.errors import GhalaError, MissingExtraError, QueryError, UsageError
from ghala.testing.shop import Shop

ROWS = "SELECT * FROM (VALUES (1, 1.50, 'a'), (2, NULL, 'b')) rows(id, amount, name) ORDER BY id"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    shop = Shop.open(tmp_path_factory.mktemp("result") / "shop")
    yield shop.app
    shop.app.close()


def test_rows_are_python_values(app):
    assert app.sql(ROWS).rows() == [(1, Decimal("1.50"), "a"), (2, None, "b")]


def test_arrow_is_one_table(app):
    table = app.sql(ROWS).arrow()

    assert isinstance(table, pa.Table)
    assert table.schema.names == ["id", "amount", "name"]
    assert table.num_rows == 2


def test_pandas_and_polars_are_data_frames(app):
    assert list(app.sql(ROWS).pandas()["name"]) == ["a", "b"]
    assert app.sql(ROWS).polars()["name"].to_list() == ["a", "b"]


@pytest.mark.parametrize(("extra", "form"), [("pandas", "pandas"), ("polars", "polars")])
def test_a_form_that_needs_an_extra_says_which(app, monkeypatch, extra, form):
    monkeypatch.setitem(sys.modules, extra, None)

    with pytest.raises(MissingExtraError) as caught:
        getattr(app.sql(ROWS), form)()
    assert f"ghala[{extra}]" in caught.value.hint


def test_an_answer_without_rows_keeps_its_columns(app):
    sql = "SELECT 1 AS id, DATE '2026-01-01' AS at WHERE false"

    assert app.sql(sql).rows() == []
    assert app.sql(sql).arrow().schema.names == ["id", "at"]
    assert list(app.sql(sql).pandas().columns) == ["id", "at"]
    assert app.sql(sql).polars().columns == ["id", "at"]


def test_every_type_has_its_python_value(app):
    sql = (
        "SELECT DATE '2026-01-31' AS d, TIMESTAMPTZ '2026-01-31 10:00:00+02' AS z, [1, 2] AS l, "
        "{'a': 1} AS s, NULL AS n, true AS b, TIME '10:30' AS t"
    )
    (row,) = app.sql(sql).rows()

    assert row == (
        dt.date(2026, 1, 31),
        dt.datetime(2026, 1, 31, 8, tzinfo=dt.UTC),
        [1, 2],
        {"a": 1},
        None,
        True,
        dt.time(10, 30),
    )


def test_two_columns_of_one_name_are_both_there(app):
    sql = "SELECT 1 AS a, 2 AS a"

    assert app.sql(sql).arrow().num_columns == 2
    assert app.sql(sql).rows() == [(1, 2)]
    with pytest.raises(UsageError, match="two columns are called `a`"):
        app.sql(sql).polars()


def test_a_stream_comes_batch_by_batch(app):
    with app.sql("SELECT * FROM range(200000) numbers(n)") as result:
        assert result.schema.names == ["n"]
        sizes = [batch.num_rows for batch in result.batches()]

    assert len(sizes) > 1
    assert sum(sizes) == 200_000


def test_a_stream_can_be_left_early(app):
    with app.sql("SELECT * FROM range(100000000) numbers(n)") as result:
        first = next(result.batches())
    assert first.num_rows > 0
    assert app.sql("SELECT 1").rows() == [(1,)]


def test_a_stream_needs_its_block(app):
    result = app.sql(ROWS)

    with pytest.raises(RuntimeError, match=r"with app\.sql"):
        result.batches()
    with result:
        assert result.arrow().num_rows == 2
    with pytest.raises(RuntimeError, match=r"with app\.sql"):
        _ = result.schema


def test_an_answer_is_given_once(app):
    result = app.sql(ROWS)
    result.rows()

    with pytest.raises(RuntimeError, match="once"):
        result.rows()
    with pytest.raises(RuntimeError, match="once"), result:
        pass


def test_nothing_is_asked_before_the_answer_is_wanted(app):
    result = app.sql("this is no SQL")

    with pytest.raises(GhalaError):
        result.rows()


def test_a_failure_in_the_middle_is_raised_where_rows_are_read(app):
    sql = (
        "SELECT CAST(CASE WHEN n = 199999 THEN 'x' ELSE '1' END AS BIGINT) FROM range(200000) a(n)"
    )

    with pytest.raises(QueryError, match="could not be converted"):
        app.sql(sql).arrow()
    with app.sql(sql) as result, pytest.raises(QueryError):
        list(result.batches())
