"""Points in time as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_AGO = re.compile(r"(\d{1,6})(min|m|h|d|w)")
_UNITS = {"min": "minutes", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_moment(text: str, now: datetime) -> datetime:
    """Return the time that a text names: ISO 8601, in UTC unless it says otherwise, or how long before `now`.

    >>> now = datetime(2026, 3, 8, 12, tzinfo=UTC)
    >>> str(parse_moment("7d", now)), str(parse_moment("2026-03-01", now))
    ('2026-03-01 12:00:00+00:00', '2026-03-01 00:00:00+00:00')

    Raises:
        ValueError: it is neither.
    """
    if found := _AGO.fullmatch(text):
        try:
            return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
        except OverflowError as error:
            raise ValueError("it is too long ago") from error
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def microseconds(moment: datetime) -> int:
    """Return a time as microseconds since 1970.

    >>> microseconds(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def of_microseconds(since_1970: int) -> datetime:
    """Return a time that is kept as microseconds since 1970, in UTC.

    >>> str(of_microseconds(86_400_000_001))
    '1970-01-02 00:00:00.000001+00:00'
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=since_1970)
