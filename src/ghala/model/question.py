"""Questions that outlive the request that asked them, with how far they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class QuestionState(StrEnum):
    """How far a question is; keep sorted. `interrupted`: the server that worked on it went away."""

    FAILED = "failed"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    RUNNING = "running"
    WAITING = "waiting"

    @property
    def is_open(self) -> bool:
        """Whether there may be an answer later on."""
        return self in {QuestionState.RUNNING, QuestionState.WAITING}


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question as the registry knows it; its answer, if it is finished, is kept until `until`.

    `decided_sha256` stands for the decisions under which it was answered. `error` is what a client is told of a
    failure: `code`, `message` and `hint`. `shown` has for each dataset the columns that its answer could show, as an
    intent has them.
    """

    id: str
    principal: str
    purpose: str
    environment: str
    statement_sha256: str
    server: str
    state: QuestionState
    made_at: datetime
    until: datetime
    releases: Sequence[tuple[str, int]] = ()
    decided_sha256: str | None = None
    row_count: int | None = None
    byte_count: int | None = None
    error: Mapping[str, str | None] | None = None
    shown: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
