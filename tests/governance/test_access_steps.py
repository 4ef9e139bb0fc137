"""Whose turn it is: what is offered is what works, and nothing else is."""

from dataclasses import replace

import pytest

from ghala.errors import DeniedError
from ghala.model.access_step import AccessStep
from ghala.model.policy import Action
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
    agreement = office.ask().id
    for name in ("ben", "dora"):
        office.access.requests.decide(agreement, by=office.who(name), is_approved=True)
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
