"""The oracle's process may end; nothing else does."""

import duckdb
import pytest
from oracle_apart import OracleApart


def test_an_engine_that_ends_the_oracles_process_ends_nothing_else():
    oracle = OracleApart("filtered")
    oracle.end()
    with pytest.raises(duckdb.FatalException):
        oracle.answers("SELECT 1")
    forth, back = oracle.answers("SELECT count(*) AS n FROM sales.orders")
    assert (forth.to_pylist(), back.to_pylist(), oracle.deaths) == ([{"n": 30}], [{"n": 30}], 1)
    oracle.close()
