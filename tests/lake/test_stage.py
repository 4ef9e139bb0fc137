import shutil

import pyarrow.parquet as pq
import pytest

from ghala.errors import StepError
from ghala.lake.catalog import LakeCatalog
from ghala.lake.scan import Scans
from ghala.model.product import Materialisation
from ghala.testing.lake import dataset

ORDERS = dataset(id="bigint", region="varchar")
EVERY_TYPE = dataset(
    a="bigint", b="integer", c="decimal(12,2)", d="date", e="time", f="timestamp", g="timestamptz",
    h="varchar", i="boolean", j="double", k="real", l="uuid", m="blob",
)  # fmt: skip
EVERY_VALUE = (
    "SELECT 1::BIGINT a, 2::INTEGER b, 3.45::DECIMAL(12,2) c, DATE '2024-02-29' d, TIME '10:11:12' e, "
    "TIMESTAMP '2024-01-02 03:04:05.678' f, TIMESTAMPTZ '2024-01-02 03:04:05+00' g, 'é' h, true i, "
    "0.1::DOUBLE j, 0.5::REAL k, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID l, 'xyz'::BLOB m"
)


class Pointing:
    def __init__(self, **released):
        self.released = released

    def all(self):
        return {state.name: state.metadata_location for state in self.released.values()}


def iceberg_rows(lake, released):
    table = LakeCatalog(lake.root, Pointing(it=released)).load_table(str(released.name))
    return sorted((tuple(row.values()) for row in table.scan().to_arrow().to_pylist()), key=str)


def test_appends_add_up_and_old_releases_stay_as_they_were(lake):
    first = lake.publish(ORDERS, "SELECT 1::BIGINT id, 'EU' region").dataset
    second = lake.publish(ORDERS, "SELECT 2::BIGINT id, 'US' region", first).dataset

    assert lake.rows(first) == [(1, "EU")]
    assert lake.rows(second) == [(1, "EU"), (2, "US")]
    assert (first.row_count, second.row_count) == (1, 2)
    assert iceberg_rows(lake, second) == lake.rows(second)


def test_replace_leaves_only_the_new_rows(lake):
    first = lake.publish(ORDERS, "SELECT 1::BIGINT id, 'EU' region").dataset
    second = lake.publish(
        ORDERS, "SELECT 2::BIGINT id, 'US' region", first, Materialisation.REPLACE
    ).dataset

    assert lake.rows(second) == iceberg_rows(lake, second) == [(2, "US")]
    assert lake.rows(first) == [(1, "EU")]


def test_every_type_comes_back_as_it_went_in_for_both_readers(lake):
    released = lake.publish(EVERY_TYPE, EVERY_VALUE).dataset

    with lake.engine.session() as session:
        expected = session.rows(EVERY_VALUE)
    assert lake.rows(released) == expected
    assert len(iceberg_rows(lake, released)) == 1


def test_a_state_without_rows_can_be_read(lake):
    table = lake.stage(ORDERS)
    released = table.seal([], live_snapshots=3).dataset

    assert lake.rows(released) == iceberg_rows(lake, released) == []


def test_new_widened_dropped_and_reordered_columns_are_read_from_old_files(lake):
    old = dataset(id="integer", region="varchar", gone="varchar")
    new = dataset(note="varchar", id="bigint", region="varchar")
    first = lake.publish(old, "SELECT 1::INTEGER id, 'EU' region, 'x' gone").dataset
    second = lake.publish(new, "SELECT 'n' note, 5000000000::BIGINT id, 'US' region", first).dataset

    assert (
        lake.rows(second)
        == iceberg_rows(lake, second)
        == [("n", 5000000000, "US"), (None, 1, "EU")]
    )
    assert lake.rows(first) == [(1, "EU", "x")]


def test_a_column_that_comes_back_under_its_old_name_does_not_show_old_values(lake):
    with_note = dataset(id="bigint", note="varchar")
    without = dataset(id="bigint")
    first = lake.publish(with_note, "SELECT 1::BIGINT id, 'old' note").dataset
    second = lake.publish(without, "SELECT 2::BIGINT id", first).dataset
    third = lake.publish(with_note, "SELECT 3::BIGINT id, 'new' note", second).dataset

    assert lake.rows(third) == iceberg_rows(lake, third) == [(1, None), (2, None), (3, "new")]


def test_an_append_cannot_change_a_type_that_old_rows_do_not_fit(lake):
    first = lake.publish(ORDERS, "SELECT 1::BIGINT id, 'EU' region").dataset

    with pytest.raises(StepError, match="`id`"):
        lake.stage(dataset(id="varchar", region="varchar"), first)


def test_replace_can_change_any_type(lake):
    first = lake.publish(ORDERS, "SELECT 1::BIGINT id, 'EU' region").dataset
    other = dataset(id="varchar", region="varchar")
    second = lake.publish(
        other, "SELECT 'a' id, 'EU' region", first, Materialisation.REPLACE
    ).dataset

    assert lake.rows(second) == [("a", "EU")]
    assert lake.rows(first) == [(1, "EU")]


def test_live_metadata_stays_small_while_old_releases_are_readable(lake):
    states = []
    for number in range(25):
        query = f"SELECT {number}::BIGINT id, 'EU' region"
        states.append(lake.publish(ORDERS, query, states[-1] if states else None).dataset)

    metadata = lake.scans.metadata(states[-1].metadata_location)
    assert len(metadata.snapshots) == 3
    assert len(metadata.metadata_log) <= 5
    assert [len(lake.rows(state)) for state in states] == list(range(1, 26))


def test_a_moved_lake_loads(lake, tmp_path):
    released = lake.publish(ORDERS, "SELECT 1::BIGINT id, 'EU' region").dataset
    shutil.move(lake.root, tmp_path / "elsewhere")
    lake.root = tmp_path / "elsewhere"
    lake.scans = Scans(lake.root)

    assert lake.rows(released) == iceberg_rows(lake, released) == [(1, "EU")]


def test_every_new_file_is_named_with_its_hash(lake):
    sealed = lake.publish(ORDERS, "SELECT 1::BIGINT id, 'EU' region")
    on_disk = {
        path.relative_to(lake.root).as_posix() for path in lake.root.rglob("*") if path.is_file()
    }

    assert set(sealed.files) == on_disk


def test_only_files_with_possible_keys_are_near(lake):
    state = None
    for start in (0, 1000, 2000):
        query = f"SELECT range + {start} id, 'r' || range region FROM range(1000)"
        state = lake.publish(ORDERS, query, state).dataset
    near = lake.scans.near(state.metadata_location, state.snapshot_id, "id", 1500, 1600)

    assert near.row_count == 1000
    assert (1500, "r500") in lake.read(near)
    assert (
        lake.scans.near(state.metadata_location, state.snapshot_id, "id", 5000, 5001).groups == ()
    )


def test_written_files_carry_field_ids(lake):
    table = lake.stage(ORDERS)
    file = lake.write(table, "SELECT 1::BIGINT id, 'EU' region")

    assert [f.metadata[b"PARQUET:field_id"] for f in pq.read_schema(file.path)] == [b"1", b"2"]
