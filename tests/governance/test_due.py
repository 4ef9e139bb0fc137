"""Agreements at which somebody should look again."""

import pytest

from ghala.governance.agreements import DUE_DAYS
from ghala.governance.requests import REASSESS_DAYS
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
