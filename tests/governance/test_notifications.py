"""Who is told what, with which names, and what becomes of it on its way."""

from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.notification_routing import Routing
from ghala.governance.notifications import (
    GIVEN_UP_S,
    LEASE_S,
    LONGEST_WAIT_S,
    MOST_ATTEMPTS,
    Notifications,
)
from ghala.model.notification import Channel, Notification, NotificationKind, Told
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import outbox
from ghala.testing.office import HIDDEN, Office
from ghala.testing.people import open_people

OPS = Channel("ops", "env:OPS")
SALES = Channel("sales", "env:SALES", to=frozenset({"team:sales-team"}))
AMINA = Channel("amina", "env:AMINA", to=frozenset({"user:amina"}))
CARL = Channel("carl", "env:CARL", to=frozenset({"user:carl"}))
ALL = (OPS, SALES, AMINA, CARL)


@dataclass
class Receivers:
    """Takes messages, by the address to which they were sent; `down` are those that do not."""

    got: list = field(default_factory=list)
    down: set = field(default_factory=set)
    opened: list = field(default_factory=list)

    @contextmanager
    def open(self, address, secret, _is_stopped):
        self.opened.append((address, secret))

        def send(message):
            if address in self.down:
                return "the receiver answered 503"
            self.got.append((address, message))
            return None

        yield send

    def titles(self, address):
        return [message.title for place, message in self.got if place == address]


@dataclass
class Desk:
    office: Office
    receivers: Receivers
    notifications: Notifications

    def deliver(self):
        return self.notifications.deliver(within_s=60)

    def pass_s(self, seconds):
        self.office.people.clock.pass_s(seconds)

    def tell(self, kind=NotificationKind.RUN_FAILED, dataset_id="sales/orders#1", **facts):
        made = Notification(
            kind,
            "prod:sales/orders",
            "sales",
            "product:sales/orders",
            "sales/orders",
            ("sales.orders",),
            (dataset_id,),
            {"environment": "prod", "run": "r1", **facts},
        )
        with self.office.people.registry.write() as connection:
            outbox.add(connection, made, self.office.people.clock.us)

    def listed(self, state=None):
        return self.notifications.deliveries(by=OWNER_LOCAL, state=state)


@pytest.fixture
def make(office_template, tmp_path):
    made = []

    def make(channels=ALL, missing=(), **options):
        office = Office(open_people(office_template, tmp_path), **options)
        made.append(office)
        scope = office.access.requests.scope
        receivers = Receivers()

        def read_secret(reference):
            if reference in missing:
                raise UsageError(f"`{reference}` is not set")
            return reference.removeprefix("env:").lower()

        routing = Routing(
            scope.registry,
            scope.definitions,
            scope.decider,
            scope.purposes,
            channels,
            14,
            scope.now_us,
        )
        notifications = Notifications(
            routing, receivers, read_secret, "acme", "https://data.acme.example/"
        )
        return Desk(office, receivers, notifications)

    yield make
    for office in made:
        office.people.registry.close()


@pytest.fixture
def desk(make):
    return make()


def test_a_request_is_told_to_who_decides_and_the_decision_to_who_asked(desk):
    asked = desk.office.ask()
    assert desk.deliver() == Told(2, 0, 0)
    asks = "Ghala: user:amina asks for access to sales.orders"
    assert desk.receivers.titles("sales") == [asks]
    assert desk.receivers.titles("amina") == desk.receivers.titles("carl") == []
    by = desk.office.who("ben")
    desk.office.access.requests.decide(asked.id, by=by, is_approved=True, reason="secret words")
    desk.deliver()
    approved = "Ghala: access to sales.orders was approved for user:amina"
    assert desk.receivers.titles("amina") == [approved]
    assert desk.receivers.titles("sales") == [asks]
    assert desk.receivers.titles("ops") == [asks, approved]
    (message,) = [one for place, one in desk.receivers.got if place == "amina"]
    assert f"https://data.acme.example/api/v1/requests/{asked.id}" in message.text
    assert f"It gives 2 columns until {desk.office.after(90):%Y-%m-}" in message.text
    for _, message in desk.receivers.got:
        assert not {"churn model", "secret words"} & {message.text}
        assert "churn model" not in str(message.facts)


def test_each_level_is_told_when_it_is_its_turn(make):
    desk = make(
        (Channel("privacy", "env:P", to=frozenset({"team:privacy"})), SALES), second="privacy"
    )
    asked = desk.office.ask()
    desk.deliver()
    assert (len(desk.receivers.titles("sales")), desk.receivers.titles("p")) == (1, [])
    desk.office.access.requests.decide(asked.id, by=desk.office.who("ben"), is_approved=True)
    desk.deliver()
    assert len(desk.receivers.titles("p")) == 1
    assert len(desk.receivers.titles("sales")) == 1


