"""What the example's people asked for: two agreements that are in force, and a request that waits for its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ghala.testing.demo.accounts import signed_in

if TYPE_CHECKING:
    from ghala.app import App


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: for themselves, or for a team of theirs."""

    asker: str
    dataset: str
    columns: tuple[str, ...]
    purpose: str
    days: int
    why: str
    grantee: str | None = None


AGREED = (
    Wish(
        "amina.otieno",
        "sales.orders",
        ("*",),
        "analytics",
        180,
        "how orders develop by month, country and channel",
        "team:market-insights",
    ),
    Wish(
        "hans.fischer",
        "sales.customers",
        ("customer_id", "name", "country", "city"),
        "operations",
        365,
        "labels of parcels, and a call back when one is late",
        "team:dispatch-desk",
    ),
)
"""Asked for by their readers and approved by the owner of sales."""
WAITING = Wish(
    "baraka.mwangi",
    "sales.order_lines",
    ("order_id", "line_number", "ordered_on", "sku", "quantity", "discount_percent"),
    "analytics",
    90,
    "which discounts of spring brought more orders",
)
"""Nobody has decided this yet."""
DECIDES = "grace.nakato"


def agree(app: App, password: str) -> None:
    """Let people ask, and the owner of sales approve all but the last."""
    asked = [_ask(app, password, wish) for wish in (*AGREED, WAITING)]
    with signed_in(app, DECIDES, password, "operations") as owner:
        for request in asked[: len(AGREED)]:
            app.access.requests.decide(request, by=owner, is_approved=True)


def _ask(app: App, password: str, wish: Wish) -> str:
    with signed_in(app, wish.asker, password, wish.purpose) as asker:
        request = app.access.requests.request(
            wish.dataset,
            by=asker,
            purpose=wish.purpose,
            until=datetime.now(UTC) + timedelta(days=wish.days),
            justification=wish.why,
            columns=wish.columns,
            grantee=wish.grantee,
        )
    return request.id
