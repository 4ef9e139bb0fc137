"""A profile says of rows what a naive look at them in Python says, and ends no release, whatever the rows hold."""

import itertools
import json
import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from statistics import mean, stdev

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ghala.model.names import DatasetName
from ghala.model.profile import Coverage
from ghala.quality.profile import EXISTING_ROWS_AT_ANY_RATE, MOST_EXISTING_ROWS, profile

NAME = DatasetName("sales", "orders")
ALL = 1000


@pytest.fixture
def profiled(laboratory, released):
    """Profile rows of some columns, with released ones beside them."""

    def make(columns, rows, *, sample_rows=ALL, beside=None):
        dataset = laboratory.dataset(columns)
        staged = laboratory.stage(dataset, rows)
        existing = None if beside is None else released(dataset, beside)
        made = profile(laboratory.session, NAME, staged, existing, sample_rows=sample_rows)
        assert laboratory.session.rows("SELECT * FROM duckdb_tables() WHERE temporary") == []
        return made

    return make


def only(made):
    """The profile of the one column that there is."""
    assert made.fault is None
    (column,) = made.columns
    return column


def test_numbers_have_a_range_a_middle_and_a_distribution(profiled):
    column = only(profiled({"n": "integer"}, [(n,) for n in range(1, 101)] + [(None,)]))

    assert (column.nulls, column.minimum, column.maximum, column.mean) == (1, "1", "100", 50.5)
    assert column.stddev == pytest.approx(stdev(range(1, 101)))
    assert column.quantiles == ("5", "25", "50", "75", "95")
    assert column.distinct == pytest.approx(100, rel=0.15)
    assert column.histogram.edges == tuple(range(1, 102, 5))
    assert column.histogram.counts == (5,) * 20
    assert (column.top, column.sampled) == ((), None)


def test_exact_decimals_keep_their_places(profiled):
    rows = [(Decimal("0.10"),), (Decimal("0.10"),), (Decimal("10.00"),)]
    column = only(profiled({"n": "decimal(38,2)"}, rows))

    assert (column.minimum, column.maximum, column.mean) == ("0.10", "10.00", pytest.approx(3.4))
    assert [(one.value, one.rows) for one in column.top] == [("0.10", 2)]
    assert sum(column.histogram.counts) == 3
    assert (column.histogram.counts[0], column.histogram.counts[-1]) == (2, 1)


def test_the_ends_of_whole_numbers_are_no_overflow(profiled):
    ends = (-(2**63), 2**63 - 1)
    column = only(profiled({"n": "bigint"}, [(ends[0],), (ends[1],), (0,)]))

    assert (column.minimum, column.maximum) == tuple(map(str, ends))
    assert (sum(column.histogram.counts), len(column.histogram.counts)) == (3, 20)
    assert column.histogram.counts[0] == column.histogram.counts[-1] == 1


def test_what_is_no_number_is_in_no_bin(profiled):
    rows = [(1.0,), (3.0,), (math.nan,), (math.inf,), (-math.inf,), (1e300,), (None,)]
    column = only(profiled({"x": "double"}, rows))

    assert (column.nulls, column.minimum, column.maximum, column.mean) == (1, "1.0", "3.0", 2.0)
    assert sum(column.histogram.counts) == 2
    assert column.quantiles[0] == "1.0"
    json.dumps([column.mean, column.stddev, column.histogram.edges], allow_nan=False)


def test_one_value_alone_has_one_bin(profiled):
    column = only(profiled({"x": "double"}, [(0.5,), (0.5,)]))
    assert (column.histogram.edges, column.histogram.counts) == ((0.5, 0.5), (2,))


def test_dates_are_divided_by_whole_days(profiled):
    rows = [(date(2024, 1, 1),), (date(2024, 1, 1),), (date(2024, 1, 3),), (None,)]
    column = only(profiled({"d": "date"}, rows))

    assert (column.minimum, column.maximum) == ("2024-01-01", "2024-01-03")
    assert column.histogram.edges == ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04")
    assert column.histogram.counts == (2, 0, 1)
    assert column.quantiles == ("2024-01-01",) * 3 + ("2024-01-03",) * 2


def test_moments_are_divided_by_time(profiled):
    rows = [(datetime(1969, 12, 31, 23, 59, tzinfo=UTC),), (datetime(2024, 1, 1, tzinfo=UTC),)]
    column = only(profiled({"t": "timestamptz"}, rows))

    assert column.histogram.edges[0] == "1969-12-31T23:59:00+00:00"
    assert (column.histogram.counts[0], column.histogram.counts[-1]) == (1, 1)
    assert column.minimum == "1969-12-31 23:59:00+00"


def test_infinite_dates_have_no_histogram_and_end_nothing(laboratory):
    dataset = laboratory.dataset({"d": "date"})
    staged = laboratory.stage(dataset, [(date(2024, 1, 1),)])
    path = laboratory.folder / "infinite.parquet"
    laboratory.session.copy("SELECT 'infinity'::DATE AS d UNION ALL SELECT '2024-01-01'", path)
    infinite = replace(staged, groups=(replace(staged.groups[0], files=(path,)),), row_count=2)
    column = only(profile(laboratory.session, NAME, infinite, None, sample_rows=ALL))

    assert (column.maximum, column.histogram) == ("infinity", None)
    assert set(column.quantiles) == {"2024-01-01"}


