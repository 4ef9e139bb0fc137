"""The catalog over HTTP: what exists for somebody, narrowed and counted, in pages, with what a page shows."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from canonical import assert_canonical_error
from organisation import Server, make_organisation

import ghala
from ghala.model.principal import OWNER_LOCAL


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A server of this file alone, since agreements and ratings are made here."""
    folder = tmp_path_factory.mktemp("catalog") / "acme"
    tokens = make_organisation(folder)
    with ghala.open(folder) as app:
        for name, scopes in (
            ("ben", ["dataset:discover"]),
            ("zoe", ["dataset:read", "dataset:discover"]),
        ):
            issued = app.identity.tokens.issue(
                name, by=OWNER_LOCAL, scopes=scopes, purpose="analytics"
            )
            tokens[f"{name} looks"] = issued.text
    server = Server(folder)
    yield server, tokens
    server.stop()


@pytest.fixture
def asks(own):
    server, tokens = own

    def call(name, **query):
        with server.client(headers={"Authorization": f"Bearer {tokens[name]}"}) as client:
            return client.get("/catalog", params=query)

    return call


@pytest.fixture
def page(asks):
    def call(name, **query):
        answer = asks(name, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return call


def names(found):
    return [product["name"] for product in found["products"]]


def counts(found, facet):
    return {one["value"]: one["count"] for one in found["facets"][facet]}


def test_everybody_sees_the_products_that_exist_for_them(page):
    found = page("ben")
    assert names(found) == ["sales/orders", "market/rates"] or found["total"] == len(names(found))
    assert set(names(found)) == {"market/rates", "sales/customers", "sales/orders"}
    # Restricted: not there, in no count either.
    assert counts(found, "domain") == {"sales": 2, "market": 1}
    assert "hr-team" not in counts(found, "owner")


def test_a_product_has_what_a_page_shows_of_it(page):
    (rates,) = page("ben", domain="market")["products"]
    assert (rates["access"], rates["is_mine"], rates["release"]) == ("open", False, 1)
    assert rates["owner"]["team"] == "market-team"
    assert rates["run_state"] == "published"
    assert rates["freshness"] == "day"
    assert rates["quality"]["passed"] == rates["quality"]["rules"]
    assert not rates["quality"]["is_broken"]
    (dataset,) = rates["datasets"]
    assert (dataset["name"], dataset["rows"], dataset["access"]) == ("market.rates", 3, "open")
    assert rates["rating"] is None


def test_own_data_is_marked_and_personal_data_too(page):
    found = {one["name"]: one for one in page("amina")["products"]}
    assert found["sales/orders"]["is_mine"]
    assert not found["market/rates"]["is_mine"]
    assert found["sales/customers"]["is_personal"]
    assert not found["sales/orders"]["is_personal"]
    # The use of one's own data is a product too, and names who used it.
    assert set(names(page("amina", personal=True))) == {"sales/customers", "system/usage"}


def test_a_facet_is_counted_among_what_fits_all_others(page):
    found = page("ben", access="open")
    assert set(names(found)) == {"market/rates", "sales/customers"}
    assert counts(found, "domain") == {"market": 1, "sales": 1}
    assert counts(found, "access") == {"open": 2, "on_request": 1}
    both = page("ben", domain=["sales", "market"], access="on_request")
    assert names(both) == ["sales/orders"]
    assert counts(both, "access") == {"open": 2, "on_request": 1}
    assert page("ben", domain="hr")["products"] == page("ben", domain="nowhere")["products"] == []


def test_products_are_narrowed_by_whether_they_kept_their_contract(page):
    assert counts(page("ben"), "trust") == {"kept": 3}
    assert page("ben", trust="broken")["products"] == []
    assert {one["trust"] for one in page("ben", trust="kept")["products"]} == {"kept"}


def test_a_token_that_only_looks_reads_nothing(page):
    assert set(counts(page("ben looks"), "access")) == {"closed"}


def test_words_find_products_by_all_that_is_theirs(page):
    for _ in range(200):
        if page("ben", q="customers")["products"]:
            break
        threading.Event().wait(0.05)
    assert names(page("ben", q="custmers")) == ["sales/customers"]
    assert names(page("ben", q="email")) == ["sales/customers"]
    # A column that is hidden, an owner and a product of which nothing may be known.
    for hidden in ("margin", "salaries", "hr-team", "qwertyuiop"):
        assert page("ben", q=hidden)["total"] == 0
    assert set(names(page("ben", q="sales-team"))) == {"sales/customers", "sales/orders"}


def test_pages_follow_each_other_with_signed_cursors(asks, page):
    first = page("ben", limit=2, sort="name")
    second = page("ben", limit=2, sort="name", cursor=first["cursor"])
    assert sorted(names(first) + names(second)) == sorted(names(page("ben")))
    assert (first["total"], second["total"], second["cursor"]) == (3, 3, None)
    for who, query in (
        ("amina", {"sort": "name"}),
        ("ben", {"sort": "newest"}),
        ("ben", {"sort": "name", "q": "x"}),
    ):
        refused = asks(who, limit=2, cursor=first["cursor"], **query)
        assert_canonical_error(refused, 404, "not_found")
    assert_canonical_error(asks("ben", cursor="x"), 404, "not_found")


def test_an_agreement_and_stars_are_seen_at_once(own, page):
    server, _ = own
    with ghala.open(server.folder) as app:
        requests = app.access.requests
        asked = requests.request(
            "sales.orders",
            by=OWNER_LOCAL,
            grantee="user:ben",
            purpose="analytics",
            until=datetime.now(UTC) + timedelta(days=30),
            justification="a test",
            columns=("id",),
        )
        requests.decide(asked.id, by=OWNER_LOCAL, is_approved=True)
    for _ in range(40):
        found = {one["name"]: one for one in page("ben")["products"]}
        if found["sales/orders"]["access"] == "agreed":
            break
        threading.Event().wait(0.05)
    assert found["sales/orders"]["access"] == "agreed"
    assert found["sales/orders"]["consumers"] == 1
    assert names(page("ben", sort="popular"))[0] == "sales/orders"
    assert names(page("ben", access="agreed")) == ["sales/orders"]


def test_a_token_that_discovers_nothing_sees_nothing(page):
    assert page("narrow")["products"] == []
