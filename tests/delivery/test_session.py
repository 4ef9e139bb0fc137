"""Signing in and out, and that a change comes from a page of ours."""

import pytest
from canonical import assert_canonical_error

from ghala.testing.people import PASSWORD

ME = {"name": "Zoe", "password": PASSWORD, "purpose": "analytics"}


@pytest.fixture
def signed_in(client):
    """Return a client that has signed in as Zoe, and what a page of hers sends back."""
    response = client.post("/session", json=ME)
    assert response.status_code == 201
    return client, {"X-CSRF-Token": response.json()["csrf"]}


def test_a_cookie_is_for_the_server_alone(client):
    response = client.post("/session", json=ME)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("ghala=")
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert "path=/" in cookie.lower()
    assert "domain" not in cookie.lower()
    told = {
        "id": "user:zoe",
        "kind": "user",
        "purpose": "analytics",
        "on_behalf_of": None,
        "teams": [],
        "roles": [],
        "scopes": None,
    }
    assert told.items() <= client.get("/me").json().items()


def test_a_change_needs_the_token_of_its_session(signed_in):
    client, page = signed_in
    question = {"sql": "SELECT 1 AS one"}
    assert_canonical_error(client.post("/sql", json=question), 403, "forged")
    other = {"X-CSRF-Token": page["X-CSRF-Token"][:-1] + "x"}
    assert_canonical_error(client.post("/sql", json=question, headers=other), 403, "forged")
    assert_canonical_error(client.delete("/session"), 403, "forged")
    assert client.post("/sql", json=question, headers=page).json()["rows"] == [[1]]


def test_who_signs_out_is_out(signed_in):
    client, page = signed_in
    secret = client.cookies["ghala"]
    assert client.delete("/session", headers=page).status_code == 204
    assert "ghala" not in client.cookies
    client.cookies["ghala"] = secret
    assert_canonical_error(client.get("/me"), 401, "not_signed_in")


def test_a_page_of_our_own_may_sign_in(client):
    own = {"Origin": str(client.base_url).removesuffix("/api/v1/")}
    assert client.post("/session", json=ME, headers=own).status_code == 201


def test_signing_in_again_ends_the_session_before(signed_in):
    client, _ = signed_in
    before = client.cookies["ghala"]
    client.post("/session", json=ME)
    assert client.cookies["ghala"] != before
    client.cookies.clear()
    client.cookies["ghala"] = before
    assert_canonical_error(client.get("/me"), 401, "not_signed_in")


def test_who_fails_too_often_has_to_wait(client):
    wrong = {"name": "nobody-there", "password": "wrong horse", "purpose": "analytics"}
    codes = [client.post("/session", json=wrong) for _ in range(8)]
    last = assert_canonical_error(codes[-1], 429, "too_many_attempts")
    assert int(codes[-1].headers["retry-after"]) > 0
    assert "try again" in last["hint"]


def test_a_token_is_no_session(organisation):
    with organisation.asks("amina") as client:
        me = client.get("/me").json()
        assert (me["id"], me["teams"], me["scopes"]) == (
            "user:amina",
            ["team:sales-team"],
            ["dataset:read"],
        )
        gone = client.delete("/session")
        assert (gone.status_code, gone.content, "content-type" in gone.headers) == (204, b"", False)
        assert client.get("/me").status_code == 200
