"""What would keep products from running, said beforehand: the same planning as a run's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import StepError
from ghala.pipelines.graph import order
from ghala.query.lint import check_sql, table_places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.errors import Place
    from ghala.model.product import Workspace


def check_plan(workspace: Workspace) -> Sequence[StepError]:
    """Return every fault of every product's plan, each with its place; empty when all could run."""
    faults = (fault for planned in order(workspace, _readable) for fault in planned.faults)
    # Steps read what input ports declare: a circle of steps is one of ports, which the definitions' own check has told.
    return [fault for fault in faults if isinstance(fault, StepError)]


def _readable(sql: str) -> Mapping[str, Place]:
    # What is wrong with a statement by itself is said by `check_sql`, once.
    return {} if check_sql(sql) else table_places(sql)
