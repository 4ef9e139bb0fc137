"""Tickets: opened by whoever may know the dataset, answered by its owner, seen by both, on record for ever."""

import pytest

from ghala.errors import ConflictError, DeniedError, NotFoundError, UsageError
from ghala.governance.notification_audience import People as Reached
from ghala.governance.notification_audience import find_audience
from ghala.governance.tickets import Tickets
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.ticket import TicketState
from ghala.registry import outbox


@pytest.fixture
def tickets(staffed):
    return Tickets(staffed.access.requests.scope)


def opened(staffed, tickets, by="amina", **said):
    return tickets.open(
        "sales.orders", by=staffed.who(by), found="a hundred times too large", **said
    )


def told(staffed):
    """Return what is to be told, each with whom it reaches."""
    with staffed.people.registry.read() as connection:
        now_us = staffed.people.clock()
        reached = Reached.of(connection, now_us)
        return [
            (
                str(one.notification.kind),
                sorted(
                    find_audience(
                        connection, reached, staffed.definitions, one.notification, now_us
                    ).ids
                ),
            )
            for one in outbox.unsettled(connection, 100)
            if one.notification.kind.startswith("ticket:")
        ]


def test_a_ticket_goes_from_whoever_opens_it_to_the_owner_and_back(staffed, tickets):
    made = opened(staffed, tickets, column="AMOUNT", place="3 March", expected="euros")
    assert (made.state, made.column, made.opened_by) == ("open", "amount", "user:amina")
    waiting = tickets.page(by=staffed.who("ben"), state="open").items
    assert [one.id for one in waiting] == [made.id]
    answered = tickets.answer(made.id, by=staffed.who("ben"), state="accepted", text="we look")
    assert answered.state is TicketState.ACCEPTED
    seen = tickets.find(made.id, by=staffed.who("amina"))
    assert [(one.by, one.state, one.text) for one in seen.history] == [
        ("user:amina", "open", ""),
        ("user:ben", "accepted", "we look"),
    ]
    assert told(staffed) == [
        ("ticket:opened", ["team:sales-team"]),
        ("ticket:answered", ["user:amina"]),
    ]
    assert [tag for tag in staffed.people.tags() if tag.startswith("ticket:")] == [
        "ticket:opened",
        "ticket:answered",
    ]


def test_nobodys_words_are_recorded_or_told(staffed, tickets):
    made = opened(staffed, tickets, place="order 4711")
    tickets.answer(made.id, by=staffed.who("ben"), state="answered", text="it is right so")
    with staffed.people.registry.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT objects, detail FROM audit").all())
        kept += str(connection.exec_driver_sql("SELECT body FROM outbox").all())
    assert "sales.orders" in kept
    assert not [word for word in ("hundred", "4711", "right so") if word in kept]


def test_others_see_nothing_of_it(staffed, tickets):
    made = opened(staffed, tickets)
    carl = staffed.who("carl")
    assert tickets.page(by=carl).items == ()
    for ticket_id in (made.id, "0" * 12):
        for verb, more in (
            (tickets.find, {}),
            (tickets.withdraw, {}),
            (tickets.reply, {"text": "x"}),
            (tickets.answer, {"text": "x", "state": "accepted"}),
        ):
            with pytest.raises(NotFoundError, match=f"there is no ticket `{ticket_id}`"):
                verb(ticket_id, by=carl, **more)


def test_a_steward_sees_and_answers_all(staffed, tickets):
    made = opened(staffed, tickets)
    steward = staffed.steward()
    assert [one.id for one in tickets.page(by=steward).items] == [made.id]
    assert tickets.answer(made.id, by=steward, state="declined", text="no").state == "declined"


