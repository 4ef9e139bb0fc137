"""Typed rows as Parquet: types and field ids as Iceberg wants them, dictionaries where they pay, durable or absent."""

import datetime as dt
import uuid
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ghala.lake.files import Disk
from ghala.lake.parquet import ROW_GROUP_ROWS, arrow_schema, write_rows
from ghala.model.types import DataType, Field, Kind, parse_type

SCALARS = {
    "bigint": -(2**63),
    "blob": b"\x00\xff",
    "boolean": True,
    "date": dt.date(1, 1, 1),
    "decimal(38,10)": Decimal("-1234567890123456789012345678.0123456789"),
    "decimal(9,2)": Decimal("-1234567.89"),
    "double": 0.1,
    "integer": 2**31 - 1,
    "real": 1.5,
    "time": dt.time(23, 59, 59, 999999),
    "timestamp": dt.datetime(9999, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001 - it has no zone
    "timestamptz": dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC),
    "uuid": uuid.UUID(int=2**128 - 1),
    "varchar": "é",
}


@pytest.mark.parametrize("text", SCALARS)
def test_every_type_comes_back_as_it_was_in_two_readers(tmp_path, text):
    schema = arrow_schema([("a", parse_type(text))], {"a": 7})
    rows = pa.record_batch([pa.array([SCALARS[text], None], schema.field(0).type)], schema=schema)
    assert write_rows([rows], tmp_path / "a.parquet", schema, Disk()).row_count == 2
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.column("a").to_pylist() == [SCALARS[text], None]
    assert table.schema.field("a").metadata == {b"PARQUET:field_id": b"7"}
    query = f"SELECT typeof(a) = typeof(NULL::{text}), a IS NULL FROM '{tmp_path}/a.parquet'"
    assert duckdb.sql(query).fetchall() == [(True, False), (True, True)]


def test_nested_fields_have_their_own_ids(tmp_path):
    kind = DataType(
        Kind.LIST,
        element=DataType(Kind.STRUCT, fields=(Field("x", parse_type("bigint")),)),
    )
    ids = {"a": {"__duckdb_field_id": 1, "element": {"__duckdb_field_id": 2, "x": 3}}}
    schema = arrow_schema([("a", kind)], ids)
    rows = pa.record_batch([pa.array([[{"x": 1}], [], None], schema.field(0).type)], schema=schema)
    write_rows([rows], tmp_path / "a.parquet", schema, Disk())
    found = duckdb.sql(
        f"SELECT name, field_id FROM parquet_schema('{tmp_path}/a.parquet') WHERE field_id > 0"
    ).fetchall()
    assert found == [("a", 1), ("element", 2), ("x", 3)]
    assert pq.read_table(tmp_path / "a.parquet").column("a").to_pylist() == [[{"x": 1}], [], None]


def test_only_values_that_come_again_get_a_dictionary(tmp_path):
    schema = arrow_schema([("again", parse_type("bigint")), ("once", parse_type("bigint"))], None)
    rows = pa.record_batch([pa.array([1] * 100), pa.array(range(100))], schema=schema)
    write_rows([rows], tmp_path / "a.parquet", schema, Disk())
    group = pq.read_metadata(tmp_path / "a.parquet").row_group(0)
    assert [group.column(place).has_dictionary_page for place in (0, 1)] == [True, False]


def test_batches_are_gathered_into_row_groups_in_order(tmp_path):
    schema = arrow_schema([("a", parse_type("bigint"))], None)
    batches = [
        pa.record_batch([pa.array(range(low, low + 50_000))], schema=schema)
        for low in range(0, 300_000, 50_000)
    ]
    assert write_rows(batches, tmp_path / "a.parquet", schema, Disk()).row_count == 300_000
    metadata = pq.read_metadata(tmp_path / "a.parquet")
    sizes = [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]
    assert sizes == [100_000, 100_000, 100_000]
    assert min(sizes) >= ROW_GROUP_ROWS
    assert pq.read_table(tmp_path / "a.parquet").column("a").to_pylist() == [*range(300_000)]


def test_no_row_makes_no_file(tmp_path):
    schema = arrow_schema([("a", parse_type("bigint"))], None)
    nothing = pa.record_batch([pa.array([], pa.int64())], schema=schema)
    assert write_rows([nothing], tmp_path / "a.parquet", schema, Disk()) is None
    assert list(tmp_path.iterdir()) == []


def test_an_error_between_batches_leaves_no_file(tmp_path):
    schema = arrow_schema([("a", parse_type("bigint"))], None)

    def batches():
        yield pa.record_batch([pa.array(range(ROW_GROUP_ROWS))], schema=schema)
        raise ValueError("the source is gone")

    with pytest.raises(ValueError, match="the source is gone"):
        write_rows(batches(), tmp_path / "a.parquet", schema, Disk())
    assert list(tmp_path.iterdir()) == []


def test_a_dictionary_is_chosen_by_many_rows_whatever_the_first_piece_is(tmp_path):
    schema = arrow_schema([("a", parse_type("bigint"))], None)
    pieces = [
        pa.record_batch([pa.array(values)], schema=schema) for values in ([1], [2] * 20_000, [3])
    ]
    write_rows(pieces, tmp_path / "a.parquet", schema, Disk())
    group = pq.read_metadata(tmp_path / "a.parquet").row_group(0)
    assert group.column(0).has_dictionary_page
