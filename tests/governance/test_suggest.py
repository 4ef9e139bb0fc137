"""What use speaks for: agreements that nobody used, and columns that nobody looked at."""

import pytest

from ghala.errors import UsageError
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import audit
from ghala.testing.office import ORDERS, Office
from ghala.testing.people import open_people

DAY_S = 86_400


@pytest.fixture
def office(office_template, tmp_path, monkeypatch):
    office = Office(open_people(office_template, tmp_path))
    # The chain takes its time from the machine; here it takes it from the office's clock.
    monkeypatch.setattr(audit, "now_us", office.people.clock)
    yield office
    office.people.registry.close()


def read(office, who, *columns, purpose="analytics", name=ORDERS):
    facts = {"release": 1, "columns": list(columns[:1]), "masked": list(columns[1:])}
    detail = {"read_id": "r", "datasets": {name: facts}}
    entry = AuditEntry(AuditTag.DATASET_READ, who, purpose, (ORDERS,), detail)
    with office.people.registry.write() as connection:
        audit.append(connection, entry)


def suggested(office, **options):
    found = office.access.suggestions.suggest(by=OWNER_LOCAL, **options)
    return [(one.agreement, one.change.value, one.columns, one.reads) for one in found]


def test_what_nobody_used_could_end(office):
    agreement = office.agree(days=300)
    assert suggested(office) == []
    office.people.clock.pass_s(91 * DAY_S)
    assert suggested(office) == [(agreement, "end", (), 0)]
    read(office, "user:amina", "id", "email")
    assert suggested(office) == []
    office.people.clock.pass_s(91 * DAY_S)
    assert suggested(office) == [(agreement, "end", (), 0)]
    assert suggested(office, days=120) == []


def test_columns_that_no_read_looked_at_could_go(office):
    agreement = office.agree(days=300, columns=["id", "email", "amount"])
    office.people.clock.pass_s(91 * DAY_S)
    read(office, "user:amina", "id", name=f"{ORDERS}@3")
    read(office, "user:amina", "amount")
    assert suggested(office) == [(agreement, "narrow", ("amount", "id"), 2)]
    (found,) = office.access.suggestions.suggest(by=office.who("ben"))
    assert (found.unused_columns, found.last_used) == (("email",), office.now())
    assert office.access.suggestions.suggest(by=office.who("carl")) == ()


def test_only_reads_that_it_could_have_allowed_count(office):
    agreement = office.agree(days=300)
    office.people.clock.pass_s(91 * DAY_S)
    read(office, "user:carl", "id", "email")
    read(office, "user:amina", "id", "email", purpose="operations")
    assert suggested(office) == [(agreement, "end", (), 0)]


def test_a_team_uses_what_its_members_read(office):
    office.agree(days=300, grantee="team:growth")
    office.people.clock.pass_s(91 * DAY_S)
    read(office, "user:amina", "id", "email")
    assert suggested(office) == []


def test_what_has_ended_and_a_number_that_is_none(office):
    office.agree(days=1)
    office.people.clock.pass_s(300 * DAY_S)
    assert suggested(office) == []
    with pytest.raises(UsageError):
        suggested(office, days=0)
