"""Profiles of releases, in both databases."""

from datetime import UTC, datetime

from ghala.model.names import DatasetName, ProductName
from ghala.model.profile import (
    ColumnProfile,
    Coverage,
    DatasetProfile,
    Histogram,
    Measure,
    TopValue,
)
from ghala.model.release import Release, ReleasedDataset
from ghala.registry import profiles
from ghala.registry.releases import Pin

NAME, PRODUCT = DatasetName("sales", "orders"), ProductName("sales", "orders")
WHOLE = DatasetProfile(
    NAME,
    Coverage.ADDED,
    12,
    (
        ColumnProfile(
            "Née", "BIGINT", 1, 11, "0", "9", 4.5, 2.5, None, 5, ("1", "2", "3", "4", "5"),
            Histogram(Measure.VALUE, (0, 0.5, 1.0), (3, 2)), (TopValue("ä", 3),),
        ),
        ColumnProfile("day", "DATE", 0, histogram=Histogram(Measure.TIME, ("2024-01-01", "2024-01-02"), (1,))),
        ColumnProfile("bare", "BLOB", 0),
    ),
)  # fmt: skip
FAULTY = DatasetProfile(NAME, Coverage.RELEASE, 3, fault="out of memory")


def test_a_profile_is_read_as_it_was_kept(registry):
    kept = {1: [WHOLE], 2: [FAULTY], 3: []}
    with registry.write() as connection:
        for number, made in kept.items():
            now = datetime(2026, 1, 1, tzinfo=UTC)
            release = Release(PRODUCT, "prod", number, f"r{number}", "0" * 64, now, ())
            profiles.record(connection, release, made)
    with registry.read() as connection:
        for number, made in kept.items():
            dataset = ReleasedDataset(NAME, "id", "m", 1, 0, "0" * 64, 1, 1)
            pin = Pin("prod", PRODUCT, number, dataset)
            assert profiles.find(connection, pin) == (made[0] if made else None)
