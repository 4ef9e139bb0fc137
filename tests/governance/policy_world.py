"""A small organisation in a registry: two datasets, people with teams and roles, agreements, policies."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.policy_book import PolicyBook
from ghala.model.agreement import Agreement
from ghala.model.agreement_history import AgreementEvent, HistoryEntry, begun_detail
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.contract import Column, Dataset
from ghala.model.names import DatasetName, ProductName
from ghala.model.principal import OWNER_LOCAL
from ghala.model.purpose import BUILT_IN
from ghala.model.types import parse_type
from ghala.registry import agreements, audit
from ghala.registry.registry import move_epoch
from ghala.spec.kept import Definitions

ORDERS, RATES = DatasetName("sales", "orders"), DatasetName("market", "rates")
TEXT = parse_type("varchar")
COLUMNS = {
    ORDERS: (
        Column("id", TEXT),
        Column("region", TEXT, classification="public"),
        Column("email", TEXT, tags=("pii.email",)),
        Column("margin", TEXT, classification="restricted"),
        Column("key", TEXT, tags=("secret",)),
    ),
    RATES: (Column("rate", TEXT, classification="public"),),
}
PURPOSES = {purpose.name: purpose for purpose in BUILT_IN}


def definitions():
    products, domains = [], []
    for name, columns in COLUMNS.items():
        dataset = Dataset(name, f"id-{name}", columns)
        contract = SimpleNamespace(name=name.dataset, datasets=(dataset,))
        product = ProductName(name.domain, name.dataset)
        products.append(SimpleNamespace(name=product, contracts=(contract,)))
        domains.append(SimpleNamespace(name=name.domain, owner=f"{name.domain}-team"))
    return Definitions(SimpleNamespace(products=tuple(products), domains=tuple(domains)))


def own(text):
    return Policies.of([PolicyFile("policies/own.cedar", text)])


@dataclass
class World:
    """A book of policies over people; the clock is the wall's, since the audit chain has no other."""

    people: object
    root: object
    book: PolicyBook = field(init=False)

    def __post_init__(self):
        (self.root / "policies").mkdir(parents=True)
        known = definitions()
        self.book = PolicyBook.over(
            self.people.registry,
            self.root,
            definitions=lambda: known,
            purposes=lambda: PURPOSES,
        )
        identity = self.people.identity
        self.people.clock.us = round(datetime.now(UTC).timestamp() * 1_000_000)
        self.people.add("amina", "bob", "zoe")
        for team in ("sales-team", "market-team", "logistics"):
            identity.teams.add(team, by=OWNER_LOCAL)
        identity.teams.join("sales-team", "amina", by=OWNER_LOCAL)
        identity.teams.join("logistics", "bob", by=OWNER_LOCAL)
        identity.roles.assign("zoe", "steward", by=OWNER_LOCAL)
        identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="zoe")
        identity.accounts.add("agent:bot", by=OWNER_LOCAL, owner="amina")

    def write(self, text):
        (self.root / "policies" / "own.cedar").write_text(text)

    def agree(self, number, grantee, columns, rows=None, purpose="analytics", days=1):
        now = datetime.now(UTC)
        made = Agreement(
            number, grantee, ORDERS, frozenset(columns), purpose, now, now + timedelta(days=days),
            rows=rows, dataset_id=f"id-{ORDERS}",
        )  # fmt: skip
        event = HistoryEntry(
            number, now, AgreementEvent.APPROVED, "owner:local", begun_detail(made)
        )
        with self.people.registry.write() as connection:
            agreements.add_agreement(connection, made)
            agreements.add_event(connection, event)
            move_epoch(connection)
        return made

    def asks(self, who, dataset=ORDERS, *, denied=False, purpose="analytics", columns=None):
        """Leave the record of a question."""
        detail = {"read_id": "r", "endpoint": "rest"}
        if columns is not None:
            detail["datasets"] = {str(dataset): {"release": 1, "columns": columns}}
        tag = AuditTag.DATASET_READ_DENIED if denied else AuditTag.DATASET_READ
        with self.people.registry.write() as connection:
            audit.append(connection, AuditEntry(tag, who, purpose, (str(dataset),), detail))

    def why(self, who, target="sales.orders", **options):
        return self.book.explainer.why(who, target, **{"by": OWNER_LOCAL, **options})

    def who(self, target="sales.orders", **options):
        return self.book.readers.who(target, **{"by": OWNER_LOCAL, **options})

    def simulate(self, text, days=1, by=OWNER_LOCAL):
        return self.book.simulator.simulate(own(text), days=days, by=by)