def test_what_was_decided_before_anybody_could_be_told_is_not_asked(desk):
    desk.office.agree()
    desk.deliver()
    assert desk.receivers.titles("sales") == []
    assert len(desk.receivers.titles("amina")) == 1


def test_nobody_is_told_of_what_they_did_themselves(desk):
    agreed = desk.office.agree()
    desk.deliver()
    desk.office.access.agreements.revoke(agreed, by=desk.office.who("amina"), reason="done")
    desk.deliver()
    assert len(desk.receivers.titles("amina")) == 1
    assert "was revoked" in desk.receivers.titles("ops")[-1]


def test_narrowing_renewing_and_revoking_are_told_to_the_grantee(desk):
    agreed, agreements = desk.office.agree(), desk.office.access.agreements
    ben = desk.office.who("ben")
    agreements.narrow(agreed, by=ben, columns=["id"], reason="less")
    agreements.renew(agreed, by=ben, until=desk.office.after(200))
    agreements.revoke(agreed, by=ben, reason="over")
    desk.deliver()
    told = " ".join(desk.receivers.titles("amina"))
    assert all(word in told for word in ("approved", "narrowed", "renewed", "revoked"))


def test_a_failed_run_is_told_to_the_owner_and_a_broken_contract_to_consumers_too(desk):
    desk.office.agree()
    desk.deliver()
    desk.receivers.got.clear()
    desk.tell(why="A step could not do its work")
    desk.deliver()
    assert desk.receivers.titles("sales") == ["Ghala: sales/orders failed"]
    assert desk.receivers.titles("amina") == []
    desk.tell(NotificationKind.CONTRACT_BROKEN, rules=2, rows=1_200)
    desk.deliver()
    assert desk.receivers.titles("amina") == ["Ghala: sales/orders broke its contract"]
    assert desk.receivers.titles("carl") == []
    assert "2 rules failed, for 1,200 rows" in desk.receivers.got[-1][1].text


def test_a_break_in_another_environment_is_not_for_consumers(desk):
    desk.office.agree()
    desk.deliver()
    desk.tell(NotificationKind.CONTRACT_BROKEN, environment="dev")
    desk.deliver()
    assert len(desk.receivers.titles("amina")) == 1
    assert desk.receivers.titles("sales")[-1] == "Ghala: sales/orders broke its contract in dev"


def test_who_may_not_discover_a_dataset_is_told_no_name(make):
    desk = make(
        columns=(HIDDEN,),
        policies='@id("no") forbid (principal == User::"carl", action, resource);',
    )
    office = desk.office
    office.access.requests.request(
        "sales.orders",
        by=OWNER_LOCAL,
        purpose="analytics",
        until=office.after(90),
        justification="x",
        columns=["grade"],
        grantee="user:carl",
    )
    (asked,) = office.access.requests.requests(by=OWNER_LOCAL)
    office.access.requests.decide(asked.id, by=office.who("ben"), is_approved=True)
    desk.deliver()
    (message,) = [one for place, one in desk.receivers.got if place == "carl"]
    whole = f"{message.title} {message.text} {message.facts}"
    assert "was approved" in message.title
    assert "sales" not in whole
    assert "orders" not in whole
    assert "sales.orders" in desk.receivers.titles("ops")[-1]
    assert not next(one for one in desk.listed() if one.channel == "carl").is_named


def test_a_dataset_that_is_promised_no_more_has_no_name_but_for_operators(desk):
    desk.tell(dataset_id="gone")
    desk.deliver()
    assert desk.receivers.titles("sales") == ["Ghala: a product failed"]
    assert desk.receivers.titles("ops") == ["Ghala: sales/orders failed"]


def test_a_channel_tells_its_kinds_and_domains_only(make):
    kinds = frozenset({NotificationKind.CONTRACT_BROKEN})
    one = Channel("one", "env:ONE", kinds=kinds)
    other = Channel("other", "env:OTHER", domains=frozenset({"hr"}))
    desk = make((one, other))
    desk.tell()
    desk.tell(NotificationKind.CONTRACT_BROKEN)
    desk.deliver()
    assert desk.receivers.titles("one") == ["Ghala: sales/orders broke its contract"]
    assert desk.receivers.titles("other") == []


def test_an_agreement_that_ends_soon_is_told_once_for_each_end(desk):
    agreed = desk.office.agree(days=90)
    desk.deliver()
    assert desk.notifications.routing.note_expiring() == 0
    desk.pass_s(80 * 86_400)
    assert desk.notifications.routing.note_expiring() == 1
    assert desk.notifications.routing.note_expiring() == 0
    desk.deliver()
    assert "ends soon" in desk.receivers.titles("amina")[-1]
    desk.office.access.agreements.renew(
        agreed, by=desk.office.who("ben"), until=desk.office.after(20)
    )
    assert desk.notifications.routing.note_expiring() == 0
    desk.pass_s(10 * 86_400)
    assert desk.notifications.routing.note_expiring() == 1


