"""The silo of logistics: one shipment for each order, a file for each month."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from ghala.testing.demo.chance import draws, spread
from ghala.testing.demo.defects import Defect, FileTally
from ghala.testing.demo.files import write_records
from ghala.testing.demo.trade import market_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghala.testing.demo.months import Month
    from ghala.testing.demo.trade import Trade

PERIOD = 400
PLACES = {
    33: Defect.BAD_DATE,
    151: Defect.DUPLICATE,
    277: Defect.RAGGED,
    349: Defect.TOO_PRECISE,
}
"""Which of each `PERIOD` shipments carries which defect."""
HEADER = "shipment_id|order_id|warehouse|carrier|destination|shipped_on|promised_on|delivered_on|weight_kg"
WAREHOUSES = spread(["hamburg", "kampala", "kampala", "mombasa"])
CARRIERS = spread(["Kasi", "Nordlicht", "Safari Cargo", "Ziwa Line"])
DAYS_ON_THE_WAY = spread([1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 9])
DAYS_PROMISED = 6
LONGEST_WAY = 60
IN_TRANSIT_BELOW = 5
"""Below this draw (of 256), the goods had not arrived when the file was written."""


def write_shipments(landing: Path, trade: Trade, month: Month) -> FileTally:
    """Write the shipments of one month's orders."""
    defects: Counter[Defect] = Counter()
    path = f"logistics/shipments_{month}.csv"
    return write_records(landing, path, _shipments(trade, month, defects), defects, header=HEADER)


def _shipments(trade: Trade, month: Month, defects: Counter[Defect]) -> Iterator[str]:
    days = [
        (month.first_day + timedelta(days=offset)).isoformat()
        for offset in range(month.day_count + LONGEST_WAY)
    ]
    orders = list(trade.orders(month))
    for order, draw in zip(orders, draws(f"logistics/{month}", len(orders), 5), strict=True):
        shipped = order.day + draw[0] % 3
        arrived = shipped + DAYS_ON_THE_WAY[draw[1]]
        shipped_on = days[shipped - 1]
        delivered_on = "" if draw[2] < IN_TRANSIT_BELOW else days[arrived - 1]
        weight = f"{draw[3] % 40}.{draw[4]:03}"
        before = f"SH-{order.number[3:]}|{order.number}|{WAREHOUSES[draw[3]]}|"
        carrier, destination = CARRIERS[draw[4]], market_of(order.customer).country
        promised_on = days[order.day - 1 + DAYS_PROMISED]
        defect = PLACES.get(order.ordinal % PERIOD)
        if defect is not None:
            defects[defect] += 1
            match defect:
                case Defect.BAD_DATE:
                    shipped_on = "0000-00-00"
                case Defect.DUPLICATE:
                    # Booked once more by hand, with another weight.
                    defects[defect] += 1
                    yield f"{before}{carrier}|{destination}|{shipped_on}|{promised_on}|{delivered_on}|0.000"
                case Defect.TOO_PRECISE:
                    weight += "25"
                case _:
                    carrier = "Kasi|Express"
        yield f"{before}{carrier}|{destination}|{shipped_on}|{promised_on}|{delivered_on}|{weight}"
