"""Administration over HTTP: roles that are taken, people, teams, tokens and sessions."""

from datetime import UTC, datetime, timedelta

import pytest
from canonical import assert_canonical_error

from ghala.testing.people import ANOTHER, PASSWORD


class Person:
    """Somebody who has signed in with a browser."""

    def __init__(self, client, name, password=PASSWORD):
        self.client = client
        body = {"name": name, "password": password, "purpose": "analytics"}
        signed_in = client.post("/session", json=body)
        assert signed_in.status_code == 201, signed_in.text
        self.page = {"X-CSRF-Token": signed_in.json()["csrf"]}

    def send(self, method, path, body=None):
        return self.client.request(method, path, json=body, headers=self.page)

    def take(self, role):
        """Take a role and renew the session, so that it counts."""
        taken = self.send("POST", "/roles", {"role": role, "minutes": 5, "reason": "a test"})
        assert taken.status_code == 201, taken.text
        renewed = self.send("POST", "/session/renewal")
        assert renewed.status_code == 200, renewed.text
        self.page = {"X-CSRF-Token": renewed.json()["csrf"]}


@pytest.fixture
def let_in(organisation):
    """Return what lets somebody in, each with a browser of their own."""
    opened = []

    def enter(name, password=PASSWORD):
        opened.append(Person(organisation.server.client(), name, password))
        return opened[-1]

    yield enter
    for person in opened:
        # The organisation is everybody's: the next test begins without anybody's role.
        person.send("DELETE", "/roles/administrator")
        person.client.close()


def test_a_role_counts_once_the_session_is_renewed_and_ends_at_once(let_in):
    zoe = let_in("zoe")
    assert zoe.send("GET", "/roles").json()["eligible"] == ["administrator"]
    assert_canonical_error(zoe.send("GET", "/users"), 403, "denied")
    zoe.send("POST", "/roles", {"role": "administrator", "reason": "a new colleague"})
    assert_canonical_error(zoe.send("GET", "/users"), 403, "denied")
    before = zoe.client.cookies["ghala"]
    zoe.take("administrator")
    assert zoe.client.cookies["ghala"] != before
    assert "user:amina" in [one["id"] for one in zoe.send("GET", "/users").json()["users"]]
    assert zoe.send("GET", "/me").json()["roles"] == ["administrator"]
    assert zoe.send("DELETE", "/roles/administrator").status_code == 204
    assert_canonical_error(zoe.send("GET", "/users"), 403, "denied")


def test_a_role_without_a_reason_or_right_is_not_taken(let_in):
    zoe, ben = let_in("zoe"), let_in("ben")
    silent = {"role": "administrator", "reason": " "}
    assert_canonical_error(zoe.send("POST", "/roles", silent), 400, "usage")
    wanted = {"role": "administrator", "reason": "why not"}
    assert_canonical_error(ben.send("POST", "/roles", wanted), 403, "denied")


def test_somebody_new_comes_works_and_leaves(let_in):
    zoe = let_in("zoe")
    zoe.take("administrator")
    added = zoe.send("POST", "/users", {"name": "Carl", "password": PASSWORD})
    assert (added.status_code, added.json()["id"], added.json()["is_enabled"]) == (
        201,
        "user:carl",
        True,
    )
    assert zoe.send("POST", "/teams", {"name": "crew"}).json()["members"] == []
    joined = zoe.send("PUT", "/teams/crew/members/carl").json()
    assert joined["members"] == ["user:carl"]
    carl = let_in("carl")
    assert carl.send("GET", "/me").json()["teams"] == ["team:crew"]
    assert carl.send("GET", "/teams/crew").json()["members"] == ["user:carl"]
    assert_canonical_error(carl.send("GET", "/teams/sales-team"), 403, "denied")
    changed = carl.send("PUT", "/me/password", {"current": PASSWORD, "password": ANOTHER})
    assert changed.status_code == 204
    assert_canonical_error(carl.send("GET", "/me"), 401, "not_signed_in")
    again = let_in("carl", ANOTHER)
    gone = zoe.send("POST", "/users/carl/disable").json()
    assert (gone["is_enabled"], gone["id"]) == (False, "user:carl")
    assert_canonical_error(again.send("GET", "/me"), 401, "not_signed_in")
    assert zoe.send("DELETE", "/teams/crew").status_code == 204
    assert_canonical_error(zoe.send("GET", "/teams/crew"), 404, "not_found")


def test_who_may_not_add_accounts_learns_no_names(let_in):
    ben = let_in("ben")
    told = [
        ben.send("POST", "/users", {"name": name, "password": PASSWORD}) for name in ("zoe", "free")
    ]
    for answer in told:
        assert_canonical_error(answer, 403, "denied")
    assert told[0].json()["detail"] == told[1].json()["detail"]


def test_a_token_is_shown_once_and_opens_until_it_is_revoked(organisation, let_in):
    ben = let_in("ben")
    wanted = {"scopes": ["dataset:read"], "purpose": "analytics", "label": "notebook", "days": 1}
    issued = ben.send("POST", "/tokens", wanted)
    assert issued.status_code == 201
    text, known = issued.json()["text"], issued.json()["token"]
    assert (known["principal"], known["label"]) == ("user:ben", "notebook")
    bearer = {"Authorization": f"Bearer {text}"}
    with organisation.server.client(headers=bearer) as program:
        assert program.get("/me").json()["scopes"] == ["dataset:read"]
        # It opens data, and no accounts.
        assert_canonical_error(program.get("/tokens"), 403, "denied")
        assert_canonical_error(program.post("/tokens", json=wanted), 403, "denied")
        listed = ben.send("GET", "/tokens")
        assert known["id"] in [one["id"] for one in listed.json()["tokens"]]
        assert text not in listed.text
        assert ben.send("DELETE", f"/tokens/{known['id']}").json()["revoked_at"]
        assert_canonical_error(program.get("/me"), 401, "not_signed_in")


