"""Events: who may know of which, and from where somebody who comes back goes on."""

from dataclasses import replace

import pytest

from ghala.governance.events import Events
from ghala.model.event import EventKind
from ghala.model.notification import Notification, NotificationKind
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import events, identity, outbox
from ghala.testing.office import Office


@pytest.fixture
def office(people):
    return Office(people).open()


@pytest.fixture
def told(office):
    return Events(office.access.requests.scope)


def run(office, product, number="r1"):
    with office.people.registry.write() as connection:
        facts = {"run": number, "environment": "prod"}
        events.add(connection, EventKind.RUN_FAILED, product, facts, office.people.clock.us)


def tell(office, dataset_ids=("sales/orders#1",), product="sales/orders"):
    made = Notification(
        NotificationKind.CONTRACT_BROKEN,
        f"prod:{product}",
        product.split("/")[0],
        f"product:{product}",
        product,
        (product.replace("/", "."),),
        dataset_ids,
        {"environment": "prod", "rules": 1},
    )
    with office.people.registry.write() as connection:
        outbox.add(connection, made, office.people.clock.us)


def kinds(told, principal, after=0):
    return [(one.kind, one.product or one.agreement) for one in told.page(principal, after).events]


def test_runs_are_told_to_who_discovers_the_product(office, told):
    run(office, "sales/orders")
    run(office, "hr/salaries")
    run(office, "gone/product")
    assert kinds(told, office.who("amina")) == [("run:failed", "sales/orders")]
    assert kinds(told, OWNER_LOCAL) == [
        ("run:failed", "sales/orders"),
        ("run:failed", "hr/salaries"),
    ]
    assert kinds(told, office.steward()) == kinds(told, OWNER_LOCAL)


def test_requests_are_told_to_who_asks_and_who_decides(office, told):
    request = office.ask("amina").id
    for name in ("amina", "ben", "bea"):
        assert kinds(told, office.who(name)) == [("agreement:requested", request)]
    for name in ("carl", "dora"):
        assert kinds(told, office.who(name)) == []
    reading = replace(office.who("ben"), scopes=frozenset({Action.DATASET_READ}))
    assert kinds(told, reading) == []


def test_notifications_are_told_to_those_for_whom_they_are(office, told):
    agreed = office.agree("amina")
    after = told.newest()
    tell(office)
    tell(office, ("hr/salaries#1",), "hr/salaries")
    # Of the team that owns the data, and who reads it by an agreement.
    for name in ("ben", "amina"):
        (one,) = told.page(office.who(name), after).events
        assert (one.kind, one.told, one.product) == (
            "notification:told",
            "contract:broken",
            "sales/orders",
        )
    assert kinds(told, office.who("carl"), after) == []
    assert agreed


@pytest.mark.parametrize(
    ("kind", "facts", "product"),
    [
        (NotificationKind.TICKET_OPENED, {"ticket": "0123456789ab", "state": "open"}, ""),
        (NotificationKind.INCIDENT_OPENED, {"incident": "0123456789ab"}, "sales/orders"),
    ],
)
def test_a_notification_says_which_one_it_is_about(office, told, kind, facts, product):
    after = told.newest()
    named = ("sales.orders",), ("sales/orders#1",)
    made = Notification(kind, "0123456789ab", "sales", "user:amina", product, *named, facts)
    with office.people.registry.write() as connection:
        outbox.add(connection, made, office.people.clock.us)
    (one,) = told.page(office.who("ben"), after).events
    assert (one.told, one.about, one.agreement) == (kind.value, "0123456789ab", None)


def test_who_comes_back_goes_on_where_they_were(office, told):
    for number in range(5):
        run(office, "hr/salaries", f"h{number}")
        run(office, "sales/orders", f"r{number}")
    first = told.page(office.who("amina"), 0, most=2)
    assert [one.run for one in first.events] == ["r0", "r1"]
    rest = told.page(office.who("amina"), first.number)
    assert [one.run for one in rest.events] == ["r2", "r3", "r4"]
    assert told.page(office.who("amina"), rest.number) == replace(rest, events=())


def test_who_comes_too_late_is_told_so(office, told):
    run(office, "sales/orders")
    run(office, "sales/orders", "r2")
    office.people.clock.pass_s(60)
    with office.people.registry.write() as connection:
        events.forget(connection, office.people.clock.us)
    page = told.page(office.who("amina"), 0)
    assert (page.events, page.number, page.is_behind) == ((), 2, True)
    assert told.page(office.who("amina"), 1).is_behind is False
    # A place of another registry.
    assert told.page(office.who("amina"), 1_000).is_behind


def test_the_newest_come_first_as_far_as_each_may_know(office, told):
    run(office, "sales/orders")
    run(office, "hr/salaries", "r2")
    asked = office.ask()
    run(office, "sales/orders", "r3")
    kinds = [(one.kind.value, one.run) for one in told.recent(office.who("amina"))]
    assert kinds[0][1] == "r3"
    assert "r2" not in [one for _, one in kinds]
    assert ("agreement:requested", None) in kinds
    assert [one.run for one in told.recent(office.who("amina"), 1)] == ["r3"]
    # What somebody did themselves is no news to them, and runs are for those who look for them.
    tell(office)
    heard = told.recent(office.who("ben"), told=True)
    assert [(one.kind.value, one.told, one.agreement) for one in heard] == [
        ("notification:told", "contract:broken", None),
        ("agreement:requested", None, asked.id),
    ]
    assert told.recent(office.who("amina"), told=True) == ()
    office.access.requests.decide(asked.id, by=office.who("ben"), is_approved=True)
    decided = told.recent(office.who("amina"), told=True)[0]
    assert (decided.kind, decided.by) == ("agreement:approved", "user:ben")


def test_who_looks_at_many_events_is_looked_up_once(office, told, monkeypatch):
    asked = [office.ask(name).id for name in ("amina", "carl", "sam")]
    tell(office)
    looked = []
    find_account = identity.find_account

    def note(connection, account, now_us):
        looked.append(account)
        return find_account(connection, account, now_us)

    ben = office.who("ben")
    found = told.read(0)
    monkeypatch.setattr(identity, "find_account", note)
    seen = [one.agreement for one in told.seen_by(ben, found) if one.agreement]
    assert sorted(set(seen)) == sorted(asked)
    assert looked == ["user:ben"]
