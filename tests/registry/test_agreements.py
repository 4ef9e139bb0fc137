"""Requests and agreements mean the same in both databases, and their history gives back every past state."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ghala.governance.expiry import Expiries
from ghala.governance.kept_agreements import KeptAgreements
from ghala.model.agreement import Agreement
from ghala.model.agreement_history import (
    AgreementEvent,
    HistoryEntry,
    begun_detail,
    changed_detail,
    replay,
)
from ghala.model.audit_record import AuditFilter
from ghala.model.names import DatasetName
from ghala.model.page import ListPlace
from ghala.model.predicate import AllOf, Comparison, IsNull, Not, OneOf, Operator
from ghala.model.principal import OWNER_LOCAL
from ghala.model.request import Request, RequestDecision, RequestState, Terms
from ghala.registry import agreements, audit_search
from ghala.registry.epoch import EpochWatch
from ghala.registry.registry import read_epoch
from ghala.testing.office import Office
from ghala.testing.people import People

DAY_S = 86_400
NOW = datetime(2027, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
ORDERS = DatasetName("sales", "orders")
ROWS = AllOf((OneOf("region", ("KE", "größe")), Not(IsNull("paid")), Comparison("id", Operator.LESS, "9")))  # fmt: skip
TERMS = Terms(ORDERS, frozenset({"id", "email"}), "analytics", NOW + timedelta(days=9), ROWS)
REQUEST = Request("4fT0pXbq81Zc", "user:ben", TERMS, "c/1", "why", "user:ben", None, NOW, 2)
AGREEMENT = Agreement(
    REQUEST.id, "user:ben", ORDERS, TERMS.columns, "analytics", NOW, TERMS.until, ROWS, "c/1",
    reassess_at=NOW + timedelta(days=2),
)  # fmt: skip


def test_a_request_comes_back_as_it_was_kept(registry):
    decision = RequestDecision(1, is_approved=True, by="user:amina", at=NOW, reason="für später")
    with registry.write() as connection:
        agreements.add_request(connection, REQUEST)
        other = replace(REQUEST, id="0" * 12, requested_at=NOW + timedelta(seconds=1))
        agreements.add_request(connection, other)
        agreements.add_decision(connection, REQUEST.id, decision, RequestState.REQUESTED)
    with registry.read() as connection:
        kept = replace(REQUEST, decisions=(decision,))
        assert agreements.find_request(connection, REQUEST.id) == kept
        assert agreements.requests(connection) == (other, kept)
        assert agreements.requests(connection, RequestState.DENIED) == ()
        assert agreements.open_requests(connection, "user:ben") in {(other, kept), (kept, other)}
        assert agreements.find_request(connection, "1" * 12) is None


def test_an_agreement_comes_back_as_it_was_kept(registry):
    with registry.write() as connection:
        agreements.add_agreement(connection, AGREEMENT)
    with registry.read() as connection:
        assert agreements.find_agreement(connection, AGREEMENT.id) == AGREEMENT
        assert agreements.agreements(connection) == (AGREEMENT,)
    changed = replace(AGREEMENT, columns=frozenset({"id"}), rows=None, revoked_at=NOW)
    with registry.write() as connection:
        agreements.change_agreement(connection, changed)
    with registry.read() as connection:
        assert agreements.find_agreement(connection, AGREEMENT.id) == changed


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 1),
        ({"dataset_id": "c/2"}, 0),
        ({"grantees": {"team:x"}}, 0),
        ({"grantees": {"team:x", "user:ben"}}, 1),
        ({"grantees": set()}, 0),
        ({"purpose": "reporting"}, 0),
        ({"now_us": agreements.as_us(TERMS.until)}, 0),
        ({"now_us": agreements.as_us(TERMS.until) - 1}, 1),
    ],
)
def test_only_what_has_not_ended_is_looked_up(registry, asked, count):
    asked = {
        "dataset_id": "c/1",
        "grantees": {"user:ben"},
        "purpose": "analytics",
        "now_us": agreements.as_us(NOW),
    } | asked
    with registry.write() as connection:
        agreements.add_agreement(connection, AGREEMENT)
        assert len(agreements.not_ended(connection, **asked)) == count
        agreements.change_agreement(connection, replace(AGREEMENT, revoked_at=NOW))
        assert agreements.not_ended(connection, **asked) == ()


def test_any_past_state_is_rebuilt_from_the_history(registry):
    narrow = replace(AGREEMENT, columns=frozenset({"id"}))
    told = [
        (0, AgreementEvent.REQUESTED, {}),
        (0, AgreementEvent.APPROVED, begun_detail(AGREEMENT)),
        (10, AgreementEvent.NARROWED, changed_detail(narrow)),
        (20, AgreementEvent.REVOKED, {"revoked_at": (NOW + timedelta(seconds=20)).isoformat()}),
    ]
    with registry.write() as connection:
        agreements.add_agreement(connection, narrow)
        for seconds, event, detail in told:
            at = NOW + timedelta(seconds=seconds)
            agreements.add_event(
                connection, HistoryEntry(AGREEMENT.id, at, event, "user:a", detail)
            )
        moment = agreements.as_us(NOW) + 20_000_000
        assert agreements.next_time_us(connection, AGREEMENT.id, 5) == moment
        assert agreements.next_time_us(connection, AGREEMENT.id, moment + 7) == moment + 7
    with registry.read() as connection:
        for seconds, expected in ((-1, ()), (0, (AGREEMENT,)), (10, (narrow,)), (20, ())):
            time = NOW + timedelta(seconds=seconds)
            found = agreements.at(connection, "c/1", {"user:ben"}, "analytics", time)
            assert found == expected
        assert agreements.at(connection, "c/1", {"user:amina"}, "analytics", NOW) == ()
        assert [one.event for one in agreements.history(connection, AGREEMENT.id)] == [
            event for _, event, _ in told
        ]


def test_what_is_in_force_moves_the_epoch_and_what_is_asked_for_does_not(registry):
    office = Office(People(registry)).open()

    def moved(change):
        before = epoch_of(registry)
        change()
        return epoch_of(registry) > before

    asked = []
    assert not moved(lambda: asked.append(office.ask()))
    verbs, agreement = office.access.agreements, asked[0].id
    assert moved(
        lambda: office.access.requests.decide(agreement, by=office.who("ben"), is_approved=True)
    )
    assert office.read().is_allowed
    assert moved(lambda: verbs.narrow(agreement, by=OWNER_LOCAL, columns=["id"]))
    assert moved(lambda: verbs.renew(agreement, by=OWNER_LOCAL, until=office.after(100)))
    assert moved(lambda: verbs.revoke(agreement, by=OWNER_LOCAL, reason="over"))
    assert not office.read().is_allowed


def test_another_process_looks_up_again_when_the_epoch_moves_and_not_before(registry, place):
    office = Office(People(registry)).open()
    office.agree()
    other = place.open()
    epoch = EpochWatch(other, fresh_s=0)
    kept = KeptAgreements(other, lambda: office.definitions, epoch.now, office.people.clock)
    about = (ORDERS, frozenset({"user:amina", "team:growth"}), "analytics")
    (first,) = kept.of(*about)
    assert kept.of(*about)[0] is first
    office.access.agreements.narrow(first.id, by=OWNER_LOCAL, columns=["id"])
    (second,) = kept.of(*about)
    assert second.columns == {"id"}
    office.access.agreements.revoke(first.id, by=OWNER_LOCAL, reason="over")
    assert kept.of(*about) == ()
    assert kept.of(DatasetName("sales", "gone"), *about[1:]) == ()
    other.close()


def test_the_end_of_an_agreement_is_noted_once_however_many_processes_see_it(registry, place):
    office = Office(People(registry)).open()
    ids = [office.agree(columns=columns, days=2) for columns in (["id"], ["email"])]
    revoked = office.agree(columns=["region"], days=2)
    office.access.agreements.revoke(revoked, by=OWNER_LOCAL, reason="over")
    other = place.open()
    clock = office.people.clock
    everybody = [Expiries(one, clock) for one in (registry, other)]
    assert [one.note() for one in everybody] == [0, 0]
    clock.pass_s(2 * DAY_S)
    epoch = epoch_of(registry)
    with ThreadPoolExecutor(2) as apart:
        counts = list(apart.map(lambda one: one.note(), everybody))
    assert sum(counts) == 2
    assert epoch_of(registry) == epoch
    with other.read() as connection:
        for one in ids:
            told = agreements.history(connection, one)
            assert [entry.event for entry in told] == ["requested", "approved", "expired"]
            assert (told[-1].by, told[-1].at) == ("time", office.now())
            assert replay(told) == agreements.find_agreement(connection, one)
        wanted = AuditFilter(tag="agreement:expired")
        entries = audit_search.find(connection, wanted, 10)
    assert {entry.objects[0] for entry in entries} == set(ids)
    assert {entry.principal for entry in entries} == {"time"}
    assert office.access.agreements.history(ids[0], by=OWNER_LOCAL)[-1].event == "expired"
    other.close()


def test_an_end_that_a_renewal_took_back_is_noted_again(registry):
    """A clock that was set back lets an agreement be renewed whose end was noted."""
    office = Office(People(registry)).open()
    agreement, expiries = office.agree(days=2), Expiries(registry, office.people.clock)
    office.people.clock.pass_s(2 * DAY_S)
    assert expiries.note() == 1
    office.people.clock.pass_s(-DAY_S)
    office.access.agreements.renew(agreement, by=OWNER_LOCAL, until=office.after(3))
    assert expiries.note() == 0
    office.people.clock.pass_s(4 * DAY_S)
    assert (expiries.note(), expiries.note()) == (1, 0)


def test_pages_of_a_list_are_the_list(registry):
    with registry.write() as connection:
        for number in range(25):
            at = NOW + timedelta(seconds=number // 3)
            request = replace(REQUEST, id=f"{number * 7 % 25:012}", requested_at=at)
            agreements.add_request(connection, request)
            agreements.add_agreement(connection, replace(AGREEMENT, id=request.id, since=at))
    for read, place_of in (
        (agreements.requests, lambda one: ListPlace(agreements.as_us(one.requested_at), one.id)),
        (agreements.agreements, lambda one: ListPlace(agreements.as_us(one.since), one.id)),
    ):
        with registry.read() as connection:
            whole, found, after = read(connection), [], None
            while chunk := read(connection, after=after, most=4):
                found += chunk
                after = place_of(chunk[-1])
        assert tuple(found) == whole
        assert len(whole) == 25
    with registry.read() as connection:
        assert agreements.agreements(connection, dataset="SALES.orders", most=3) == whole[:3]
        assert agreements.agreements(connection, dataset="sales.order") == ()


def epoch_of(registry):
    with registry.read() as connection:
        return read_epoch(connection)
