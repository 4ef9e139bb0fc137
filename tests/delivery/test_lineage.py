"""Lineage over HTTP, and tags that travel along it: through the whole API, in this process."""

import asyncio
import time

import httpx
import pytest

from ghala.delivery.http.make import make_app
from ghala.delivery.http.origin import Origin
from ghala.model.audit_record import AuditFilter
from ghala.model.names import DatasetName
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

PEOPLE = Table(
    {
        "id": "bigint, primaryKey: true, required: true",
        "email": "varchar, tags: [pii.email]",
        "salary": "bigint, classification: restricted",
        "region": "varchar",
    }
)
SECRET = Table(
    {"id": "bigint, classification: restricted", "word": "varchar, classification: restricted"}
)
CONTACTS = Table(
    {
        "id": "bigint", "contact": "varchar", "region": "varchar", "band": "varchar", "word": "varchar",
        "people": "bigint", "known": "boolean",
    }
)  # fmt: skip
CONTACTS_SQL = (
    "SELECT p.id, lower(p.email) AS contact, p.region, CASE WHEN p.salary > 5 THEN 'high' ELSE 'low' END AS band, "
    "s.word, count(*) OVER () AS people, p.email IS NOT NULL AS known "
    "FROM hr.people AS p LEFT JOIN vault.words AS s ON s.id = p.id WHERE p.email <> ''"
)
LISTS = Table({"contact": "varchar", "total": "bigint"})
POLICY = """@id("acme.analysts")
permit (principal is User, action in [Action::"dataset:discover", Action::"dataset:read"], resource in Domain::"market")
when { context.purpose == "analytics" };
@id("acme.all-is-found")
permit (principal is User, action == Action::"dataset:discover", resource in Domain::"hr");
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Shop.open(tmp_path_factory.mktemp("lineage") / "acme")
    (shop.folder / "policies").mkdir()
    (shop.folder / "policies" / "own.cedar").write_text(POLICY)
    shop.add("hr/people", PEOPLE, files="p.csv")
    shop.put("p.csv", "id,email,salary,region\n1,Ann@x.example,9,EU\n")
    shop.add("vault/words", SECRET, files="w.csv")
    shop.put("w.csv", "id,word\n1,sesame\n")
    shop.add_query("market/contacts", CONTACTS, CONTACTS_SQL, inputs=("hr/people", "vault/words"))
    shop.add_query(
        "market/lists", LISTS,
        "SELECT contact, count(contact) AS total FROM market.contacts GROUP BY 1", inputs=("market/contacts",),
    )  # fmt: skip
    for product in ("hr/people", "vault/words"):
        shop.publish(product)
    shop.agree("hr.people", "market/contacts")
    shop.agree("vault.words", "market/contacts")
    for product in ("market/contacts", "market/lists"):
        shop.publish(product)
    shop.app.identity.accounts.add("ben", by=OWNER_LOCAL, password=PASSWORD)
    yield shop
    shop.app.close()


@pytest.fixture(scope="module")
def parts(shop):
    return shop.app.http_parts(Origin.of("127.0.0.1", 8321))


class Person:
    """Somebody who asks the API, in this process."""

    def __init__(self, parts, token):
        self.transport = httpx.ASGITransport(make_app(parts))
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, method, path, **options):
        async def answer():
            async with httpx.AsyncClient(
                transport=self.transport, base_url="http://127.0.0.1:8321", headers=self.headers
            ) as client:
                return await client.request(method, f"/api/v1/{path}", **options)

        return asyncio.run(answer())

    def lineage(self, path, **params):
        return self.send("GET", f"lineage/{path}", params=params)

    def rows(self, sql):
        answer = self.send("POST", "sql", json={"sql": sql}).json()
        names = [column["name"] for column in answer["columns"]]
        return [dict(zip(names, row, strict=True)) for row in answer["rows"]]

    def columns(self, path):
        return self.send("GET", f"datasets/{path}").json()["columns"]


@pytest.fixture(scope="module")
def ben(shop, parts):
    issued = shop.app.identity.tokens.issue(
        "ben", by=OWNER_LOCAL, scopes=["dataset:read", "dataset:discover"], purpose="analytics"
    )
    return Person(parts, issued.text)


def soon(holds):
    """Wait until something holds: what changed is seen everywhere within a second."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until


def edges(answer):
    return {
        (
            f"{one['origin']['dataset']}.{one['origin']['column'] or '*'}",
            f"{one['target']['dataset']}.{one['target']['column'] or '*'}",
            one["kind"],
        )
        for one in answer["edges"]
    }


