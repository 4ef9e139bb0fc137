from __future__ import annotations

import pytest

from ghala.errors import LimitError
from ghala.query.cache import Recent
from ghala.query.limits import Limits


@pytest.mark.parametrize(
    ("mine", "asked", "expected"),
    [
        (Limits(10, 5), (None, None), Limits(10, 5)),
        (Limits(10, None), (20, 7), Limits(10, 7)),
        (Limits(10, 5), (3, 7), Limits(3, 5)),
    ],
)
def test_a_caller_can_only_narrow(mine, asked, expected):
    assert mine.narrowed(*asked) == expected


def test_the_row_after_the_last_allowed_one_is_an_error():
    limits = Limits(rows=10)
    limits.check_rows(10)
    with pytest.raises(LimitError, match="more than 10 rows"):
        limits.check_rows(11)


def test_a_failure_is_not_remembered():
    recent: Recent[str, int] = Recent(2)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 // 0)
    assert recent.get("a", lambda: 1) == recent.get("a", lambda: 2) == 1
