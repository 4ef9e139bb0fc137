"""Lineage graphs: the columns above or below a column or dataset, through products, as `ghala lineage` answers them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.lineage import Origin


class Direction(StrEnum):
    """Which way lineage is followed: to what something comes from, or to what comes from it; keep sorted."""

    DOWN = "down"
    UP = "up"


class InfluenceKind(StrEnum):
    """How a column has to do with what comes from it; keep sorted.

    `direct` columns are computed with, `indirect` ones decide a value, `rows` ones decide which rows there are.
    """

    DIRECT = "direct"
    INDIRECT = "indirect"
    ROWS = "rows"


@dataclass(frozen=True, slots=True, order=True)
class LineageEdge:
    """From one column to another that comes from it. No column stands for all of them: of `target`, for its rows."""

    origin: Origin
    target: Origin
    kind: InfluenceKind


@dataclass(frozen=True, slots=True)
class LineageTable:
    """A dataset with the releases of it that the graph goes through, or a source, or a step, which have none.

    `above` and `below` are how many datasets are directly above and below it; None unless that was asked.
    """

    name: str
    kind: str
    product: str | None = None
    environment: str | None = None
    releases: tuple[int, ...] = ()
    facts: Mapping[str, str] | None = None
    above: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class LineageGraph:
    """What was found. `untraced` columns may come from less than their edges say, `columns` are where it began.

    `is_recorded` is False where the release was made before lineage was kept.
    """

    dataset: str
    columns: tuple[str, ...]
    direction: Direction
    tables: tuple[LineageTable, ...]
    edges: tuple[LineageEdge, ...]
    untraced: tuple[Origin, ...] = ()
    is_recorded: bool = True
