"""The two years that the example organisation has behind it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

FIRST_YEAR = 2024
MONTH_COUNT = 24
MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month of trade; `index` counts from 0."""

    index: int

    @property
    def year(self) -> int:
        """The calendar year."""
        return FIRST_YEAR + self.index // MONTHS_IN_YEAR

    @property
    def number(self) -> int:
        """The month of the year, 1 to 12."""
        return self.index % MONTHS_IN_YEAR + 1

    @property
    def day_count(self) -> int:
        """How many days it has."""
        return monthrange(self.year, self.number)[1]

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    def __str__(self) -> str:
        """Return the month as ISO 8601 writes it.

        >>> str(Month(13)), Month(13).day_count
        ('2025-02', 28)
        """
        return f"{self.year}-{self.number:02}"

    def share(self, total: int) -> range:
        """Return which of `total` things, numbered from 0, fall into this month; each month gets its share.

        >>> [len(Month(index).share(100)) for index in (0, 1, 23)]
        [4, 4, 5]
        """
        return range(self.index * total // MONTH_COUNT, (self.index + 1) * total // MONTH_COUNT)


MONTHS = tuple(Month(index) for index in range(MONTH_COUNT))
"""All months, oldest first."""
LAST_MONTH = MONTHS[-1]
"""The month that arrives broken."""
