"""Saved queries: one's own are found however many others share, and there is an end to what one keeps."""

import pytest

from ghala.errors import ConflictError
from ghala.governance.access_scope import AccessScope
from ghala.model.principal import Principal, PrincipalKind
from ghala.query import saved
from ghala.query.saved import SavedQueries
from ghala.registry.registry import now_us, open_registry
from ghala.testing.catalog import ANN, Eyes, column, definitions, product

KNOWN = definitions(product("sales/orders", {"orders": [column("id")], "lines": [column("id")]}))
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")
ORDERS, LINES = "SELECT id FROM sales.orders", "SELECT id FROM sales.lines"


@pytest.fixture
def eyes():
    return Eyes()


@pytest.fixture
def queries(tmp_path, eyes):
    registry = open_registry(None, tmp_path)
    yield SavedQueries(AccessScope(registry, lambda: KNOWN, eyes, dict, lambda: None, now_us))
    registry.close()


def shared(queries, sql, count, runs=0):
    """Keep queries of Ben's that everybody sees who reads what they read."""
    for number in range(count):
        name = f"{sql} {number}"
        made = queries.save(name, f"{sql} -- {number}", by=BEN, shared_with="everybody")
        for _ in range(runs):
            queries.begin(made.id, by=BEN)


def names(queries, **narrowed):
    return [one.name for one in queries.queries(by=ANN, **narrowed)]


def test_ones_own_are_listed_however_many_others_share(queries, monkeypatch):
    monkeypatch.setattr(saved, "MOST_LISTED", 3)
    shared(queries, ORDERS, 5, runs=1)
    queries.save("mine", ORDERS, by=ANN)
    found = names(queries)
    assert (len(found), found[-1]) == (4, "mine")
    assert names(queries, dataset="sales.lines") == []
    assert names(queries, name="mine") == ["mine"]
    assert names(queries, name="mine", dataset="sales.lines") == []
    assert names(queries, name="SELECT id FROM sales.orders 1") == []


def test_those_that_one_does_not_see_take_no_place(queries, eyes, monkeypatch):
    monkeypatch.setattr(saved, "_LOOKED_AT_ONCE", 2)
    monkeypatch.setattr(saved, "MOST_LISTED", 3)
    shared(queries, LINES, 5, runs=1)
    shared(queries, ORDERS, 2)
    eyes.hidden = {"sales.lines"}
    assert sorted(names(queries)) == [f"{ORDERS} 0", f"{ORDERS} 1"]


def test_who_keeps_too_many_is_told_what_to_do(queries, monkeypatch):
    monkeypatch.setattr(saved, "MOST_KEPT", 1)
    queries.save("one", ORDERS, by=ANN)
    with pytest.raises(ConflictError, match="no more can be kept") as refused:
        queries.save("two", ORDERS, by=ANN)
    assert refused.value.hint == "forget some: ghala query delete NAME"
