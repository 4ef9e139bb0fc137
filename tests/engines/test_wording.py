from __future__ import annotations

import pytest

from ghala.engines.fault import Fault, fault_of
from ghala.engines.wording import QueryFault, failure, refusal
from ghala.errors import LimitError, QueryError, QueryRefusedError

CANARY = "kanarienvogel"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("Conversion", f"Could not convert string '{CANARY}' to INT32 when casting from column x"),
        ("Conversion", f"Could not convert string 'a to {CANARY} when casting' to DATE"),
        ("Invalid Input", f'Could not parse string "{CANARY}" according to "%Y"'),
        ("Out of Range", f"Overflow in addition of INT64 ({CANARY} + 1)"),
        ("Binder", f"Contents of view were altered: region = '{CANARY}'"),
        ("Catalog", f"Table {CANARY} does not exist"),
        ("IO", f"Cannot open file /lake/{CANARY}.parquet"),
        ("Permission", f"Cannot access file {CANARY}"),
        ("INTERNAL", CANARY),
        ("", CANARY),
    ],
)
def test_no_value_and_no_path_is_shown(kind, message):
    error = failure(Fault(kind, message), None)
    assert isinstance(error, QueryError)
    assert CANARY not in f"{error} {error.hint} {error.evidence}"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("Out of Memory", "failed to allocate"), QueryFault.MEMORY),
        (Fault("INTERRUPT", "Query exceeded maximum execution time"), QueryFault.TIME),
        (fault_of(MemoryError()), QueryFault.MEMORY),
    ],
)
def test_limits_are_limit_errors(fault, reason):
    error = failure(fault, None)
    assert isinstance(error, LimitError)
    assert error.evidence["reason"] is reason


@pytest.mark.parametrize("word", [failure, refusal])
def test_what_cannot_be_handed_over_is_said_with_a_way_out(word):
    error = word(fault_of(NotImplementedError(f"the layout of {CANARY} is not known")), None)
    assert str(error) == "the engine cannot do this yet"
    assert error.hint == "cast the column to a simpler type, such as VARCHAR"
    assert error.evidence["reason"] is QueryFault.STATEMENT


def test_what_could_not_bind_is_said_in_the_engine_s_words():
    error = refusal(Fault("Catalog", "Table with name x does not exist!\n\nLINE 1: …"), None)
    assert isinstance(error, QueryRefusedError)
    assert error.message == "Table with name x does not exist!"


def test_a_constant_that_cannot_be_converted_is_no_secret_but_not_repeated():
    error = refusal(Fault("Conversion", f"Could not convert string '{CANARY}' to DATE"), None)
    assert str(error) == "a value could not be converted to DATE"
