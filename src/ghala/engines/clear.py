"""What stands where an answer has NULL: nothing.

The engine leaves there what its memory held before: addresses, and values of rows that may not be seen.
"""

from __future__ import annotations

import sys
from array import array as numbers

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
    return _written_anew(array)


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
        return _cleared_union(array)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        return _cleared_lists(array)
    return _written_anew(array)


def _cleared_union(array: pa.Array) -> pa.Array:
    """Return a union whose members have values in those places alone that are theirs."""
    kind = array.type
    if kind.mode != "sparse":
        raise NotImplementedError(f"the layout of {kind} is not known")
    length, places = len(array), _counted_up(len(array))
    # Not `type_codes`, which forgets where a part of an array begins.
    codes = pa.Array.from_buffers(pa.int8(), length, [None, array.buffers()[1]], 0, array.offset)
    members = []
    for number, code in enumerate(kind.type_codes):
        of_member = pc.call_function("equal", [codes, _scalar(pa.int8(), code)])
        taken = pc.call_function("if_else", [of_member, places, pa.nulls(1, places.type)[0]])
        members.append(_cleared(array.field(number).take(taken)))
    names = [kind.field(number).name for number in range(kind.num_fields)]
    return pa.UnionArray.from_sparse(codes.take(places), members, names, kind.type_codes)


def _cleared_lists(array: pa.Array) -> pa.Array:
    """Return lists, or maps, of which one that is NULL has no values, and none lie beside them."""
    kind, length, offset = array.type, len(array), array.offset
    if not length:
        return pa.nulls(0, kind)
    offsets = array.offsets
    children = [array.values]
    same = pa.large_list if pa.types.is_large_list(kind) else pa.list_
    lists = pa.Array.from_buffers(
        same(children[0].type), length, array.buffers()[:2], array.null_count, offset, children
    )
    values = lists.flatten()
    if len(values) < len(array.values):
        # What it leaves out may still lie beside it.
        values = values.take(_counted_up(len(values)))
    values = _cleared(values)
    zero = _scalar(offsets.type, 0)
    sizes = pc.call_function("subtract", [offsets.slice(1), offsets.slice(0, length)])
    is_there = array.is_valid()
    sizes = pc.call_function("if_else", [is_there, sizes, zero])
    begins = pa.concat_arrays([_zeros(offsets.type), pc.cumulative_sum(sizes)])
    # Computed twice, so that it begins at the first bit.
    bits = pc.call_function("invert", [pc.call_function("invert", [is_there])])
    if begins.offset or bits.offset:
        raise NotImplementedError(f"{kind} does not begin at its beginning")
    buffers = [bits.buffers()[1] if array.null_count else None, begins.buffers()[1]]
    return pa.Array.from_buffers(kind, length, buffers, array.null_count, 0, children=[values])


def _written_anew(array: pa.Array) -> pa.Array:
    """Return the values of an array in new memory; of a layout that cannot be written so, nothing is returned."""
    return pa.array(array.to_pylist(), type=array.type)


def _with_nulls_of(array: pa.Array, filled: pa.Array) -> pa.Array:
    """Return `filled` as values of an array's type, NULL where that is NULL."""
    if array.offset or filled.offset:
        places = pc.call_function(
            "if_else", [array.is_valid(), filled, pa.nulls(1, filled.type)[0]]
        )
        return places.view(array.type)
    buffers = [array.buffers()[0], filled.buffers()[1]]
    return pa.Array.from_buffers(array.type, len(array), buffers, array.null_count)


def _zeros(kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(bytes(8))])


def _scalar(kind: pa.DataType, value: int) -> pa.Scalar:
    held = value.to_bytes(kind.bit_width // 8, sys.byteorder, signed=True)
    return pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(held)])[0]


def _counted_up(length: int) -> pa.Array:
    counted = numbers("q", range(length))
    return pa.Array.from_buffers(pa.int64(), length, [None, pa.py_buffer(counted)])


def _has_no_bytes_under_null(array: pa.Array) -> bool:
    """Whether all bytes of texts belong to one that is there."""
    kind = array.type
    if not (pa.types.is_string(kind) or pa.types.is_binary(kind)):
        return False
    used = pc.sum(pc.binary_length(array)).as_py() or 0
    data = array.buffers()[2]
    return used == (data.size if data is not None else 0)
