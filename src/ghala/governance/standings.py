"""What somebody was at a time: teams and roles, rebuilt from the record of every change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from ghala.governance.policy import Standing
from ghala.model.audit import AuditTag
from ghala.registry import past

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ghala.model.past import PastEntry
    from ghala.registry.identity import Transaction

_TAGS = (
    AuditTag.ROLE_ENDED,
    AuditTag.ROLE_TAKEN,
    AuditTag.TEAM_CHANGED,
    AuditTag.USER_DISABLED,
    AuditTag.USER_ENABLED,
)


@dataclass(frozen=True, slots=True)
class Standings:
    """The changes of every account, in order."""

    changes: Mapping[str, Sequence[PastEntry]]

    @classmethod
    def read(cls, connection: Transaction) -> Self:
        """Read them from the audit chains."""
        return cls.of(past.entries(connection, _TAGS))

    @classmethod
    def of(cls, entries: Iterable[PastEntry]) -> Self:
        """Sort changes by the accounts that they are about."""
        changes: dict[str, list[PastEntry]] = defaultdict(list)
        for entry in entries:
            members = entry.detail.get("members")
            for account in (*entry.objects, *(members if isinstance(members, list) else ())):
                if not account.startswith("team:"):
                    changes[account].append(entry)
        return cls(changes)

    def at(self, account: str, at_us: int) -> Standing:
        """Return the teams and the taken roles of an account at a time."""
        teams: set[str] = set()
        roles: dict[str, int] = {}
        for entry in self.changes.get(account, ()):
            if entry.at_us > at_us:
                break
            if entry.tag == AuditTag.TEAM_CHANGED:
                team = entry.objects[0].removeprefix("team:")
                change = teams.add if entry.detail.get("change") == "joined" else teams.discard
                change(team)
            elif entry.tag == AuditTag.ROLE_TAKEN:
                until = datetime.fromisoformat(str(entry.detail["until"]))
                roles[str(entry.detail["role"])] = round(until.timestamp() * 1_000_000)
            elif entry.tag == AuditTag.ROLE_ENDED:
                roles.pop(str(entry.detail["role"]), None)
        taken = {role for role, until_us in roles.items() if at_us < until_us}
        return Standing(frozenset(teams), frozenset(taken))

    def is_enabled(self, account: str, at_us: int) -> bool:
        """Return whether an account could be used at a time."""
        found = True
        for entry in self.changes.get(account, ()):
            if entry.at_us <= at_us and entry.tag in {
                AuditTag.USER_DISABLED,
                AuditTag.USER_ENABLED,
            }:
                found = entry.tag == AuditTag.USER_ENABLED
        return found
