"""What stands where an answer has NULL: nothing.

The engine leaves there what its memory held before: addresses, and values of rows that may not be seen.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def _zero(kind: pa.DataType) -> pa.Scalar:
    # Made of a buffer: `pa.scalar` imports pandas, which takes longer than most queries.
    return pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(bytes(32))])[0]


_ZERO = {
    8: _zero(pa.int8()),
    16: _zero(pa.int16()),
    32: _zero(pa.int32()),
    64: _zero(pa.int64()),
    128: _zero(pa.decimal128(38)),
    256: _zero(pa.decimal256(76)),
}
"""For widths in bits, the zero of a type whose values are as wide."""
_FALSE = _zero(pa.bool_())


def cleared(batch: pa.RecordBatch) -> pa.RecordBatch:
    r"""Return the same rows, with zeros in every place that holds no value.

    >>> stale = pa.Array.from_buffers(pa.int32(), 2, [pa.py_buffer(b"\1"), pa.py_buffer(b"\7\0\0\0secr")])
    >>> stale.to_pylist(), b"secr" in stale.buffers()[1].to_pybytes()
    ([7, None], True)
    >>> column = cleared(pa.RecordBatch.from_arrays([stale], ["a"])).column(0)
    >>> column.to_pylist(), column.buffers()[1].to_pybytes()[4:]
    ([7, None], b'\x00\x00\x00\x00')
    """
    columns = [_cleared(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema) if columns else batch


def _cleared(array: pa.Array) -> pa.Array:  # noqa: PLR0911 - one case for each kind of type
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, _cleared(array.storage))
    if pa.types.is_nested(kind):
        return _cleared_nested(array)
    if not array.null_count or pa.types.is_null(kind):
        return array
    if pa.types.is_dictionary(kind):
        indices = _cleared(array.indices)
        return pa.DictionaryArray.from_arrays(indices, array.dictionary, ordered=kind.ordered)
    if pa.types.is_boolean(kind):
        return _with_nulls_of(array, pc.call_function("coalesce", [array, _FALSE]))
    if pa.types.is_primitive(kind) or pa.types.is_decimal(kind):
        zero = _ZERO[kind.bit_width]
        length, nulls, offset = len(array), array.null_count, array.offset
        values = pa.Array.from_buffers(zero.type, length, array.buffers(), nulls, offset)
        return _with_nulls_of(array, pc.call_function("coalesce", [values, zero]))
    if _has_no_bytes_under_null(array):
        return array
    return pa.array(array.to_pylist(), type=kind)


def _cleared_nested(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_struct(kind):
        # Flattened, a member is NULL where its struct is.
        members = [_cleared(member) for member in array.flatten()]
        if not members:
            return array
        mask = array.is_null() if array.null_count else None
        return pa.StructArray.from_arrays(members, fields=list(kind), mask=mask)
    if pa.types.is_union(kind):
        members = [_cleared(array.field(number)) for number in range(kind.num_fields)]
        names = [kind.field(number).name for number in range(kind.num_fields)]
        if kind.mode == "sparse":
            return pa.UnionArray.from_sparse(array.type_codes, members, names, kind.type_codes)
        return pa.UnionArray.from_dense(
            array.type_codes, array.offsets, members, names, kind.type_codes
        )
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        buffers = array.buffers()[:2]
        length, nulls, offset = len(array), array.null_count, array.offset
        return pa.Array.from_buffers(
            kind, length, buffers, nulls, offset, children=[_cleared(array.values)]
        )
    return pa.array(array.to_pylist(), type=kind)


def _with_nulls_of(array: pa.Array, filled: pa.Array) -> pa.Array:
    """Return `filled` as values of an array's type, NULL where that is NULL."""
    if array.offset or filled.offset:
        places = pc.call_function(
            "if_else", [array.is_valid(), filled, pa.nulls(1, filled.type)[0]]
        )
        return places.view(array.type)
    buffers = [array.buffers()[0], filled.buffers()[1]]
    return pa.Array.from_buffers(array.type, len(array), buffers, array.null_count)


def _has_no_bytes_under_null(array: pa.Array) -> bool:
    """Whether all bytes of texts belong to one that is there."""
    kind = array.type
    if not (pa.types.is_string(kind) or pa.types.is_binary(kind)):
        return False
    used = pc.sum(pc.binary_length(array)).as_py() or 0
    data = array.buffers()[2]
    return used == (data.size if data is not None else 0)