def test_an_agreement_for_a_few_days_is_not_told_to_end_soon(desk):
    desk.office.agree(days=7)
    assert desk.notifications.routing.note_expiring() == 0


def test_a_receiver_that_was_down_is_told_when_it_is_up(make):
    desk = make((OPS, SALES))
    desk.receivers.down.add("ops")
    desk.tell()
    assert desk.deliver() == Told(1, 1, 0)
    waiting = desk.listed("waiting")[0]
    assert (waiting.channel, waiting.fault) == ("ops", "the receiver answered 503")
    assert desk.deliver() == Told()
    desk.receivers.down.clear()
    desk.pass_s(31)
    assert desk.deliver() == Told(1, 0, 0)
    assert [one.state for one in desk.listed()] == ["delivered", "delivered"]


def test_tries_are_bounded_and_what_is_dead_can_be_tried_again(make):
    desk = make((OPS,))
    desk.receivers.down.add("ops")
    desk.tell()
    for number in range(1, MOST_ATTEMPTS + 1):
        assert desk.deliver() == Told(0, 1, int(number == MOST_ATTEMPTS))
        desk.pass_s(LONGEST_WAIT_S)
    assert desk.deliver() == Told()
    (dead,) = desk.listed("dead")
    desk.receivers.down.clear()
    desk.notifications.retry(dead.number, by=OWNER_LOCAL)
    assert desk.deliver() == Told(1, 0, 0)
    assert desk.office.people.tags()[-1] == "delivery:retried"
    with pytest.raises(UsageError):
        desk.notifications.retry(dead.number, by=OWNER_LOCAL)


def test_a_receiver_that_is_down_keeps_no_other_waiting(make):
    desk = make((OPS, SALES))
    desk.receivers.down.add("ops")
    for _ in range(5):
        desk.tell()
    told = desk.deliver()
    assert (told.delivered, told.failed) == (5, 2)
    assert {one.attempts for one in desk.listed("waiting")} == {0, 1}


def test_a_channel_whose_address_is_not_there_waits_and_is_given_up(make):
    desk = make((OPS,), missing={"env:OPS"})
    desk.tell()
    desk.notifications.routing.settle()
    assert desk.deliver() == Told()
    assert desk.listed()[0].attempts == 0
    assert desk.notifications.statuses(by=OWNER_LOCAL)[0].fault == "`env:OPS` is not set"
    desk.pass_s(GIVEN_UP_S + 1)
    assert desk.notifications.clear() == 1
    assert desk.listed()[0].state == "dead"


def test_what_happened_long_before_is_no_news(desk):
    desk.tell()
    desk.pass_s(GIVEN_UP_S + 1)
    desk.deliver()
    assert desk.receivers.got == []
    assert desk.listed() == ()


def test_what_somebody_claimed_and_never_sent_is_sent_by_the_next(make):
    desk = make((OPS,))
    desk.tell()
    desk.notifications.routing.settle()
    now_us = desk.office.people.clock.us
    with desk.office.people.registry.write() as connection:
        until_us = now_us + LEASE_S * 1_000_000
        claimed = outbox.claim(
            connection, ["ops"], "another", now_us=now_us, until_us=until_us, limit=1
        )
    assert len(claimed) == 1
    assert desk.deliver() == Told()
    desk.pass_s(LEASE_S + 1)
    assert desk.deliver() == Told(1, 0, 0)


def test_only_administrators_look_and_test(desk):
    ben, notifications = desk.office.who("ben"), desk.notifications
    for verb in (
        lambda: notifications.deliveries(by=ben),
        lambda: notifications.statuses(by=ben),
        lambda: notifications.retry(1, by=ben),
        lambda: notifications.test("ops", by=ben),
    ):
        with pytest.raises(DeniedError):
            verb()
    with pytest.raises(NotFoundError):
        notifications.retry(1, by=OWNER_LOCAL)
    with pytest.raises(UsageError):
        notifications.deliveries(by=OWNER_LOCAL, state="lost")
    with pytest.raises(NotFoundError, match="no channel"):
        notifications.test("nope", by=OWNER_LOCAL)


def test_a_test_says_how_it_went(desk):
    assert desk.notifications.test("ops", by=OWNER_LOCAL) is None
    assert desk.receivers.titles("ops") == ["Ghala: a test"]
    desk.receivers.down.add("ops")
    assert desk.notifications.test("ops", by=OWNER_LOCAL) == "the receiver answered 503"
    assert desk.office.people.tags()[-1] == "channel:tested"
