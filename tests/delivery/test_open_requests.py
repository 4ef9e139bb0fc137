"""Requests that nobody has signed, counted by address."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from canonical import assert_canonical_error

from ghala.delivery.http.make import PREFIX, make_app
from ghala.delivery.http.open_requests import MOST_ADDRESSES, PRESENTED_TIMES, OpenRequests
from ghala.delivery.http.origin import Origin
from ghala.errors import QuotaError
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD
from ghala.testing.shop import Shop


def test_an_address_has_its_share_again_after_a_while():
    now = [0.0]
    requests = OpenRequests(60, lambda: now[0])
    for _ in range(60):
        requests.count("192.0.2.1")
    with pytest.raises(QuotaError) as caught:
        requests.count("192.0.2.1")
    assert caught.value.evidence["retry_after_s"] >= 1
    requests.count("192.0.2.2")
    now[0] += 2
    requests.count("192.0.2.1")


def test_what_somebody_signed_is_given_back():
    requests = OpenRequests(2, lambda: 0.0)
    for _ in range(10):
        requests.give_back(requests.count("192.0.2.1", is_presenting=True))
    requests.count("192.0.2.1")
    requests.count("192.0.2.1")
    with pytest.raises(QuotaError):
        requests.count("192.0.2.1")
    # People behind an address that somebody uses up are let in, while not too many fail to prove who they are.
    for _ in range(10):
        requests.give_back(requests.count("192.0.2.1", is_presenting=True))
    for _ in range(2 * PRESENTED_TIMES):
        requests.count("192.0.2.1", is_presenting=True)
    with pytest.raises(QuotaError):
        requests.count("192.0.2.1", is_presenting=True)


def test_a_cookie_that_proves_nobody_does_not_turn_the_limit_off(tmp_path):
    with Shop.open(tmp_path / "acme").app as app:
        app.identity.accounts.add("zoe", by=OWNER_LOCAL, password=PASSWORD)
        parts = app.http_parts(Origin.of("127.0.0.1", 8321))
        served = make_app(replace(parts, open_requests=2))

        async def ask():
            transport = httpx.ASGITransport(served, client=("192.0.2.1", 4000))
            base = f"http://127.0.0.1:8321{PREFIX}"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                me = {"name": "zoe", "password": PASSWORD, "purpose": "analytics"}
                assert (await client.post("/session", json=me)).status_code == 201
                signed = [(await client.get("/me")).status_code for _ in range(20)]
                cookie = {"Cookie": "x=1"}
                client.cookies.clear()
                unsigned = [await client.get("/me", headers=cookie) for _ in range(20)]
                return signed, unsigned, await client.get("/health/live")

        try:
            signed, unsigned, health = asyncio.run(ask())
        finally:
            parts.close()
    assert signed == [200] * 20
    statuses = [answer.status_code for answer in unsigned]
    assert statuses[0] == 401
    assert_canonical_error(unsigned[-1], 429, "quota")
    assert statuses.count(401) <= 2 + 2 * PRESENTED_TIMES
    assert health.status_code == 429


def test_a_network_of_ipv6_is_one_visitor_and_this_machine_is_none():
    requests = OpenRequests(1, lambda: 0.0)
    requests.count("2001:db8::1")
    with pytest.raises(QuotaError):
        requests.count("2001:db8::2")
    for _ in range(5):
        requests.count("127.0.0.1")


def test_addresses_do_not_fill_the_memory():
    requests = OpenRequests(1, lambda: 0.0)
    for number in range(MOST_ADDRESSES + 100):
        requests.count(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(requests._left) == MOST_ADDRESSES


def test_nested_parentheses_are_refused_at_once(organisation):
    with organisation.asks("loader") as client:
        deep = "SELECT " + "(" * 100_000 + "1" + ")" * 100_000
        response = client.post("/sql", json={"sql": deep})
        assert response.status_code in {400, 422}
        assert response.elapsed.total_seconds() < 10
        long = client.post("/sql", json={"sql": "SELECT '" + "x" * 5_000_000 + "'"})
        assert_canonical_error(long, 413, "body_too_large")
