"""Search, demand and metrics over HTTP."""

import threading

import pytest
from canonical import assert_canonical_error

from ghala.delivery.http.meters import Meters


@pytest.fixture(scope="module")
def indexed(organisation):
    with organisation.asks("ben") as ben:
        for _ in range(200):
            if ben.get("/search", params={"q": "customers"}).json()["results"]:
                return
            threading.Event().wait(0.05)


def found(client, **query):
    response = client.get("/search", params=query)
    assert response.status_code == 200, response.text
    return [hit["name"] for hit in response.json()["results"]]


@pytest.mark.usefixtures("indexed")
def test_everybody_finds_what_exists_for_them(organisation):
    with organisation.asks("ben") as ben:
        assert found(ben, q="custmers", kind="dataset") == ["sales.customers"]
        assert found(ben, q="email") == ["sales.customers.email"]
        # Restricted: hidden from Ben, who may read the dataset.
        assert found(ben, q="margin") == []
        assert found(ben, q="salaries") == found(ben, q="who") == found(ben, q="hr") == []


@pytest.mark.usefixtures("indexed")
def test_what_is_hidden_and_what_is_not_there_are_answered_in_the_same_bytes(organisation):
    with organisation.asks("ben") as ben:
        answers = [
            ben.get("/search", params=query)
            for query in (
                {"q": "salaries"},
                {"q": "qwertyuiop"},
            )
        ]
        for kind, hidden in (("domain", "hr"), ("owner", "hr-team")):
            refused = [ben.get("/search", params={"q": "x", kind: name}) for name in (hidden, "zz")]
            for answer, name in zip(refused, (hidden, "zz"), strict=True):
                body = assert_canonical_error(answer, 404, "not_found")
                assert body["detail"] == f"there is no {kind} `{name}`"
    assert len({answer.content for answer in answers}) == 1


def test_nothing_is_found_without_signing_in_or_with_another_scope(organisation, client):
    assert_canonical_error(client.get("/search", params={"q": "a"}), 401, "not_signed_in")
    with organisation.asks("narrow") as narrow:
        assert_canonical_error(narrow.get("/search", params={"q": "a"}), 403, "denied")


@pytest.mark.parametrize(
    "query",
    [{}, {"q": "a" * 501}, {"q": "a", "limit": 0}, {"q": "a", "limit": 101}, {"q": "a", "kind": "x"},
     {"q": "a\0b"}],
)  # fmt: skip
def test_wrong_questions_are_refused(organisation, query):
    with organisation.asks("ben") as ben:
        assert_canonical_error(ben.get("/search", params=query), 422, "request_invalid")


def test_demand_is_not_for_everybody(organisation):
    with organisation.asks("ben") as ben:
        assert_canonical_error(ben.get("/demand"), 403, "denied")


def test_metrics_are_for_programs_of_this_machine_and_for_tokens_with_the_scope(
    organisation, client
):
    client.get("/health")
    client.get("/no-such-route-canary")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'ghala_http_requests_total{method="GET",route="/health",status="200"}' in answer.text
    assert 'route="none",status="404"' in answer.text
    assert "ghala_registry_up 1" in answer.text
    assert "canary" not in answer.text
    assert "sales" not in answer.text
    passed_on = client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"})
    assert_canonical_error(passed_on, 401, "not_signed_in")
    with organisation.asks("ben") as ben:
        assert_canonical_error(ben.get("/metrics"), 403, "denied")


def test_counts_add_up():
    meters = Meters()
    for seconds in (0.001, 0.3, 100.0):
        meters.answered("GET", "/a", 200, seconds)
    meters.answered("HACK\n", "/a", 405, 0.1)
    meters.audit_failed()
    text = meters.text([("ghala_x", "An x.", 3)])
    assert 'ghala_http_requests_total{method="GET",route="/a",status="200"} 3' in text
    assert 'method="OTHER"' in text
    assert 'ghala_http_request_seconds_bucket{method="GET",route="/a",le="0.5"} 2' in text
    assert 'ghala_http_request_seconds_bucket{method="GET",route="/a",le="+Inf"} 3' in text
    assert 'ghala_http_request_seconds_sum{method="GET",route="/a"} 100.301000' in text
    assert "ghala_audit_failures_total 1\n" in text
    assert text.endswith("ghala_x 3\n")
