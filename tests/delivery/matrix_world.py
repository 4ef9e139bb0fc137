"""The organisation of the matrix: who asks, in ten roles, and what they ask about; the app in this process."""

import itertools
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from ghala.delivery.http.make import PREFIX, make_app
from ghala.delivery.http.origin import Origin
from ghala.errors import GhalaError
from ghala.governance.attempts import Limit, Limits
from ghala.governance.identity import Identity
from ghala.model.account import AccountId
from ghala.model.declaration import Declaration
from ghala.model.names import DatasetName
from ghala.model.notification import Notification, NotificationKind
from ghala.model.principal import OWNER_LOCAL
from ghala.model.question import QuestionState
from ghala.model.rating import KeptRating
from ghala.model.token import SCOPES
from ghala.registry import declarations, outbox, outside, ratings
from ghala.registry import identity as stored
from ghala.registry.registry import now_us
from ghala.testing.people import ANOTHER, PASSWORD, cheap_passwords
from ghala.testing.shop import SETTINGS, Shop
from ghala.testing.workspace import Table

FREE = Limit(free=10_000, longest_s=1)
URL = "http://127.0.0.1:8321"
POLICY = """@id("acme.analysts-count-customers")
@reason("analysts count customers")
permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.customers")
when { context.purpose == "analytics" };
"""
CHANNEL = "notifications: {channels: {ops: {url: 'env:MATRIX_OPS_URL'}}}\n"
GLOSSARY = "terms: [{term: churn, meaning: Who left., links: [hr.salaries.who]}]\n"
ROADMAP = "items: [{id: later, title: Later, status: planned}]\n"
PRODUCTS = {
    "sales/customers": (
        Table({"id": "bigint, primaryKey: true, required: true", "email": "varchar, tags: [pii.email]"}),
        "id,email\n1,ann@example.org\n2,\n",
    ),
    "market/rates": (
        Table({"id": "bigint, classification: public", "rate": "double, classification: public"}),
        "id,rate\n1,1.5\n2,2.5\n",
    ),
    "hr/salaries": (
        Table({"id": "bigint, primaryKey: true", "who": "varchar, classification: restricted"}),
        "id,who\n1,canarywho\n",
    ),
}  # fmt: skip
USERS = {
    "outsider": ("otto", None),
    "member": ("mara", None),
    "rival": ("rhea", None),
    "steward": ("stella", "steward"),
    "auditor": ("aldo", "auditor"),
    "admin": ("ada", "administrator"),
    "key": ("kim", "administrator"),
}
PERSONAS = (
    "nobody",
    "outsider",
    "member",
    "rival",
    "service",
    "agent",
    "steward",
    "auditor",
    "admin",
    "key",
)
"""Nobody; a user without a team; members of the owning team and of another; a token that only discovers; an agent of
the owning team's member; three users who have taken a role; an administrator's token with every scope and that role."""


def in_days(days):
    """Return a moment so many days from now."""
    return datetime.now(UTC) + timedelta(days=days)


