"""All departments' files: what lands in which month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.testing.demo.finance import write_exchange_rates, write_ledger
from ghala.testing.demo.logistics import write_shipments
from ghala.testing.demo.months import LAST_MONTH, MONTHS
from ghala.testing.demo.people import write_staff
from ghala.testing.demo.sales import write_customers, write_goods, write_order_lines
from ghala.testing.demo.trade import Trade
from ghala.testing.demo.web import write_events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghala.testing.demo.defects import FileTally
    from ghala.testing.demo.months import Month


def write_good_months(landing: Path, scale: float) -> tuple[FileTally, ...]:
    """Write what is there at every time, and every month but the last."""
    return tuple(_write_good_months(landing, Trade(scale)))


def write_last_month(landing: Path, scale: float, *, is_broken: bool) -> tuple[FileTally, ...]:
    """Write the last month of every department; the export of sales can be broken."""
    return tuple(_write_month(landing, Trade(scale), LAST_MONTH, is_broken=is_broken))


def _write_good_months(landing: Path, trade: Trade) -> Iterator[FileTally]:
    yield write_goods(landing)
    yield write_customers(landing, trade)
    yield write_staff(landing)
    yield write_exchange_rates(landing)
    for month in MONTHS[:-1]:
        yield from _write_month(landing, trade, month)


def _write_month(
    landing: Path, trade: Trade, month: Month, *, is_broken: bool = False
) -> Iterator[FileTally]:
    yield write_order_lines(landing, trade, month, is_broken=is_broken)
    yield write_shipments(landing, trade, month)
    yield write_ledger(landing, trade, month)
    yield write_events(landing, trade, month)