def test_texts_are_measured_by_their_length(profiled):
    column = only(
        profiled({"s": "varchar"}, [("a",), ("a",), ("ab",), ("",), ("x" * 300,), (None,)])
    )

    assert (column.histogram.of, column.histogram.counts[0]) == ("length", 4)
    assert sum(column.histogram.counts) == 5
    assert [(one.value, one.rows) for one in column.top] == [("a", 2)]
    assert column.maximum == "x" * 100


def test_truths_have_a_share(profiled):
    column = only(profiled({"b": "boolean"}, [(True,), (True,), (False,), (None,)]))
    assert (column.true_rows, column.nulls, column.minimum) == (2, 1, None)
    assert [(one.value, one.rows) for one in column.top] == [("true", 2)]


def test_what_has_no_order_is_counted(profiled):
    columns = {"t": "time", "u": "blob"}
    made = profiled(columns, [(time(8, 30), b"a"), (time(8, 30), None)])
    hours, bytes_ = made.columns
    assert (hours.minimum, hours.histogram, hours.top[0].rows) == ("08:30:00", None, 2)
    assert (bytes_.nulls, bytes_.distinct, bytes_.top) == (1, None, ())


def test_a_column_without_values_says_so(profiled):
    made = profiled({"n": "integer", "s": "varchar"}, [(None, None)] * 3)
    assert made.rows == 3
    assert [(one.nulls, one.distinct, one.minimum, one.top) for one in made.columns] == [
        (3, 0, None, ())
    ] * 2


def test_no_rows_are_a_profile_too(profiled):
    made = profiled({"n": "integer"}, [])
    assert (made.rows, only(made).nulls) == (0, 0)


def test_a_wide_table_is_looked_at_in_groups(profiled):
    columns = {f"c{number}": "integer" for number in range(120)}
    made = profiled(columns, [tuple(range(120))] * 2)
    assert made.fault is None
    assert [one.minimum for one in made.columns] == [str(number) for number in range(120)]


def test_distributions_of_many_rows_come_from_a_sample_and_say_so(profiled):
    column = only(profiled({"n": "integer"}, [(n % 10,) for n in range(5000)], sample_rows=500))

    assert 300 < column.sampled < 700
    assert sum(column.histogram.counts) == column.sampled
    assert sum(one.rows for one in column.top) == column.sampled
    # What all rows say is exact.
    assert (column.minimum, column.maximum, column.mean) == ("0", "9", 4.5)


def test_a_value_that_few_rows_have_is_not_among_the_first(profiled):
    rows = [("often",)] * 1500 + [("rare",)] + [(f"{n}",) for n in range(400)] + [("400",)] * 2
    column = only(profiled({"s": "varchar"}, rows, sample_rows=10_000))
    assert [(one.value, one.rows) for one in column.top] == [("often", 1500), ("400", 2)]


def test_rows_that_stay_beside_the_new_ones_are_looked_at_with_them(profiled):
    made = profiled({"n": "integer"}, [(1,), (2,)], beside=[(3,), (None,)])
    assert (made.coverage, made.rows) == (Coverage.RELEASE, 4)
    assert (only(made).maximum, only(made).nulls) == ("3", 1)


@pytest.mark.parametrize(
    ("rows", "added"),
    [
        (MOST_EXISTING_ROWS + 1, 20_000),
        (EXISTING_ROWS_AT_ANY_RATE + 1, 2),
    ],
)
def test_where_too_many_stay_the_new_ones_are_looked_at_alone(laboratory, released, rows, added):
    dataset = laboratory.dataset({"n": "integer"})
    existing = released(dataset, [(9,)])
    existing.state = replace(existing.state, row_count=rows)
    staged = laboratory.stage(dataset, [(number % 3,) for number in range(added)])
    made = profile(laboratory.session, NAME, staged, existing, sample_rows=ALL)
    assert (made.coverage, made.rows) == (Coverage.ADDED, added)
    assert only(made).maximum == str(min(added - 1, 2))


def test_a_profile_that_cannot_be_made_is_no_error(laboratory):
    staged = laboratory.stage(laboratory.dataset({"n": "integer"}), [(1,)])
    path = laboratory.folder / "other.parquet"
    laboratory.session.copy("SELECT 'no number' AS n", path)
    wrong = replace(staged, groups=(replace(staged.groups[0], files=(path,)),))
    made = profile(laboratory.session, NAME, wrong, None, sample_rows=ALL)
    assert made.columns == ()
    assert made.fault == "the engine could not run a statement of ours"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(-5, 30), st.none() | st.sampled_from(["", "p", "pq", "ä"])
        ),
        min_size=1,
        max_size=40,
    )
)
def test_a_profile_is_what_a_naive_look_says(profiled, rows):
    numbers, texts = profiled({"n": "integer", "s": "varchar"}, rows).columns
    known = sorted(n for n, _ in rows if n is not None)
    assert numbers.nulls == len(rows) - len(known)
    if known:
        assert (numbers.minimum, numbers.maximum) == (str(known[0]), str(known[-1]))
        assert numbers.mean == pytest.approx(mean(known))
        edges, counts = numbers.histogram.edges, numbers.histogram.counts
        bins = itertools.pairwise(edges)
        assert list(counts) == [sum(low <= n < high for n in known) for low, high in bins]
    for column, values in ((numbers, known), (texts, [s for _, s in rows if s is not None])):
        often = {str(value): n for value, n in Counter(values).items() if n > 1}
        shown = {one.value: one.rows for one in column.top}
        assert shown.items() <= often.items()
        assert len(shown) == min(10, len(often))
        assert not often or max(shown.values()) == max(often.values())