def test_a_session_ends_another_of_ones_own(let_in):
    here, there = let_in("ben"), let_in("ben")
    listed = here.send("GET", "/sessions").json()["sessions"]
    (current,) = [one for one in listed if one["is_current"]]
    assert current["principal"] == "user:ben"
    others = [one["id"] for one in listed if not one["is_current"]]
    for session in others:
        assert here.send("DELETE", f"/sessions/{session}").status_code == 204
    assert_canonical_error(there.send("GET", "/me"), 401, "not_signed_in")
    assert here.send("GET", "/me").status_code == 200
    assert here.send("DELETE", "/sessions").json() == {"ended": 1}
    assert_canonical_error(here.send("GET", "/me"), 401, "not_signed_in")


def test_a_token_has_no_session_to_renew_and_no_password_to_change(organisation):
    with organisation.asks("amina") as client:
        assert_canonical_error(client.post("/session/renewal"), 400, "usage")
        body = {"current": PASSWORD, "password": ANOTHER}
        assert_canonical_error(client.put("/me/password", json=body), 400, "usage")


def test_one_is_told_what_one_may_do(let_in):
    zoe = let_in("zoe")
    before = zoe.send("GET", "/me").json()
    assert (before["roles"], before["eligible"], before["is_stale"]) == ([], ["administrator"], False)  # fmt: skip
    assert "user:manage" not in before["actions"]
    assert "role:take" in before["actions"]
    zoe.send("POST", "/roles", {"role": "administrator", "minutes": 5, "reason": "a test"})
    stale = zoe.send("GET", "/me").json()
    assert (stale["roles"], stale["is_stale"]) == ([], True)
    assert stale["taken"][0]["reason"] == "a test"
    zoe.take("administrator")
    now = zoe.send("GET", "/me").json()
    assert (now["roles"], now["is_stale"]) == (["administrator"], False)
    assert {"audit:read", "user:manage"} <= set(now["actions"])
    assert {"analytics", "reporting"} <= set(now["purposes"])


def test_an_owner_is_told_what_waits_for_them(let_in, organisation):
    amina = let_in("amina")
    before = amina.send("GET", "/me").json()
    assert before["domains"] == ["sales"]
    assert {"agreement:decide", "tag:declare"} <= set(before["actions"])
    until = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    asked = {"dataset": "sales.orders", "columns": ["id"], "purpose": "operations", "until": until}
    with organisation.asks("asking") as ben:
        made = ben.post("/requests", json={**asked, "justification": "a test"}).json()
        assert ben.get("/me").json()["waiting_requests"] == 0
        assert ben.get("/requests", params={"waiting": True}).json()["requests"] == []
    own = {**asked, "purpose": "reporting", "justification": "for oneself", "grantee": "team:sales-team"}  # fmt: skip
    amina.send("POST", "/requests", own)
    assert amina.send("GET", "/me").json()["waiting_requests"] == before["waiting_requests"] + 1
    waiting = amina.send("GET", "/requests?waiting=true").json()["requests"]
    assert made["id"] in [one["id"] for one in waiting]
    assert "user:amina" not in [one["requested_by"] for one in waiting]
    amina.send("POST", f"/requests/{made['id']}/decision", {"is_approved": False, "reason": "no"})
    assert amina.send("GET", "/me").json()["waiting_requests"] == before["waiting_requests"]
    with organisation.asks("amina") as program:
        told = program.get("/me").json()
        assert (told["purposes"], told["waiting_requests"]) == (["analytics"], None)
        assert told["actions"] == ["dataset:read"]


def test_a_session_goes_on_for_another_purpose(let_in):
    ben = let_in("ben")
    question = {"sql": "SELECT count(*) FROM sales.customers"}
    assert ben.send("POST", "/sql", question).status_code == 200
    before = ben.client.cookies["ghala"]
    assert_canonical_error(ben.send("PUT", "/session/purpose", {"purpose": "fun"}), 400, "usage")
    changed = ben.send("PUT", "/session/purpose", {"purpose": "reporting"}).json()
    ben.page = {"X-CSRF-Token": changed["csrf"]}
    assert ben.client.cookies["ghala"] != before
    assert ben.send("GET", "/me").json()["purpose"] == changed["purpose"] == "reporting"
    # What there is for analysts is not there for others.
    assert_canonical_error(ben.send("POST", "/sql", question), 404, "not_found")


def test_a_token_that_says_so_does_what_a_page_does(let_in, organisation):
    zoe = let_in("zoe")
    zoe.take("administrator")
    wanted = {"scopes": ["user:manage"], "roles": ["administrator"], "purpose": "administration"}
    issued = zoe.send("POST", "/tokens", wanted).json()
    assert issued["token"]["roles"] == ["administrator"]
    with organisation.server.client(headers={"Authorization": f"Bearer {issued['text']}"}) as curl:
        assert curl.get("/users").status_code == 200
        assert_canonical_error(curl.get("/teams"), 403, "denied")
        listed = zoe.send("GET", "/tokens").json()["tokens"]
        assert [one["roles"] for one in listed if one["id"] == issued["token"]["id"]] == [
            ["administrator"]
        ]
        zoe.send("DELETE", "/roles/administrator")
        assert_canonical_error(curl.get("/users"), 401, "not_signed_in")


def test_purposes_are_known_before_somebody_signs_in(client):
    named = [one["name"] for one in client.get("/purposes").json()["purposes"]]
    assert "analytics" in named
