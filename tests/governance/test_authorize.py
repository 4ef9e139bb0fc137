from __future__ import annotations

import pytest

from ghala.governance.authorize import Asked, Authorizer
from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.policy import Action, Admission, Clearance
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.types import parse_type

ORDERS = Asked(
    DatasetName("sales", "orders"),
    (Column("id", parse_type("bigint")), Column("note", parse_type("varchar"))),
)
STAFF = Asked(DatasetName("people", "staff"))
PRODUCT = Principal("product:sales/orders", PrincipalKind.PRODUCT, "pipeline")


def test_the_owner_sees_all_columns():
    (decision,) = Authorizer().decide(OWNER_LOCAL, Action.DATASET_READ, [ORDERS])
    assert decision.is_allowed
    assert decision.admissions == (Admission(frozenset({"id", "note"})),)
    assert {decision.clearance(name) for name in ("id", "note")} == {Clearance.CLEAR}
    assert decision.reasons == ("owner of the workspace",)


def test_a_product_reads_its_inputs_only():
    orders, staff = Authorizer().decide(
        PRODUCT, Action.DATASET_READ, [ORDERS, STAFF], prepared={ORDERS.name}
    )
    assert orders.is_allowed
    assert not staff.is_allowed
    assert staff.reasons == ("people.staff is not an input of product:sales/orders",)


def test_a_product_publishes_nothing_by_itself():
    (decision,) = Authorizer().decide(
        PRODUCT, Action.PRODUCT_PUBLISH, [ORDERS], prepared={ORDERS.name}
    )
    assert not decision.is_allowed


@pytest.mark.parametrize("kind", [PrincipalKind.AGENT, PrincipalKind.SERVICE, PrincipalKind.USER])
def test_everybody_else_is_denied_with_a_reason(kind):
    ann = Principal("user:ann", kind, "marketing")
    for action in Action:
        (decision,) = Authorizer().decide(ann, action, [ORDERS], prepared={ORDERS.name})
        assert not decision.is_allowed
        assert decision.admissions == ()
        assert decision.clearance("id") is Clearance.HIDDEN
        assert "user:ann" in decision.reasons[0]
        assert "marketing" in decision.reasons[0]
