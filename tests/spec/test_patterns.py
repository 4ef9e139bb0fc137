"""Patterns of contracts: what is taken without asking RE2 is what RE2 takes."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.spec.constraints import MAX_PATTERN_LENGTH, _is_plain, pattern_fault

PARTS = (
    "a", "Z", "9", " ", "_", "@", "-", ".", r"\d", r"\W", r"\.", r"\-", r"\/", "[a-z]", "[^@ ]",
    r"[\d-]", "[z-a]", "[a-]", "[^", "[", "]", "{2}", "{2,1}", "{,3}", "{99,}", "*", "+", "?", "^", "$",
    r"[\w.]", "(", ")", "|", "\\\\", "{", "}", r"[a-\d]", "[a-z-9]", "~", "&", "é", "\n", "(?=",
)  # fmt: skip


def re2_takes(pattern):
    try:
        pc.match_substring_regex(pa.array([""]), pattern=pattern)
    except pa.ArrowInvalid:
        return False
    return True


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join))
def test_a_pattern_has_a_fault_where_re2_finds_one(pattern):
    assert (pattern_fault(pattern) is None) is re2_takes(pattern)


@pytest.mark.parametrize("pattern", ["^[^@ ]+@[^@ ]+$", "^SO-[0-9]{6}-[0-9]{6,}$", r"\d+\.\d*"])
def test_what_people_write_is_taken_without_asking(pattern):
    assert _is_plain(pattern)
    assert re2_takes(pattern)


@pytest.mark.parametrize(
    "pattern", ["(?=x)", "a**", "[z-a]", "a{2,1}", "x" * (MAX_PATTERN_LENGTH + 1)]
)
def test_what_re2_does_not_take_is_a_fault(pattern):
    assert pattern_fault(pattern)
