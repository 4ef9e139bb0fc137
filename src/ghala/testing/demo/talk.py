"""What the example's people say about its data: wishes with votes, a search in vain, a wrong value and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.testing.demo.accounts import signed_in

if TYPE_CHECKING:
    from ghala.app import App

WISHES = (
    (
        "baraka.mwangi",
        "Weather by region",
        "Deliveries are late when it rains, and nobody can say by how much.",
    ),
    ("hans.fischer", "Returns by reason", "To see which goods come back damaged from the road."),
)
"""Who wishes for what, and what for."""
VOTES = ("amina.otieno", "grace.nakato")
"""Who wants the first of them too."""
MISSED = ("weather", "returns", "supplier prices")
"""What was looked for and not found; the first twice."""


def talk(app: App, password: str) -> None:
    """Let people wish, search in vain, and report a value, which the owner of sales answers."""
    wishes, tickets = app.talk.wishes, app.talk.tickets
    made = []
    for who, title, reason in WISHES:
        with signed_in(app, who, password, "analytics") as asker:
            made.append(wishes.wish(title, reason, by=asker).id)
    for who in VOTES:
        with signed_in(app, who, password, "analytics") as voter:
            wishes.vote(made[0], by=voter)
    for text in (*MISSED, MISSED[0]):
        app.finders.demand.missed(text)
    with signed_in(app, "amina.otieno", password, "analytics") as analyst:
        ticket = tickets.open(
            "sales.orders",
            by=analyst,
            place="orders of partners in the last month",
            found="The channel is `shop`, although a partner ordered.",
            expected="partner",
            column="channel",
        )
    with signed_in(app, "grace.nakato", password, "operations") as owner:
        tickets.answer(
            ticket.id,
            by=owner,
            state="accepted",
            text="Thank you: the new tool has the partners' shops as shops. We ask its maker.",
        )
