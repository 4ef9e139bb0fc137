"""A step's values in its contract's types: taken when that loses nothing, refused by the column's name otherwise."""

import pytest
from sqlglot import exp

from ghala.engines.duckdb import DuckDB
from ghala.errors import QueryError, StepError
from ghala.model.contract import Column, Dataset, Rounding
from ghala.model.names import DatasetName
from ghala.pipelines.cast import contract_columns, lost_column, refuse_twins
from ghala.sql.types import from_engine

NAME = DatasetName("sales", "orders")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = DuckDB(1, 512, tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


def promised(columns, rounding=None):
    return Dataset(
        NAME,
        "orders-id",
        tuple(Column(name, from_engine(kind), rounding=rounding) for name, kind in columns.items()),
    )


def taken(engine, select, rounding=None, **columns):
    """Return the rows of a statement, read as these columns."""
    with engine.session() as session:
        session.execute(f"CREATE TEMP VIEW result AS {select}")
        described = session.rows("DESCRIBE result")
        found = {row[0]: row[1] for row in described}
        read = contract_columns(promised(columns, rounding), found, None)
        return session.rows(exp.select(*read).from_("result").sql(dialect="duckdb"))


def refused(engine, select, rounding=None, **columns):
    """Return the column that an engine's refusal names."""
    with pytest.raises(QueryError) as caught:
        taken(engine, select, rounding, **columns)
    return lost_column(caught.value.evidence["engine_text"].partition("Error: ")[2])


def texts(rows):
    return [tuple(str(value) for value in row) for row in rows]


def test_columns_are_taken_by_name_in_the_contracts_order(engine):
    rows = taken(engine, "SELECT 'x' AS NOTE, 1::BIGINT AS Id", id="bigint", note="varchar")

    assert rows == [(1, "x")]


def test_missing_and_extra_columns_are_both_named():
    with pytest.raises(StepError) as caught:
        contract_columns(
            promised({"id": "bigint", "amount": "double"}),
            {"id": "BIGINT", "amuont": "DOUBLE"},
            None,
        )
    assert "does not give `amount` and gives `amuont` beyond its contract" in caught.value.message
    assert "sales.orders" in caught.value.message


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(StepError, match="two columns `ID`"):
        refuse_twins(["id", "name", "ID"], "make", None)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("1::INTEGER", "bigint", "1"),
        ("7::BIGINT", "integer", "7"),
        ("'7'", "bigint", "7"),
        ("7", "varchar", "7"),
        ("sum(5::BIGINT)", "decimal(18,2)", "5.00"),
        ("sum(5::BIGINT)", "bigint", "5"),
        ("0.1::DOUBLE", "decimal(12,2)", "0.10"),
        ("1.50::DECIMAL(10,3)", "decimal(12,2)", "1.50"),
        ("2.5::DECIMAL(4,1)", "double", "2.5"),
        ("TIMESTAMP '2026-01-31 00:00:00'", "date", "2026-01-31"),
        ("DATE '2026-01-31'", "timestamp", "2026-01-31 00:00:00"),
        ("'2026-01-31'", "date", "2026-01-31"),
        ("'true'", "boolean", "True"),
        ("3::UBIGINT", "bigint", "3"),
        ("'a'::ENUM('a', 'b')", "varchar", "a"),
        ("1.25::DOUBLE", "real", "1.25"),
        ("TIMESTAMP_NS '2026-01-31 10:00:00.000001'", "timestamp", "2026-01-31 10:00:00.000001"),
        ("NULL", "varchar", "None"),
        ("NULL", "decimal(12,2)", "None"),
        ("NULL::INTEGER", "bigint", "None"),
        ("'nan'::DOUBLE", "double", "nan"),
        ("[1, 2]", "bigint[]", "[1, 2]"),
        ("{'b': 2, 'a': 1}", "struct(a bigint, b bigint)", "{'a': 1, 'b': 2}"),
    ],
)
def test_a_value_is_taken_when_casting_back_loses_nothing(engine, value, kind, expected):
    assert texts(taken(engine, f"SELECT {value} AS a", a=kind)) == [(expected,)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("0.125::DOUBLE", "decimal(12,2)"),
        ("0.125::DECIMAL(6,3)", "decimal(12,2)"),
        ("1.5::DOUBLE", "bigint"),
        ("999.9::DECIMAL(4,1)", "integer"),
        ("3000000000", "integer"),
        ("sum(9000000000000000000::HUGEINT) * 2", "bigint"),
        ("1e20::DOUBLE", "decimal(12,2)"),
        ("'nan'::DOUBLE", "decimal(12,2)"),
        ("'07'", "bigint"),
        ("'seven'", "bigint"),
        ("TIMESTAMP '2026-01-31 12:30:00'", "date"),
        ("'2026-02-30'", "date"),
        ("9007199254740993", "double"),
        ("0.1::DOUBLE", "real"),
        ("TIMESTAMP_NS '2026-01-31 10:00:00.000000001'", "timestamp"),
        ("[1.5::DOUBLE]", "bigint[]"),
    ],
)
def test_a_value_that_would_change_is_refused_by_its_column(engine, value, kind):
    assert refused(engine, f"SELECT {value} AS price", price=kind) == "price"


def test_the_refusal_names_the_column_that_lost(engine):
    select = "SELECT 1 AS id, 0.125::DOUBLE AS fine, 0.125::DOUBLE AS lossy"

    assert refused(engine, select, id="bigint", fine="double", lossy="decimal(12,2)") == "lossy"


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [
        ("0.125::DECIMAL(6,3)", Rounding.HALF_UP, "0.13"),
        ("-0.125::DECIMAL(6,3)", Rounding.HALF_UP, "-0.13"),
        ("0.129::DECIMAL(6,3)", Rounding.TRUNCATE, "0.12"),
        ("-0.129::DECIMAL(6,3)", Rounding.TRUNCATE, "-0.12"),
        ("0.126::DOUBLE", Rounding.HALF_UP, "0.13"),
        ("0.126::DOUBLE", Rounding.TRUNCATE, "0.12"),
        ("5", Rounding.HALF_UP, "5.00"),
        ("sum(5::BIGINT)", Rounding.TRUNCATE, "5.00"),
        ("avg(x) FROM (VALUES (1), (1), (2)) rows(x)", Rounding.HALF_UP, "1.33"),
        ("'1.25'", Rounding.HALF_UP, "1.25"),
        ("NULL", Rounding.HALF_UP, "None"),
    ],
)
def test_a_contract_may_allow_rounding(engine, value, rounding, expected):
    head, _, rest = value.partition(" FROM ")
    select = f"SELECT {head} AS a" + (f" FROM {rest}" if rest else "")

    assert texts(taken(engine, select, rounding, a="decimal(12,2)")) == [(expected,)]


@pytest.mark.parametrize("value", ["1e20::DOUBLE", "'inf'::DOUBLE", "12345678901::BIGINT", "'x'"])
def test_a_value_that_rounding_cannot_save_is_refused_by_its_column(engine, value):
    assert (
        refused(engine, f"SELECT {value} AS price", Rounding.HALF_UP, price="decimal(12,2)")
        == "price"
    )
