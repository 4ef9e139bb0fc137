"""The silo of sales: customers, the catalogue, and a monthly export of order lines from two tools."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ghala.testing.demo.chance import BYTE_VALUES, draws, spread
from ghala.testing.demo.defects import Defect, FileTally
from ghala.testing.demo.files import write_records
from ghala.testing.demo.trade import MARKETS, customer_id, goods, market_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghala.testing.demo.months import Month
    from ghala.testing.demo.trade import Trade

FIRST_MONTH_OF_NEW_TOOL = 14
"""The index of the month in which sales moved to another tool."""
PERIOD = 500
PLACES = {
    57: Defect.BAD_DATE,
    123: Defect.DUPLICATE,
    211: Defect.ORPHAN,
    307: Defect.TOO_PRECISE,
    401: Defect.RAGGED,
}
"""Which of each `PERIOD` order lines carries which defect."""
NEGATIVE_EVERY = 3
"""In the broken month, every third sound line has a negative quantity."""

OLD_HEADER = (
    "order_id,line,order_date,customer_id,sku,quantity,unit_price,discount_pct,currency,channel"
)
NEW_HEADER = "OrderNo;Line;OrderDate;ClientNo;SKU;Qty;UnitPrice;Discount;Currency;Channel"
CUSTOMER_HEADER = "customer_id,name,kind,country,city,email,phone,customer_since"
GOODS_HEADER = "sku;name;category;list_price_eur"
SURNAMES = ("Achieng", "Bianchi", "Mukasa", "Mwangi", "Nakato", "Njeri", "Okello", "de Vries")
BUSINESSES = (
    "Duka",
    "Farm Supply",
    "Handels GmbH",
    "Import",
    "Sons & Co",
    "Stores",
    "Traders",
    "Ltd",
)
KINDS = spread(["business", "person", "person"])
CENT = Decimal("0.01")
DISCOUNTS = spread([0, 0, 0, 0, 0, 5, 10, 0])


class _Layout(NamedTuple):
    """How a tool writes a line: the text of every good by currency, and the rest."""

    goods: dict[str, list[tuple[str, str]]]
    discounts: list[str]
    separator: str


def write_goods(landing: Path) -> FileTally:
    """Write the list of goods, which has no defects."""
    records = (
        f'{good.sku};"{good.name}";{good.category};{_comma(Decimal(good.price_in_cents) / 100)}'
        for good in goods()
    )
    return write_records(landing, "sales/catalogue.csv", records, Counter(), header=GOODS_HEADER)


def write_customers(landing: Path, trade: Trade) -> FileTally:
    """Write all customers; those with a defect never bought anything."""
    defects: Counter[Defect] = Counter()
    return write_records(
        landing, "sales/customers.csv", _customers(trade, defects), defects, header=CUSTOMER_HEADER
    )


def write_order_lines(
    landing: Path, trade: Trade, month: Month, *, is_broken: bool = False
) -> FileTally:
    """Write one month's export, in the layout of the tool that was in use."""
    defects: Counter[Defect] = Counter()
    is_new = month.index >= FIRST_MONTH_OF_NEW_TOOL
    records = _order_lines(trade, month, defects, is_new=is_new, is_broken=is_broken)
    path = f"sales/lines_{month}.csv" if is_new else f"sales/orders-{month}.csv"
    return write_records(
        landing, path, records, defects, header=NEW_HEADER if is_new else OLD_HEADER
    )


def _customers(trade: Trade, defects: Counter[Defect]) -> Iterator[str]:
    for number, draw in enumerate(draws("sales/customers", trade.buyer_count, 4)):
        yield _customer(number, draw)
    # Customers who never bought anything carry the defects, so that no order loses its customer by them.
    strays = draws("sales/strays", 6, 4)
    number = trade.buyer_count
    for stray in strays[:2]:
        defects[Defect.DUPLICATE] += 2
        yield _customer(number, stray)
        yield _customer(number, stray[::-1])
        number += 1
    for stray in strays[2:4]:
        defects[Defect.BAD_DATE] += 1
        yield _customer(number, stray, since="2023-02-30")
        number += 1
    defects[Defect.UNKNOWN_CODE] += 1
    yield _customer(number, strays[4], country="XX")
    defects[Defect.MISSING] += 1
    yield _customer(number + 1, strays[5], name="")


