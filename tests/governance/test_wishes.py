"""Wishes: made and voted for by people, merged where they are alike, answered by those who keep the data."""

import pytest

from ghala.errors import ConflictError, DeniedError, NotFoundError, UsageError
from ghala.governance.wishes import Wishes
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.wish import WishState


@pytest.fixture
def wishes(staffed):
    return Wishes(staffed.access.requests.scope)


@pytest.fixture
def weather(staffed, wishes):
    return wishes.wish("Weather by region", "rain delays", by=staffed.who("amina")).id


def test_the_same_words_are_the_same_wish(staffed, wishes, weather):
    again = wishes.wish("by REGION: weather!", "other reason", by=staffed.who("carl"))
    assert (again.id, again.votes, again.is_own, again.is_voted) == (weather, 2, False, True)
    wishes.wish("Weather by region", "again", by=staffed.who("amina"))
    (listed,) = wishes.wishes(by=staffed.who("carl"))
    assert (listed.votes, listed.title, listed.reason) == (2, "Weather by region", "rain delays")


def test_who_wished_is_for_those_who_answer(staffed, wishes, weather):
    assert wishes.find(weather, by=staffed.who("carl")).wished_by is None
    assert wishes.find(weather, by=staffed.who("carl")).history[0].by is None
    assert wishes.find(weather, by=staffed.who("amina")).wished_by == "user:amina"
    assert wishes.find(weather, by=staffed.who("ben")).wished_by == "user:amina"


def test_the_most_wanted_come_first_and_votes_are_taken_back(staffed, wishes, weather):
    other = wishes.wish("Prices of rivals", "to compare", by=staffed.who("carl")).id
    for name in ("amina", "dora", "dora"):
        wishes.vote(other, by=staffed.who(name))
    assert [(one.id, one.votes) for one in wishes.wishes(by=staffed.who("ben"))] == [
        (other, 3),
        (weather, 1),
    ]
    assert wishes.withdraw(other, by=staffed.who("dora")).votes == 2
    assert wishes.withdraw(other, by=staffed.who("dora")).votes == 2


def test_an_owner_takes_a_wish_and_answers_it(staffed, wishes, weather):
    taken = wishes.assign(weather, "Sales", by=staffed.who("ben"))
    assert (taken.domain, taken.may_answer) == ("sales", True)
    with pytest.raises(NotFoundError, match="no item `rain` to come"):
        wishes.answer(
            weather, by=staffed.who("ben"), state="planned", roadmap_item="sales/orders#rain"
        )
    shipped = wishes.answer(
        weather, by=staffed.who("ben"), state="shipped", dataset="sales.orders", text="here"
    )
    assert (shipped.state, shipped.dataset, shipped.answer) == ("shipped", "sales.orders", "here")
    with pytest.raises(UsageError, match="is shipped"):
        wishes.vote(weather, by=staffed.who("carl"))
    events = [one.event for one in wishes.find(weather, by=staffed.who("amina")).history]
    assert events == ["wished", "assigned", "answered"]


def test_only_those_who_keep_the_data_answer(staffed, wishes, weather):
    for verb, more in (
        (wishes.assign, {"domain": "sales"}),
        (wishes.answer, {"state": "declined", "text": "no"}),
    ):
        with pytest.raises(DeniedError):
            verb(weather, by=staffed.who("carl"), **more)
    # Nobody's yet: an owner answers it with something of theirs, or takes it first.
    with pytest.raises(DeniedError):
        wishes.answer(weather, by=staffed.who("ben"), state="declined", text="no")
    wishes.assign(weather, "growth", by=staffed.steward())
    with pytest.raises(DeniedError):
        wishes.answer(weather, by=staffed.who("ben"), state="declined", text="no")
    declined = wishes.answer(weather, by=staffed.who("amina"), state="declined", text="no")
    assert declined.state is WishState.DECLINED


def test_names_that_somebody_may_not_know_are_left_out(staffed, wishes, weather):
    wishes.answer(weather, by=OWNER_LOCAL, state="shipped", dataset="hr.salaries")
    seen = wishes.find(weather, by=staffed.who("carl"))
    assert (seen.domain, seen.dataset, seen.state) == ("", None, "shipped")
    assert "hr" not in str([one.text for one in seen.history])
    for domain in ("hr", "hx"):
        with pytest.raises(NotFoundError, match=f"there is no domain `{domain}`"):
            wishes.wishes(by=staffed.who("carl"), domain=domain)
    assert wishes.wishes(by=OWNER_LOCAL, domain="hr")[0].dataset == "hr.salaries"


def test_like_wishes_are_merged_with_their_votes(staffed, wishes, weather):
    other = wishes.wish("Rain per area", "the same", by=staffed.who("carl")).id
    wishes.vote(other, by=staffed.who("amina"))
    stays = wishes.merge(other, weather, by=staffed.who("ben"))
    assert (stays.id, stays.votes) == (weather, 2)
    assert stays.history[-1].text == "Rain per area"
    gone = wishes.find(other, by=staffed.who("carl"))
    assert (gone.state, gone.merged_into, gone.votes) == ("merged", weather, 0)
    assert [one.id for one in wishes.wishes(by=staffed.who("carl"))] == [weather]
    with pytest.raises(UsageError) as refused:
        wishes.vote(other, by=staffed.who("dora"))
    assert refused.value.hint == f"vote for {weather}"
    with pytest.raises(ConflictError):
        wishes.merge(weather, other, by=staffed.who("ben"))
    with pytest.raises(UsageError):
        wishes.merge(weather, weather, by=staffed.who("ben"))
    with pytest.raises(DeniedError):
        wishes.merge(weather, other, by=staffed.who("carl"))


@pytest.mark.parametrize(
    ("title", "reason"),
    [("", "x"), ("x", ""), ("?!", "x"), ("x" * 121, "x"), ("mail of ann@acme.example", "x"), ("x", "0711 123 456")],
)  # fmt: skip
def test_wishes_that_say_nothing_or_name_somebody_are_refused(staffed, wishes, title, reason):
    with pytest.raises(UsageError):
        wishes.wish(title, reason, by=staffed.who("amina"))


@pytest.mark.parametrize(
    "answer",
    [
        {"state": "planned"},
        {"state": "shipped"},
        {"state": "declined"},
        {"state": "merged", "text": "x"},
        {"state": "declined", "text": "x", "dataset": "sales.orders"},
        {"state": "open", "text": "x", "roadmap_item": "sales/orders#x"},
    ],
)
def test_answers_that_mean_nothing_are_refused(wishes, weather, answer):
    with pytest.raises(UsageError):
        wishes.answer(weather, by=OWNER_LOCAL, **answer)


def test_programs_and_narrow_tokens_wish_for_nothing(wishes, weather):
    loader = Principal("service:loader", PrincipalKind.SERVICE, "analytics")
    narrow = Principal(
        "user:amina", PrincipalKind.USER, "analytics", scopes=frozenset({Action.PRODUCT_RUN})
    )
    for who in (loader, narrow):
        with pytest.raises(DeniedError):
            wishes.wish("x", "y", by=who)
        with pytest.raises(DeniedError):
            wishes.vote(weather, by=who)
    with pytest.raises(DeniedError):
        wishes.wishes(by=narrow)
