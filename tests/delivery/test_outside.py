"""Signing in with a provider over HTTP: a real provider in a process of its own, and the API's routes and cookies."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from canonical import assert_canonical_error, assert_hardened

from ghala.delivery.http.make import PREFIX, make_app
from ghala.delivery.http.origin import Origin
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD
from ghala.testing.shop import SETTINGS, Shop

CLAIMS = [
    {"sub": "0007", "preferred_username": "Amina@acme.example", "groups": ["Sales EU"]},
    {"sub": "0008", "preferred_username": "zoe", "groups": []},
]


@pytest.fixture(scope="module")
def issuer():
    """Start a provider that lets in whoever says who they are, and return its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    users = [part for one in CLAIMS for part in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *users]
    process = subprocess.Popen(
        command, env={**os.environ, "NO_COLOR": "1"}, stderr=subprocess.PIPE, text=True
    )
    # It says so once it answers; the rest of what it says is short.
    assert any("running on" in line for line in process.stderr)
    address = f"http://localhost:{port}/.well-known/openid-configuration"
    yield httpx.get(address, trust_env=False).json()["issuer"]
    process.terminate()
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def parts(tmp_path_factory, issuer):
    """Open a workspace that names the provider."""
    settings = (
        f"{SETTINGS}identity: {{oidc: {{issuer: '{issuer}', client_id: ghala, "
        "teams: {Sales EU: sales-team}}}\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GHALA_OIDC_CLIENT_SECRET", "s3cret")
        shop = Shop.open(tmp_path_factory.mktemp("outside") / "acme", settings)
    shop.app.identity.accounts.add("zoe", by=OWNER_LOCAL, password=PASSWORD)
    made = shop.app.http_parts(Origin.of("127.0.0.1", 8321))
    yield made
    made.close()
    shop.app.close()


class Browser:
    """A browser with its cookies, which goes to the server and to the provider."""

    def __init__(self, parts):
        transport = httpx.ASGITransport(make_app(parts))
        self.client = httpx.AsyncClient(
            transport=transport, base_url=f"http://127.0.0.1:8321{PREFIX}"
        )

    def send(self, method, path, **more):
        return asyncio.run(self.client.request(method, path, **more))

    def begin(self, headers=None, **body):
        """Begin, and return the answer and where the browser goes on."""
        asked = {"purpose": "analytics", **body}
        begun = self.send("POST", "/session/oidc", json=asked, headers=headers)
        assert begun.status_code == 200, begun.text
        return begun, begun.json()["url"]

    def at_provider(self, url, subject="0007"):
        """Sign in at the provider, and return the parameters with which it sends the browser back."""
        sent = httpx.post(url, data={"sub": subject}, trust_env=False)
        assert sent.status_code == 302, sent.text
        back = urlsplit(sent.headers["location"])
        assert back.path == f"{PREFIX}/session/oidc/callback"
        return {name: one for name, (one,) in parse_qs(back.query).items()}

    def come_back(self, answer):
        return self.send("GET", "/session/oidc/callback", params=answer)


@pytest.fixture
def browser(parts):
    return Browser(parts)


def test_somebody_signs_in_with_a_real_provider(browser, issuer):
    assert browser.send("GET", "/session/oidc").json() == {"issuer": issuer}
    begun, url = browser.begin()
    binding = begun.headers["set-cookie"].lower()
    assert binding.startswith("ghala-oidc=")
    assert "httponly" in binding
    assert "samesite=lax" in binding
    assert "max-age=600" in binding
    back = browser.come_back(browser.at_provider(url))
    assert back.status_code == 200, back.text
    assert_hardened(back)
    assert back.json()["principal"] == "user:amina"
    assert "ghala-oidc" not in browser.client.cookies
    me = browser.send("GET", "/me").json()
    assert (me["id"], me["teams"], me["purpose"]) == (
        "user:amina",
        ["team:sales-team"],
        "analytics",
    )
    page = browser.send("GET", "/session").json()
    assert page["csrf"] == back.json()["csrf"]
    # A session like any other: changes need its token, and signing out ends it.
    assert_canonical_error(browser.send("DELETE", "/session"), 403, "forged")
    headers = {"X-CSRF-Token": page["csrf"]}
    assert browser.send("DELETE", "/session", headers=headers).status_code == 204
    assert_canonical_error(browser.send("GET", "/me"), 401, "not_signed_in")


