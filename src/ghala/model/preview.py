"""What somebody would get: each column clear, masked or hidden, and rows that are made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.mask import MaskKind
    from ghala.model.names import DatasetName
    from ghala.model.policy import Clearance


@dataclass(frozen=True, slots=True)
class PreviewedColumn:
    """One column: how it is seen now (None: the dataset cannot be read), and how it would be.

    `mask` is what stands in place of a value that is not clear; where `is_clear_in_some_rows`, others are clear.
    """

    name: str
    type: str
    now: Clearance | None
    clearance: Clearance
    mask: MaskKind | None = None
    is_clear_in_some_rows: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a grantee would get of a dataset for a purpose.

    `sample` has the columns that are not hidden, by name, ready for JSON; no value of it was ever stored. `levels` are
    the ids of those who decide, one level after the other; stewards do at each. `approving_policy` is the id of the
    policy that approves it at once, None if somebody has to decide.
    """

    dataset: DatasetName
    grantee: str
    purpose: str
    is_allowed: bool
    reasons: tuple[str, ...]
    columns: tuple[PreviewedColumn, ...]
    sample: tuple[Mapping[str, object], ...]
    levels: tuple[tuple[str, ...], ...] = ()
    approving_policy: str | None = None
