"""Whom a notification is for, and which of them may know the names in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.governance.approval import Approvers, team_id
from ghala.model.names import ProductName
from ghala.model.notification import ABOUT_AGREEMENTS, NotificationKind
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.release import PROD
from ghala.model.request import RequestState
from ghala.registry import agreements, identity, tickets, wishes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ghala.governance.decider import EndpointDecider
    from ghala.model.account import Account
    from ghala.model.notification import Notification
    from ghala.model.request import Request
    from ghala.registry.identity import Transaction
    from ghala.spec.kept import Definitions

_ANSWERED = frozenset({NotificationKind.TICKET_ANSWERED, NotificationKind.WISH_ANSWERED})
_OF_CONSUMERS = frozenset(
    {
        NotificationKind.CONTRACT_BROKEN,
        NotificationKind.INCIDENT_OPENED,
        NotificationKind.INCIDENT_RESOLVED,
        NotificationKind.PRODUCT_RECOVERED,
        NotificationKind.PRODUCT_ROLLED_BACK,
    }
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who should hear of a notification, as ids of teams and users, and the datasets that it names."""

    ids: frozenset[str]
    dataset_ids: frozenset[str]
    is_moot: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """The accounts that can be told something, as the registry knows them now."""

    accounts: Mapping[str, Account]

    @classmethod
    def of(cls, connection: Transaction, now_us: int) -> People:
        """Return everybody who is enabled."""
        found = identity.accounts(connection, now_us)
        return cls({one.id: one for one in found if one.is_enabled})

    def behind(self, receiver: str) -> tuple[Account, ...]:
        """Return the users whom one reaches as a user or a team."""
        if receiver.startswith("team:"):
            return tuple(one for one in self.accounts.values() if receiver in one.teams)
        account = self.accounts.get(receiver)
        return () if account is None else (account,)


def find_audience(
    connection: Transaction,
    people: People,
    definitions: Definitions,
    notification: Notification,
    now_us: int,
) -> Audience:
    """Return who should hear of something; it is moot when it was overtaken by what came after it."""
    if notification.kind in ABOUT_AGREEMENTS:
        return _about_agreement(connection, people, definitions, notification)
    dataset_ids = frozenset(notification.dataset_ids)
    if notification.kind in _ANSWERED:
        return _of_answer(connection, people, definitions, notification)
    ids = {team_id(definitions.owners.get(notification.domain, ""))}
    facts = notification.facts
    is_felt = facts.get("environment") == PROD and facts.get("after", "refused") == "refused"
    if notification.kind in _OF_CONSUMERS and is_felt:
        for agreement in agreements.with_anybody(connection, dataset_ids, now_us):
            ids |= _behind_grantee(people, definitions, agreement.grantee)
    return Audience(frozenset(ids - {""}), dataset_ids)


def may_name(
    decider: EndpointDecider,
    people: People,
    definitions: Definitions,
    receivers: Iterable[str],
    *,
    audience: Audience,
    purposes: Iterable[str],
) -> bool:
    """Return whether all who are reached may discover every dataset that is named, for some purpose.

    A channel says nothing of who reads it but `receivers`: a name is told only if none of them must not know it.
    """
    known = [definitions.by_id.get(one) for one in audience.dataset_ids]
    if any(one is None for one in known):
        return False
    names = [one[2].name for one in known if one is not None]
    reached = [people.behind(one) for one in receivers]
    users = {account.id: account for accounts in reached for account in accounts}
    listed = tuple(purposes)
    # Of a receiver behind whom there is nobody it cannot be said what it may discover.
    return all(reached) and all(
        any(decider.discovers(_principal(user, purpose), name) for purpose in listed)
        for user in users.values()
        for name in names
    )


def _about_agreement(
    connection: Transaction,
    people: People,
    definitions: Definitions,
    notification: Notification,
) -> Audience:
    request = agreements.find_request(connection, str(notification.facts.get("agreement", "")))
    if request is None:
        return Audience(frozenset(), frozenset(), is_moot=True)
    dataset_ids = frozenset({request.dataset_id})
    if notification.kind is NotificationKind.AGREEMENT_REQUESTED:
        deciders = Approvers.of(definitions, request.dataset_id, request.terms.dataset)
        is_moot = request.state is not RequestState.REQUESTED
        ids = deciders.at(request.level) - {notification.by}
        return Audience(ids, dataset_ids, is_moot=is_moot)
    return Audience(_told_of_end(people, definitions, request) - {notification.by}, dataset_ids)


def _of_answer(
    connection: Transaction, people: People, definitions: Definitions, notification: Notification
) -> Audience:
    """Return who waits for the answer to a ticket or a wish: whoever opened or made it."""
    if notification.kind is NotificationKind.TICKET_ANSWERED:
        ticket = tickets.find(connection, notification.subject)
        asker = "" if ticket is None else ticket.opened_by
    else:
        wish = wishes.find(connection, notification.subject)
        asker = "" if wish is None else wish.wished_by
    ids = _behind_grantee(people, definitions, asker) - {notification.by, ""}
    return Audience(frozenset(ids), frozenset(notification.dataset_ids))


def _told_of_end(people: People, definitions: Definitions, request: Request) -> frozenset[str]:
    asked = {request.requested_by, request.on_behalf_of or ""}
    ids = {one for one in asked if one in people.accounts and one.startswith("user:")}
    return frozenset(ids | _behind_grantee(people, definitions, request.grantee))


def _behind_grantee(people: People, definitions: Definitions, grantee: str) -> set[str]:
    """Return whom one tells about a grantee: programs have somebody who answers for them."""
    kind, _, name = grantee.partition(":")
    if kind == PrincipalKind.PRODUCT:
        domain = ProductName.parse(name).domain
        return {team_id(definitions.owners.get(domain, ""))} - {""}
    account = people.accounts.get(grantee)
    if kind in {PrincipalKind.SERVICE, PrincipalKind.AGENT}:
        return {account.owner} if account is not None and account.owner else set()
    return {grantee}


def _principal(account: Account, purpose: str) -> Principal:
    plain = Principal(account.id, PrincipalKind.USER, purpose)
    return replace(plain, teams=frozenset(account.teams))