def test_whoever_opened_it_does_not_answer_but_replies(staffed, tickets):
    made = opened(staffed, tickets)
    amina = staffed.who("amina")
    with pytest.raises(DeniedError):
        tickets.answer(made.id, by=amina, state="answered", text="x")
    with pytest.raises(DeniedError):
        tickets.reply(made.id, by=staffed.who("ben"), text="x")
    tickets.answer(made.id, by=staffed.who("ben"), state="answered", text="it is right")
    assert tickets.reply(made.id, by=amina, text="it is not").state is TicketState.OPEN
    assert tickets.reply(made.id, by=amina, text="really").state is TicketState.OPEN
    assert tickets.withdraw(made.id, by=amina).state is TicketState.WITHDRAWN
    with pytest.raises(ConflictError):
        tickets.withdraw(made.id, by=amina)
    with pytest.raises(ConflictError):
        tickets.answer(made.id, by=staffed.who("ben"), state="answered", text="x")
    states = [one.state for one in tickets.find(made.id, by=amina).history]
    assert states == ["open", "answered", "open", "open", "withdrawn"]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"state": "open", "text": "x"}, UsageError),
        ({"state": "mend", "text": "x"}, UsageError),
        ({"state": "accepted", "text": " "}, UsageError),
        ({"state": "accepted", "text": "x", "release": 1}, UsageError),
        ({"state": "mended", "text": "x"}, UsageError),
        ({"state": "mended", "text": "x", "release": 9}, NotFoundError),
    ],
)
def test_answers_that_mean_nothing_are_refused(staffed, tickets, answer, fault):
    made = opened(staffed, tickets)
    with pytest.raises(fault):
        tickets.answer(made.id, by=staffed.who("ben"), **answer)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"column": "amuont"}, NotFoundError),
        ({"release": 1}, NotFoundError),
        ({"place": "x" * 501}, UsageError),
        ({"expected": "\x1b[31m"}, UsageError),
    ],
)
def test_tickets_about_what_is_not_there_are_refused(staffed, tickets, said, fault):
    with pytest.raises(fault):
        opened(staffed, tickets, **said)
    with pytest.raises(UsageError):
        tickets.open("sales.orders", by=staffed.who("amina"), found="  ")


def test_what_may_not_be_discovered_has_no_tickets(staffed, tickets):
    refused = []
    for name in ("hr.salaries", "hr.salariez"):
        with pytest.raises(NotFoundError) as error:
            tickets.open(name, by=staffed.who("amina"), found="x")
        refused.append((str(error.value).replace(name, "X"), error.value.hint))
    assert refused[0] == refused[1]


def test_a_token_answers_only_with_its_scope(staffed, tickets):
    made = opened(staffed, tickets)

    def ben(*scopes):
        return Principal(
            "user:ben",
            PrincipalKind.USER,
            "analytics",
            teams=frozenset({"team:sales-team"}),
            scopes=frozenset(scopes),
        )

    reading = ben(Action.DATASET_READ)
    with pytest.raises(NotFoundError):
        tickets.answer(made.id, by=reading, state="accepted", text="x")
    assert tickets.page(by=reading).items == ()
    entrusted = ben(Action.DATASET_READ, Action.FEEDBACK_ANSWER)
    assert tickets.answer(made.id, by=entrusted, state="accepted", text="x").state == "accepted"


def test_nobody_opens_tickets_without_end(staffed, tickets, monkeypatch):
    monkeypatch.setattr("ghala.governance.tickets.MOST_OPEN", 2)
    first = opened(staffed, tickets)
    opened(staffed, tickets)
    with pytest.raises(Exception, match="2 tickets that wait"):
        opened(staffed, tickets)
    tickets.answer(first.id, by=OWNER_LOCAL, state="answered", text="x")
    assert opened(staffed, tickets).state == "open"


def test_a_page_begins_behind_the_one_before(staffed, tickets):
    made = []
    for _ in range(3):
        staffed.people.clock.pass_s(1)
        made.append(opened(staffed, tickets).id)
    first = tickets.page(by=staffed.who("amina"), limit=2)
    rest = tickets.page(by=staffed.who("amina"), limit=2, after=first.next)
    assert [one.id for one in (*first.items, *rest.items)] == made[::-1]
    assert rest.next is None
