"""Moments and counts as people read and write them."""

from __future__ import annotations

from datetime import UTC, datetime

from ghala.errors import UsageError
from ghala.model.moment import parse_moment


def when(moment: datetime | str | None) -> str | None:
    """Return a moment, also one in the words of ISO 8601, in UTC to the second; None if there is none.

    >>> when(datetime(2024, 2, 29, 12, 30, 1, 999, tzinfo=UTC)), when("2024-02-29T13:30:01+01:00")
    ('2024-02-29 12:30:01Z', '2024-02-29 12:30:01Z')
    """
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ") if moment else None


def read_moment(text: str) -> datetime:
    """Return the time that an option names.

    Raises:
        UsageError: it names none.
    """
    try:
        return parse_moment(text, datetime.now(UTC))
    except ValueError as error:
        hint = "write 2026-03-01, 2026-03-01T08:30, 30min, 2h, 7d or 4w"
        raise UsageError(f"`{text[:80]}` is no time", hint=hint) from error


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs it.

    >>> count(1, "row"), count(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def span(seconds: int) -> str:
    """Return a time in its two largest units, exactly where it has no more.

    >>> span(25_920), span(-90_000), span(59), span(0)
    ('7 h 12 min', '-1 d 1 h', '59 s', '0 s')
    """
    left, parts = abs(seconds), []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        amount, left = divmod(left, size)
        if amount:
            parts.append(f"{amount} {unit}")
    return ("-" if seconds < 0 else "") + (" ".join(parts[:2]) or "0 s")
