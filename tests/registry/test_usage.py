"""Usage: questions of the audit, each counted once, by week; over both databases."""

import threading
from datetime import timedelta

import pytest

from ghala.governance import usage as governed
from ghala.governance.access_scope import AccessScope
from ghala.governance.audit import Audit
from ghala.governance.usage import WEEKS, Usage
from ghala.model.audit_record import ReadOutcome
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.registry import audit, usage
from ghala.registry.registry import now_us
from ghala.registry.releases import as_time
from ghala.testing.catalog import ANN, Eyes, column, definitions, product
from ghala.testing.people import People

KNOWN = definitions(
    product("sales/orders", {"orders": [column("id")], "lines": [column("id")]}),
    product("hr/salaries", {"salaries": [column("salary")]}),
)
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")
REPORT = Principal("product:finance/report", PrincipalKind.PRODUCT, "production")
QUESTION = {"statement_sha256": "0" * 64}


@pytest.fixture
def people(registry):
    people = People(registry)
    # Entries of the audit have the real time.
    people.clock.us = now_us()
    return people


@pytest.fixture
def used(registry, people):
    scope = AccessScope(
        registry, lambda: KNOWN, Eyes({"sales.lines"}), dict, lambda: None, people.clock
    )
    return Usage(scope)


@pytest.fixture
def read(registry):
    """Record a read as the doors do."""

    def append(entry):
        with registry.write() as connection:
            audit.append(connection, entry)

    def call(who, *names, rows=0, detail=QUESTION):
        reading = Audit(append).started(who, names, detail)
        reading.rows = rows
        reading.ended(ReadOutcome.FINISHED)

    return call


def test_questions_are_counted_once_with_their_rows(used, read):
    read(ANN, "sales.orders", rows=10)
    read(ANN, "sales.orders", "hr.salaries", rows=5)
    assert used.of("sales/orders", by=OWNER_LOCAL).queries == 2
    read(REPORT, "sales.orders", rows=100)
    found = used.of("sales/orders", by=OWNER_LOCAL)
    assert (found.people, found.programs, found.queries, found.rows) == (1, 1, 3, 115)
    assert [(one.dataset, one.queries) for one in found.datasets] == [("sales.orders", 3)]
    assert [(one.principal, one.queries, one.rows) for one in found.consumers] == [
        ("user:ann", 2, 15),
        ("product:finance/report", 1, 100),
    ]


def test_a_look_at_a_profile_or_a_page_of_an_answer_is_no_question(used, read):
    read(ANN, "sales.orders", rows=7, detail={"form": "profile"})
    page = {"environment": "prod", "question": "x", "page": {"start": 0, "rows": 7}}
    read(ANN, "sales.orders", rows=7, detail=QUESTION | page)
    found = used.of("sales/orders", by=OWNER_LOCAL)
    assert (found.queries, found.rows, found.consumers) == (0, 0, ())
    assert not used.has_queried("user:ann", ["sales.orders"])


def test_rows_are_found_when_the_outcome_comes_in_another_lot(registry, used, read):
    for _ in range(3):
        read(ANN, "sales.orders", rows=4)
        read(ANN, "sales.orders", rows=4, detail=QUESTION | {"page": {"start": 0, "rows": 4}})
    for _ in range(20):
        with registry.write() as connection:
            usage.count(connection, usage.behind(connection), 1)
    with registry.read() as connection:
        assert usage.behind(connection) == {}
    found = used.of("sales/orders", by=OWNER_LOCAL)
    assert (found.queries, found.rows) == (3, 12)


def test_two_that_count_the_same_count_it_once(registry, used, read):
    read(ANN, "sales.orders", rows=4)
    with registry.read() as connection:
        places = usage.behind(connection)
    for _ in range(2):
        with registry.write() as connection:
            usage.count(connection, places, 100)
    assert used.of("sales/orders", by=OWNER_LOCAL).queries == 1


def test_weeks_begin_on_mondays_and_old_ones_are_left_out(used, read, people):
    read(ANN, "sales.orders", rows=1)
    found = used.of("sales/orders", by=OWNER_LOCAL)
    assert len(found.weeks) == WEEKS
    assert {one.start.weekday() for one in found.weeks} == {0}
    assert (found.weeks[-1].people, found.weeks[-1].queries) == (1, 1)
    assert sum(one.queries for one in found.weeks) == 1
    last = found.weeks[-1].start
    assert last <= as_time(people.clock.us).date() < last + timedelta(days=8)
    people.clock.pass_s(7 * 24 * 3600)
    assert used.of("sales/orders", by=OWNER_LOCAL).weeks[-2].queries == 1
    people.clock.pass_s(WEEKS * 7 * 24 * 3600)
    assert used.of("sales/orders", by=OWNER_LOCAL).queries == 0
    # What was long ago was done all the same.
    assert used.has_queried("user:ann", ["sales.orders"])


def test_names_are_for_those_who_answer_and_hidden_datasets_count_for_nobody(used, read, people):
    people.add("ann", "olga")
    for team, name in (("sales-team", "olga"), ("growth", "ann")):
        people.identity.teams.add(team, by=OWNER_LOCAL)
        people.identity.teams.join(team, name, by=OWNER_LOCAL)
    read(ANN, "sales.orders", rows=1)
    read(ANN, "sales.lines", rows=50)
    read(BEN, "sales.orders", rows=1)
    told = used.of("sales/orders", by=people.principal("ann"))
    assert (told.people, told.teams, told.queries, told.rows) == (2, 1, 2, 2)
    assert (told.consumers, told.agreements, told.agreement_count) == (None, None, 0)
    owner = used.of("sales/orders", by=people.principal("olga"))
    assert [(one.principal, one.teams) for one in owner.consumers] == [
        ("user:ann", ("team:growth",)),
        ("user:ben", ()),
    ]


def test_who_looks_waits_for_a_part_and_the_rest_is_counted_soon_after(
    registry, used, read, monkeypatch
):
    for _ in range(20):
        read(ANN, "sales.orders", rows=1)
    monkeypatch.setattr(governed, "_ENTRIES_AT_ONCE", 1)
    counted = []
    count = usage.count

    def note(*about):
        counted.append(threading.current_thread())
        count(*about)

    monkeypatch.setattr(usage, "count", note)
    used.of("sales/orders", by=OWNER_LOCAL)
    assert counted.count(threading.main_thread()) == 5
    for thread in threading.enumerate():
        if thread.name == "usage":
            thread.join()
    with registry.read() as connection:
        assert usage.behind(connection) == {}
    monkeypatch.undo()
    assert used.of("sales/orders", by=OWNER_LOCAL).queries == 20


def test_what_somebody_queried_lately_is_found_whatever_others_did(registry, used, read, people):
    read(ANN, "sales.orders", rows=1)
    read(BEN, "hr.salaries", rows=1)
    used.catch_up()
    today = people.clock.us // usage.DAY_US
    with registry.read() as connection:
        assert usage.queried_since(connection, "user:ann", today - 30) == {"sales.orders"}
        assert usage.queried_since(connection, "user:ann", today + 2) == set()
        assert usage.queried_since(connection, "user:zoe", today - 30) == set()
