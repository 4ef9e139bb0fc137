"""Reading an old release: the stricter of its own and today's classification holds, and the tags of both."""

from dataclasses import replace

import pytest

from ghala.governance.authorize import Asked
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.decider import EndpointDecider
from ghala.model.names import DatasetName
from ghala.model.policy import Action, Clearance
from ghala.model.principal import Principal, PrincipalKind
from ghala.query.released import Released
from ghala.query.source import Wanted
from ghala.spec.kept import KeptDefinitions
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

ORDERS = DatasetName("sales", "orders")
KEY = "bigint, primaryKey: true, required: true"
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")
READ = '@id("read") permit (principal, action == Action::"dataset:read", resource);'
BEFORE = {
    "id": KEY,
    "loosened": "varchar, classification: restricted",
    "tightened": "varchar, classification: public",
    "tagged": "varchar, tags: [pii.email]",
    "dropped": "varchar, tags: [pii.phone]",
}
AFTER = {
    "id": KEY,
    "loosened": "varchar, classification: public",
    "tightened": "varchar, classification: restricted",
    "tagged": "varchar",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Orders of two releases; their contract changed between them."""
    shop = Shop.open(tmp_path_factory.mktemp("old") / "shop")
    shop.add(table=Table(BEFORE), materialisation="replace")
    shop.put("a.csv", "id,loosened,tightened,tagged,dropped\n1,l,t,g,d\n")
    assert shop.publish() == 1
    shop.add(table=Table(AFTER), materialisation="replace")
    shop.put("a.csv", "id,loosened,tightened,tagged\n1,l,t,g\n")
    assert shop.publish() == 2
    yield shop
    shop.app.close()


@pytest.fixture
def decider(shop):
    return EndpointDecider.of(
        Policies.of([PolicyFile("own.cedar", READ)]),
        KeptDefinitions(shop.app.workspace).now,
        agreements_of=lambda *_: (),
        hash_key_of=lambda _: b"key",
        endpoint="rest",
    )


def seen(shop, decider, **which):
    wanted = Wanted(ORDERS, **which)
    released = Released(shop.app._registry, shop.app._scans)
    one = released.resolve("prod", [wanted])[wanted]
    asked = Asked(one.name, one.columns, one.own_terms, one.lineage)
    (decision,) = decider.decide(BEN, Action.DATASET_READ, [asked])
    return {column.name: decision.clearance(column.name) for column in one.columns}


def test_an_old_release_is_seen_by_the_stricter_of_both(shop, decider):
    assert seen(shop, decider, version=1) == {
        "id": Clearance.CLEAR,
        "loosened": Clearance.HIDDEN,
        "tightened": Clearance.HIDDEN,
        "tagged": Clearance.MASKED,
        "dropped": Clearance.MASKED,
    }


def test_the_current_release_is_seen_by_todays_contract(shop, decider):
    expected = {
        "id": Clearance.CLEAR,
        "loosened": Clearance.CLEAR,
        "tightened": Clearance.HIDDEN,
        "tagged": Clearance.CLEAR,
    }
    assert seen(shop, decider) == seen(shop, decider, version=2) == expected


def test_the_read_door_holds_to_it(shop, decider):
    door = replace(shop.app._answerer, authorizer=decider)
    sql = "SELECT * FROM sales.orders AT (VERSION => 1)"
    with door.answer(sql, BEN) as answer:
        rows = [row for batch in answer.batches() for row in batch.to_pylist()]
    assert [(set(row), row["id"]) for row in rows] == [({"id", "tagged", "dropped"}, 1)]
    assert rows[0]["tagged"] != "g"
    assert rows[0]["dropped"] == "***"
