"""The silo of the web shop: nested events as its collector writes them, one JSON object a line."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from ghala.testing.demo.chance import draws, spread
from ghala.testing.demo.defects import Defect, FileTally
from ghala.testing.demo.files import write_records
from ghala.testing.demo.trade import CATEGORIES, customer_id, market_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghala.testing.demo.months import Month
    from ghala.testing.demo.trade import Trade

EVENTS_PER_10_LINES = 6
EVENTS_PER_SESSION = (1, 5, 2, 8, 4)
"""How many events the first, second … of each five visits have."""
PERIOD = 400
PLACES = {
    41: Defect.BROKEN_JSON,
    173: Defect.RESENT,
    299: Defect.BAD_DATE,
}
"""Which of each `PERIOD` events carries which defect."""
DEVICES = spread(["desktop", "mobile", "mobile", "tablet"])
SYSTEMS = spread(["Android", "Android", "iOS", "Linux", "Windows"])
REFERRERS = spread(["null", '"https://search.example/"', '"https://social.example/"'])
ANONYMOUS_BELOW = 96
"""Below this draw (of 256), the visitor was not signed in."""


def write_events(landing: Path, trade: Trade, month: Month) -> FileTally:
    """Write the events of one month."""
    defects: Counter[Defect] = Counter()
    records = _events(trade, month, defects)
    return write_records(landing, f"web/events-{month}.ndjson", records, defects)


def event_count(trade: Trade) -> int:
    """Return how many different events all months have together."""
    return trade.line_count * EVENTS_PER_10_LINES // 10


def _events(trade: Trade, month: Month, defects: Counter[Defect]) -> Iterator[str]:
    ordinals = month.share(event_count(trade))
    stamp = f"{month.year}{month.number:02}"
    drawn = iter(draws(f"web/{month}", len(ordinals), 4))
    ordinal, visit = ordinals.start, 0
    while ordinal < ordinals.stop:
        size = min(EVENTS_PER_SESSION[visit % len(EVENTS_PER_SESSION)], ordinals.stop - ordinal)
        start = ordinal - ordinals.start
        for place, draw in enumerate(islice(drawn, size)):
            if place == 0:
                visitor, day, hour = (
                    _visitor(trade, draw),
                    draw[1] % month.day_count + 1,
                    draw[2] % 23,
                )
                rest = (
                    f'"session":{{"id":"s-{stamp}-{visit:06}","referrer":{REFERRERS[draw[3]]}}},'
                    f'"user":{visitor},"device":{{"type":"{DEVICES[draw[3]]}","os":"{SYSTEMS[draw[2]]}"}}'
                )
            at = f"{month}-{day:02}T{hour:02}:{place * 7:02}:{draw[0] % 60:02}Z"
            defect = PLACES.get(ordinal % PERIOD)
            if defect is Defect.BAD_DATE:
                at = at.replace("T", "T9")
            event = (
                f'{{"id":"e-{stamp}-{start + place:07}","at":"{at}","kind":"{_kind(place)}",'
                f'{rest},"page":{_page(place, draw)}}}'
            )
            if defect is not None:
                defects[defect] += 1
                if defect is Defect.BROKEN_JSON:
                    # The collector was stopped while it wrote.
                    event = event[: len(event) // 2]
                elif defect is Defect.RESENT:
                    yield event
            yield event
            ordinal += 1
        visit += 1


def _visitor(trade: Trade, draw: bytes) -> str:
    if draw[0] < ANONYMOUS_BELOW:
        return "null"
    customer = int.from_bytes(draw[1:], "big") % trade.buyer_count
    return f'{{"id":"{customer_id(customer)}","country":"{market_of(customer).country}"}}'


def _kind(place: int) -> str:
    """Return what a visitor does at that place of a visit: look, look, put into the cart, buy."""
    return ("view", "view", "view", "cart", "view", "cart", "checkout", "view")[place]


def _page(place: int, draw: bytes) -> str:
    if place == 0:
        return '{"path":"/","items":[]}'
    category = CATEGORIES[draw[3] % len(CATEGORIES)]
    return (
        f'{{"path":"/{category}/SKU-{draw[3]:04}",'
        f'"items":[{{"sku":"SKU-{draw[3]:04}","quantity":{draw[2] % 4 + 1}}}]}}'
    )
