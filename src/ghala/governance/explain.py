"""Why: a decision of now, or of a time that has passed, with every reason that made it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.administration import find_account, find_purpose, parse_id
from ghala.governance.masks import chosen_mask
from ghala.model.classification import classification_of
from ghala.model.explanation import AgreementReason, ColumnReason, Explanation, PolicyReason
from ghala.model.policy import Action, Clearance
from ghala.model.predicate import to_json
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import is_entrusted
from ghala.registry import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.governance.cedar import Policy, Verdict
    from ghala.governance.policy import Weighed
    from ghala.governance.world import World, Worlds
    from ghala.model.account import Account
    from ghala.model.contract import Column
    from ghala.model.names import DatasetName
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.model.purpose import Purpose

ENDPOINT = "rest"
"""The endpoint that is meant where none is named."""
_PURPOSE = "analytics"
_LISTED = 10
_FIRST = datetime(1970, 1, 2, tzinfo=UTC)
_EXPLAINERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.STEWARD})


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains decisions: everybody's own, and others' to those who look after the organisation's data."""

    worlds: Worlds
    purposes: Callable[[], Mapping[str, Purpose]]

    def why(
        self,
        user: str,
        target: str,
        *,
        by: Principal,
        purpose: str | None = None,
        endpoint: str = ENDPOINT,
        at: datetime | None = None,
    ) -> Explanation:
        """Explain how somebody reads a dataset, or one column of it: `sales.orders.email`.

        Raises:
            DeniedError: `by` may not know.
            NotFoundError: there is no such dataset, column or account, as far as `by` may know.
            UsageError: the purpose is not on the list, or the time is yet to come.
        """
        if at is not None and not _FIRST <= at <= self.worlds.now():
            raise UsageError(
                "nothing was or is decided at that time", hint="leave it out to explain now"
            )
        _require_scope(by)
        name, column = self.find(target, by)
        account_id = str(parse_id(user))
        sees_all = self.may_explain(by, name)
        if not sees_all and by.id != account_id:
            raise _denied(by, f"explain what {account_id} reads", name)
        wanted = self.purpose(purpose)
        world = self.worlds.at(at)
        with self.worlds.registry.read() as connection:
            account = find_account(connection, user, world.at_us)
            principal = world.principal(connection, account, wanted)
        asked, unknown = world.asked(name)
        found = _explained(world, account, principal, asked, endpoint)
        kept = [
            one
            for one in found.columns
            if (column is None or column.lower() == one.name.lower())
            and (sees_all or one.clearance is not Clearance.HIDDEN)
        ]
        if column is not None and not kept:
            visible = [
                one.name
                for one in found.columns
                if sees_all or one.clearance is not Clearance.HIDDEN
            ]
            raise no_column(name, column, visible)
        return replace(found, columns=tuple(kept), unknown=(*world.unknown, *unknown) if at else ())

    def find(self, target: str, by: Principal) -> tuple[DatasetName, str | None]:
        """Return the dataset and the column that `domain.dataset.column` means; None for the whole dataset.

        Raises:
            NotFoundError: there is no such dataset, as far as `by` may know.
        """
        parts = target.split(".", 2)
        known = self.worlds.definitions().datasets
        name = next((one for one in known if str(one) == ".".join(parts[:2]).lower()), None)
        if name is None or not self._discovers(by, name):
            # A hint must not tell what is there: only names that may be known are near.
            visible = [str(one) for one in sorted(known) if self._discovers(by, one)]
            said = ".".join(parts[:2])[:200]
            close = get_close_matches(said.lower(), visible, 1)
            hint = f"did you mean `{close[0]}`?" if close else "write `domain.dataset[.column]`"
            raise NotFoundError(f"there is no dataset `{said}`", hint=hint)
        return name, parts[2] if len(parts) > 2 else None  # noqa: PLR2004 - its three parts

    def may_explain(self, by: Principal, name: DatasetName | None) -> bool:
        """Return whether somebody may know how others read a dataset, or (None) every dataset."""
        if by.kind is PrincipalKind.OWNER or is_entrusted(by, Action.POLICY_EXPLAIN):
            return True
        world = self.worlds.at(None)
        ownership = None if name is None else world.decider.ownership_of(name)
        if ownership and {f"team:{team}" for team in ownership.owners} & by.teams:
            return True
        # Read again: the role may have ended since the request began.
        with self.worlds.registry.read() as connection:
            taken = {one.role for one in identity.taken_roles(connection, world.at_us, by.id)}
        return bool(_EXPLAINERS & by.roles & taken)

    def require(self, by: Principal, name: DatasetName | None, what: str) -> None:
        """Let those pass who may know how others read a dataset, or every dataset.

        Raises:
            DeniedError: `by` may not.
        """
        _require_scope(by)
        if not self.may_explain(by, name):
            raise _denied(by, what, name)

    def purpose(self, name: str | None) -> str:
        """Return a purpose of the list; `analytics` where none is named, if that is on it.

        Raises:
            UsageError: it is not on the list.
        """
        purposes = self.purposes()
        if name is None and _PURPOSE not in purposes:
            listed = ", ".join(f"`{known}`" for known in sorted(purposes))
            raise UsageError("for which purpose?", hint=f"name one of {listed}")
        return find_purpose(purposes, name or _PURPOSE).name

    def _discovers(self, by: Principal, name: DatasetName) -> bool:
        if by.kind is PrincipalKind.OWNER:
            return True
        world = self.worlds.at(None)
        return world.decider.discovers(by, world.asked(name)[0], endpoint=ENDPOINT)