def test_what_is_made_from_personal_data_is_masked(ben):
    (row,) = ben.rows("SELECT * FROM market.contacts")
    assert row["region"] == "EU"
    assert row["people"] == 1
    assert row["id"] == 1
    assert "ann" not in str(row).lower()
    # What only says whether there is an address says something about the person as well.
    assert row["known"] is None
    # What restricted columns decide is hidden as they are.
    assert "band" not in row
    assert "word" not in row


def test_tags_travel_on_through_further_products(ben):
    (row,) = ben.rows("SELECT * FROM market.lists")
    assert "ann" not in str(row).lower()
    assert row["total"] != 1
    assert {one["name"]: one["tags"] for one in ben.columns("market/lists")} == {
        "contact": ["pii.email"],
        "total": ["pii.email"],
    }


def test_hidden_things_are_not_in_the_lineage(ben):
    answer = ben.lineage("market/contacts").json()
    assert edges(answer) == {
        ("hr.people.id", "market.contacts.id", "direct"),
        ("hr.people.email", "market.contacts.contact", "direct"),
        ("hr.people.region", "market.contacts.region", "direct"),
        ("hr.people.email", "market.contacts.known", "direct"),
        ("hr.people.email", "market.contacts.*", "rows"),
        ("hr.people.id", "market.contacts.*", "rows"),
    }
    assert answer["columns"] == ["id", "contact", "region", "people", "known"]
    text = ben.lineage("market/contacts").text
    for word in ("vault", "words", "salary", "band", "rows.csv", "p.csv"):
        assert word not in text
    assert [one["name"] for one in answer["datasets"]] == ["hr.people", "market.contacts"]


def test_what_must_not_be_known_is_as_what_is_not_there(ben):
    hidden = ben.lineage("vault/words")
    missing = ben.lineage("vault/swords")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["detail"] == missing.json()["detail"].replace("swords", "words")
    column = ben.lineage("hr/people/salary")
    other = ben.lineage("hr/people/celery")
    assert column.status_code == other.status_code == 404
    assert column.json()["hint"] == other.json()["hint"]


def test_lineage_goes_down_and_through_products(ben):
    answer = ben.lineage("hr/people/email", direction="down").json()
    assert {
        ("hr.people.email", "market.contacts.contact", "direct"),
        ("market.contacts.contact", "market.lists.total", "direct"),
        ("market.contacts.contact", "market.lists.*", "rows"),
    } <= edges(answer)
    near = ben.lineage("hr/people/email", direction="down", depth=1).json()
    assert not [edge for edge in edges(near) if edge[0].startswith("market")]


def test_neighbours_are_counted_as_far_as_one_may_know(ben):
    found = ben.lineage("market/contacts", direction="down", depth=1, counts=True).json()
    counts = {one["name"]: (one["above"], one["below"]) for one in found["datasets"]}
    # Of the two datasets above, one is not to be discovered.
    assert counts == {"market.contacts": (1, 1), "market.lists": (1, 0)}
    plain = ben.lineage("market/contacts", direction="down", depth=1).json()
    assert {one["above"] for one in plain["datasets"]} == {None}


def test_wrong_questions_are_refused(ben):
    for params in ({"direction": "sideways"}, {"depth": 0}, {"release": 0}):
        assert ben.lineage("hr/people", **params).status_code == 422
    assert ben.lineage("hr/people", release=99).status_code == 404
    assert ben.lineage("hr/people", environment="moon").status_code == 404


def test_an_owner_s_declaration_ends_it_and_can_be_withdrawn(shop, ben):
    declarations = shop.app.declarations
    (made,) = declarations.declare(
        "market.lists.total", without=["pii.email"], reason="a number of addresses", by=OWNER_LOCAL
    )
    soon(lambda: ben.rows("SELECT total FROM market.lists") == [{"total": 1}])
    found = {one["name"]: one["clearance"] for one in ben.columns("market/lists")}
    assert found == {"contact": "masked", "total": "clear"}
    declarations.withdraw(made.id, by=OWNER_LOCAL)
    soon(lambda: ben.rows("SELECT total FROM market.lists") != [{"total": 1}])


def test_a_declaration_upstream_ends_it_below(shop):
    (made,) = shop.app.declarations.declare(
        "market.contacts.contact", without=["pii.email"], reason="only for a test", by=OWNER_LOCAL
    )
    assert (
        shop.app.declarations.inheritance.carried(DatasetName("market", "lists"), "total").tags
        == {}
    )
    shop.app.declarations.withdraw(made.id, by=OWNER_LOCAL)


@pytest.fixture(scope="module")
def owner(shop, parts):
    """A member of the team that owns what is made, with a token that may declare."""
    identity = shop.app.identity
    identity.accounts.add("mia", by=OWNER_LOCAL, password=PASSWORD)
    identity.teams.add("market-team", by=OWNER_LOCAL)
    identity.teams.join("market-team", "mia", by=OWNER_LOCAL)
    issued = identity.tokens.issue(
        "mia",
        by=OWNER_LOCAL,
        scopes=["dataset:read", "dataset:discover", "policy:explain", "tag:declare"],
        purpose="analytics",
    )
    return Person(parts, issued.text)


