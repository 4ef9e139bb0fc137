"""The record of reads: the intent before anything runs, the outcome after it. Without the first, nothing runs."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.model.audit import AuditEntry, AuditTag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.model.audit_record import ReadOutcome
    from ghala.model.principal import Principal


@dataclass(slots=True)
class Reading:
    """One read that was recorded as intended, and counts what it gives away."""

    append_outcome: Callable[[AuditEntry], None]
    principal: Principal
    objects: tuple[str, ...]
    id: str
    started_s: float = field(default_factory=time.monotonic)
    rows: int = 0
    byte_count: int = 0

    def ended(self, outcome: ReadOutcome, error: str | None = None) -> None:
        """Record how the read ended; `error` is the code of what ended it."""
        detail: dict[str, object] = {
            "read_id": self.id,
            "outcome": outcome.value,
            "rows": self.rows,
            "bytes": self.byte_count,
            "ms": round((time.monotonic() - self.started_s) * 1000),
        }
        if error is not None:
            detail["error"] = error
        made = entry(AuditTag.DATASET_READ_FINISHED, self.principal, self.objects, detail)
        self.append_outcome(made)


@dataclass(frozen=True, slots=True)
class Audit:
    """Writes entries through `append`, which returns only when an entry is durable.

    Outcomes go through `append_soon` where there is one: they are durable soon after.
    """

    append: Callable[[AuditEntry], None]
    append_soon: Callable[[AuditEntry], None] | None = None

    def started(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> Reading:
        """Record the intent to read. When this raises, nothing may run."""
        outcome = self.append_soon or self.append
        reading = Reading(outcome, principal, tuple(objects), uuid.uuid4().hex)
        self.append(
            entry(
                AuditTag.DATASET_READ,
                principal,
                reading.objects,
                {"read_id": reading.id, **detail},
            )
        )
        return reading

    def denied(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> None:
        """Record that a read was denied."""
        self.append(entry(AuditTag.DATASET_READ_DENIED, principal, tuple(objects), detail))

    def cut(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> None:
        """Record that an answer was cut while it was sent."""
        self.append(entry(AuditTag.DATASET_READ_CUT, principal, tuple(objects), detail))


def entry(
    tag: AuditTag, principal: Principal, objects: tuple[str, ...], detail: Mapping[str, object]
) -> AuditEntry:
    """Return what a principal did as an entry: also on whose behalf an agent acted, and what proved who it was."""
    proved = {"on_behalf_of": principal.on_behalf_of, "credential": principal.credential}
    known = {key: value for key, value in proved.items() if value is not None}
    return AuditEntry(tag, principal.id, principal.purpose, objects, {**detail, **known})
