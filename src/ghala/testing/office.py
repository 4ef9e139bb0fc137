"""An office where access is asked for and decided: a few datasets, people with teams and roles, and a clock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.governance.access import Access
from ghala.governance.authorize import Asked
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.decider import EndpointDecider
from ghala.governance.kept_agreements import KeptAgreements
from ghala.model.contract import AccessRole, Column, Contract, Dataset
from ghala.model.names import DatasetName, ProductName
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind, Role
from ghala.model.product import Definition, Domain, Product, Workspace
from ghala.model.purpose import BUILT_IN
from ghala.model.types import parse_type
from ghala.registry.epoch import EpochWatch
from ghala.registry.releases import as_time
from ghala.spec.kept import Definitions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ghala.model.policy import Decision
    from ghala.model.request import Request
    from ghala.testing.people import People

ORDERS = "sales.orders"
COLUMNS = (
    Column("id", parse_type("bigint")),
    Column("region", parse_type("varchar")),
    Column("email", parse_type("varchar"), tags=("pii.email",)),
    Column("amount", parse_type("decimal(12,2)")),
    Column("paid", parse_type("date")),
)
HIDDEN = Column("grade", parse_type("varchar"), classification="restricted")


@dataclass
class Office:
    """People, and what they may ask for. `sales.orders` is owned by `sales-team`, of which ben and bea are members.

    amina and carl ask; sam may be steward, dora is in the team that `second` names where it does.
    """

    people: People
    second: str = ""
    policies: str = ""
    columns: tuple[Column, ...] = COLUMNS
    roles: dict[str, frozenset[Role]] = field(default_factory=dict)

    def open(self) -> Office:
        """Add the people."""
        identity = self.people.identity
        for name in ("amina", "ben", "bea", "carl", "dora", "sam"):
            identity.accounts.add(name, by=OWNER_LOCAL)
        teams = {"sales-team": ("ben", "bea"), "privacy": ("dora",), "growth": ("amina",)}
        for team, members in teams.items():
            identity.teams.add(team, by=OWNER_LOCAL)
            for member in members:
                identity.teams.join(team, member, by=OWNER_LOCAL)
        return self

    @cached_property
    def definitions(self) -> Definitions:
        """What the workspace defines."""
        role = AccessRole("reader", "read", second_approvers=(self.second,) if self.second else ())
        products = (
            product_of("sales/orders", self.columns, (role,)),
            product_of("growth/churn", COLUMNS[:1], ()),
            product_of("hr/salaries", (HIDDEN,), ()),
        )
        domains = tuple(
            Domain(name, owner)
            for name, owner in (("sales", "Sales-Team"), ("growth", "growth"), ("hr", "people"))
        )
        return Definitions(Workspace("acme", Path("acme"), domains, products, {}))

    @cached_property
    def access(self) -> Access:
        """The parts that are tested."""
        registry, clock = self.people.registry, self.people.clock
        epoch = EpochWatch(registry, fresh_s=0)
        kept = KeptAgreements(registry, lambda: self.definitions, epoch.now, now_us=clock)
        files = [PolicyFile("own.cedar", self.policies)] if self.policies else []
        made = EndpointDecider.of(
            Policies.of(files),
            lambda: self.definitions,
            agreements_of=kept.of,
            hash_key_of=lambda _purpose: b"key",
            endpoint="rest",
        )
        return Access.over(
            registry,
            definitions=lambda: self.definitions,
            decider=replace(made, policies=replace(made.policies, now=self.now)),
            purposes=lambda: {purpose.name: purpose for purpose in BUILT_IN},
            forget=epoch.forget,
            now_us=clock,
        )

    def now(self) -> datetime:
        """Return the office's time."""
        return as_time(self.people.clock())

    def after(self, days: float) -> datetime:
        """Return the time in some days."""
        return self.now() + timedelta(days=days)

    def who(self, name: str, *, purpose: str = "analytics") -> Principal:
        """Return somebody who has signed in."""
        account = self.people.identity.accounts.account(name, by=OWNER_LOCAL)
        roles = self.roles.get(name, frozenset())
        teams = frozenset(account.teams)
        return Principal(account.id, PrincipalKind.USER, purpose, teams=teams, roles=roles)

    def steward(self, name: str = "sam") -> Principal:
        """Return somebody who has taken the role of the steward."""
        roles = self.people.identity.roles
        roles.assign(name, "steward", by=OWNER_LOCAL)
        roles.take(name, "steward", minutes=60, reason="test", by=OWNER_LOCAL)
        self.roles[name] = frozenset({Role.STEWARD})
        return self.who(name)

    def ask(
        self,
        by: str = "amina",
        columns: Iterable[str] = ("id", "email"),
        *,
        days: float = 90,
        rows: object = None,
        grantee: str | None = None,
        dataset: str = ORDERS,
    ) -> Request:
        """Ask for access: for `analytics`, or for the one purpose that products have."""
        is_for_product = (grantee or "").startswith("product:")
        return self.access.requests.request(
            dataset,
            by=self.who(by),
            purpose="production" if is_for_product else "analytics",
            until=self.after(days),
            justification="churn model",
            columns=tuple(columns),
            grantee=grantee,
            rows=rows,
        )

    def agree(self, by: str = "amina", **terms: object) -> str:
        """Ask, let ben approve, and return the id."""
        asked = self.ask(by, **terms)  # type: ignore[arg-type]  # those of `ask`
        self.access.requests.decide(asked.id, by=self.who("ben"), is_approved=True)
        return asked.id

    def read(self, name: str = "amina", purpose: str = "analytics") -> Decision:
        """Return how somebody reads the orders now."""
        decider = self.access.agreements.scope.decider
        asked = Asked(DatasetName.parse(ORDERS), self.columns)
        (decision,) = decider.decide(self.who(name, purpose=purpose), Action.DATASET_READ, [asked])
        return decision


def product_of(name: str, columns: tuple[Column, ...], roles: tuple[AccessRole, ...]) -> Product:
    """Return a product of one dataset of its own name."""
    product = ProductName.parse(name)
    dataset = Dataset(DatasetName(product.domain, product.product), f"{name}#1", columns)
    contract = Contract(f"{name}#contract", product.product, "1.0.0", "active", (dataset,), roles=roles)  # fmt: skip
    return Product(
        name=product,
        id=f"{name}#product",
        title=product.product,
        version="1.0.0",
        status="active",
        owner=product.domain,
        contracts=(contract,),
        pipeline=None,
        inputs=(),
        definition=Definition("", {}),
        folder=Path(name),
    )
