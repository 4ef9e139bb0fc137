"""Whose turn it is: what is offered is what works, and nothing else is."""

from dataclasses import replace

import pytest

from ghala.errors import DeniedError
from ghala.governance.agreements import DUE_DAYS
from ghala.governance.requests import REASSESS_DAYS
from ghala.model.access_step import AccessStep
from ghala.model.policy import Action
from ghala.registry import agreements, identity
from ghala.testing.office import Office
from ghala.testing.people import open_people

LESS, ALL = {"narrow", "revoke"}, {"narrow", "reassess", "renew", "revoke"}


@pytest.fixture
def office(office_template, tmp_path):
    office = Office(open_people(office_template, tmp_path), second="privacy")
    yield office
    office.people.registry.close()


def of_request(office, asked, by):
    found = office.access.requests.find(asked, by=by)
    (turn,) = office.access.steps.of_requests([found], by=by)
    return set(turn.may), turn.deciders


def of_agreement(office, agreement, by):
    found = office.access.agreements.find(agreement, by=by)
    (turn,) = office.access.steps.of_agreements([found], by=by)
    return set(turn.may), turn.deciders


def agree(office, **terms):
    """Ask, let both levels approve, and return the id."""
    asked = office.ask(**terms).id
    for name in ("ben", "dora"):
        office.access.requests.decide(asked, by=office.who(name), is_approved=True)
    return asked


def test_a_request_is_decided_by_its_level_and_withdrawn_by_its_asker(office):
    asked, verbs = office.ask().id, office.access.requests
    amina, ben, dora = map(office.who, ("amina", "ben", "dora"))
    first, second = ("team:sales-team",), ("team:privacy",)
    assert of_request(office, asked, amina) == ({"withdraw"}, first)
    assert of_request(office, asked, ben) == ({"decide"}, first)
    assert of_request(office, asked, dora) == (set(), first)
    verbs.decide(asked, by=ben, is_approved=True)
    assert of_request(office, asked, ben) == (set(), second)
    assert of_request(office, asked, dora) == ({"decide"}, second)
    verbs.decide(asked, by=dora, is_approved=True)
    assert of_request(office, asked, dora) == (set(), ())
    assert of_request(office, asked, amina) == (set(), ())


def test_an_agreement_is_ended_by_many_and_prolonged_by_few(office):
    agreement = agree(office)
    deciders = ("team:privacy",)
    amina = office.who("amina")
    assert of_agreement(office, agreement, amina) == (LESS, deciders)
    assert of_agreement(office, agreement, office.who("ben")) == (LESS, deciders)
    assert of_agreement(office, agreement, office.who("dora")) == (ALL, deciders)
    with pytest.raises(DeniedError):
        office.access.agreements.renew(agreement, by=office.who("ben"), until=office.after(200))
    office.access.agreements.revoke(agreement, by=amina, reason="over")
    assert of_agreement(office, agreement, office.who("dora")) == (set(), ())


def test_a_token_offers_what_its_scopes_allow(office):
    asked = office.ask().id
    reader = replace(office.who("ben"), scopes=frozenset({Action.AGREEMENT_REQUEST}))
    assert of_request(office, asked, reader) == (set(), ("team:sales-team",))
    decider = replace(reader, scopes=frozenset({Action.AGREEMENT_DECIDE}))
    assert of_request(office, asked, decider)[0] == {AccessStep.DECIDE}


def test_ones_own_are_what_one_asked_for_or_gets(office):
    own = [office.ask().id, office.ask(grantee="team:growth").id]
    foreign = office.ask("carl", columns=["id"]).id

    def listed(by):
        found = office.access.requests.page(by=by, own=True).items
        return {one.id for one in found}

    assert listed(office.who("amina")) == set(own)
    assert listed(office.who("carl")) == {foreign}
    assert listed(office.who("ben")) == set()


def test_what_is_due_is_for_whoever_may_look_again(office):
    old, short = agree(office, days=360), agree(office, days=90, columns=["amount"])

    def listed(name, **only):
        return {one.id for one in office.access.agreements.page(by=office.who(name), **only).items}

    assert listed("dora", due=True) == set()
    office.people.clock.pass_s((REASSESS_DAYS - DUE_DAYS) * 86_400)
    assert listed("dora", due=True) == {old}
    assert listed("amina", due=True) == set()
    office.access.agreements.reassess(old, by=office.who("dora"))
    assert listed("dora", due=True) == set()
    assert listed("amina", own=True) == {old, short}
    assert listed("ben", own=True) == set()


def test_who_looks_at_many_is_looked_up_once(office, monkeypatch):
    for name in ("amina", "carl", "sam"):
        agree(office, by=name)
    ben, dora = office.who("ben"), office.who("dora")
    found = office.access.agreements.page(by=ben).items
    looked = []
    find_account = identity.find_account

    def note(connection, account, now_us):
        looked.append(account)
        return find_account(connection, account, now_us)

    monkeypatch.setattr(identity, "find_account", note)
    turns = office.access.steps.of_agreements(found, by=ben)
    assert [set(turn.may) for turn in turns] == [LESS] * 3
    assert looked == ["user:ben"]
    looked.clear()
    # Of those at the last level it is looked up who answers for the grantee, with their requests.
    monkeypatch.setattr(agreements, "find_request", None)
    turns = office.access.steps.of_agreements(found, by=dora)
    assert [set(turn.may) for turn in turns] == [ALL] * 3
    assert looked == ["user:dora"]
