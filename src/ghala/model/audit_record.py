"""What was recorded, as it is found again: entries with their place, checkpoints, and what a verification found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


_SEEN = ("columns", "masked")


class ReadOutcome(StrEnum):
    """How a read ended; keep sorted. An intent without an outcome was interrupted too, or still runs."""

    CUT = "cut"
    FAILED = "failed"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An entry as it was kept: the `number`-th of its chain.

    `outcome` is how a read ended, None for all else; an intent has the rows, bytes and milliseconds of its outcome.
    """

    chain: int
    number: int
    at: datetime
    tag: str
    principal: str
    purpose: str
    objects: tuple[str, ...]
    detail: Mapping[str, object]
    previous_sha256: str
    sha256: str
    read_id: str | None = None
    outcome: ReadOutcome | None = None
    rows: int | None = None
    byte_count: int | None = None
    ms: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; None does not narrow. Times are microseconds since 1970.

    `who` is a principal, also one on whose behalf another acted; `text` stands somewhere in objects or detail, in any
    case. `column` is a column of `dataset` that a read could show, in clear or masked, in any case. `before` is the
    place of the entry with which the page before this one ended: time, chain, number.
    """

    who: str | None = None
    dataset: str | None = None
    tag: str | None = None
    purpose: str | None = None
    since_us: int | None = None
    until_us: int | None = None
    outcome: ReadOutcome | None = None
    text: str | None = None
    column: str | None = None
    before: tuple[int, int, int] | None = None

    def is_of_column(self, detail: Mapping[str, object]) -> bool:
        """Return whether a read showed the column that is wanted; every entry does where none is.

        >>> email = AuditFilter(dataset="sales.customers", column="email")
        >>> email.is_of_column({"datasets": {"sales.customers@3": {"columns": ["id"], "masked": ["email"]}}})
        True
        >>> email.is_of_column({"datasets": {"hr.people": {"columns": ["email"]}}})
        False

        Statements take no notice of case, and contracts are written in any.

        >>> AuditFilter(dataset="sales.customers", column="EMAIL").is_of_column(
        ...     {"datasets": {"sales.customers": {"columns": ["Email"]}}}
        ... )
        True
        """
        if self.column is None:
            return True
        wanted = self.column.lower()
        told = detail.get("datasets")
        return any(
            # A statement may name a dataset in several releases: `sales.orders@3`.
            name.partition("@")[0] == self.dataset
            and wanted in {str(column).lower() for seen in _SEEN for column in one.get(seen, ())}
            for name, one in (told.items() if isinstance(told, dict) else ())
        )


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last entry of a chain."""

    chain: int
    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody says of an entry: that the `number`-th of a chain had this hash. `said_by` names who says it."""

    number: int
    sha256: str
    said_by: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement about the chains: `body` is what was signed, `sha256` its hash."""

    number: int
    body: str
    sha256: str
    public_key: str
    signature: str


@dataclass(frozen=True, slots=True)
class AuditFault:
    """The first thing that is wrong with a chain, or with a checkpoint (`chain` is None)."""

    chain: int | None
    number: int
    message: str

    @property
    def words(self) -> str:
        """Which entry it is, and what is wrong with it."""
        if self.chain is None:
            return f"checkpoint {self.number} {self.message}"
        return f"entry {self.number} of chain {self.chain} {self.message}"


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """What a verification looked at, and what it found, the first fault of each chain; without faults all holds.

    `anchored` says how many entries an anchor vouches for, None without one.
    """

    entries: int
    chains: int
    checkpoints: int
    anchored: int | None = None
    public_keys: tuple[str, ...] = ()
    faults: tuple[AuditFault, ...] = ()
