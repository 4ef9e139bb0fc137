"""Accounts, teams and roles in the registry. Names come in as ids, `user:amina`, whose case does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import delete, insert, select, update

from ghala.model.account import Account, TakenRole, Team
from ghala.model.principal import PrincipalKind, Role
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, RowMapping

    from ghala.model.account import AccountId

_AT_ONCE = 500
Transaction: TypeAlias = "Connection"
"""What `Registry.read` and `Registry.write` give; layers above hand it on and know no more of it."""


def add_account(
    connection: Connection, account: AccountId, *, owner: str | None, now_us: int
) -> None:
    """Add an account that is not there yet."""
    values = {"id": str(account), "kind": account.kind.value, "name": account.name}
    connection.execute(
        insert(tables.accounts).values(**values, owner=owner, created_at=now_us, disabled_at=None)
    )


def find_account(connection: Connection, account: str, now_us: int) -> Account | None:
    """Return an account with its teams and roles; None if there is none."""
    found = accounts(connection, now_us, account)
    return found[0] if found else None


def owner_of(connection: Connection, account: str) -> str | None:
    """Return who answers for an account; None if nobody does, or there is no such account."""
    table = tables.accounts.c
    found: str | None = connection.execute(select(table.owner).where(table.id == account)).scalar()
    return found


def accounts(
    connection: Connection, now_us: int, account: str | None = None
) -> tuple[Account, ...]:
    """Return all accounts, or one, by id."""
    table = tables.accounts
    query = select(table).order_by(table.c.id)
    rows = connection.execute(query if account is None else query.where(table.c.id == account))
    found = list(rows.mappings())
    teams = _grouped(connection, tables.members.c.account, tables.members.c.team, account)
    roles = tables.eligible_roles.c
    eligible = _grouped(connection, roles.account, roles.role, account)
    taken: dict[str, list[TakenRole]] = {}
    for role in taken_roles(connection, now_us, account):
        taken.setdefault(role.principal, []).append(role)
    return tuple(
        Account(
            id=row["id"],
            kind=PrincipalKind(row["kind"]),
            name=row["name"],
            owner=row["owner"],
            created_at=as_time(row["created_at"]),
            disabled_at=None if row["disabled_at"] is None else as_time(row["disabled_at"]),
            teams=tuple(teams.get(row["id"], ())),
            eligible=tuple(Role(role) for role in eligible.get(row["id"], ())),
            taken=tuple(taken.get(row["id"], ())),
        )
        for row in found
    )


def set_disabled(connection: Connection, account: str, at_us: int | None) -> None:
    """Disable an account from a moment on; None enables it."""
    table = tables.accounts
    connection.execute(update(table).where(table.c.id == account).values(disabled_at=at_us))


# Passwords.


def password_hash(connection: Connection, account: str) -> str | None:
    """Return the hash of an account's password; None if it has none."""
    table = tables.passwords
    return connection.execute(select(table.c.hash).where(table.c.account == account)).scalar()


def set_password(connection: Connection, account: str, hashed: str, now_us: int) -> None:
    """Keep the hash of an account's password in the place of the one before."""
    connection.execute(delete(tables.passwords).where(tables.passwords.c.account == account))
    connection.execute(
        insert(tables.passwords).values(account=account, hash=hashed, changed_at=now_us)
    )


def replace_hash(connection: Connection, account: str, before: str, after: str) -> None:
    """Keep another hash of the same password, unless the password was changed meanwhile."""
    table = tables.passwords
    same = (table.c.account == account) & (table.c.hash == before)
    connection.execute(update(table).where(same).values(hash=after))


# Teams.


def add_team(connection: Connection, team: AccountId, now_us: int) -> None:
    """Add a team that is not there yet."""
    values = {"id": str(team), "name": team.name, "created_at": now_us}
    connection.execute(insert(tables.teams).values(**values))


def remove_team(connection: Connection, team: str) -> None:
    """Remove a team with its memberships."""
    connection.execute(delete(tables.members).where(tables.members.c.team == team))
    connection.execute(delete(tables.teams).where(tables.teams.c.id == team))


