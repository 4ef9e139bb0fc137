"""What stands in place of a value that is not clear, when nobody chose a mask: by the column's tags and type."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ghala.model.classification import Classification, classification_of
from ghala.model.mask import Mask, MaskKind, mask_fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.model.contract import Column

NULL = Mask(MaskKind.REPLACE_WITH_NULL)
DEFAULTS: Mapping[str, Sequence[Mask]] = {
    "pii.account": (Mask(MaskKind.KEYED_HASH),),
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
    """Return the mask of a column; None if it is to be hidden where it is not clear.

    Columns classified as `restricted` are, or by a word that is not known. Where several tags
    have a mask, the column becomes NULL: no two masks together were ever thought about.

    >>> from ghala.model.contract import Column
    >>> from ghala.model.types import parse_type
    >>> default_mask(Column("mail", parse_type("varchar"), tags=("pii.email",))).kind.value
    'keyed-hash'
    >>> default_mask(Column("born", parse_type("varchar"), tags=("pii.birth_date",))).kind.value
    'replace-with-null'
    >>> default_mask(Column("grade", parse_type("varchar"), classification="cosmic top secret"))
    """
    return chosen_mask(column)[0]


def chosen_mask(column: Column) -> tuple[Mask | None, str]:
    """Return the mask of a column as `default_mask` does, and why it is that one.

    >>> from ghala.model.contract import Column
    >>> from ghala.model.types import parse_type
    >>> chosen_mask(Column("mail", parse_type("varchar"), tags=("pii.email",)))[1]
    'its tag pii.email'
    """
    if classification_of(column.classification) is Classification.RESTRICTED:
        return None, f"its classification {column.classification}"
    tags = [tag.lower() for tag in column.tags if tag.lower() in DEFAULTS]
    if not tags:
        return NULL, "no tag of it chooses a mask"
    if len(tags) > 1:
        return NULL, f"its tags {' and '.join(tags)} choose different masks"
    fitting = [mask for mask in DEFAULTS[tags[0]] if mask_fault(mask, column.type) is None]
    if not fitting:
        return NULL, f"its tag {tags[0]}, whose mask does not fit {column.type}"
    return fitting[0], f"its tag {tags[0]}"
