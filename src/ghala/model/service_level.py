"""Service levels: until when the next release must come, and how much of an error budget is spent. Whole seconds."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ghala.errors import Place

DAY_S = 24 * 3600
WINDOW_DAYS = 30
TARGET_PERCENT = 99.0
"""For so much of the time a level is promised where a contract does not say."""
NEVER_S = 2**53
"""Later than any moment: what is due then is never late."""
_PER_PERCENT = 1_000
_LAST_YEAR = 9999


class LevelKind(StrEnum):
    """What of a service level is measured, in the words of ODCS; keep sorted."""

    FREQUENCY = "frequency"
    FRESHNESS = "freshness"
    LATENCY = "latency"
    RETENTION = "retention"
    TIME_OF_AVAILABILITY = "timeOfAvailability"


@dataclass(frozen=True, slots=True)
class PromisedLevel:
    """One promise about when data is there; it is measured by the times of releases.

    For `frequency` and `freshness` the next release comes within `seconds` and `months` of the last one. For
    `timeOfAvailability` there is a release each day by `second_of_day`, in UTC. For `latency` a release comes within
    them of the newest moment in its `column`. For `retention` no release that is younger than `seconds` and `months` is
    gone. `words` is how the contract says it.
    """

    kind: LevelKind
    words: str
    seconds: int = 0
    months: int = 0
    second_of_day: int = 0
    column: str = ""
    target_percent: float = TARGET_PERCENT
    place: Place | None = field(default=None, compare=False)

    @property
    def has_budget(self) -> bool:
        """Whether it holds from second to second, so that time in which it does not can be counted."""
        return self.kind is not LevelKind.RETENTION

    def due_s(self, released_s: int, newest_s: int | None = None) -> int:
        """Return the second at which the release after one that came at `released_s` is late.

        A release whose `newest_s` came too late is late from its own second on, until another one takes its place; one
        that came in time, or of which nobody knows, never is. Only `latency` looks at it.

        >>> PromisedLevel(LevelKind.FREQUENCY, "1 d", seconds=DAY_S).due_s(10)
        86410
        >>> PromisedLevel(LevelKind.TIME_OF_AVAILABILITY, "06:00", second_of_day=6 * 3600).due_s(7 * 3600) / 3600
        54.0
        >>> PromisedLevel(LevelKind.LATENCY, "1 h", seconds=3600).due_s(10_000, 6_000)
        10000
        """
        if self.kind is LevelKind.LATENCY:
            is_late = newest_s is not None and released_s > self._after_s(newest_s)
            return released_s if is_late else NEVER_S
        if self.kind is LevelKind.TIME_OF_AVAILABILITY:
            # One that is there in time for a day is so until the next day's has to be there.
            into_day = (released_s - self.second_of_day) % DAY_S
            in_time_s = released_s + (DAY_S - into_day) % DAY_S
            return in_time_s + DAY_S
        return self._after_s(released_s)

    def _after_s(self, moment_s: int) -> int:
        return _months_after(moment_s, self.months) + self.seconds


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds from `since_s` up to, and without, `until_s`."""

    since_s: int
    until_s: int

    def within(self, since_s: int, until_s: int) -> int:
        """Return how many of its seconds lie between two moments.

        >>> Span(10, 20).within(15, 100), Span(10, 20).within(20, 30)
        (5, 0)
        """
        return max(0, min(self.until_s, until_s) - max(self.since_s, since_s))


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of the time in which a level may be missed is spent, in seconds, over a window that ends now.

    `measured_s` is how much of the window lies after the level was first measured. `burn` is how fast it is spent: at 1
    it lasts for the window, at 2 for half of it.
    """

    window_s: int
    measured_s: int
    allowed_s: int
    spent_s: int

    @property
    def remaining_s(self) -> int:
        """What is left of it; below 0 where more was spent."""
        return self.allowed_s - self.spent_s

    @property
    def burn(self) -> float | None:
        """How fast it is spent; None where nothing was measured or allowed."""
        if not self.measured_s or not self.allowed_s:
            return None
        return (self.spent_s / self.measured_s) / (self.allowed_s / self.window_s)


def missed_span(
    level: PromisedLevel, released_s: int, next_s: int, newest_s: int | None = None
) -> Span | None:
    """Return the seconds between two releases in which a level was missed; None if it was not.

    >>> missed_span(PromisedLevel(LevelKind.FREQUENCY, "1 min", seconds=60), 100, 170)
    Span(since_s=160, until_s=170)
    """
    due_s = level.due_s(released_s, newest_s)
    return Span(due_s, next_s) if level.has_budget and due_s < next_s else None


def budget(
    level: PromisedLevel,
    *,
    since_s: int,
    released_s: int,
    missed: Iterable[Span],
    now_s: int,
    newest_s: int | None = None,
    window_s: int = WINDOW_DAYS * DAY_S,
) -> Budget:
    """Return the error budget of a level over a window that ends now.

    Args:
        level: what is promised.
        since_s: since when it is measured.
        released_s: when the last release came.
        missed: the spans between releases in which it was missed.
        now_s: this second, which does not count itself.
        newest_s: the newest moment in the rows of the last release, where `latency` looks.
        window_s: how long the window is.
    """
    begin_s = max(now_s - window_s, since_s)
    spans = [*missed, Span(level.due_s(released_s, newest_s), now_s)]
    spent_s = sum(span.within(begin_s, now_s) for span in spans if span.since_s < span.until_s)
    rest = round((100 - level.target_percent) * _PER_PERCENT)
    allowed_s = window_s * rest // (100 * _PER_PERCENT)
    return Budget(window_s, max(0, now_s - begin_s), allowed_s, spent_s)


def newest_second(text: str | None) -> int | None:
    """Return the second of a value of a date or timestamp column, as a profile has it; a day ends with its last second.

    None if there is no value, or one that no clock shows: many write the last year of all for "never".

    >>> newest_second("1970-01-02"), newest_second("1970-01-01 00:01:00.5"), newest_second("infinity")
    (172800, 60, None)
    >>> newest_second("9999-12-31")
    """
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if moment.year >= _LAST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    day = DAY_S if len(text or "") == len("1970-01-01") else 0
    return int(moment.timestamp()) + day


def _months_after(moment_s: int, months: int) -> int:
    """Return the same time of the same day of a later month, or of its last day where it is shorter."""
    if not months:
        return moment_s
    moment = datetime.fromtimestamp(moment_s, UTC)
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    if year > _LAST_YEAR:
        return moment_s + timedelta(days=31 * months) // timedelta(seconds=1)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return int(moment.replace(year=year, month=month + 1, day=day).timestamp())
