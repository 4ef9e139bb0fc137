"""Agreements in the words of the standard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ghala.model.agreement import Agreement
from ghala.model.contract import AccessRole
from ghala.model.names import DatasetName
from ghala.model.predicate import IsNull
from ghala.model.request import Request, RequestDecision, RequestState, Terms
from ghala.spec import yaml
from ghala.spec.node import plain
from ghala.spec.oaas import Provider, to_oaas
from ghala.testing.office import product_of

NOW = datetime(2027, 1, 1, tzinfo=UTC)
ORDERS = DatasetName("sales", "orders")
TERMS = Terms(ORDERS, frozenset({"id", "email"}), "analytics", NOW + timedelta(days=9), IsNull("id"))  # fmt: skip
REQUEST = Request(
    "4fT0pXbq81Zc", "team:growth", TERMS, "c/1", "churn", "agent:x", "user:ben", NOW, 1
)
AGREEMENT = Agreement(
    REQUEST.id, REQUEST.grantee, ORDERS, TERMS.columns, "analytics", NOW, TERMS.until, TERMS.rows, "c/1",
)  # fmt: skip
APPROVED = replace(
    REQUEST,
    state=RequestState.APPROVED,
    decisions=(RequestDecision(1, is_approved=True, by="user:amina", at=NOW, reason=""),),
)


@pytest.fixture
def provider():
    product = product_of("sales/orders", (), (AccessRole("reader"), AccessRole("writer", "write")))
    (contract,) = product.contracts
    return Provider(product, contract, contract.datasets[0], "sales-team")


def custom(document):
    return {one["property"]: one["value"] for one in document["customProperties"]}


def test_an_agreement_has_every_word_of_the_standard(provider):
    document = to_oaas(APPROVED, AGREEMENT, provider, NOW)
    assert document | {"customProperties": None} == {
        "apiVersion": "v0.9.0",
        "kind": "AccessAgreement",
        "id": "4fT0pXbq81Zc",
        "name": "sales.orders for team:growth",
        "status": "approved",
        "startTimestamp": "2027-01-01T00:00:00Z",
        "endTimestamp": "2027-01-10T00:00:00Z",
        "description": {"purpose": "churn"},
        "provider": {
            "teamId": "sales-team",
            "dataProductId": "sales/orders#product",
            "outputPortId": "orders",
            "dataContractId": "sales/orders#contract",
            "dataContractVersion": "1.0.0",
        },
        "consumer": {"teamId": "growth"},
        "roles": [{"role": "reader"}],
        "customProperties": None,
    }
    assert custom(document) == {
        "ghala.dataset": "sales.orders",
        "ghala.purposeCode": "analytics",
        "ghala.columns": ["email", "id"],
        "ghala.rows": {"column": "id", "is": "null"},
        "ghala.state": "in_force",
        "ghala.requestedBy": "agent:x",
        "ghala.onBehalfOf": "user:ben",
        "ghala.decidedBy": ["user:amina"],
    }


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (RequestState.REQUESTED, "requested"),
        (RequestState.DENIED, "rejected"),
        (RequestState.WITHDRAWN, "rejected"),
    ],
)
def test_what_was_not_agreed_has_its_status(state, status):
    document = to_oaas(replace(REQUEST, state=state), None, None, NOW)
    assert (document["status"], custom(document)["ghala.state"]) == (status, state)
    assert {"provider", "roles", "startTimestamp"}.isdisjoint(document)


def test_what_has_ended_stays_approved_and_says_so():
    document = to_oaas(APPROVED, replace(AGREEMENT, revoked_at=NOW), None, NOW)
    assert (document["status"], document["endTimestamp"]) == ("approved", "2027-01-01T00:00:00Z")
    assert custom(document)["ghala.revokedAt"] == "2027-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("grantee", "consumer"),
    [
        ("user:ben", {"userId": "ben"}),
        ("product:growth/churn", {"dataProductId": "growth/churn"}),
        ("service:loader", {"userId": "service:loader"}),
    ],
)
def test_consumers_are_named_as_the_standard_does(grantee, consumer):
    assert to_oaas(replace(REQUEST, grantee=grantee), None, None, NOW)["consumer"] == consumer


def test_documents_are_yaml_that_reads_back_the_same(provider):
    documents = [to_oaas(APPROVED, AGREEMENT, provider, NOW), {"a": "no", "b": "1.0", "c": "x: y"}]
    texts = yaml.written(documents).split("---\n")
    assert [plain(yaml.parse(text.encode(), "a.yaml")) for text in texts] == documents