def test_a_page_is_returned_to(browser):
    _, url = browser.begin(return_to="/catalogue?q=orders")
    back = browser.come_back(browser.at_provider(url))
    assert (back.status_code, back.headers["location"]) == (303, "/catalogue?q=orders")
    assert_hardened(back)
    assert browser.send("GET", "/session").json()["principal"] == "user:amina"


def test_an_answer_is_taken_once_and_by_the_browser_that_began(parts, browser):
    _, url = browser.begin()
    answer = browser.at_provider(url)
    stranger = Browser(parts)
    assert_canonical_error(stranger.come_back(answer), 401, "not_signed_in")
    binding = browser.client.cookies["ghala-oidc"]
    assert browser.come_back(answer).status_code == 200
    browser.client.cookies.clear()
    browser.client.cookies["ghala-oidc"] = binding
    assert_canonical_error(browser.come_back(answer), 401, "not_signed_in")


def test_a_code_that_was_used_or_made_up_opens_nothing(browser):
    _, url = browser.begin()
    used = browser.at_provider(url)
    assert browser.come_back(used).status_code == 200
    for code in (used["code"], "made-up"):
        browser.client.cookies.clear()
        _, url = browser.begin()
        answer = browser.at_provider(url)
        refused = browser.come_back({**answer, "code": code})
        assert_canonical_error(refused, 401, "not_signed_in")


def test_a_code_of_another_sign_in_does_not_fit(parts, browser):
    other = Browser(parts)
    _, theirs = other.begin()
    stolen = other.at_provider(theirs, "0008")
    _, url = browser.begin()
    mine = browser.at_provider(url)
    # The code is good, and its token holds the nonce of the browser from which it was taken.
    refused = browser.come_back({**mine, "code": stolen["code"]})
    assert_canonical_error(refused, 401, "not_signed_in")
    assert "nonce" in refused.json()["detail"]


def test_an_account_that_was_there_is_linked_by_its_user_alone(browser):
    _, url = browser.begin()
    taken = browser.come_back(browser.at_provider(url, "0008"))
    assert_canonical_error(taken, 400, "usage")
    body = {"purpose": "analytics", "is_linking": True}
    assert_canonical_error(browser.send("POST", "/session/oidc", json=body), 401, "not_signed_in")
    me = {"name": "zoe", "password": PASSWORD, "purpose": "analytics"}
    csrf = browser.send("POST", "/session", json=me).json()["csrf"]
    assert_canonical_error(browser.send("POST", "/session/oidc", json=body), 403, "forged")
    _, url = browser.begin({"X-CSRF-Token": csrf}, is_linking=True)
    assert browser.come_back(browser.at_provider(url, "0008")).json()["principal"] == "user:zoe"
    browser.client.cookies.clear()
    _, url = browser.begin()
    assert browser.come_back(browser.at_provider(url, "0008")).json()["principal"] == "user:zoe"


def test_a_link_is_undone_and_its_sessions_with_it(parts, browser):
    there = Browser(parts)
    me = {"name": "zoe", "password": PASSWORD, "purpose": "analytics"}
    csrf = there.send("POST", "/session", json=me).json()["csrf"]
    _, url = there.begin({"X-CSRF-Token": csrf}, is_linking=True)
    assert there.come_back(there.at_provider(url, "0008")).json()["principal"] == "user:zoe"
    csrf = browser.send("POST", "/session", json=me).json()["csrf"]
    (linked,) = browser.send("GET", "/users/zoe/identities").json()["identities"]
    assert linked["subject"] == "0008"
    headers = {"X-CSRF-Token": csrf}
    assert browser.send("DELETE", "/users/zoe/identities", headers=headers).json()["ended"] >= 1
    assert_canonical_error(there.send("GET", "/me"), 401, "not_signed_in")
    assert browser.send("GET", "/me").json()["id"] == "user:zoe"
    again = browser.send("DELETE", "/users/zoe/identities", headers=headers)
    assert_canonical_error(again, 404, "not_found")


def test_another_site_cannot_begin(browser):
    body = {"purpose": "analytics"}
    headers = {"Origin": "https://evil.example"}
    assert_canonical_error(
        browser.send("POST", "/session/oidc", json=body, headers=headers), 403, "forged"
    )