def test_an_owner_declares_over_http_and_withdraws(shop, ben, owner):
    shown = owner.send("GET", "datasets/market/lists/tags").json()
    tags = {one["column"]: one for one in shown["columns"]}
    assert tags["total"]["inherited"] == {"pii.email": ["hr.people.email"]}
    path = "datasets/market/lists/declarations"
    said = {"column": "total", "without": ["pii.email"], "reason": "a number of addresses"}
    for refused in (
        ben.send("GET", "datasets/market/lists/tags"),
        ben.send("POST", path, json=said),
        ben.send("GET", "declarations"),
    ):
        assert refused.status_code == 403
        assert "tag:declare" in str(refused.json()["reasons"])
    assert owner.send("POST", path, json={**said, "column": "contents"}).status_code == 404
    assert owner.send("POST", path, json={**said, "without": ["pii.name"]}).status_code == 400
    answer = owner.send("POST", path, json=said)
    assert answer.status_code == 201
    (made,) = answer.json()["declarations"]
    assert (made["declared_by"], made["origins"]) == ("user:mia", ["market.contacts.contact"])
    soon(lambda: ben.rows("SELECT total FROM market.lists") == [{"total": 1}])
    listed = owner.send("GET", "declarations", params={"dataset": "market.lists"}).json()
    assert made["id"] in [one["id"] for one in listed["declarations"]]
    withdrawal = f"declarations/{made['id']}/withdrawal"
    assert ben.send("POST", withdrawal).status_code == 403
    withdrawn = owner.send("POST", withdrawal).json()
    assert (withdrawn["withdrawn_by"], withdrawn["withdrawn_at"] is None) == ("user:mia", False)
    assert owner.send("POST", withdrawal).status_code == 404
    soon(lambda: ben.rows("SELECT total FROM market.lists") != [{"total": 1}])
    recorded = shop.app.audit.search(AuditFilter(who="user:mia"), 100, by=OWNER_LOCAL)
    kept = [one for one in recorded if one.tag.startswith("declaration:")]
    assert [one.tag for one in kept] == ["declaration:withdrawn", "declaration:made"]
    assert all(str(one.detail["credential"]).startswith("token:") for one in kept)


def mapped(person, **params):
    answer = person.send("GET", "personal-data", params=params)
    assert answer.status_code == 200, answer.text
    found = answer.json()["columns"]
    return {f"{one['dataset']}.{one['column']}": one for one in found}


def test_the_map_of_personal_data_has_what_one_may_know(shop, ben, owner):
    found = mapped(ben)
    assert set(found) == {
        "hr.people.email", "market.contacts.contact", "market.contacts.known", "market.lists.contact",
        "market.lists.total",
    }  # fmt: skip
    contact = found["market.contacts.contact"]
    assert contact["carried"] == {"pii.email": ["hr.people.email"]}
    assert (contact["mask"], contact["mask_because"]) == ("keyed-hash", "its tag pii.email")
    assert contact["agreements"] is None
    assert found["hr.people.email"]["carried"] == {}
    own = mapped(owner)
    # The owner knows of columns that are hidden from others, and not where they come from elsewhere.
    band = own["market.contacts.band"]
    assert (band["classification"], band["mask"]) == ("restricted", None)
    assert band["classification_from"] == own["market.contacts.word"]["classification_from"] == []
    assert (band["agreements"], own["hr.people.email"]["agreements"]) == (0, None)
    for text in (ben.send("GET", "personal-data").text, owner.send("GET", "personal-data").text):
        assert "vault" not in text
        assert "salary" not in text
    whole = {
        f"{one.dataset}.{one.column}": one for one in shop.app.personal_data.map(by=OWNER_LOCAL)
    }
    assert whole["hr.people.email"].agreements == 1
    assert whole["market.contacts.band"].classification_from == ("hr.people.salary",)
    assert whole["vault.words.word"].mask is None


def test_the_map_is_narrowed(ben, owner):
    assert set(mapped(ben, domain="hr")) == {"hr.people.email"}
    assert set(mapped(owner, classification="restricted")) == {
        "market.contacts.band",
        "market.contacts.word",
    }
    assert set(mapped(ben, tag="pii")) == set(mapped(ben, tag="PII.email")) == set(mapped(ben))
    assert mapped(ben, tag="pii.name") == {}
    assert ben.send("GET", "personal-data", params={"classification": "cosmic"}).status_code == 400
