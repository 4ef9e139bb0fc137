"""Where an answer has NULL, its bytes say nothing of what the engine's memory held before."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from ghala.engines.clear import cleared

SECRET = b"hidden!!"
VALUES = {
    "array": "[1, i, 3]::BIGINT[3]",
    "bigint": "i",
    "bit": "'101'::BIT",
    "blob": "('a' || i)::BLOB",
    "boolean": "i % 2 = 0",
    "date": "DATE '2025-01-01' + i::INTEGER",
    "decimal": "i::DECIMAL(9, 2)",
    "double": "i::DOUBLE",
    "enum": "(CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' END)::ENUM('a', 'b')",
    "hugeint": "i::HUGEINT",
    "integer": "i::INTEGER",
    "interval": "to_minutes(i)",
    "json": "json_object('a', i)",
    "list": "[i, NULL, i + 1]",
    "list of structs": "[{'a': CASE WHEN i % 2 = 0 THEN i END}]",
    "map": "map {'a': i}",
    "smallint": "(i % 99)::SMALLINT",
    "struct of nothing": "struct_pack()",
    "struct": "{'a': i, 'b': 'x' || i, 'c': [i, NULL]}",
    "text": "'text ' || i",
    "time": "TIME '10:00:00'",
    "timestamp": "TIMESTAMP '2025-01-01 00:00:00' + to_minutes(i)",
    "tinyint": "(i % 99)::TINYINT",
    "union": "union_value(k := i)",
    "uuid": "uuid()",
}


@pytest.mark.parametrize("is_lossless", [False, True])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_every_type_keeps_its_values(value, is_lossless):
    with duckdb.connect() as engine:
        engine.execute(f"SET arrow_lossless_conversion = {is_lossless}")
        sql = f"SELECT CASE WHEN i % 3 > 0 THEN {value} END AS v FROM range(1000) t(i)"
        for batch in engine.sql(sql).to_arrow_reader(300):
            for part in (batch, batch.slice(7, 100), batch.slice(5, 0)):
                result = cleared(part)
                result.validate(full=True)
                assert result.schema == part.schema
                assert repr(result.to_pylist()) == repr(part.to_pylist())


def stale(kind: pa.DataType) -> pa.Array:
    """Return two values of a type with NULL between them, and something else in its place."""
    width = kind.bit_width // 8
    held = bytes(width) + (SECRET * 4)[:width] + bytes(width)
    return pa.Array.from_buffers(kind, 3, [pa.py_buffer(b"\5"), pa.py_buffer(held)])


def bytes_of(array: pa.Array) -> bytes:
    return b"|".join(part.to_pybytes() for part in array.buffers() if part is not None)


FIXED = [
    pa.int8(), pa.int16(), pa.int32(), pa.uint64(), pa.float32(), pa.float64(), pa.date32(), pa.time64("us"),
    pa.timestamp("us"), pa.timestamp("us", tz="UTC"), pa.duration("us"), pa.decimal128(18, 2), pa.decimal256(50),
    pa.month_day_nano_interval(),
]  # fmt: skip


@pytest.mark.parametrize("kind", FIXED, ids=str)
def test_nothing_stands_under_null(kind):
    array = stale(kind)
    held = (SECRET * 4)[: kind.bit_width // 8]
    inside = pa.StructArray.from_arrays([array], ["a"])
    in_lists = pa.ListArray.from_arrays(pa.array([0, 2, 3], pa.int32()), array)
    for one in (array, array.slice(1), inside, in_lists):
        assert held in bytes_of(one)
        result = cleared(pa.RecordBatch.from_arrays([one], ["v"])).column(0)
        assert held not in bytes_of(result)
        assert result.is_null().to_pylist() == one.is_null().to_pylist()


def test_nothing_stands_in_a_struct_that_is_null():
    texts = pa.array(["shown", "hidden", "shown"])
    whole = pa.StructArray.from_arrays([texts], ["a"], mask=pa.array([False, True, False]))
    assert b"hidden" in bytes_of(whole)
    (result,) = cleared(pa.RecordBatch.from_arrays([whole], ["v"])).columns
    assert b"hidden" not in bytes_of(result)
    assert result.to_pylist() == [{"a": "shown"}, None, {"a": "shown"}]


def test_a_batch_without_columns_or_rows_stays_one():
    assert cleared(pa.RecordBatch.from_arrays([], [])).num_columns == 0
    empty = pa.RecordBatch.from_arrays([pa.array([], pa.int64())], ["a"])
    assert cleared(empty).equals(empty)
