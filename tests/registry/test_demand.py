"""What people wish for is kept without who wished it, and shown to those who can help; over both databases."""

import pytest

from ghala.errors import DeniedError, UsageError
from ghala.governance.audit import Audit
from ghala.governance.demand import Demand
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind, Role
from ghala.model.rating import KeptRating
from ghala.registry import audit, demand, ratings
from ghala.testing.catalog import ANN, column, definitions, product
from ghala.testing.people import People

KNOWN = definitions(
    product("sales/orders", {"orders": [column("id")]}),
    product("hr/salaries", {"salaries": [column("salary")]}),
)


@pytest.fixture
def people(registry):
    return People(registry)


@pytest.fixture
def wishes(registry, people):
    return Demand(registry, lambda: KNOWN, people.clock)


def principal(*, teams=(), roles=(), scopes=None):
    return Principal(
        "user:zoe",
        PrincipalKind.USER,
        "analytics",
        teams=frozenset(teams),
        roles=frozenset(roles),
        scopes=scopes,
    )


def test_words_are_merged_whatever_their_order_case_and_accents(wishes):
    for text in ("Customer churn", "churn  CUSTOMER", "chürn customer!"):
        assert wishes.missed(text, "sales")
    wishes.missed("churn customer")
    found = wishes.wishes(by=OWNER_LOCAL).misses
    assert [(one.words, one.domain, one.count) for one in found] == [
        ("churn customer", "sales", 3),
        ("churn customer", "", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ann@acme.example",
        "call 0711 123 456",
        "4111111111111111",
        "word " * 2 + "b" * 64 + " " + "c" * 64,
        "?",
        "DE89370400",
    ],
)
def test_what_looks_personal_is_not_kept(wishes, text):
    assert not wishes.missed(text)
    assert wishes.wishes(by=OWNER_LOCAL).misses == ()


def test_what_has_a_users_name_in_it_is_not_kept(wishes, people):
    people.add("amina")
    assert not wishes.missed("salary of Amina")
    assert wishes.missed("salary of everybody")


def test_the_oldest_go_first_when_there_are_many(wishes, people, monkeypatch):
    monkeypatch.setattr(demand, "MOST_MISSES", 3)
    for word in ("one", "two", "three", "four"):
        people.clock.pass_s(1)
        wishes.missed(word)
    assert {one.words for one in wishes.wishes(by=OWNER_LOCAL).misses} == {"two", "three", "four"}


def test_denied_reads_are_counted_by_dataset_for_thirty_days(registry, wishes):
    def append(entry):
        with registry.write() as connection:
            audit.append(connection, entry)

    record = Audit(append)
    for names in (["sales.orders"], ["hr.salaries", "sales.orders"]):
        record.denied(ANN, names, {})
    wishes.now_us.us = _now_us()
    found = wishes.wishes(by=OWNER_LOCAL).denials
    assert [(one.dataset, one.count) for one in found] == [("sales.orders", 2), ("hr.salaries", 1)]
    wishes.now_us.pass_s(31 * 24 * 3600)
    assert wishes.wishes(by=OWNER_LOCAL).denials == ()


def _now_us():
    from ghala.registry.registry import now_us

    return now_us()


def test_owners_see_the_demand_of_their_domains_and_stewards_all(registry, wishes, people):
    wishes.missed("one", "sales")
    wishes.missed("two", "hr")
    wishes.missed("three", "nowhere")
    with registry.write() as connection:
        for name in ("sales/orders", "hr/salaries"):
            ratings.put(connection, name, KeptRating(name, ANN.id, 3, ""), people.clock())
    own = wishes.wishes(by=principal(teams=["team:hr-team"]))
    assert [one.words for one in own.misses] == ["two"]
    assert [one.product for one in own.ratings] == ["hr/salaries"]
    all_of = wishes.wishes(by=principal(roles=[Role.STEWARD]))
    assert {(one.words, one.domain) for one in all_of.misses} == {
        ("one", "sales"),
        ("two", "hr"),
        ("three", ""),
    }


def test_nobody_else_sees_demand(wishes):
    for one in (
        principal(),
        principal(teams=["team:others"]),
        principal(teams=["team:hr-team"], scopes=frozenset({Action.DATASET_READ})),
    ):
        with pytest.raises(DeniedError):
            wishes.wishes(by=one)
    assert wishes.wishes(
        by=principal(teams=["team:hr-team"], scopes=frozenset({Action.DEMAND_READ}))
    )
    with pytest.raises(UsageError):
        wishes.wishes(by=OWNER_LOCAL, limit=0)