def teams(connection: Connection, team: str | None = None) -> tuple[Team, ...]:
    """Return all teams with their members, or one, by id."""
    table, members = tables.teams, tables.members.c
    query = select(table).order_by(table.c.id)
    rows = connection.execute(query if team is None else query.where(table.c.id == team))
    found = list(rows.mappings())
    by_team = _grouped(connection, members.team, members.account, team)
    return tuple(_team(row, by_team.get(row["id"], [])) for row in found)


def join_team(connection: Connection, team: str, account: str) -> None:
    """Make an account a member that is none yet."""
    connection.execute(insert(tables.members).values(team=team, account=account))


def leave_team(connection: Connection, team: str, account: str) -> None:
    """End a membership."""
    table = tables.members
    connection.execute(delete(table).where((table.c.team == team) & (table.c.account == account)))


# Roles.


def teams_of(connection: Connection, accounts: Collection[str]) -> dict[str, list[str]]:
    """Return the teams of some accounts, by their ids; those that are in none have no entry."""
    table, found = tables.members.c, dict[str, list[str]]()
    named = sorted(accounts)
    for begin in range(0, len(named), _AT_ONCE):
        query = select(table.account, table.team).where(
            table.account.in_(named[begin : begin + _AT_ONCE])
        )
        for account, team in connection.execute(query.order_by(table.account, table.team)):
            found.setdefault(account, []).append(team)
    return found


def set_eligible(connection: Connection, account: str, role: Role) -> None:
    """Let an account take a role that it could not take."""
    connection.execute(insert(tables.eligible_roles).values(account=account, role=role.value))


def unset_eligible(connection: Connection, account: str, role: Role) -> None:
    """Keep an account from taking a role."""
    table = tables.eligible_roles
    which = (table.c.account == account) & (table.c.role == role.value)
    connection.execute(delete(table).where(which))


def has_administrator(connection: Connection) -> bool:
    """Return whether any enabled account may take the role of the administrator."""
    roles, known = tables.eligible_roles, tables.accounts
    query = (
        select(known.c.id)
        .join(roles, roles.c.account == known.c.id)
        .where((roles.c.role == Role.ADMINISTRATOR.value) & known.c.disabled_at.is_(None))
        .limit(1)
    )
    return connection.execute(query).first() is not None


def set_taken(connection: Connection, taken: TakenRole, begun_us: int, until_us: int) -> None:
    """Note that a role was taken, in the place of the time before."""
    end_role(connection, taken.principal, taken.role)
    values = {"account": taken.principal, "role": taken.role.value, "reason": taken.reason}
    connection.execute(
        insert(tables.taken_roles).values(**values, begun_at=begun_us, until=until_us)
    )


def end_role(connection: Connection, account: str, role: Role) -> None:
    """End a role that was taken."""
    table = tables.taken_roles
    which = (table.c.account == account) & (table.c.role == role.value)
    connection.execute(delete(table).where(which))


def taken_roles(
    connection: Connection, now_us: int, account: str | None = None
) -> tuple[TakenRole, ...]:
    """Return the roles that are taken now, by all or by one."""
    table = tables.taken_roles
    query = select(table).where(table.c.until > now_us).order_by(table.c.account, table.c.role)
    rows = connection.execute(query if account is None else query.where(table.c.account == account))
    return tuple(
        TakenRole(
            row["account"],
            Role(row["role"]),
            row["reason"],
            as_time(row["begun_at"]),
            as_time(row["until"]),
        )
        for row in rows.mappings()
    )


def _team(row: RowMapping, members: list[str]) -> Team:
    return Team(row["id"], row["name"], as_time(row["created_at"]), tuple(members))


def _grouped(
    connection: Connection, key: Any, value: Any, only: str | None
) -> dict[str, list[str]]:
    query = select(key, value).order_by(key, value)
    grouped: dict[str, list[str]] = {}
    for one, other in connection.execute(query if only is None else query.where(key == only)):
        grouped.setdefault(one, []).append(other)
    return grouped
