"""Requests that nobody has signed, counted by address."""

import pytest
from canonical import assert_canonical_error

from ghala.delivery.http.open_requests import MOST_ADDRESSES, OpenRequests
from ghala.errors import QuotaError


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
