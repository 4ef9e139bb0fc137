"""Every error that Ghala raises on purpose, as one tree.

    GhalaError
    ├── UsageError                 the caller asked for something that is not there or not allowed
    │   ├── NotFoundError          no such workspace, product, dataset, release or run
    │   └── QueryRefusedError      a statement that the read door does not run
    ├── DefinitionError            a workspace's files do not mean anything: carries every finding
    ├── SourceError                a source cannot be read at all (a single bad record is quarantined instead)
    ├── StepError                  a pipeline step failed
    ├── ContractBrokenError        staged rows break their contract: carries the report
    ├── NotSignedInError           what was presented proves nobody's identity
    │   └── TooManyAttemptsError   signing in failed too often: carries when to try again
    ├── DeniedError                the decision says no: carries its reasons
    ├── QueryError                 an accepted statement failed while it ran
    │   └── LimitError             a limit on time, memory, rows or bytes was reached
    ├── BusyError                  somebody else holds what is needed
    │   ├── AlreadyRunningError    another run of the same product has not ended: carries its id
    │   ├── QuotaError             one principal asked for more than its share: carries when to ask again
    │   ├── LeaseLostError         this run's lease was taken over: it may not publish
    │   └── ConflictError          a pointer moved since it was read
    ├── CorruptError               a stored file is not what was released
    ├── StorageError               the disk or the registry refused: full, I/O error, no permission
    └── MissingExtraError          an optional dependency is not installed

A message says what happened; `hint` says what to do; `place` says where; `evidence` carries the fields that a
program would want. Messages and hints never contain a secret or a cell value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a text file something stands; lines and columns count from 1, and 0 means "not known"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(part) for part in (self.line, self.column) if part)])


class GhalaError(Exception):
    """The root of all errors that a user of Ghala is meant to see."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        place: Place | None = None,
        **evidence: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place
        self.evidence = evidence

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class UsageError(GhalaError):
    """The caller asked for something that is not there or not allowed."""

    code = "usage"
    exit_code = 2


class NotFoundError(UsageError):
    """No such workspace, product, dataset, release or run."""

    code = "not_found"


class QueryRefusedError(UsageError):
    """The read door does not run this statement; nothing ran."""

    code = "query_refused"


class DefinitionError(GhalaError):
    """A workspace's files are wrong; `evidence["findings"]` has every finding, not only the first."""

    code = "definition"


class SourceError(GhalaError):
    """A source cannot be read at all; a single bad record is quarantined instead."""

    code = "source"


class StepError(GhalaError):
    """A pipeline step failed."""

    code = "step"


class ContractBrokenError(GhalaError):
    """Staged rows break their contract; `evidence["reports"]` says how, consumers keep the last good release."""

    code = "contract_broken"


class NotSignedInError(GhalaError):
    """What was presented proves nobody's identity: a password, a session, a token or an invitation."""

    code = "not_signed_in"


class TooManyAttemptsError(NotSignedInError):
    """Signing in failed too often; `evidence["retry_after_s"]` says when to try again."""

    code = "too_many_attempts"


class DeniedError(GhalaError):
    """The decision says no; nothing was read."""

    code = "denied"

    def __init__(
        self, message: str, *, reasons: Sequence[str], hint: str | None = None, **evidence: object
    ) -> None:
        super().__init__(message, hint=hint)
        self.evidence = {**evidence, "reasons": tuple(reasons)}
        self.reasons = tuple(reasons)


class QueryError(GhalaError):
    """An accepted statement failed while it ran."""

    code = "query_failed"


class LimitError(QueryError):
    """A limit on time, memory, rows or bytes was reached; the result is incomplete and must not be used."""

    code = "limit"


class BusyError(GhalaError):
    """Somebody else holds what is needed; trying again later can help."""

    code = "busy"


class AlreadyRunningError(BusyError):
    """Another run of the same product has not ended; `evidence["run"]` is its id."""

    code = "already_running"


class QuotaError(BusyError):
    """One principal asked for more than its share; `evidence["retry_after_s"]` says when to ask again."""

    code = "quota"


class LeaseLostError(BusyError):
    """This run's lease was taken over by another run, so it may not publish."""

    code = "lease_lost"


class ConflictError(BusyError):
    """A pointer moved since it was read; nothing was changed."""

    code = "conflict"


class CorruptError(GhalaError):
    """A stored file is not what was released."""

    code = "corrupt"


class StorageError(GhalaError):
    """The disk or the registry refused: full, I/O error, no permission. Nothing that was released changed."""

    code = "storage"


class MissingExtraError(GhalaError):
    """An optional dependency is not installed."""

    code = "missing_extra"
    exit_code = 2
