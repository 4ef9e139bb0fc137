"""Where an answer has NULL, its bytes say nothing of what the engine's memory held before."""

from __future__ import annotations

from array import array as numbers

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
    "list of lists": "[[i], NULL, [i, NULL]]",
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
    "union of lists": "CASE i % 2 WHEN 0 THEN union_value(a := [i])::UNION(a BIGINT[], b TEXT)"
    " ELSE ('b' || i)::UNION(a BIGINT[], b TEXT) END",
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


def under(kind: pa.DataType, values: pa.Array) -> pa.Array:
    """Return three lists or maps, of two values each, of which the middle one is NULL."""
    width = "q" if pa.types.is_large_list(kind) else "i"
    offsets = pa.py_buffer(numbers(width, [0, 2, 4, 6]))
    return pa.Array.from_buffers(kind, 3, [pa.py_buffer(b"\5"), offsets], children=[values])


TEXTS = pa.array(["a", "b", "hidden", "hidden", "c", "d"])
PAIRS = pa.StructArray.from_arrays(
    [TEXTS, pa.array(range(6))], fields=[pa.field("key", pa.string(), nullable=False), pa.field("value", pa.int64())]
)  # fmt: skip


@pytest.mark.parametrize(
    "lists",
    [
        under(pa.list_(pa.string()), TEXTS),
        under(pa.large_list(pa.string()), TEXTS),
        under(pa.map_(pa.string(), pa.int64()), PAIRS),
        pa.StructArray.from_arrays([under(pa.list_(pa.string()), TEXTS)], ["a"]),
    ],
    ids=["list", "large list", "map", "list in a struct"],
)
@pytest.mark.parametrize("begin", [0, 1])
def test_nothing_stands_in_a_list_that_is_null(lists, begin):
    lists.validate(full=True)
    part = lists.slice(begin)
    assert b"hidden" in bytes_of(part)
    (result,) = cleared(pa.RecordBatch.from_arrays([part], ["v"])).columns
    result.validate(full=True)
    assert b"hidden" not in bytes_of(result)
    assert result.type == part.type
    assert result.to_pylist() == part.to_pylist()


def test_values_before_and_after_a_part_of_lists_are_not_sent():
    lists = pa.array([["hidden"], ["shown"], None, ["hidden"]])
    batch = cleared(pa.RecordBatch.from_arrays([lists.slice(1, 2)], ["v"]))
    assert b"hidden" not in batch.serialize().to_pybytes()
    assert batch.column(0).to_pylist() == [["shown"], None]


def test_nothing_stands_in_a_union_beside_its_value():
    codes = pa.array([0, 1, 0], pa.int8())
    texts, counts = pa.array(["shown", "hidden", "shown"]), pa.array([1, 2, 3])
    union = pa.UnionArray.from_sparse(codes, [texts, counts], ["a", "b"], [0, 1])
    assert b"hidden" in bytes_of(union)
    (result,) = cleared(pa.RecordBatch.from_arrays([union], ["v"])).columns
    assert b"hidden" not in bytes_of(result)
    assert result.to_pylist() == ["shown", 2, "shown"]
    assert result.type == union.type


def test_a_layout_that_the_engine_does_not_make_is_refused():
    codes, places = pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32())
    union = pa.UnionArray.from_dense(codes, places, [pa.array(["a", "b"]), pa.array([1])])
    with pytest.raises(NotImplementedError, match="is not known"):
        cleared(pa.RecordBatch.from_arrays([union], ["v"]))
