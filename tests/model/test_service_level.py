"""Service levels to the second: what is kept of releases gives what a simulation of every second counts."""

import itertools
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from ghala.model.service_level import DAY_S, LevelKind, PromisedLevel, budget, missed_span


def second(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def simulated(level, releases, since_s, now_s, window_s):
    """Count the seconds of the window in which the release that was current then was late."""
    spent = 0
    for moment in range(max(since_s, now_s - window_s), now_s):
        current = max(one for one in releases if one <= moment)
        if level.kind is LevelKind.TIME_OF_AVAILABILITY:
            is_missed = not in_time(level.second_of_day, releases, moment)
        else:
            is_missed = moment - current >= level.seconds
        spent += is_missed
    return spent


def in_time(second_of_day, releases, moment):
    """Return whether, since the deadline before the last one, a release has come."""
    last = moment - (moment - second_of_day) % DAY_S
    # At the very deadline one is still in time.
    return any(last - DAY_S < one <= moment for one in releases)


@settings(max_examples=150, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 400), min_size=1, max_size=12),
    last_gap=st.integers(0, 400),
    objective=st.integers(1, 300),
    window=st.integers(1, 2500),
)
def test_what_is_spent_is_what_every_second_says(gaps, last_gap, objective, window):
    releases = [1_000_000]
    for gap in gaps:
        releases.append(releases[-1] + gap)
    now = releases[-1] + last_gap
    level = PromisedLevel(LevelKind.FRESHNESS, "test", seconds=objective)
    pairs = itertools.pairwise(releases)
    spans = [span for one, two in pairs if (span := missed_span(level, one, two))]
    found = budget(
        level,
        since_s=releases[0],
        released_s=releases[-1],
        missed=spans,
        now_s=now,
        window_s=window,
    )
    assert found.spent_s == simulated(level, releases, releases[0], now, window)
    assert found.measured_s == min(window, now - releases[0])


@settings(max_examples=12, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 3 * DAY_S), min_size=1, max_size=3),
    last_gap=st.integers(0, DAY_S),
    second_of_day=st.integers(0, DAY_S - 1),
)
def test_a_time_of_the_day_is_missed_from_the_deadline_to_the_release(
    gaps, last_gap, second_of_day
):
    # Whole minutes keep the simulation of several days short.
    gaps, last_gap = [max(60, gap // 60 * 60) for gap in gaps], last_gap // 60 * 60
    releases = [20_000 * DAY_S]
    for gap in gaps:
        releases.append(releases[-1] + gap)
    now, day_second = releases[-1] + last_gap, second_of_day // 60 * 60
    level = PromisedLevel(LevelKind.TIME_OF_AVAILABILITY, "test", second_of_day=day_second)
    pairs = itertools.pairwise(releases)
    spans = [span for one, two in pairs if (span := missed_span(level, one, two))]
    window = 30 * DAY_S
    found = budget(
        level,
        since_s=releases[0],
        released_s=releases[-1],
        missed=spans,
        now_s=now,
        window_s=window,
    )
    minutes = range(releases[0], now, 60)
    assert found.spent_s == 60 * sum(not in_time(day_second, releases, one) for one in minutes)


def test_a_month_ends_at_the_same_time_of_the_same_day_or_of_the_last_one():
    level = PromisedLevel(LevelKind.FREQUENCY, "1 mo", months=1)
    assert level.due_s(second("2024-03-15T10:20:30")) == second("2024-04-15T10:20:30")
    assert level.due_s(second("2024-01-31T10:00:00")) == second("2024-02-29T10:00:00")
    assert level.due_s(second("2023-12-31T10:00:00")) == second("2024-01-31T10:00:00")


def test_a_budget_is_what_the_target_leaves():
    level = PromisedLevel(LevelKind.FREQUENCY, "1 h", seconds=3600, target_percent=99.9)
    now = 10 * DAY_S
    found = budget(level, since_s=0, released_s=now - 2 * 3600, missed=(), now_s=now)
    assert (found.window_s, found.measured_s) == (30 * DAY_S, 10 * DAY_S)
    assert (found.allowed_s, found.spent_s, found.remaining_s) == (2592, 3600, -1008)
    assert found.burn is not None
    assert round(found.burn, 3) == 4.167
    none = PromisedLevel(LevelKind.FREQUENCY, "1 h", seconds=3600, target_percent=100)
    assert budget(none, since_s=0, released_s=now, missed=(), now_s=now).burn is None