@dataclass(slots=True)
class Persona:
    """One of the ten, and what its requests carry."""

    role: str
    account: str
    secret: str = ""
    headers: dict = field(default_factory=dict)
    csrf: dict = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """A workspace with its people, and the app over it."""

    shop: Shop
    identity: Identity
    parts: object
    personas: dict = field(default_factory=dict)
    run: str = ""
    foreign_run: str = ""
    waiting: str = ""
    questions: dict = field(default_factory=dict)
    numbers: itertools.count = field(default_factory=itertools.count)

    @classmethod
    def make(cls, folder):
        """Publish three products, and let the people in."""
        shop = Shop.open(folder, f"{SETTINGS}{CHANNEL}")
        for product, (table, text) in PRODUCTS.items():
            name = product.split("/")[1]
            made = shop.add(product, table, files=f"{name}.csv")
            (made / "roadmap.yaml").write_text(ROADMAP)
            shop.put(f"{name}.csv", text)
            shop.publish(product)
        (folder / "policies").mkdir()
        (folder / "policies" / "own.cedar").write_text(POLICY)
        (folder / "glossary.yaml").write_text(GLOSSARY)
        app = shop.app
        app.identity = Identity.over(
            app._registry,
            purposes=app.identity.purposes,
            owners=lambda: {one.name: one.owner for one in app.workspace().domains},
            passwords=cheap_passwords(),
            limits=Limits(account_at_address=FREE, account=FREE, address=FREE),
        )
        world = cls(shop, app.identity, app.http_parts(Origin.of("127.0.0.1", 8321)))
        world._add_people()
        visible = world.parts.history.runs
        world.run = visible(OWNER_LOCAL, "sales/customers")[0]["id"]
        world.foreign_run = visible(OWNER_LOCAL, "hr/salaries")[0]["id"]
        return world

    def _add_people(self):
        known = self.identity
        for name in ("noor", "quinn", *(name for name, _ in USERS.values())):
            known.accounts.add(name, by=OWNER_LOCAL, password=PASSWORD)
        for team in ("sales-team", "hr-team", "market-team"):
            known.teams.add(team, by=OWNER_LOCAL)
        for team, name in (("sales-team", "mara"), ("sales-team", "noor"), ("hr-team", "rhea")):
            known.teams.join(team, name, by=OWNER_LOCAL)
        known.accounts.add("service:loader", by=OWNER_LOCAL, owner="team:sales-team")
        known.accounts.add("agent:helper", by=OWNER_LOCAL, owner="mara")
        self.personas["nobody"] = Persona("nobody", "mara")
        for role, (name, _) in USERS.items():
            self.personas[role] = Persona(role, name)
            self.let_in(role)
        tokens = {
            "service": ("service:loader", ["dataset:discover"]),
            "agent": ("agent:helper", ["dataset:discover", "dataset:read"]),
        }
        for role, (name, scopes) in tokens.items():
            text = self.token(name, scopes).text
            headers = {"Authorization": f"Bearer {text}"}
            self.personas[role] = Persona(role, name, text, headers)

    def let_in(self, role):
        """Give a persona what it had at first: its password, its role, and a session that begins now."""
        if role not in USERS:
            return
        name, taken = USERS[role]
        self.identity.accounts.enable(name, by=OWNER_LOCAL)
        if taken:
            self.identity.roles.assign(name, taken, by=OWNER_LOCAL)
            self.identity.roles.take(name, taken, minutes=60, reason="matrix", by=OWNER_LOCAL)
        persona = self.personas[role]
        if role == "key":
            persona.secret = self.token(name, SCOPES, roles=[taken]).text
            persona.headers = {"Authorization": f"Bearer {persona.secret}"}
            return
        begun = self.begin(name)
        persona.secret = begun.cookie.value
        persona.headers = {"Cookie": f"ghala={begun.cookie.value}"}
        persona.csrf = {"X-CSRF-Token": begun.csrf}

    def reset_password(self, who):
        """Give a persona its first password again."""
        self.identity.accounts.set_password(who.account, PASSWORD, by=OWNER_LOCAL)

    def begin(self, name):
        """Begin a session of somebody."""
        with self.shop.app._registry.write() as connection:
            account = stored.find_account(connection, str(AccountId.parse(name)), self.now_us())
            return self.identity.sessions.begin(connection, account, "analytics", "127.0.0.1")

    def now_us(self):
        """Return the time of the registry."""
        return self.identity.sessions.now_us()

    def token(self, name, scopes=("dataset:read",), roles=()):
        """Issue a token."""
        return self.identity.tokens.issue(
            name, by=OWNER_LOCAL, scopes=scopes, purpose="analytics", roles=roles
        )

    def fresh(self, prefix):
        """Return a name that nothing has."""
        return f"{prefix}{next(self.numbers)}"

    def fresh_user(self):
        """Add a user."""
        name = self.fresh("person")
        self.identity.accounts.add(name, by=OWNER_LOCAL, password=ANOTHER)
        return name

    def link(self, name):
        """Make somebody at a provider an account."""
        subject, account = self.fresh("subject"), str(AccountId.parse(name))
        with self.shop.app._registry.write() as connection:
            outside.link(connection, "https://id.example", subject, account, self.now_us())

    def fresh_team(self):
        """Add a team."""
        name = self.fresh("crew")
        self.identity.teams.add(name, by=OWNER_LOCAL)
        return name

    def principal(self, who):
        """Return a persona as the core knows it; for nobody, somebody else."""
        if who.role == "nobody":
            secret = self.begin("noor").cookie.value
            return self.identity.sessions.check(secret).principal
        if who.csrf:
            return self.identity.sessions.check(who.secret).principal
        return self.identity.tokens.check(who.secret)

    def request(self, dataset, grantee, by=OWNER_LOCAL):
        """Make a request for access that nobody has decided; the one before it is withdrawn."""
        requests = self.parts.access.requests
        if self.waiting:
            with suppress(GhalaError):
                requests.withdraw(self.waiting, by=OWNER_LOCAL)
        made = requests.request(
            dataset,
            by=by,
            purpose="analytics",
            until=in_days(30),
            justification="matrix",
            columns=["id"],
            grantee=grantee,
            rows={"column": "id", "in": [next(self.numbers)]},
        )
        self.waiting = made.id
        return made.id

    def agreement(self, dataset, grantee):
        """Make an agreement that is in force."""
        made = self.request(dataset, grantee)
        self.parts.access.requests.decide(made, by=OWNER_LOCAL, is_approved=True)
        self.waiting = ""
        return made

    def declaration(self, dataset, origin):
        """Put a declaration on record."""
        name = DatasetName.parse(dataset)
        promised = self.parts.declarations.definitions().datasets[name][2]
        now_us = self.now_us()
        made = Declaration(
            id=self.fresh("d"),
            dataset=name,
            dataset_id=promised.id,
            column="id",
            tag="pii.email",
            classification=None,
            origins=(origin,),
            reason="matrix",
            declared_by="owner:local",
            declared_at=datetime.fromtimestamp(now_us / 1_000_000, UTC),
        )
        with self.shop.app._registry.write() as connection:
            declarations.add(connection, made, now_us)
        return made.id

    def dead_delivery(self):
        """Make a notification that was given up."""
        made = Notification(NotificationKind.RUN_FAILED, "prod:sales/orders", "sales", "time")
        now_us = self.now_us()
        with self.shop.app._registry.write() as connection:
            outbox.add(connection, made, now_us)
            (kept,) = outbox.unsettled(connection, 1)
            outbox.settle(connection, kept.number, {"ops": True}, now_us)
            outbox.give_up(connection, now_us + 1, now_us, "matrix")
            return str(outbox.deliveries(connection, None, 1)[0].number)

    def ticket(self, dataset, principal):
        """Open a ticket of somebody, or of the workspace's owner where they may not know the dataset."""
        tickets = self.parts.talk.tickets
        with suppress(GhalaError):
            if principal is not None:
                return tickets.open(dataset, by=principal, found="matrix").id
        return tickets.open(dataset, by=OWNER_LOCAL, found="matrix").id

    def wish(self, domain, principal):
        """Make a wish of somebody, or of the workspace's owner, and assign it to a domain if one is named."""
        wishes = self.parts.talk.wishes
        made = wishes.wish(self.fresh("wish"), "matrix", by=principal or OWNER_LOCAL).id
        if domain:
            wishes.assign(made, domain, by=OWNER_LOCAL)
        return made

    def query(self, dataset, principal):
        """Keep a query over a dataset for everybody: somebody's, or the workspace's owner's."""
        keep = self.parts.saved.save
        by = principal or OWNER_LOCAL
        return keep(self.fresh("query"), f"FROM {dataset}", by=by, shared_with="everybody").id

    def rating(self, product):
        """Return the id of a rating that somebody gave a product."""
        made = KeptRating(f"{next(self.numbers):012}", "user:noor", 4, "")
        with self.shop.app._registry.write() as connection:
            ratings.put(connection, product, made, now_us())
        return made.id

    def wait_for_runs(self):
        """Wait until no run that was started goes on."""
        deadline = time.monotonic() + 60
        while any(one["state"] == "running" for one in self.parts.history.runs(OWNER_LOCAL)):
            assert time.monotonic() < deadline

    def incident(self, product):
        """Open an incident by hand."""
        return self.parts.incidents.open(product, "matrix", by=OWNER_LOCAL).incident.id

    def question(self, principal):
        """Ask a long question, and wait until it is answered or not."""
        kept = self.parts.kept_questions
        asked = kept.ask("SELECT count(*) FROM market.rates", principal, "prod").id
        deadline = time.monotonic() + 60
        while kept.find(asked, principal).state in {QuestionState.RUNNING, QuestionState.WAITING}:
            assert time.monotonic() < deadline
        return asked

    def client(self):
        """Return a client of the app, which sends what it is told and nothing else."""
        # From another machine: what this one may without a token is tested where it is written.
        transport = httpx.ASGITransport(make_app(self.parts), client=("192.0.2.7", 49152))
        return httpx.AsyncClient(transport=transport, base_url=URL + PREFIX)

    def close(self):
        """End the workers."""
        self.parts.close()
        self.shop.app.close()
