"""A small organisation with several releases of one dataset, and six personas who see less and less of it."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from ghala.delivery.http.make import PREFIX, make_app
from ghala.delivery.http.origin import Origin
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD
from ghala.testing.shop import PROFILED, Shop
from ghala.testing.workspace import Table

ORDERS = Table(
    {
        "id": "bigint, primaryKey: true, required: true",
        "region": "varchar, classification: public",
        "email": "varchar, tags: [pii.email]",
        "phone": "varchar, tags: [pii.name]",
        "margin": "varchar, classification: restricted",
        "amount": "bigint",
    }
)
WORDS = Table({"id": "bigint, primaryKey: true", "word": "varchar, classification: restricted"})
POLICY = """@id("acme.orders-are-known")
permit (principal is User, action == Action::"dataset:discover", resource == Dataset::"sales.orders");
@id("acme.analysts-read-orders")
permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.orders")
when { context.purpose == "analytics" && principal in Team::"analysts" };
@id("acme.amounts-are-known")
@columns("amount")
permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.orders")
when { context.purpose == "analytics" && principal in Team::"analysts" };
"""
HEADER = "id,region,email,phone,margin,amount\n"


def lines(numbers, *, region, amount):
    """Rows of which every cell but the region is a word or a number that nothing else has."""
    return "".join(
        f"{number},{region},canarymail{number}@x.example,canaryphone{number % 3},"
        f"canarymargin{number % 3},{amount + number}\n"
        for number in numbers
    )


FIRST = HEADER + lines(range(1001, 1013), region="KE", amount=770077000000)
SECOND = HEADER + lines(range(2001, 2013), region="EU", amount=990099000000) + "3001,,,,,\n"
PERSONAS = ("member", "analyst", "filtered", "outsider", "service", "narrow")


@dataclass
class Person:
    """Somebody who asks the API, in this process."""

    app: object = field(repr=False)
    token: str = field(repr=False)
    proof: dict = field(default_factory=dict, repr=False)

    def send(self, method, path, headers=None, **options):
        """Send one request, and return its answer."""
        headers = (self.proof or {"Authorization": f"Bearer {self.token}"}) | (headers or {})
        transport = httpx.ASGITransport(self.app)

        async def answer():
            base = f"http://127.0.0.1:8321{PREFIX}"
            async with httpx.AsyncClient(
                transport=transport, base_url=base, headers=headers
            ) as client:
                return await client.request(method, path, **options)

        return asyncio.run(answer())

    def get(self, path, **params):
        """Ask for an address below the API's."""
        return self.send("GET", path, params=params or None)


@dataclass
class ReleasedWorld:
    """The shop, and everybody by the name of their persona."""

    shop: Shop
    people: dict

    @classmethod
    def make(cls, folder, policy=""):
        """Publish two releases of the orders, and let everybody in; `policy` is more of what they may."""
        shop = Shop.open(folder, PROFILED)
        (folder / "policies").mkdir()
        (folder / "policies" / "own.cedar").write_text(POLICY + policy)
        shop.add("sales/orders", ORDERS, files="orders-*.csv")
        shop.add("vault/words", WORDS, files="words.csv")
        shop.put("words.csv", "id,word\n1,canaryword\n2,canaryword\n")
        shop.put("orders-1.csv", FIRST)
        shop.publish("sales/orders")
        shop.put("orders-2.csv", SECOND)
        shop.publish("sales/orders")
        shop.publish("vault/words")
        known = shop.app.identity
        for name in ("mara", "ana", "fay", "otto"):
            known.accounts.add(name, by=OWNER_LOCAL, password=PASSWORD)
        for team, name in (("sales-team", "mara"), ("analysts", "ana")):
            known.teams.add(team, by=OWNER_LOCAL)
            known.teams.join(team, name, by=OWNER_LOCAL)
        known.accounts.add("service:loader", by=OWNER_LOCAL, owner="team:sales-team")
        app = make_app(shop.app.http_parts(Origin.of("127.0.0.1", 8321)))
        world = cls(shop, {})
        for persona, name, scopes in (
            ("member", "mara", ["dataset:read", "dataset:discover"]),
            ("analyst", "ana", ["dataset:read", "dataset:discover"]),
            ("filtered", "fay", ["dataset:read", "dataset:discover"]),
            ("outsider", "otto", ["dataset:read", "dataset:discover"]),
            ("service", "service:loader", ["dataset:read", "dataset:discover"]),
            ("narrow", "mara", ["product:run"]),
        ):
            issued = known.tokens.issue(name, by=OWNER_LOCAL, scopes=scopes, purpose="analytics")
            world.people[persona] = Person(app, issued.text)
        world.agree("user:fay", {"column": "region", "in": ["KE"]})
        return world

    def agree(self, grantee, rows):
        """Let somebody read the orders of some rows, all columns clear that may be asked for."""
        requests = self.shop.app.access.requests
        asked = requests.request(
            "sales.orders", by=OWNER_LOCAL, purpose="analytics",
            until=datetime.now(UTC) + timedelta(days=30), justification="a test",
            columns=("id", "region", "email", "phone", "amount"), grantee=grantee, rows=rows,
        )  # fmt: skip
        requests.decide(asked.id, by=OWNER_LOCAL, is_approved=True)

    def settle(self, path):
        """Wait until the server knows what was defined last: definitions are read again within a second."""
        self.until(lambda: self.people["member"].get(path).status_code != 404)

    def until(self, holds):
        """Wait until something holds."""
        until = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < until

    def close(self):
        """End the workers."""
        self.shop.app.close()
