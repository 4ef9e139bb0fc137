"""The shape in which source types hand over values: strings, and nested shapes with strings as leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from ghala.model.types import Kind

if TYPE_CHECKING:
    from ghala.model.types import DataType


def text_type(data_type: DataType) -> pa.DataType:
    """Return the Arrow type of a column before it is cast.

    >>> from ghala.model.types import parse_type
    >>> text_type(parse_type("bigint"))
    DataType(string)
    """
    if data_type.kind is Kind.STRUCT:
        members = [pa.field(field.name, text_type(field.type)) for field in data_type.fields]
        return pa.struct(members)
    if data_type.kind is Kind.LIST and data_type.element is not None:
        return pa.list_(text_type(data_type.element))
    return pa.string()
