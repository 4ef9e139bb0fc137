"""Every error has one shape, whoever raised it."""

import asyncio
import json
import logging

import pytest
from canonical import assert_canonical_error, assert_hardened

from ghala.delivery.http.errors import _STATUSES, problem_of, status_of
from ghala.delivery.http.origin import Origin
from ghala.delivery.http.outer import Outer
from ghala.errors import GhalaError

SIGN_IN = {"name": "amina", "password": "wrong horse battery", "purpose": "analytics"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/nowhere", {}, 404, "route_unknown"),
        ("GET", "/products/", {}, 404, "route_unknown"),
        ("PUT", "/health", {}, 405, "method_not_allowed"),
        ("GET", "/me", {}, 401, "not_signed_in"),
        ("GET", "/me", {"headers": {"Authorization": "Basic YTpi"}}, 401, "not_signed_in"),
        ("GET", "/me", {"headers": {"Authorization": "Bearer nonsense"}}, 401, "not_signed_in"),
        ("GET", "/me", {"cookies": {"ghala": "nonsense"}}, 401, "not_signed_in"),
        ("POST", "/session", {}, 422, "request_invalid"),
        ("POST", "/session", {"content": "{", "headers": JSON}, 422, "request_invalid"),
        ("POST", "/session", {"content": b"\xff", "headers": JSON}, 422, "request_invalid"),
        ("POST", "/session", {"json": [1]}, 422, "request_invalid"),
        ("POST", "/session", {"json": SIGN_IN | {"more": 1}}, 422, "request_invalid"),
        ("POST", "/session", {"data": SIGN_IN}, 422, "request_invalid"),
        ("POST", "/session", {"json": SIGN_IN | {"name": "a\0b"}}, 422, "request_invalid"),
        (
            "POST",
            "/session",
            {"content": json.dumps(SIGN_IN | {"password": "\ud800"}), "headers": JSON},
            422,
            "request_invalid",
        ),
        ("POST", "/session", {"json": SIGN_IN | {"purpose": "fun"}}, 400, "usage"),
        ("POST", "/session", {"json": SIGN_IN}, 401, "not_signed_in"),
        ("POST", "/session", {"content": b"x" * 1_000_001}, 413, "body_too_large"),
        ("POST", "/session", {"content": (b"x" * 100_000 for _ in range(20))}, 413, "body_too_large"),
        ("GET", "/health", {"headers": {"Host": "evil.example"}}, 421, "host_unknown"),
        (
            "POST",
            "/session",
            {"json": SIGN_IN, "headers": {"Origin": "https://evil.example"}},
            403,
            "forged",
        ),
        (
            "POST",
            "/session",
            {"json": SIGN_IN, "headers": {"Sec-Fetch-Site": "cross-site"}},
            403,
            "forged",
        ),
        ("POST", "/first", {"json": SIGN_IN | {"invitation": "x"}}, 422, "request_invalid"),
    ],
)  # fmt: skip
def test_an_error_has_the_one_shape(client, method, path, options, status, code):
    options = dict(options)
    client.cookies.update(options.pop("cookies", {}))
    assert_canonical_error(client.request(method, path, **options), status, code)


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({"sql": "SELECT * FROM sales.nothing"}, 404, "not_found"),
        ({"sql": "DROP TABLE sales.orders"}, 400, "query_refused"),
        ({"sql": "SELECT"}, 400, "query_refused"),
        ({"sql": "SELECT * FROM read_csv('/etc/passwd')"}, 400, "query_refused"),
        ({"sql": "SELECT id FROM sales.customers", "limit": 1}, 422, "limit"),
        ({"sql": "SELECT id FROM market.rates", "environment": "mars"}, 404, "not_found"),
        ({"sql": "SELECT 1", "limit": 0}, 422, "request_invalid"),
        ({"sql": "SELECT id FROM sales.orders"}, 403, "denied"),
        ({"sql": "SELECT id FROM hr.salaries"}, 404, "not_found"),
    ],
)
def test_a_question_that_is_not_answered_has_it_too(organisation, question, status, code):
    with organisation.asks("ben") as client:
        assert_canonical_error(client.post("/sql", json=question), status, code)
        refused = client.post("/sql", json=question, headers={"Accept": "text/csv"})
        assert_canonical_error(refused, status, code)


def test_a_form_that_there_is_not(organisation):
    with organisation.asks("ben") as client:
        response = client.post("/sql", json={"sql": "SELECT 1"}, headers={"Accept": "image/png"})
    body = assert_canonical_error(response, 406, "not_acceptable")
    assert "text/csv" in body["hint"]


def test_what_was_sent_is_not_repeated(client):
    sent = {"name": "amina", "password": ["canarypassword"], "purpose": {"x": "canarypurpose"}}
    response = client.post("/session", json=sent)
    body = assert_canonical_error(response, 422, "request_invalid")
    assert "canary" not in response.text
    assert body["reasons"][0].startswith("body.password:")


def test_a_request_keeps_its_id_unless_it_is_odd(client):
    kept = client.get("/me", headers={"X-Request-ID": "portal-2026.11_7"})
    assert assert_canonical_error(kept, 401, "not_signed_in")["request_id"] == "portal-2026.11_7"
    for odd in ("short", "x" * 65, "a b c d e f g", "../../etc/passwd"):
        response = client.get("/me", headers={"X-Request-ID": odd})
        assert response.headers["x-request-id"] != odd


def test_who_is_not_signed_in_is_told_how(client):
    assert client.get("/me").headers["www-authenticate"].startswith("Bearer")


def test_an_address_says_which_methods_it_takes(client):
    assert client.put("/health").headers["allow"] == "GET"


def test_good_answers_are_hardened_too(client):
    assert_hardened(client.get("/health"))
    assert_hardened(client.get("/openapi.json"))


def test_a_fault_of_ours_is_told_by_its_id_alone(caplog):
    async def broken(_scope, _receive, _send):
        raise RuntimeError("can" + "ary")

    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b""}

    scope = {
        "type": "http", "method": "GET", "path": "/", "scheme": "http",
        "headers": [(b"host", b"localhost:1"), (b"x-request-id", b"request-1")],
    }  # fmt: skip
    outer = Outer(broken, Origin.of("localhost", 1), 1000)
    with caplog.at_level(logging.ERROR):
        asyncio.run(outer(scope, receive, send))
    assert sent[0]["status"] == 500
    body = json.loads(sent[1]["body"])
    assert (body["code"], body["request_id"]) == ("internal", "request-1")
    assert "request request-1: internal error: RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    assert "canary" not in caplog.text + json.dumps(body)


def test_every_error_has_a_status_and_a_title():
    def below(kind):
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    for kind in below(GhalaError):
        made = kind.__new__(kind)
        GhalaError.__init__(made, "it happened")
        assert 400 <= status_of(made) <= 503
        problem = problem_of(made, "request-1")
        assert problem.title
        assert not problem.title.endswith(".")
    assert set(_STATUSES.values()) <= {
        400,
        401,
        403,
        404,
        405,
        406,
        409,
        413,
        421,
        422,
        429,
        500,
        503,
    }