def _explained(
    world: World, account: Account, principal: Principal, asked: Asked, endpoint: str
) -> Explanation:
    decider = world.decider
    weighed = decider.weigh(principal, asked, endpoint=endpoint)
    decision = decider.decided(principal, asked, weighed)
    ownership = decider.ownership_of(asked.name)
    may_discover = decider.may_discover(principal, asked, endpoint=endpoint)
    roles = {role.value for role in principal.roles}
    applied = world.held.applied
    return Explanation(
        principal=principal.id,
        is_enabled=world.is_enabled(account),
        teams=tuple(sorted(principal.teams)),
        roles=tuple(sorted(roles)),
        not_taken=tuple(role for role in account.eligible if role.value not in roles),
        dataset=asked.name,
        owners=tuple(f"team:{one}" for one in ownership.owners) if ownership else (),
        purpose=principal.purpose,
        endpoint=endpoint,
        at=world.at,
        policy_version=world.held.policies.version,
        policies_applied_at=None if applied is None else applied.applied_at,
        may_discover=decider.discovers(principal, asked, endpoint=endpoint),
        discover=_reasons(may_discover),
        may_read=decision.is_allowed,
        read=_reasons(weighed.may_read if weighed else None),
        agreements=tuple(
            AgreementReason(
                one.id,
                one.grantee,
                tuple(sorted(one.columns)),
                None if one.rows is None else to_json(one.rows),
                one.end,
            )
            for one in (weighed.agreements if weighed else ())
        ),
        columns=tuple(_column(one, decision, weighed) for one in asked.columns),
        reasons=decision.reasons,
    )


def _column(column: Column, decision: Decision, weighed: Weighed | None) -> ColumnReason:
    verdicts = [one for names, one in (weighed.columns if weighed else ()) if column.name in names]
    mask, because = chosen_mask(column)
    giving = [
        one.id for one in (weighed.agreements if weighed else ()) if column.name in one.columns
    ]
    return ColumnReason(
        name=column.name,
        clearance=decision.clearance(column.name),
        classification=classification_of(column.classification).value,
        tags=column.tags,
        policies=_reasons(verdicts[0] if verdicts else None),
        agreements=tuple(giving),
        mask=None if mask is None else mask.kind.value,
        mask_because=because,
    )


def no_column(name: DatasetName, column: str, visible: Sequence[str]) -> NotFoundError:
    """Return what is said of a column that is not among those that may be known."""
    near = {one.lower(): one for one in visible}
    close = get_close_matches(column[:200].lower(), list(near), 1)
    listed = ", ".join(f"`{one}`" for one in visible[:_LISTED])
    hint = f"did you mean `{near[close[0]]}`?" if close else f"its columns are {listed}"
    return NotFoundError(f"there is no column `{column[:80]}` in {name}", hint=hint)


def reason_of(policy: Policy) -> PolicyReason:
    """Return a policy as a reason."""
    effect = "permit" if policy.permits else "forbid"
    return PolicyReason(policy.id, effect, policy.reason, policy.place)


def _reasons(verdict: Verdict | None) -> tuple[PolicyReason, ...]:
    return tuple(map(reason_of, verdict.policies if verdict else ()))


def _require_scope(by: Principal) -> None:
    if by.scopes is not None and Action.POLICY_EXPLAIN not in by.scopes:
        raise DeniedError(
            f"{by.id} may not do this with this token",
            reasons=[f"the token does not have the scope {Action.POLICY_EXPLAIN}"],
            hint="use a token that has it, or sign in",
        )


def _denied(by: Principal, what: str, name: DatasetName | None) -> DeniedError:
    about = "" if name is None else f" of {name}"
    return DeniedError(
        f"{by.id} may not {what}{about}",
        reasons=[f"{Action.POLICY_EXPLAIN} needs a role or the team that owns the dataset"],
        hint="auditors, stewards and administrators may, once they have taken their role",
    )
