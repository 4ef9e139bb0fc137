"""Masks: what somebody sees in place of a value. A mask keeps the column's type, and NULL stays NULL."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from ghala.model.types import Kind

if TYPE_CHECKING:
    from ghala.model.types import DataType


class MaskKind(StrEnum):
    """What a mask does; keep sorted. The read restrictions of Iceberg's REST catalogue gave the names that they have.

    `bucket`               a number becomes the next lower multiple of `size`
    `generalise`           a text becomes what `lookup` has for it, any other text `otherwise`
    `keyed-hash`           an HMAC that is the same for the same value, within one purpose only
    `mask-to-fixed-value`  every value becomes `value`
    `replace-with-null`    every value becomes NULL
    `show-first`           the first `count` characters stay; a text that has no more is hidden as a whole
    `show-last`            the last `count` characters stay, likewise
    `truncate-to-month`    a moment becomes the beginning of its month (in UTC)
    `truncate-to-year`     a moment becomes the beginning of its year (in UTC)
    """

    BUCKET = "bucket"
    GENERALISE = "generalise"
    KEYED_HASH = "keyed-hash"
    MASK_TO_FIXED_VALUE = "mask-to-fixed-value"
    REPLACE_WITH_NULL = "replace-with-null"
    SHOW_FIRST = "show-first"
    SHOW_LAST = "show-last"
    TRUNCATE_TO_MONTH = "truncate-to-month"
    TRUNCATE_TO_YEAR = "truncate-to-year"


@dataclass(frozen=True, slots=True)
class Mask:
    """One mask with what its kind needs. `value` and the texts of `lookup` are written as in a contract.

    `otherwise` None makes NULL of a text that `lookup` does not have.
    """

    kind: MaskKind
    count: int = 4
    size: Decimal = Decimal(1)
    value: str = ""
    lookup: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None


_TEXT = frozenset({Kind.VARCHAR})
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
_FITTING = {
    MaskKind.BUCKET: frozenset({Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE, Kind.INTEGER, Kind.REAL}),
    MaskKind.GENERALISE: _TEXT,
    # Of an integer's 32 bits a hash would keep so few that different values meet.
    MaskKind.KEYED_HASH: frozenset({Kind.BIGINT, Kind.UUID, Kind.VARCHAR}),
    MaskKind.MASK_TO_FIXED_VALUE: frozenset(Kind) - {Kind.BLOB, Kind.LIST, Kind.STRUCT},
    MaskKind.REPLACE_WITH_NULL: frozenset(Kind),
    MaskKind.SHOW_FIRST: _TEXT,
    MaskKind.SHOW_LAST: _TEXT,
    MaskKind.TRUNCATE_TO_MONTH: _MOMENTS,
    MaskKind.TRUNCATE_TO_YEAR: _MOMENTS,
}


def mask_fault(mask: Mask, data_type: DataType) -> str | None:
    """Return why a mask cannot be put on a column of a type; None if it can.

    >>> from ghala.model.types import parse_type
    >>> mask_fault(Mask(MaskKind.SHOW_LAST), parse_type("varchar"))
    >>> mask_fault(Mask(MaskKind.KEYED_HASH), parse_type("integer"))
    '`keyed-hash` masks bigint, uuid, varchar, not integer'
    >>> mask_fault(Mask(MaskKind.BUCKET, size=Decimal(0)), parse_type("bigint"))
    '`size` must be more than 0'
    """
    fitting = _FITTING[mask.kind]
    if data_type.kind not in fitting:
        return f"`{mask.kind}` masks {', '.join(sorted(fitting))}, not {data_type.kind}"
    if mask.kind is MaskKind.BUCKET:
        if mask.size <= 0:
            return "`size` must be more than 0"
        if data_type.kind in {Kind.BIGINT, Kind.INTEGER} and mask.size % 1:
            return "`size` must be a whole number, as the column's values are"
    if mask.kind in {MaskKind.SHOW_FIRST, MaskKind.SHOW_LAST} and mask.count < 1:
        return "`count` must be at least 1"
    if mask.kind is MaskKind.GENERALISE and not mask.lookup:
        return "`lookup` is empty"
    return None
