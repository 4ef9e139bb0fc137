"""Tests of policies: somebody, a dataset and circumstances, with what an organisation expects to be decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.errors import Place
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case expects; None says nothing. Columns are all those that are seen that way.

    `policies` are ids that must be among those that decide.
    """

    discover: bool | None = None
    read: bool | None = None
    clear: frozenset[str] | None = None
    masked: frozenset[str] | None = None
    hidden: frozenset[str] | None = None
    policies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """One named case; `at` None is the time at which it is run."""

    name: str
    principal: Principal
    dataset: DatasetName
    endpoint: str
    expected: Expected
    at: datetime | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what was found instead, as words."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """How a case went."""

    name: str
    place: Place | None
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all was found as expected."""
        return not self.differences
