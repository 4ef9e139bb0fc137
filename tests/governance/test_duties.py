"""Duties: what waits for whom, and what waits for nobody any more."""

from dataclasses import replace

import pytest

from ghala.governance.duties import Duties
from ghala.governance.incidents import Incidents
from ghala.governance.tickets import Tickets
from ghala.governance.wishes import Wishes
from ghala.model.policy import Action
from ghala.model.principal import Principal, PrincipalKind


@pytest.fixture
def parts(staffed):
    scope = staffed.access.requests.scope
    incidents = Incidents(scope.registry, scope.definitions, scope.decider, scope.now_us)
    return Duties(staffed.access.requests, Tickets(scope), Wishes(scope), incidents)


@pytest.fixture
def duties(staffed, parts):
    def told(name):
        by = name if isinstance(name, Principal) else staffed.who(name)
        return [(str(one.kind), one.about, one.by, one.is_own) for one in parts.of(by)]

    return told


def test_a_request_waits_for_those_who_decide_it_until_one_does(staffed, duties):
    asked = staffed.ask()
    waiting = [("request", "sales.orders", "user:amina", False)]
    assert duties("ben") == duties("bea") == duties(staffed.steward()) == waiting
    assert duties("amina") == duties("dora") == []
    staffed.access.requests.decide(asked.id, by=staffed.who("ben"), is_approved=True)
    assert duties("ben") == duties("bea") == []


def test_an_agreement_that_ends_waits_for_who_has_it_and_who_could_renew_it(staffed, duties):
    staffed.agree(days=30)
    assert duties("amina") == duties("ben") == []
    staffed.people.clock.pass_s(20 * 86_400)
    assert duties("amina") == [("agreement_ends", "sales.orders", "user:amina", True)]
    assert duties("ben") == [("agreement_ends", "sales.orders", "user:amina", False)]
    assert duties("carl") == duties("dora") == []
    staffed.people.clock.pass_s(20 * 86_400)
    assert duties("amina") == duties("ben") == []


def test_an_agreement_that_lasts_long_is_looked_at_by_others_than_who_has_it(
    staffed, duties, parts
):
    made = staffed.agree(days=300)
    staffed.people.clock.pass_s(200 * 86_400)
    assert duties("amina") == []
    assert duties("ben") == [("agreement_reassess", "sales.orders", "user:amina", False)]
    (duty,) = parts.of(staffed.who("ben"))
    assert duty.since < duty.due_at == staffed.now()
    staffed.access.agreements.reassess(made, by=staffed.who("ben"))
    assert duties("ben") == []


def test_a_ticket_waits_for_the_owner_until_it_is_answered(staffed, duties, parts):
    made = parts.tickets.open("sales.orders", by=staffed.who("amina"), found="in cents")
    waiting = [("ticket", "sales.orders", "user:amina", False)]
    assert duties("ben") == waiting
    assert duties("amina") == duties("dora") == []
    parts.tickets.answer(made.id, by=staffed.who("ben"), state="accepted", text="we look")
    assert duties("ben") == waiting
    parts.tickets.answer(made.id, by=staffed.who("ben"), state="declined", text="they are")
    assert duties("ben") == []


def test_a_wish_waits_for_stewards_until_it_is_somebodys(staffed, duties, parts):
    made = parts.wishes.wish("Weather by region", "rain delays", by=staffed.who("amina"))
    assert duties("ben") == []
    assert duties(staffed.steward()) == [("wish", "Weather by region", "user:amina", False)]
    parts.wishes.assign(made.id, "sales", by=staffed.who("ben"))
    assert duties("ben") == [("wish", "Weather by region", "user:amina", False)]
    assert duties("amina") == []


@pytest.fixture
def few(monkeypatch):
    """Of each kind only few are told."""
    monkeypatch.setattr("ghala.governance.duties.MOST_OF_A_KIND", 2)


@pytest.mark.usefixtures("few")
def test_what_is_for_others_takes_no_place_of_ones_own(staffed, duties, parts):
    own = parts.wishes.wish("Weather by region", "rain delays", by=staffed.who("amina"))
    parts.wishes.assign(own.id, "sales", by=staffed.who("ben"))
    for title in ("Rent", "Rates", "Roads"):
        made = parts.wishes.wish(title, "more wanted", by=staffed.who("dora"))
        parts.wishes.vote(made.id, by=staffed.who("carl"))
        parts.wishes.assign(made.id, "hr", by=staffed.steward())
    assert duties("ben") == [("wish", "Weather by region", "user:amina", False)]
    parts.incidents.open("sales/orders", "late", by=staffed.who("ben"))
    for number in range(3):
        parts.incidents.open("growth/churn", f"{number}", by=staffed.steward())
        known = parts.incidents.open("sales/orders", f"{number}", by=staffed.who("ben"))
        parts.incidents.acknowledge(known.incident.id, by=staffed.who("ben"))
    found = [about for kind, about, *_ in duties("ben") if kind == "incident"]
    assert found == ["sales/orders"]


@pytest.mark.usefixtures("few")
def test_of_each_kind_there_is_an_end(staffed, duties):
    for name in ("amina", "carl", "dora", "sam"):
        staffed.agree(name, days=30)
    staffed.people.clock.pass_s(20 * 86_400)
    assert [kind for kind, *_ in duties("ben")] == ["agreement_ends"] * 2


def test_a_token_sees_what_it_could_do_something_about(staffed, duties):
    staffed.ask()
    ben = staffed.who("ben")
    assert duties(replace(ben, scopes=frozenset({Action.DATASET_READ}))) == []
    deciding = replace(ben, scopes=frozenset({Action.AGREEMENT_DECIDE}))
    assert [kind for kind, *_ in duties(deciding)] == ["request"]
    service = Principal("service:loader", PrincipalKind.SERVICE, "analytics")
    assert duties(service) == []


def test_what_is_due_comes_first(staffed, parts):
    staffed.agree(days=30)
    staffed.people.clock.pass_s(20 * 86_400)
    staffed.ask("carl")
    kinds = [one.kind.value for one in parts.of(staffed.who("ben"))]
    assert kinds == ["agreement_ends", "request"]
