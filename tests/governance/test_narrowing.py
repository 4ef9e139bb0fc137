"""Less is approved than was asked for: fewer columns, fewer rows, less time."""

import pytest

from ghala.errors import UsageError
from ghala.model.policy import Clearance
from ghala.testing.office import COLUMNS, HIDDEN, Office
from ghala.testing.people import open_people


@pytest.fixture
def make(office_template, tmp_path):
    made = []

    def make(**options):
        made.append(Office(open_people(office_template, tmp_path), **options))
        return made[-1]

    yield make
    for office in made:
        office.people.registry.close()


def test_less_is_approved_than_was_asked_for(make):
    office = make()
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


def test_rows_are_not_chosen_by_what_whom_they_are_for_may_not_know(make):
    office = make(
        columns=(*COLUMNS, HIDDEN),
        policies='@id("find") permit (principal is User, action == Action::"dataset:discover", resource);',
    )
    asked, verbs = office.ask(columns=["id"]), office.access.requests
    by_grade = {"column": "grade", "is": "=", "value": "F"}
    ben = office.who("ben")
    with pytest.raises(UsageError, match="may not know of the column `grade`"):
        verbs.decide(asked.id, by=ben, is_approved=True, rows=by_grade)
    verbs.decide(asked.id, by=ben, is_approved=True)
    with pytest.raises(UsageError, match="may not know of the column `grade`"):
        office.access.agreements.narrow(asked.id, by=ben, rows=by_grade)
    # Masked columns are no secret, and what is granted is none either.
    by_mail = {"column": "email", "is": "null"}
    assert office.access.agreements.narrow(asked.id, by=ben, rows=by_mail).rows.column == "email"
    own = office.ask("ben", columns=["grade"], grantee="team:sales-team")
    approved = verbs.decide(own.id, by=office.steward(), is_approved=True, rows=by_grade)
    assert approved.terms.rows.column == "grade"
