"""The audit as people use it: search, export, verification, and checkpoints that are kept elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, UsageError
from ghala.governance import audit_checkpoints
from ghala.governance.administration import record
from ghala.governance.audit_clock import checkpoints_every
from ghala.governance.ocsf import event_of
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter, AuditVerification
from ghala.model.plain import plain
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import is_entrusted
from ghala.registry import audit_search, identity
from ghala.registry.audit_check import check_entries
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ghala.governance.audit_key import AuditKey
    from ghala.model.audit_record import AuditRecord, Checkpoint
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry

LONGEST_PAGE = 10_000
_READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The audit of one registry. Who looks into it is recorded like all else; a verification is not.

    `flush` writes what this process has not written yet.
    """

    registry: Registry
    key: AuditKey
    flush: Callable[[], None]
    now_us: Callable[[], int] = now_us

    def search(self, wanted: AuditFilter, limit: int, *, by: Principal) -> tuple[AuditRecord, ...]:
        """Return the newest entries that are wanted, at most `limit`.

        Raises:
            DeniedError: `by` may not read the audit.
            UsageError: a column is wanted of no dataset.
        """
        wanted = self._begin(AuditTag.AUDIT_SEARCHED, wanted, by)
        with self.registry.read() as connection:
            return audit_search.find(connection, wanted, min(limit, LONGEST_PAGE))

    def export(self, wanted: AuditFilter, *, by: Principal) -> Iterator[AuditRecord]:
        """Return the entries that are wanted, oldest first, up to now.

        Raises:
            DeniedError: `by` may not read the audit.
        """
        return self._exported(self._begin(AuditTag.AUDIT_EXPORTED, wanted, by))

    def lines(self, wanted: AuditFilter, form: str, *, by: Principal) -> Iterator[str]:
        """Return what `export` returns as JSON, one line each: as it is kept (`jsonl`), or as events (`ocsf`)."""
        shaped = event_of if form == "ocsf" else plain
        return (
            json.dumps(shaped(one), ensure_ascii=False, separators=(",", ":"))
            for one in self.export(wanted, by=by)
        )

    def verify(self, anchor_text: str | None = None, *, by: Principal) -> AuditVerification:
        """Check every entry of every chain, the checkpoints, and that an anchor still holds.

        Raises:
            DeniedError: `by` may not read the audit.
            UsageError: the anchor is none, or of another registry.
        """
        anchor = None if anchor_text is None else audit_checkpoints.parse_anchor(anchor_text)
        own_key = self.key.public if self.key.is_there else None
        with self.registry.read() as connection:
            _require_reader(connection, by, self.now_us())
            vouched = audit_checkpoints.vouched(connection, own_key, anchor)
            checked = check_entries(connection, vouched.marks)
        return AuditVerification(
            entries=checked.entries,
            chains=checked.chains,
            checkpoints=vouched.count,
            anchored=None if anchor is None else anchor.entries,
            public_keys=vouched.public_keys,
            faults=(*checked.faults, *vouched.faults),
        )

    def checkpoint(self) -> Checkpoint | None:
        """Sign what no checkpoint has signed; None if there is nothing."""
        self.flush()
        # The key's file is read before the transaction.
        _ = self.key.public
        with self.registry.write() as connection:
            return audit_checkpoints.make(connection, self.key)

    def checkpoints_every(self, seconds: float) -> AbstractContextManager[None]:
        """Make checkpoints while the block runs, and one when it ends."""
        return checkpoints_every(seconds, self.checkpoint)

    def anchor(self, *, by: Principal) -> str:
        """Return an anchor over all chains as they are now, as the text of a file to be kept elsewhere.

        Raises:
            DeniedError: `by` may not read the audit.
        """
        _ = self.key.public
        with self.registry.read() as connection:
            _require_reader(connection, by, self.now_us())
            return audit_checkpoints.anchor_text(connection, self.key)

    def _begin(self, tag: AuditTag, wanted: AuditFilter, by: Principal) -> AuditFilter:
        """Record what is looked for, and return it up to now: what is recorded by it is no part of it."""
        if wanted.column is not None and wanted.dataset is None:
            raise UsageError("a column is one of a dataset", hint="say which one: `dataset`")
        self.flush()
        ends = now_us() if wanted.until_us is None else wanted.until_us
        criteria = {name: value for name, value in plain(wanted).items() if value is not None}
        with self.registry.write() as connection:
            _require_reader(connection, by, self.now_us())
            record(connection, tag, by, [], criteria)
        return replace(wanted, until_us=ends)

    def _exported(self, wanted: AuditFilter) -> Iterator[AuditRecord]:
        with self.registry.read() as connection:
            yield from audit_search.read_all(connection, wanted)


def _require_reader(connection: Transaction, by: Principal, now: int) -> None:
    """Let the owner pass, whoever has taken the role of an auditor or administrator, and services with the scope."""
    if by.kind is PrincipalKind.OWNER or is_entrusted(by, Action.AUDIT_READ):
        return
    if by.scopes is not None and Action.AUDIT_READ not in by.scopes:
        raise DeniedError(
            f"{by.id} may not read the audit with this token",
            reasons=[f"the token does not have the scope {Action.AUDIT_READ}"],
            hint="use a token with this scope, or sign in with a password",
        )
    # Read again: the role may have ended since the request began.
    taken = {taken.role for taken in identity.taken_roles(connection, now, by.id)}
    if not _READERS & by.roles & taken:
        raise DeniedError(
            f"{by.id} may not read the audit",
            reasons=[f"{Action.AUDIT_READ} needs the role of the auditor or the administrator"],
            hint="take the role first, if you are eligible",
        )
