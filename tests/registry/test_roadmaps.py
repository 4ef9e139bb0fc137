"""Roadmaps and votes: seen by all who may know the product, one vote for each person; over both databases."""

from dataclasses import replace
from datetime import date

import pytest

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.roadmaps import Roadmaps
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.roadmap import ChangeAhead, ChangeKind, ItemState, Roadmap, RoadmapItem
from ghala.registry import votes
from ghala.testing.catalog import ANN, Eyes, column, definitions, product
from ghala.testing.people import People

ROADMAP = Roadmap(
    (
        RoadmapItem("refunds", "Refunds", ItemState.PLANNED, by="2026-Q4"),
        RoadmapItem("names", "Names", ItemState.DECLINED),
    ),
    (
        ChangeAhead("a", ChangeKind.BREAKING, date(2026, 1, 1), "b", "orders"),
        ChangeAhead("c", ChangeKind.DEPRECATION, date(2026, 1, 1), "d"),
    ),
)
KNOWN = definitions(
    replace(
        product("sales/orders", {"orders": [column("id")], "lines": [column("id")]}),
        roadmap=ROADMAP,
    ),
    replace(product("hr/salaries", {"salaries": [column("id")]}), roadmap=ROADMAP),
)
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")


@pytest.fixture
def people(registry):
    return People(registry)


@pytest.fixture
def roadmaps(registry, people):
    return Roadmaps(registry, lambda: KNOWN, Eyes({"hr.salaries", "sales.lines"}), people.clock)


def seen(roadmaps, by=ANN):
    return [
        (one.id, one.votes, one.is_voted) for one in roadmaps.roadmap("sales/orders", by=by).items
    ]


def test_each_person_has_one_vote_for_an_item(roadmaps, people):
    for who in (ANN, ANN, BEN):
        roadmaps.vote("sales/orders", "refunds", by=who)
    assert seen(roadmaps) == [("refunds", 2, True), ("names", 0, False)]
    roadmaps.withdraw("Sales/Orders", "Refunds", by=ANN)
    roadmaps.withdraw("sales/orders", "refunds", by=ANN)
    assert seen(roadmaps) == [("refunds", 1, False), ("names", 0, False)]
    assert people.tags() == ["vote:given", "vote:given", "vote:withdrawn"]


def test_nobody_votes_for_what_is_not_to_come(roadmaps):
    with pytest.raises(UsageError, match="`names` is declined"):
        roadmaps.vote("sales/orders", "names", by=ANN)
    with pytest.raises(NotFoundError) as absent:
        roadmaps.vote("sales/orders", "refund", by=ANN)
    assert absent.value.hint == "did you mean `refunds`?"


def test_programs_do_not_vote(roadmaps):
    loader = Principal("service:loader", PrincipalKind.SERVICE, "analytics")
    with pytest.raises(DeniedError):
        roadmaps.vote("sales/orders", "refunds", by=loader)
    assert roadmaps.roadmap("sales/orders", by=loader).items


def test_what_may_not_be_known_is_as_if_it_were_not_there(roadmaps):
    told = []
    for name in ("hr/salaries", "hr/salariez"):
        for verb, more in (
            (roadmaps.roadmap, ()),
            (roadmaps.vote, ("refunds",)),
            (roadmaps.withdraw, ("refunds",)),
        ):
            with pytest.raises(NotFoundError) as refused:
                verb(name, *more, by=ANN)
            told.append((str(refused.value).replace(name, "X"), refused.value.hint))
    assert len(set(told)) == 1


def test_changes_of_datasets_that_one_may_not_know_are_left_out(registry, people):
    def changes(hidden):
        found = Roadmaps(registry, lambda: KNOWN, Eyes(hidden), people.clock)
        return [one.title for one in found.roadmap("sales/orders", by=ANN).changes]

    assert changes({"sales.orders"}) == ["c"]
    assert changes({"sales.lines"}) == ["a", "c"]


def test_the_owner_of_the_workspace_is_one_more_person(roadmaps):
    roadmaps.vote("sales/orders", "refunds", by=OWNER_LOCAL)
    assert seen(roadmaps)[0] == ("refunds", 1, False)


def test_votes_that_move_count_once_for_each_person(registry):
    with registry.write() as connection:
        for about, who in (("a", "x"), ("a", "y"), ("b", "y"), ("b", "z")):
            assert votes.give(connection, about, who, 1)
        votes.move(connection, "a", "b")
        assert votes.counts(connection, ["a", "b"]) == {"b": 3}
        assert votes.of_account(connection, ["a", "b"], "x") == {"b"}
