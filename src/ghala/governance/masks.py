"""What stands in place of a value that is not clear, when nobody chose a mask: by the column's tags and type."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ghala.model.mask import Mask, MaskKind, mask_fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.model.contract import Column

NULL = Mask(MaskKind.REPLACE_WITH_NULL)
DEFAULTS: Mapping[str, Sequence[Mask]] = {
    "pii.address": (NULL,),
    "pii.birth_date": (Mask(MaskKind.TRUNCATE_TO_YEAR),),
    "pii.email": (Mask(MaskKind.KEYED_HASH),),
    "pii.name": (NULL,),
    "pii.national_id": (Mask(MaskKind.KEYED_HASH),),
    "pii.phone": (Mask(MaskKind.SHOW_LAST, count=2),),
    "pii.salary": (Mask(MaskKind.BUCKET, size=Decimal(1000)),),
    "secret": (NULL,),
}
"""For each tag the masks to try; the first that fits the column's type is taken. Keep sorted."""


def default_mask(column: Column) -> Mask | None:
    """Return the mask of a column; None if it is to be hidden where it is not clear: `restricted` columns are.

    Where several tags have a mask, the column becomes NULL: no two masks together were ever thought about.

    >>> from ghala.model.contract import Column
    >>> from ghala.model.types import parse_type
    >>> default_mask(Column("mail", parse_type("varchar"), tags=("pii.email",))).kind.value
    'keyed-hash'
    >>> default_mask(Column("born", parse_type("varchar"), tags=("pii.birth_date",))).kind.value
    'replace-with-null'
    >>> default_mask(Column("grade", parse_type("varchar"), classification="restricted"))
    """
    if (column.classification or "").lower() == "restricted":
        return None
    tagged = [DEFAULTS[tag.lower()] for tag in column.tags if tag.lower() in DEFAULTS]
    if len(tagged) != 1:
        return NULL
    fitting = (mask for mask in tagged[0] if mask_fault(mask, column.type) is None)
    return next(fitting, NULL)
