"""Moments and counts as people read them."""

from __future__ import annotations

from datetime import UTC, datetime


def when(moment: datetime | None) -> str | None:
    """Return a moment in UTC to the second; None if there is none.

    >>> when(datetime(2024, 2, 29, 12, 30, 1, 999, tzinfo=UTC))
    '2024-02-29 12:30:01Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ") if moment else None


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs it.

    >>> count(1, "row"), count(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
