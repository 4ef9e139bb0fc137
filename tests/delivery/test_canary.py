"""What somebody may not see is in no byte of any answer: not in rows, columns, hints, lists or descriptions."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from canonical import assert_canonical_error
from organisation import SECRETS

SEES = {
    # Its team owns sales: clear, but for what is secret to everybody.
    "amina": {"email", "margin", "note"},
    # A user of no team: customers are masked, orders are known but not read, salaries do not exist.
    "ben": set(),
    # A service finds what is public, and nothing else.
    "loader": set(),
}
STATEMENTS = (
    "SELECT * FROM sales.customers",
    "FROM sales.customers",
    "SELECT email FROM sales.customers WHERE email LIKE 'canary%'",
    "SELECT margin FROM sales.customers",
    "SELECT door_code || '' AS code FROM sales.customers",
    "SELECT max(email), min(email), any_value(email), string_agg(email, ',') FROM sales.customers",
    "SELECT CAST(email AS INTEGER) FROM sales.customers",
    "SELECT list(c) FROM sales.customers AS c",
    "SELECT c FROM sales.customers AS c",
    "SELECT reverse(reverse(email)) FROM sales.customers ORDER BY margin",
    "SELECT * FROM sales.orders",
    "SELECT o.note FROM sales.customers AS c JOIN sales.orders AS o ON o.id = c.id",
    "SELECT (SELECT max(note) FROM sales.orders) FROM market.rates",
    "SELECT * FROM hr.salaries",
    "SELECT * FROM hr.salarie",
    "SELECT * FROM salaries",
    "SELECT who FROM hr.salaries AT (VERSION => 1)",
    "SELECT * FROM hr.salaries AT (VERSION => 9)",
    "SELECT * FROM market.rates",
    "SHOW TABLES",
    "DESCRIBE sales.customers",
    "DESCRIBE hr.salaries",
)
IN_ALL_FORMS = 5
"""So many of the statements are asked for in every form."""
PATHS = (
    "/products",
    "/products/sales/customers",
    "/products/hr/salaries",
    "/products/hr/salarie",
    "/datasets",
    "/datasets/sales/customers",
    "/datasets/sales/orders",
    "/datasets/hr/salaries",
    "/datasets/hr/salarie",
    "/datasets/sales/customers/profile",
    "/datasets/sales/customers/profile/email",
    "/datasets/sales/customers/profile/margin",
    "/datasets/sales/orders/profile",
    "/datasets/hr/salaries/profile",
    "/releases",
    "/releases?product=hr/salaries",
    "/releases?product=hr/salarie",
    "/me",
)
FORMS = (
    "application/json",
    "text/csv",
    "application/vnd.apache.arrow.stream",
    "application/vnd.apache.parquet",
)


def readable(response):
    """Return an answer's bytes as text; Parquet and Arrow also as what they hold."""
    text = response.content.decode("utf-8", "replace")
    kind = response.headers["content-type"]
    if kind.endswith("parquet"):
        text += str(pq.read_table(io.BytesIO(response.content)).to_pydict())
    elif kind.endswith("arrow.stream"):
        text += str(pa.ipc.open_stream(response.content).read_all().to_pydict())
    return text


def everything(client):
    """Return everything that a client is told, in all forms."""
    told = [readable(client.get(path)) for path in PATHS]
    told += [
        readable(client.post("/sql", json={"sql": sql}, headers={"Accept": form}))
        for number, sql in enumerate(STATEMENTS)
        for form in (FORMS if number < IN_ALL_FORMS else FORMS[:1])
    ]
    return "\n".join(told)


@pytest.mark.parametrize("who", SEES)
def test_nobody_is_told_what_they_may_not_see(organisation, who):
    with organisation.asks(who) as client:
        told = everything(client)
    found = {name for name, secret in SECRETS.items() if secret in told}
    assert found == SEES[who]
    # What may not be discovered is not even named; the asker's own words come back, hints must not complete them.
    assert "did you mean `hr" not in told
    assert "there is no product `hr/salaries`" in told


@pytest.mark.parametrize("who", ["amina", "ben", "loader"])
def test_what_may_not_be_discovered_is_as_if_it_were_not_there(organisation, who):
    def answer(client, name):
        told = [
            client.get(f"/datasets/hr/{name}"),
            client.get(f"/products/hr/{name}"),
            client.get("/releases", params={"product": f"hr/{name}"}),
            client.post("/sql", json={"sql": f"SELECT * FROM hr.{name}"}),
            client.post("/sql", json={"sql": f"SELECT * FROM hr.{name} AT (VERSION => 1)"}),
            client.post("/sql", json={"sql": f"SELECT * FROM {name}"}),
        ]
        for response in told[:5]:
            assert_canonical_error(response, 404, "not_found")
        return [
            response.json()
            | {"request_id": "", "detail": response.json()["detail"].replace(name, "X")}
            for response in told
        ]

    with organisation.asks(who) as client:
        assert answer(client, "salaries") == answer(client, "qqqqqqqq")


def test_who_knows_a_dataset_is_told_whom_to_ask(organisation):
    with organisation.asks("ben") as client:
        body = assert_canonical_error(
            client.post("/sql", json={"sql": "SELECT id FROM sales.orders"}), 403, "denied"
        )
        facts = client.get("/datasets/sales/orders").json()
    assert body["detail"] == "user:ben may not read sales.orders"
    assert body["reasons"] == ["no policy and no agreement admits user:ben for analytics"]
    assert body["hint"] == "ask its owner, the team `sales-team`: POST /api/v1/requests"
    assert facts["access"] == {"is_allowed": False, "reasons": body["reasons"]}
    assert [(one["name"], one["clearance"]) for one in facts["columns"]] == [
        ("id", None),
        ("note", None),
    ]


def test_a_dataset_is_described_as_it_is_seen(organisation):
    def columns(name):
        with organisation.asks(name) as client:
            facts = client.get("/datasets/sales/customers").json()
        return {one["name"]: one["clearance"] for one in facts["columns"]}

    assert columns("ben") == {
        "id": "clear",
        "region": "clear",
        "email": "masked",
        "door_code": "masked",
    }
    assert columns("amina") == dict.fromkeys(("id", "region", "email", "margin"), "clear") | {
        "door_code": "masked"
    }


def test_masked_values_are_the_same_within_a_purpose(organisation):
    sql = "SELECT email, count(*) OVER (PARTITION BY email) FROM sales.customers ORDER BY id"
    with organisation.asks("ben") as client:
        first, again = (client.post("/sql", json={"sql": sql}).json()["rows"] for _ in range(2))
    assert first == again
    assert first[0][0] != SECRETS["email"]
    assert first[1][0] is None


def test_a_token_allows_its_scopes_only(organisation):
    with organisation.asks("narrow") as client:
        assert client.get("/datasets").json() == {"datasets": []}
        response = client.post("/sql", json={"sql": "SELECT id FROM sales.customers"})
        assert_canonical_error(response, 404, "not_found")
