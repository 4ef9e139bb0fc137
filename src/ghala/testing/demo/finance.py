"""The silo of finance: the ledger of each month, and the group's exchange rates."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from ghala.testing.demo.chance import draws
from ghala.testing.demo.defects import Defect, FileTally
from ghala.testing.demo.files import write_records
from ghala.testing.demo.months import MONTHS
from ghala.testing.demo.trade import MARKETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghala.testing.demo.months import Month
    from ghala.testing.demo.trade import Trade

LINES_PER_VOUCHER = 20
"""There is one voucher for that many order lines."""
PERIOD = 250
PLACES = {
    7: Defect.RAGGED,
    19: Defect.TOO_PRECISE,
    33: Defect.BAD_DATE,
}
"""Which of each `PERIOD` vouchers carries which defect, in its second entry."""
LEDGER_HEADER = "voucher,entry,booked_on,account,cost_centre,debit,credit,text"
RATES_HEADER = "Month,Currency,Units per EUR"
ACCOUNTS = ("4000", "4100", "5000", "6000", "6100", "7000")
COST_CENTRES = ("finance", "logistics", "people", "sales", "web")
TEXTS = ('"Rent, monthly"', "Freight", "Goods received", "Invoice", 'Office, "Kampala"', "Wages")


def write_exchange_rates(landing: Path) -> FileTally:
    """Write the group's rates of all months, fixed in advance as treasuries do."""
    return write_records(
        landing, "finance/exchange_rates.csv", _rates(), Counter(), header=RATES_HEADER
    )


def write_ledger(landing: Path, trade: Trade, month: Month) -> FileTally:
    """Write what was booked in one month: vouchers of two entries, one debit and one credit."""
    defects: Counter[Defect] = Counter()
    path = f"finance/ledger_{month}.csv"
    return write_records(
        landing, path, _ledger(trade, month, defects), defects, header=LEDGER_HEADER
    )


def _rates() -> Iterator[str]:
    units = {market.currency: Decimal(market.units_per_eur) for market in MARKETS}
    for month in MONTHS:
        for (currency, rate), (draw,) in zip(
            sorted(units.items()), draws(f"finance/rates/{month}", len(units)), strict=True
        ):
            # At most a hundredth up or down from the rate of the first day.
            drift = Decimal(0) if currency == "EUR" else Decimal(draw - 128) / 12_800
            yield f"{month}-01,{currency},{(rate * (1 + drift)).quantize(Decimal('0.000001'))}"


def _ledger(trade: Trade, month: Month, defects: Counter[Defect]) -> Iterator[str]:
    ordinals = month.share(trade.line_count // LINES_PER_VOUCHER)
    drawn = draws(f"finance/ledger/{month}", len(ordinals), 5)
    for ordinal, draw in zip(ordinals, drawn, strict=True):
        voucher = f"V{month.year}{month.number:02}-{ordinal - ordinals.start:05}"
        day = f"{month}-{draw[0] % month.day_count + 1:02}"
        amount = f"{draw[1] * 256 + draw[2]}.{draw[3] % 100:02}"
        cost_centre, text = (
            COST_CENTRES[draw[4] % len(COST_CENTRES)],
            _quoted(TEXTS[draw[4] % len(TEXTS)]),
        )
        yield f"{voucher},1,{day},{ACCOUNTS[draw[4] % len(ACCOUNTS)]},{cost_centre},{amount},0.00,{text}"
        defect = PLACES.get(ordinal % PERIOD)
        if defect is not None:
            defects[defect] += 1
            match defect:
                case Defect.BAD_DATE:
                    day = day[:-2] + "00"
                case Defect.TOO_PRECISE:
                    amount += "5"
                case _:
                    text = "Rent, not quoted"
        yield f"{voucher},2,{day},1200,{cost_centre},0.00,{amount},{text}"


def _quoted(text: str) -> str:
    """Return a text as a CSV field."""
    inner = text.strip('"') if text.startswith('"') else text
    if "," not in inner and '"' not in inner:
        return inner
    return '"' + inner.replace('"', '""') + '"'
