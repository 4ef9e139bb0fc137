"""Less than was asked for is approved, and what is due to be looked at again."""

import pytest

from ghala.errors import UsageError
from ghala.governance.agreements import DUE_DAYS
from ghala.governance.requests import REASSESS_DAYS
from ghala.model.policy import Clearance
from ghala.testing.office import Office
from ghala.testing.people import open_people

DAY_S = 86_400


@pytest.fixture
def make(office_template, tmp_path):
    made = []

    def make(**options):
        made.append(Office(open_people(office_template, tmp_path), **options))
        return made[-1]

    yield make
    for office in made:
        office.people.registry.close()


@pytest.fixture
def office(make):
    return make()


def test_less_is_approved_than_was_asked_for(office):
    asked = office.ask(columns=["id", "email", "amount"], days=90)
    kenya = {"column": "region", "is": "=", "value": "KE"}
    ben, verbs = office.who("ben"), office.access.requests
    for wrong, words in (
        ({"columns": ["paid"]}, "is no part of it"),
        ({"until": office.after(91)}, "longer than was asked for"),
        ({"rows": {"column": "nothing", "is": "null"}}, "has no column"),
        ({"columns": ["id"], "is_approved": False, "reason": "no"}, "denied is not narrowed"),
    ):
        with pytest.raises(UsageError, match=words):
            verbs.decide(asked.id, by=ben, **{"is_approved": True} | wrong)
    assert verbs.find(asked.id, by=ben) == asked
    approved = verbs.decide(
        asked.id, by=ben, is_approved=True, columns=["ID", "amount"], rows=kenya,
        until=office.after(30),
    )  # fmt: skip
    assert verbs.find(asked.id, by=ben) == approved
    assert (approved.terms.columns, approved.terms.until) == ({"id", "amount"}, office.after(30))
    agreement = office.access.agreements.find(asked.id, by=ben)
    assert (agreement.columns, agreement.until) == ({"id", "amount"}, office.after(30))
    (admission,) = office.read().admissions
    assert (admission.columns, admission.rows.column) == ({"id", "amount"}, "region")
    assert office.read().clearance("email") is Clearance.MASKED


def test_the_next_level_decides_about_what_is_left(make):
    office = make(second="privacy")
    asked = office.ask(columns=["id", "email"])
    verbs = office.access.requests
    verbs.decide(asked.id, by=office.who("ben"), is_approved=True, columns=["id"])
    dora = office.who("dora")
    assert verbs.find(asked.id, by=dora).terms.columns == {"id"}
    with pytest.raises(UsageError, match="is no part of it"):
        verbs.decide(asked.id, by=dora, is_approved=True, columns=["email"])
    verbs.decide(asked.id, by=dora, is_approved=True)
    assert office.access.agreements.find(asked.id, by=dora).columns == {"id"}
    first, second = office.access.agreements.history(asked.id, by=dora)[1:]
    assert (first.detail["columns"], "since" in first.detail) == (["id"], False)
    assert "since" in second.detail


def test_what_is_due_is_for_whoever_may_look_again(office):
    old, short = office.agree(days=360), office.agree(days=90, columns=["amount"])

    def listed(name, **only):
        return {one.id for one in office.access.agreements.page(by=office.who(name), **only).items}

    assert listed("ben", due=True) == set()
    office.people.clock.pass_s((REASSESS_DAYS - DUE_DAYS) * DAY_S)
    assert listed("ben", due=True) == {old}
    assert listed("amina", due=True) == set()
    office.access.agreements.reassess(old, by=office.who("ben"))
    assert listed("ben", due=True) == set()
    assert listed("amina", own=True) == {old, short}
    assert listed("ben", own=True) == set()