def _customer(
    number: int, draw: bytes, *, name: str | None = None, country: str = "", since: str = ""
) -> str:
    market = market_of(number)
    surname = SURNAMES[draw[0] % len(SURNAMES)]
    kind = KINDS[draw[1]]
    if name is None:
        # The comma in a business's name is why the field is quoted.
        business = BUSINESSES[draw[2] % len(BUSINESSES)]
        name = (
            f'"{surname}, {business}"'
            if kind == "business"
            else f"{chr(65 + draw[2] % 26)}. {surname}"
        )
    mailbox = f"{surname.lower().replace(' ', '')}.{number}@example.org"
    phone = f"+{250 + draw[3] % 6}-555-{number % 10_000:04}"
    city = market.cities[draw[3] % len(market.cities)]
    since = since or f"20{16 + draw[0] % 8}-{draw[1] % 12 + 1:02}-{draw[2] % 28 + 1:02}"
    return f"{customer_id(number)},{name},{kind},{country or market.country},{city},{mailbox},{phone},{since}"


def _order_lines(
    trade: Trade, month: Month, defects: Counter[Defect], *, is_new: bool, is_broken: bool
) -> Iterator[str]:
    layout = _layout(is_new=is_new)
    separator, discounts = layout.separator, layout.discounts
    ordinals = month.share(trade.line_count)
    ordinal = ordinals.start
    lines = iter(draws(f"sales/lines/{month}", len(ordinals), 2))
    for order in trade.orders(month):
        currency = market_of(order.customer).currency
        texts = layout.goods[currency]
        day = _day(month, order.day, is_new=is_new)
        middle = f"{day}{separator}{customer_id(order.customer)}{separator}"
        tail = f"{separator}{currency}{separator}{order.channel}"
        for line in range(1, order.line_count + 1):
            good, how = next(lines)
            sku, price = texts[good]
            defect = PLACES.get(ordinal % PERIOD)
            quantity = how % 12 + 1
            head = f"{order.number}{separator}{line}{separator}"
            if defect is None:
                if is_broken and ordinal % NEGATIVE_EVERY == 0:
                    defects[Defect.NEGATIVE] += 1
                    quantity = -quantity
                yield f"{head}{middle}{sku}{separator}{quantity}{separator}{price}{separator}{discounts[how]}{tail}"
            else:
                yield from _defective(
                    defect,
                    defects,
                    [order.number, str(line), day, customer_id(order.customer), sku],
                    [str(quantity), price, discounts[how], currency, order.channel],
                    separator=separator,
                    bad_day=_day(month, 32, is_new=is_new),
                )
            ordinal += 1


def _defective(
    defect: Defect,
    defects: Counter[Defect],
    first: list[str],
    second: list[str],
    *,
    separator: str,
    bad_day: str,
) -> Iterator[str]:
    defects[defect] += 1
    match defect:
        case Defect.BAD_DATE:
            first[2] = bad_day
        case Defect.DUPLICATE:
            # The tool exported the line twice, and somebody had corrected the quantity in between.
            defects[defect] += 1
            yield separator.join([*first, str(int(second[0]) + 1), *second[1:]])
        case Defect.ORPHAN:
            first[3] = "C9999999"
        case Defect.TOO_PRECISE:
            second[1] += "5"
        case _:
            second = second[:3] if separator == "," else [*second, "x"]
    yield separator.join([*first, *second])


@lru_cache(maxsize=2)
def _layout(*, is_new: bool) -> _Layout:
    texts: dict[str, list[tuple[str, str]]] = {}
    for units_per_eur, currency in {(market.units_per_eur, market.currency) for market in MARKETS}:
        rate = Decimal(units_per_eur)
        written = []
        for good in goods():
            price = (good.price_in_cents * rate / 100).quantize(CENT)
            written.append((good.sku, _comma(price) if is_new else str(price)))
        texts[currency] = [written[_popular(draw)] for draw in range(BYTE_VALUES)]
    discounts = [f"0,{percent:02}" if is_new else str(percent) for percent in DISCOUNTS]
    return _Layout(texts, discounts, ";" if is_new else ",")


def _popular(draw: int) -> int:
    """Return the place of a good in the catalogue; those at the beginning are ordered more often."""
    return draw * draw // BYTE_VALUES


def _day(month: Month, day: int, *, is_new: bool) -> str:
    return f"{day:02}.{month.number:02}.{month.year}" if is_new else f"{month}-{day:02}"


def _comma(amount: Decimal) -> str:
    """Return an amount as the new tool writes it.

    >>> _comma(Decimal("1234.5"))
    '1.234,50'
    """
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
