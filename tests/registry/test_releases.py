from datetime import UTC, datetime

import pytest

from ghala.model.names import DatasetName, ProductName
from ghala.model.release import Release, ReleasedDataset
from ghala.registry import releases

ORDERS = DatasetName("sales", "orders")
PRODUCT = ProductName("sales", "orders")


def released(number, name=ORDERS):
    return ReleasedDataset(
        name, "id", f"{name.dataset}/metadata/{number}.json", number, 0, "f" * 64, number * 10, 100
    )


def publish(registry, number=None, environment="prod", expected="previous", datasets=(ORDERS,)):
    with registry.write() as connection:
        number = number or releases.next_number(connection, environment, PRODUCT)
        release = Release(
            PRODUCT, environment, number, f"run-{environment}-{number}", "d" * 64,
            datetime.now(UTC), tuple(released(number, name) for name in datasets),
        )  # fmt: skip
        for dataset in release.datasets:
            last = f"{dataset.name.dataset}/metadata/{number - 1}.json" if number > 1 else None
            base = last if expected == "previous" else expected
            assert releases.swap_pointer(connection, release, dataset, base)
        releases.record(connection, release, number * 1_000_000, [])
    return release


def test_numbers_count_from_one_without_gaps(registry):
    assert [publish(registry).number for _ in range(3)] == [1, 2, 3]


def test_the_current_pin_is_the_last_release(registry):
    publish(registry)
    publish(registry)
    with registry.read() as connection:
        pin = releases.current(connection, "prod", [ORDERS])[ORDERS]
    assert (pin.number, pin.dataset) == (2, released(2))


def test_a_pointer_that_moved_is_not_swapped(registry):
    publish(registry)
    publish(registry)
    with registry.write() as connection:
        stale = Release(PRODUCT, "prod", 3, "run-3", "d" * 64, datetime.now(UTC), (released(3),))
        assert not releases.swap_pointer(connection, stale, released(3), "orders/metadata/1.json")
        assert not releases.swap_pointer(connection, stale, released(3), None)


def test_another_environment_reads_prod_until_it_has_its_own(registry):
    publish(registry)
    with registry.read() as connection:
        assert releases.current(connection, "dev")[ORDERS].environment == "prod"
    publish(registry, environment="dev", expected=None)
    with registry.read() as connection:
        assert releases.current(connection, "dev")[ORDERS].environment == "dev"
        assert releases.current(connection, "prod")[ORDERS].environment == "prod"


@pytest.mark.parametrize(("at_us", "number"), [(999_999, None), (1_000_000, 1), (2_500_000, 2)])
def test_a_time_finds_the_release_that_was_current_then(registry, at_us, number):
    publish(registry)
    publish(registry)
    with registry.read() as connection:
        pin = releases.at_time(connection, "prod", ORDERS, at_us)
    assert (pin and pin.number) == number


def test_a_version_is_found_by_its_number(registry):
    publish(registry)
    publish(registry)
    with registry.read() as connection:
        assert releases.at_version(connection, "prod", ORDERS, 1).dataset == released(1)
        assert releases.at_version(connection, "prod", ORDERS, 7) is None


def test_history_is_newest_first_and_marks_the_current(registry):
    publish(registry)
    publish(registry)
    with registry.read() as connection:
        history = releases.history(connection, "prod", PRODUCT)
    assert [(release.number, release.is_current) for release in history] == [(2, True), (1, False)]
    assert history[0].datasets == (released(2),)
