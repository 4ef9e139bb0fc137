"""Sets of policies in either database: kept once, ordered in time, the last one in force."""

from ghala.registry import policy_sets
from ghala.registry.registry import read_epoch

FILES = (("a.cedar", "permit\n"), ("policies/ö.cedar", "forbid"))


def put(registry, version, at_us, files=FILES):
    with registry.write() as connection:
        return policy_sets.put_in_force(
            connection, version, "schema", files, by="owner:local", at_us=at_us
        )


def test_the_last_one_is_in_force(registry):
    with registry.read() as connection:
        assert policy_sets.current(connection) is None
        before = read_epoch(connection)
    first, second = put(registry, "a" * 64, 1_000_000), put(registry, "b" * 64, 2_000_000)
    again = put(registry, "a" * 64, 3_000_000)
    with registry.read() as connection:
        assert policy_sets.current(connection) == again
        assert policy_sets.history(connection) == (again, second, first)
        assert policy_sets.last_of(connection, "a" * 64) == again
        assert policy_sets.last_of(connection, "c" * 64) is None
        assert read_epoch(connection) == before + 3


def test_times_order_them_whatever_the_clock_says(registry):
    put(registry, "a" * 64, 5_000_000)
    put(registry, "b" * 64, 1_000_000)
    with registry.read() as connection:
        assert policy_sets.at(connection, 4_999_999) is None
        assert policy_sets.at(connection, 5_000_000).version == "a" * 64
        assert policy_sets.at(connection, 5_000_001).version == "b" * 64


def test_its_bytes_come_back(registry):
    put(registry, "a" * 64, 1)
    put(registry, "a" * 64, 2)
    with registry.read() as connection:
        assert policy_sets.content(connection, "a" * 64) == ("schema", FILES)
        assert policy_sets.content(connection, "b" * 64) is None
