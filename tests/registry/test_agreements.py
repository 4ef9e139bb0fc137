"""Requests and agreements mean the same in both databases, and their history gives back every past state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ghala.governance.kept_agreements import KeptAgreements
from ghala.model.agreement import Agreement
from ghala.model.agreement_history import AgreementEvent, HistoryEntry, begun_detail, changed_detail
from ghala.model.names import DatasetName
from ghala.model.predicate import AllOf, Comparison, IsNull, Not, OneOf, Operator
from ghala.model.principal import OWNER_LOCAL
from ghala.model.request import Request, RequestDecision, RequestState, Terms
from ghala.registry import agreements
from ghala.registry.epoch import EpochWatch
from ghala.registry.registry import read_epoch
from ghala.testing.office import Office
from ghala.testing.people import People

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


def epoch_of(registry):
    with registry.read() as connection:
        return read_epoch(connection)
