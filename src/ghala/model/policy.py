"""Decisions: the answer to "may this principal do this now?", with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.names import DatasetName


class Action(StrEnum):
    """What a principal can ask to do, `object:verb`; keep sorted."""

    DATASET_READ = "dataset:read"
    PRODUCT_PUBLISH = "product:publish"


class Clearance(StrEnum):
    """How a principal sees a column; keep sorted."""

    CLEAR = "clear"
    HIDDEN = "hidden"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one dataset.

    `row_filter` is a SQL predicate over the dataset's columns, None for all rows. A column that `columns` does not name
    is hidden: what a decision does not know stays closed.
    """

    dataset: DatasetName
    is_allowed: bool
    columns: Mapping[str, Clearance] = field(default_factory=dict)
    row_filter: str | None = None
    reasons: tuple[str, ...] = ()
