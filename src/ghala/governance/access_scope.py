"""What requests and agreements are decided with: the datasets that somebody may know of, and who may see which."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import BusyError, DeniedError, NotFoundError
from ghala.governance.approval import Approvers, Person, team_id
from ghala.governance.authorize import Asked
from ghala.governance.masks import default_mask
from ghala.model.names import ProductName
from ghala.model.policy import Action, Clearance
from ghala.model.principal import PrincipalKind, Role
from ghala.model.request import Request
from ghala.model.token import is_in_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ghala.governance.decider import EndpointDecider
    from ghala.model.agreement import Agreement
    from ghala.model.contract import Contract, Dataset
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.model.purpose import Purpose
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

STALE_S = 1.0
"""Whoever waited so long for their turn to write reads the definitions again: another team may own the data by now."""
_MOST_TURNS = 10
READING = (Action.AGREEMENT_DECIDE, Action.AGREEMENT_REQUEST)
"""Whoever asks or decides with a token sees requests and agreements with it."""


@dataclass(frozen=True, slots=True)
class AccessScope:
    """The parts that all verbs about access share. `forget` lets this process see its own change at once.

    Nobody waits while files are read: a transaction that writes works with definitions that were read before it.
    """

    registry: Registry
    definitions: Callable[[], Definitions]
    decider: EndpointDecider
    purposes: Callable[[], Mapping[str, Purpose]]
    forget: Callable[[], None]
    now_us: Callable[[], int]

    def still(self) -> AccessScope:
        """Return the same with the definitions as they are now; they stay so."""
        known = self.definitions()
        return replace(self, definitions=lambda: known)

    @contextmanager
    def writing(self) -> Iterator[tuple[Transaction, AccessScope]]:
        """Open a transaction that writes, with definitions that were read before and still hold.

        Raises:
            BusyError: others write without end.
        """
        for _ in range(_MOST_TURNS):
            scope, begun_s = self.still(), time.monotonic()
            with self.registry.write() as connection:
                if time.monotonic() - begun_s < STALE_S:
                    yield connection, scope
                    return
        raise BusyError("others have been writing all the time", hint="try again")

    def dataset(self, name: str, by: Principal) -> tuple[Product, Contract, Dataset]:
        """Return a dataset with the columns that `by` may know of.

        Raises:
            NotFoundError: there is none of that name, as far as `by` may know.
        """
        known = self.definitions()
        names = {str(one): one for one in sorted(known.datasets) if self.decider.discovers(by, one)}
        wanted = names.get(name.lower())
        if wanted is None:
            close = get_close_matches(name[:200], list(names), 1)
            raise NotFoundError(
                f"there is no dataset `{name[:200]}`",
                hint=f"did you mean `{close[0]}`?" if close else None,
            )
        product, contract, dataset = known.datasets[wanted]
        if by.kind is PrincipalKind.OWNER:
            return product, contract, dataset
        asked = Asked(wanted, dataset.columns)
        (decision,) = self.decider.decide(by, Action.DATASET_READ, [asked])
        columns = tuple(
            one
            for one in self.decider.described(asked).columns
            if default_mask(one) is not None or decision.clearance(one.name) is not Clearance.HIDDEN
        )
        return product, contract, replace(dataset, columns=columns)

    def approvers(self, about: Agreement | Request) -> Approvers:
        """Return who decides about what a request or an agreement is about."""
        name = about.terms.dataset if isinstance(about, Request) else about.dataset
        return Approvers.of(self.definitions(), about.dataset_id, name)

    def sees(self, person: Person, about: Agreement | Request) -> bool:
        """Return whether somebody may know of a request or an agreement: all whom it is about, and who decides."""
        if person.is_owner or person.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
            return True
        return self.is_own(person, about) or person.decides_anywhere(self.approvers(about))

    def is_own(self, person: Person, about: Agreement | Request) -> bool:
        """Return whether a request or an agreement is for somebody, or they, or who acts for them, asked for it."""
        asked = (about.requested_by, about.on_behalf_of) if isinstance(about, Request) else ()
        return self.is_grantee(person, about.grantee) or not person.ids.isdisjoint(asked)

    def is_grantee(self, person: Person, grantee: str) -> bool:
        """Return whether something is for somebody: for themselves, a team of theirs, or one of its products."""
        if grantee.startswith("product:"):
            domain = ProductName.parse(grantee.removeprefix("product:")).domain
            return team_id(self.definitions().owners.get(domain, "")) in person.teams
        return grantee in person.ids


def require_scope(by: Principal, *actions: Action) -> None:
    """Let somebody pass whose token allows one of some actions, or who has none that narrows what they may.

    Raises:
        DeniedError: the token does not allow it.
    """
    if not is_in_scope(by, *actions):
        raise DeniedError(
            f"{by.id} may not do this with a token",
            reasons=[f"the token does not have the scope {' or '.join(actions)}"],
            hint="sign in with a password, or use a token that has it",
        )
