"""Decisions: the answer to "may this principal do this now?", with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.mask import Mask
    from ghala.model.names import DatasetName
    from ghala.model.predicate import Predicate


class Action(StrEnum):
    """What a principal can ask to do, `object:verb`; keep sorted."""

    ACCOUNT_MANAGE = "account:manage"
    AGREEMENT_APPROVE_AUTOMATICALLY = "agreement:approve_automatically"
    AGREEMENT_DECIDE = "agreement:decide"
    AGREEMENT_REQUEST = "agreement:request"
    AUDIT_READ = "audit:read"
    DATASET_DISCOVER = "dataset:discover"
    DATASET_READ = "dataset:read"
    DEMAND_READ = "demand:read"
    FEEDBACK_ANSWER = "feedback:answer"
    INCIDENT_MANAGE = "incident:manage"
    METRICS_READ = "metrics:read"
    NOTIFICATION_MANAGE = "notification:manage"
    POLICY_APPLY = "policy:apply"
    POLICY_EXPLAIN = "policy:explain"
    PRODUCT_PUBLISH = "product:publish"
    PRODUCT_ROLL_BACK = "product:roll_back"
    PRODUCT_RUN = "product:run"
    ROLE_TAKE = "role:take"
    TAG_DECLARE = "tag:declare"
    TEAM_MANAGE = "team:manage"
    TOKEN_MANAGE = "token:manage"  # noqa: S105 - the name of an action, no secret
    USER_MANAGE = "user:manage"


class Clearance(StrEnum):
    """How a principal sees a column; keep sorted."""

    CLEAR = "clear"
    HIDDEN = "hidden"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Admission:
    """What one rule or agreement admits: the rows for which `rows` holds (None: all), with these columns clear."""

    columns: frozenset[str]
    rows: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one dataset.

    A row may be seen if an admission has it. A cell is clear only if an admission that has its row gives its column;
    otherwise it is what `masks` makes of it, and NULL where they have nothing for a column that some admission gives
    for other rows. A column that neither an admission nor a mask names is hidden: what a decision does not know stays
    closed. Row predicates see stored values.

    `hash_key` is the key of keyed hashes, that of the principal's purpose. `policy_version` and `endpoint` say by which
    policies it was decided, and for which way in; None where no policy was asked.
    """

    dataset: DatasetName
    is_allowed: bool
    admissions: tuple[Admission, ...] = ()
    masks: Mapping[str, Mask] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    hash_key: bytes | None = field(default=None, repr=False)
    policy_version: str | None = None
    endpoint: str | None = None

    def clearance(self, column: str) -> Clearance:
        """Return how a column is seen; `masked` where that differs by row."""
        giving = [admission for admission in self.admissions if column in admission.columns]
        if not self.is_allowed or not self.admissions:
            return Clearance.HIDDEN
        if len(giving) == len(self.admissions) or any(
            admission.rows is None for admission in giving
        ):
            return Clearance.CLEAR
        return Clearance.MASKED if giving or column in self.masks else Clearance.HIDDEN
