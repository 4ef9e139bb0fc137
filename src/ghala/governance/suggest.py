"""What could be agreed more narrowly: agreements beside the record of reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from ghala.errors import UsageError
from ghala.governance.access_scope import READING, require_scope
from ghala.governance.administration import US
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter
from ghala.model.suggestion import SuggestedChange, Suggestion
from ghala.registry import audit_search, identity
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ghala.governance.access_scope import AccessScope
    from ghala.governance.agreements import Agreements
    from ghala.model.agreement import Agreement
    from ghala.model.audit_record import AuditRecord
    from ghala.model.principal import Principal

DEFAULT_DAYS = 90
_DAY_US = 86_400 * US


@dataclass(slots=True)
class _Use:
    reads: int = 0
    last: datetime | None = None
    columns: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Proposes, and changes nothing: who decides may narrow or revoke what is proposed."""

    scope: AccessScope
    agreements: Agreements

    def suggest(self, *, by: Principal, days: int = DEFAULT_DAYS) -> tuple[Suggestion, ...]:
        """Return what nobody used in the last days, of the agreements that somebody may know of.

        An agreement that nobody read with could end; columns that no read looked at could go. One that is younger
        than `days` is left alone. A read counts for every agreement under which it could have happened.

        Raises:
            DeniedError: the token of `by` does not allow it.
            UsageError: the number of days is none.
        """
        require_scope(by, *READING)
        if not 1 <= days <= 3660:  # noqa: PLR2004 - ten years
            raise UsageError("`days` is a number from 1 to 3660", hint=f"--days {DEFAULT_DAYS}")
        now_us = self.scope.now_us()
        since_us = now_us - days * _DAY_US
        known = self.agreements.agreements(by=by, state="in_force")
        old = [one for one in known if as_time(now_us) - one.since >= timedelta(days=days)]
        if not old:
            return ()
        use = self._use(old, since_us, now_us)
        found = (_suggestion(one, use[one.id]) for one in old)
        return tuple(one for one in found if one is not None)

    def _use(self, known: Iterable[Agreement], since_us: int, now_us: int) -> Mapping[str, _Use]:
        names = {one.id: name for name, (_, _, one) in self.scope.definitions().datasets.items()}
        about: dict[tuple[str, str], list[Agreement]] = defaultdict(list)
        for one in known:
            current = names.get(one.dataset_id, one.dataset)
            about[str(current), one.purpose].append(one)
        use: dict[str, _Use] = defaultdict(_Use)
        wanted = AuditFilter(tag=AuditTag.DATASET_READ.value, since_us=since_us)
        with self.scope.registry.read() as connection:
            accounts = identity.accounts(connection, now_us)
            teams = {one.id: frozenset(one.teams) for one in accounts}
            owners = {one.id: one.owner for one in accounts if one.owner is not None}
            for read in audit_search.read_all(connection, wanted):
                of_user = teams.get(owners.get(read.principal, ""), frozenset())
                ids = teams.get(read.principal, frozenset()) | of_user | {read.principal}
                for name in read.objects:
                    for one in about.get((name, read.purpose), ()):
                        if one.grantee in ids:
                            _count(use[one.id], read, name)
        return use


def _count(use: _Use, read: AuditRecord, dataset: str) -> None:
    use.reads += 1
    use.last = read.at if use.last is None else max(use.last, read.at)
    versions = read.detail.get("datasets")
    for name, version in versions.items() if isinstance(versions, dict) else ():
        # A statement may name a dataset in several releases: `sales.orders@3`.
        if name.partition("@")[0] == dataset and isinstance(version, dict):
            # What an agreement makes clear in some rows only is recorded as masked.
            for seen in ("columns", "masked"):
                use.columns.update(version.get(seen, ()))


def _suggestion(one: Agreement, use: _Use) -> Suggestion | None:
    if not use.reads:
        return Suggestion(one.id, one.grantee, one.dataset, SuggestedChange.END, 0, None)
    unused = one.columns - use.columns
    if not unused:
        return None
    kept = one.columns & use.columns
    return Suggestion(
        agreement=one.id,
        grantee=one.grantee,
        dataset=one.dataset,
        change=SuggestedChange.NARROW if kept else SuggestedChange.END,
        reads=use.reads,
        last_used=use.last,
        columns=tuple(sorted(kept)),
        unused_columns=tuple(sorted(unused)),
    )
