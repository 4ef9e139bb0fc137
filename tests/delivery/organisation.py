"""A small organisation whose secrets are unique words, and the program itself as its server."""

import os
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD
from ghala.testing.shop import PROFILED, Shop
from ghala.testing.workspace import Table

CUSTOMERS = Table(
    {
        "id": "bigint, primaryKey: true, required: true",
        "region": "varchar, classification: public",
        "email": "varchar, tags: [pii.email]",
        "margin": "varchar, classification: restricted",
        "door_code": "varchar, tags: [secret]",
    }
)
ORDERS = Table({"id": "bigint, primaryKey: true, required: true", "note": "varchar"})
SALARIES = Table({"id": "bigint, primaryKey: true", "who": "varchar, classification: restricted"})
RATES = Table({"id": "bigint, classification: public", "rate": "double, classification: public"})
POLICY = """@id("acme.analysts-read-customers")
@reason("analysts count customers")
permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.customers")
when { context.purpose == "analytics" };
"""
SECRETS = {
    "email": "canaryemail@example.org",
    "margin": "canarymargin",
    "door_code": "canarydoorcode",
    "note": "canarynote",
    "who": "canarywho",
}

TLS = ssl.create_default_context()
"""What no client here needs, and each would make for itself: that takes longer than what it asks."""


def environment():
    """Return an environment without this machine's settings of Ghala."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GHALA_")}


@dataclass
class Server:
    """A server in a process of its own; `stop` it."""

    folder: Path
    arguments: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen = field(init=False)
    url: str = field(init=False)

    def __post_init__(self):
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("ghala")), "up", "--port", "0", *self.arguments],
            cwd=self.folder,
            env=environment() | self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # The line comes when requests are answered; an end without it when the server could not start.
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise AssertionError(self.process.stderr.read())

    def client(self, **options):
        """Return a client with no cookies of anybody."""
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False, verify=TLS, **options)

    def stop(self, number=None):
        """Stop the server, and return its exit code and what it said."""
        if self.process.poll() is None:
            self.process.send_signal(number) if number else self.process.terminate()
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


def make_organisation(folder):
    """Publish four datasets, and add three people and a service."""
    shop = Shop.open(folder, PROFILED)
    made = {
        "sales/customers": (
            CUSTOMERS,
            f"{','.join(CUSTOMERS.columns)}\n1,EU,{','.join(list(SECRETS.values())[:3])}\n2,KE,,,\n",
        ),
        "sales/orders": (ORDERS, f"id,note\n1,{SECRETS['note']}\n2,\n"),
        "hr/salaries": (SALARIES, f"id,who\n1,{SECRETS['who']}\n"),
        "market/rates": (RATES, "id,rate\n1,1.5\n2,2.5\n3,3.5\n"),
    }
    for product, (table, text) in made.items():
        name = product.split("/")[1]
        shop.add(product, table, files=f"{name}.csv")
        shop.put(f"{name}.csv", text)
        shop.publish(product)
    (folder / "policies").mkdir()
    (folder / "policies" / "own.cedar").write_text(POLICY)
    identity = shop.app.identity
    for name in ("amina", "ben", "zoe"):
        identity.accounts.add(name, by=OWNER_LOCAL, password=PASSWORD)
    identity.teams.add("sales-team", by=OWNER_LOCAL)
    identity.teams.join("sales-team", "amina", by=OWNER_LOCAL)
    identity.roles.assign("zoe", "administrator", by=OWNER_LOCAL)
    identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="zoe")
    identity.accounts.add("service:watch", by=OWNER_LOCAL, owner="zoe")
    tokens = {}
    for name, principal, scopes in (
        ("loader", "service:loader", ["dataset:read"]),
        ("narrow", "amina", ["product:run"]),
        ("amina", "amina", ["dataset:read"]),
        ("runner", "amina", ["product:run", "dataset:read"]),
        ("ben", "ben", ["dataset:read", "dataset:discover"]),
        ("explained", "ben", ["dataset:read", "dataset:discover", "policy:explain"]),
        ("asking", "ben", ["agreement:request", "dataset:discover"]),
        ("watch", "service:watch", ["audit:read", "policy:explain", "dataset:discover"]),
    ):
        issued = identity.tokens.issue(
            principal, by=OWNER_LOCAL, scopes=scopes, purpose="analytics"
        )
        tokens[name] = issued.text
    shop.app.close()
    return tokens


@dataclass
class Organisation:
    """The server that all tests ask, and the tokens of those who ask."""

    server: Server
    tokens: dict

    def asks(self, name):
        """Return a client that presents somebody's token."""
        return self.server.client(headers={"Authorization": f"Bearer {self.tokens[name]}"})
