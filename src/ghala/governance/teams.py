"""Teams: who belongs together, and which domains they own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.errors import UsageError
from ghala.governance.access_ends import end_with
from ghala.governance.administration import find_account, find_team, parse_id, record, require
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.registry import identity
from ghala.registry.registry import move_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.model.account import Team
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Teams:
    """The teams of one registry. `owners` gives each domain's owner, as its `domain.yaml` names it."""

    registry: Registry
    owners: Callable[[], Mapping[str, str]]
    now_us: Callable[[], int]

    def add(self, name: str, *, by: Principal) -> Team:
        """Add a team without members.

        Raises:
            DeniedError: `by` may not.
            UsageError: the name cannot be used or is taken.
        """
        team = parse_id(name, PrincipalKind.TEAM)
        if team.kind is not PrincipalKind.TEAM:
            raise UsageError(f"`{team}` is not a team", hint=f"ghala team add {team.name}")
        with self.registry.write() as connection:
            require(connection, by, Action.TEAM_MANAGE, self.now_us())
            if identity.teams(connection, str(team)):
                raise UsageError(f"there is a team `{team}` already", hint="choose another name")
            identity.add_team(connection, team, self.now_us())
            record(connection, AuditTag.TEAM_CHANGED, by, [str(team)], {"change": "added"})
            move_epoch(connection)
            return self._with_domains(find_team(connection, str(team)))

    def remove(self, name: str, *, by: Principal) -> None:
        """Remove a team.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: there is none of that name.
            UsageError: it answers for a service.
        """
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.TEAM_MANAGE, now_us)
            team = find_team(connection, name)
            for account in identity.accounts(connection, now_us):
                if account.owner == team.id and account.is_enabled:
                    raise UsageError(
                        f"{team.id} answers for {account.id}",
                        hint=f"ghala user disable {account.id}",
                    )
            identity.remove_team(connection, team.id)
            # Another team of that name must not have what this one had.
            end_with(connection, team.id, by, now_us)
            detail = {"change": "removed", "members": list(team.members)}
            record(connection, AuditTag.TEAM_CHANGED, by, [team.id], detail)
            move_epoch(connection)

    def join(self, name: str, member: str, *, by: Principal) -> Team:
        """Make a user a member; who is one already stays it.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: the team or the user is not there.
            UsageError: it is no user.
        """
        return self._change(name, member, by, is_member=True)

    def leave(self, name: str, member: str, *, by: Principal) -> Team:
        """End a membership; who is no member stays none.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: the team or the user is not there.
            UsageError: it is no user.
        """
        return self._change(name, member, by, is_member=False)

    def teams(self, *, by: Principal) -> tuple[Team, ...]:
        """Return all teams, by id.

        Raises:
            DeniedError: `by` may not.
        """
        with self.registry.read() as connection:
            require(connection, by, Action.TEAM_MANAGE, self.now_us())
            found = identity.teams(connection)
        return tuple(self._with_domains(team) for team in found)

    def team(self, name: str, *, by: Principal) -> Team:
        """Return a team.

        Raises:
            DeniedError: `by` is neither an administrator nor a member who has signed in.
            NotFoundError: there is none of that name.
        """
        wanted = str(parse_id(name, PrincipalKind.TEAM))
        with self.registry.read() as connection:
            itself = by.id if wanted in by.teams and by.on_behalf_of is None else None
            require(connection, by, Action.TEAM_MANAGE, self.now_us(), itself=itself)
            found = find_team(connection, wanted)
        return self._with_domains(found)

    def _change(self, name: str, member: str, by: Principal, *, is_member: bool) -> Team:
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.TEAM_MANAGE, now_us)
            team = find_team(connection, name)
            account = find_account(connection, member, now_us)
            if account.kind is not PrincipalKind.USER:
                raise UsageError(f"{account.id} cannot be a member: users are")
            if (account.id in team.members) is not is_member:
                change = identity.join_team if is_member else identity.leave_team
                change(connection, team.id, account.id)
                detail = {"change": "joined" if is_member else "left"}
                record(connection, AuditTag.TEAM_CHANGED, by, [team.id, account.id], detail)
                move_epoch(connection)
            changed = find_team(connection, team.id)
        return self._with_domains(changed)

    def _with_domains(self, team: Team) -> Team:
        owned = [
            domain
            for domain, owner in sorted(self.owners().items())
            if owner.lower().removeprefix("team:") == team.name.lower()
        ]
        return replace(team, domains=tuple(owned))
