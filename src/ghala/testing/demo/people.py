"""The silo of people: one list of the staff, with everything that must not leave the department.

All persons are invented: each name is put together from two lists, each number from its place.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ghala.testing.demo.chance import draws
from ghala.testing.demo.defects import Defect, FileTally
from ghala.testing.demo.files import write_records
from ghala.testing.demo.trade import MARKETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAFF_COUNT = 240
PLACES = {
    31: Defect.TOO_PRECISE,
    97: Defect.BAD_DATE,
    149: Defect.DUPLICATE,
    211: Defect.MISSING,
}
"""Which persons' records carry which defect, by their place in the list."""
HEADER = (
    "Personnel no;Given name;Family name;National id;Born;Phone;Private e-mail;Department;Position;"
    "Country;Hired;Manager;Monthly salary;Currency;Bank account"
)
GIVEN_NAMES = (
    "Aisha", "Akello", "Amina", "Anna", "Baraka", "Brigitte", "Chipo", "David", "Emanuela", "Esther",
    "Fatuma", "Friedrich", "Giulia", "Grace", "Hans", "Imani", "Jabali", "Johan", "Kato", "Lars",
    "Mirembe", "Neema", "Okot", "Paolo", "Rehema", "Sanne", "Tendo", "Upendo", "Wambui", "Zawadi",
)  # fmt: skip
FAMILY_NAMES = (
    "Achieng", "Akinyi", "Barasa", "Bianchi", "Byaruhanga", "Conti", "de Vries", "Fischer", "Hoffmann",
    "Kamau", "Kiprotich", "Kyomuhendo", "Lubega", "Makori", "Mugisha", "Mukasa", "Mwangi", "Nabirye",
    "Nakato", "Ndayishimiye", "Njeri", "Ochieng", "Okello", "Otieno", "Russo", "Smit", "Ssempijja",
    "Uwase", "Wanjiru", "Weber",
)  # fmt: skip
DEPARTMENTS = ("finance", "logistics", "people", "sales", "sales", "web")
POSITIONS = ("assistant", "clerk", "clerk", "specialist", "specialist", "team lead")
DIALLING_CODES = {
    "DE": 49,
    "GB": 44,
    "IT": 39,
    "KE": 254,
    "NL": 31,
    "RW": 250,
    "TZ": 255,
    "UG": 256,
}


def write_staff(landing: Path) -> FileTally:
    """Write the list of the staff; the company has as many people at every scale."""
    defects: Counter[Defect] = Counter()
    return write_records(landing, "people/staff.csv", _staff(defects), defects, header=HEADER)


def _staff(defects: Counter[Defect]) -> Iterator[str]:
    for number, draw in enumerate(draws("people/staff", STAFF_COUNT, 8)):
        fields = _person(number, draw)
        defect = PLACES.get(number)
        if defect is not None:
            defects[defect] += 1
            match defect:
                case Defect.BAD_DATE:
                    fields[4] = "31/02/1990"
                case Defect.DUPLICATE:
                    # Two persons were given the same number.
                    defects[defect] += 1
                    yield ";".join([*_person(number, draw[::-1])])
                case Defect.MISSING:
                    fields[2] = ""
                case _:
                    fields[12] += "9"
        yield ";".join(fields)


def _person(number: int, draw: bytes) -> list[str]:
    market = MARKETS[draw[0] % len(MARKETS)]
    given = GIVEN_NAMES[draw[1] % len(GIVEN_NAMES)]
    family = FAMILY_NAMES[draw[2] % len(FAMILY_NAMES)]
    rank = draw[3] % len(POSITIONS)
    cents = int(float(market.units_per_eur) * (45_000 + rank * 22_000 + draw[4] * 150))
    salary = f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02}"
    manager = "" if number == 0 else f"P{number // 8:04}"
    return [
        f"P{number:04}",
        given,
        family,
        f"{market.country}{1960 + draw[5] % 30}{number:05}{draw[6]:03}{chr(65 + draw[7] % 26)}",
        f"{draw[6] % 28 + 1:02}/{draw[7] % 12 + 1:02}/{1960 + draw[5] % 30}",
        f"+{DIALLING_CODES[market.country]} 555 {number:03} {draw[6]:03}",
        f"{given}.{family.replace(' ', '')}.{number}@example.net".lower(),
        DEPARTMENTS[draw[5] % len(DEPARTMENTS)],
        POSITIONS[rank],
        market.country,
        f"{draw[1] % 28 + 1:02}/{draw[2] % 12 + 1:02}/{2008 + draw[4] % 16}",
        manager,
        salary,
        market.currency,
        f"{market.country}00{draw.hex()[:12].upper()}{number:06}",
    ]
