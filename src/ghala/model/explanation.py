"""Explanations: a decision with all that made it, and who else would have the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ghala.errors import Place
    from ghala.model.names import DatasetName
    from ghala.model.policy import Clearance
    from ghala.model.principal import Role


@dataclass(frozen=True, slots=True)
class PolicyReason:
    """A policy that decided: what it does, the reason that it gives, and where it stands."""

    id: str
    effect: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class WordedPolicy:
    """A policy in words: what it says, why, of which actions and roles, and how it is written."""

    id: str
    effect: str
    says: str
    reason: str
    actions: tuple[str, ...]
    roles: tuple[Role, ...]
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class AgreementReason:
    """An agreement that is in force: the columns that it gives, in which rows (None: all), and until when."""

    id: str
    grantee: str
    columns: tuple[str, ...]
    rows: Mapping[str, object] | None
    until: datetime


@dataclass(frozen=True, slots=True)
class ColumnReason:
    """How a column is seen, and why.

    `policies` are those that decided about clear reading, `agreements` those that give the column. `mask` is what
    stands in place of a value that is not clear, `mask_because` what chose it.
    """

    name: str
    clearance: Clearance
    classification: str
    tags: tuple[str, ...]
    policies: tuple[PolicyReason, ...]
    agreements: tuple[str, ...]
    mask: str | None
    mask_because: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision at one time, with every reason.

    `not_taken` are the roles that the principal may take and has not. `unknown` says what could not be rebuilt of that
    time, and what stands in its place. `policies_applied_at` None: the set was never put in force.
    """

    principal: str
    is_enabled: bool
    teams: tuple[str, ...]
    roles: tuple[str, ...]
    not_taken: tuple[Role, ...]
    dataset: DatasetName
    owners: tuple[str, ...]
    purpose: str
    endpoint: str
    at: datetime
    policy_version: str
    policies_applied_at: datetime | None
    may_discover: bool
    discover: tuple[PolicyReason, ...]
    may_read: bool
    read: tuple[PolicyReason, ...]
    agreements: tuple[AgreementReason, ...]
    columns: tuple[ColumnReason, ...]
    reasons: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read a dataset for some purposes: what they see clear and masked, and through what.

    With `if_taken`, they would if they took that role. `some_rows` says that an agreement's rows limit what is seen.
    """

    principal: str
    purposes: tuple[str, ...]
    clear: tuple[str, ...]
    masked: tuple[str, ...]
    some_rows: bool
    through: tuple[str, ...]
    if_taken: Role | None = None
