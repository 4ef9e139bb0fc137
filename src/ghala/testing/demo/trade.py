"""What the departments have in common although they do not know it: goods, markets and orders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ghala.testing.demo.chance import BYTE_VALUES, draws, spread
from ghala.testing.demo.months import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.testing.demo.months import Month

LINES_AT_SCALE_1 = 100_000
BUYERS_AT_SCALE_1 = 8_000
FEWEST_BUYERS = 40
LINES_PER_ORDER = (3, 1, 4, 2)
"""How many lines the first, second, third and fourth of each four orders have."""


class Market(NamedTuple):
    """A country in which the company sells; one euro was worth `units_per_eur` at the beginning."""

    country: str
    currency: str
    units_per_eur: str
    cities: tuple[str, ...]


MARKETS = (
    Market("DE", "EUR", "1", ("Hamburg", "Bremen", "München")),
    Market("GB", "GBP", "0.86", ("Bristol", "Leeds", "London")),
    Market("IT", "EUR", "1", ("Genova", "Torino", "Trieste")),
    Market("KE", "KES", "168", ("Kisumu", "Mombasa", "Nairobi")),
    Market("NL", "EUR", "1", ("Amsterdam", "Rotterdam", "Utrecht")),
    Market("RW", "RWF", "1390", ("Huye", "Kigali", "Musanze")),
    Market("TZ", "TZS", "2750", ("Arusha", "Dar es Salaam", "Mwanza")),
    Market("UG", "UGX", "4120", ("Entebbe", "Jinja", "Kampala")),
)
MARKET_TABLE = spread([7, 3, 7, 6, 3, 0, 7, 1, 4, 3, 5, 7, 6, 2, 3, 7])
"""A draw to the index of a market: half of the customers are in Uganda and Kenya."""
CATEGORIES = ("books", "coffee", "honey", "lamps", "solar", "spices", "tea", "tools")
QUALITIES = ("Amani", "Bahari", "Dhahabu", "Jua", "Kilima", "Mwezi", "Nyota", "Upepo")
SIZES = ("small", "medium", "large", "family")
CHANNELS = ("partner", "shop", "web")


class Good(NamedTuple):
    """Something that the company sells."""

    sku: str
    name: str
    category: str
    price_in_cents: int


@cache
def goods() -> tuple[Good, ...]:
    """Return the whole catalogue, one good for each value of a byte.

    >>> goods()[9]
    Good(sku='SKU-0009', name='Amani coffee, medium', category='coffee', price_in_cents=2325)
    """
    found = []
    for number, (draw,) in enumerate(draws("catalogue/prices", BYTE_VALUES)):
        quality, size = divmod(number // len(CATEGORIES), len(SIZES))
        category = CATEGORIES[number % len(CATEGORIES)]
        name = f"{QUALITIES[quality]} {category}, {SIZES[size]}"
        found.append(Good(f"SKU-{number:04}", name, category, 150 + draw * 25))
    return tuple(found)


class Order(NamedTuple):
    """What a customer ordered on one day; the lines are drawn by whoever needs them."""

    number: str
    ordinal: int
    customer: int
    day: int
    channel: str
    line_count: int


@dataclass(frozen=True, slots=True)
class Trade:
    """The company's orders at one scale; everything is a linear share of scale 1."""

    scale: float

    @property
    def line_count(self) -> int:
        """How many order lines all months have together."""
        return round(LINES_AT_SCALE_1 * self.scale)

    @property
    def buyer_count(self) -> int:
        """How many customers have ever ordered something; they are numbered from 0."""
        return max(FEWEST_BUYERS, round(BUYERS_AT_SCALE_1 * self.scale))

    def orders(self, month: Month) -> Iterator[Order]:
        """Yield the orders of one month; their `ordinal` counts over all months."""
        line_count = len(month.share(self.line_count))
        order_count = order_count_of(line_count)
        first = sum(
            order_count_of(len(earlier.share(self.line_count))) for earlier in MONTHS[: month.index]
        )
        days = spread(range(1, month.day_count + 1))
        channels = spread(CHANNELS)
        buyer_count, prefix, remaining = (
            self.buyer_count,
            f"SO-{month.year}{month.number:02}",
            line_count,
        )
        for index, draw in enumerate(draws(f"trade/orders/{month}", order_count, 5)):
            lines = min(LINES_PER_ORDER[index % 4], remaining)
            remaining -= lines
            customer = int.from_bytes(draw[:3], "big") % buyer_count
            yield Order(
                f"{prefix}-{index:06}",
                first + index,
                customer,
                days[draw[3]],
                channels[draw[4]],
                lines,
            )


def market_of(customer: int) -> Market:
    """Return where a customer is, which never changes.

    >>> market_of(12).country
    'TZ'
    """
    return MARKETS[MARKET_TABLE[customer * 37 % BYTE_VALUES]]


def customer_id(customer: int) -> str:
    """Return the number under which sales knows a customer.

    >>> customer_id(12)
    'C0000012'
    """
    return f"C{customer:07}"


def order_count_of(line_count: int) -> int:
    """Return how many orders that many lines make.

    >>> [order_count_of(lines) for lines in (0, 3, 4, 5, 10, 11)]
    [0, 1, 2, 3, 4, 5]
    """
    full, rest = divmod(line_count, sum(LINES_PER_ORDER))
    count = full * len(LINES_PER_ORDER)
    for lines in LINES_PER_ORDER:
        if rest <= 0:
            break
        count, rest = count + 1, rest - lines
    return count
