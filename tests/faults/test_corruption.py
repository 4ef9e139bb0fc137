"""One flipped, missing or extra byte in any file of a release: `verify` names file, dataset and release."""

import pytest

import ghala
from ghala.errors import CorruptError
from ghala.testing.faults import scenario


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


HARMS = {
    "flipped": flipped,
    "missing": lambda content: content[:-1],
    "extra": lambda content: content + b"\0",
}


@pytest.fixture
def workspace(tmp_path):
    folder = scenario.prepare(tmp_path / "acme")
    with ghala.open(folder) as app:
        for number in (1, 2):
            scenario.publish(app, folder, number)
        yield folder, app


@pytest.mark.parametrize("harm", HARMS)
def test_every_harmed_file_is_named_with_its_dataset_and_release(workspace, harm):
    folder, app = workspace
    lake = folder / ".ghala" / "lake"
    files = [path for path in lake.rglob("*") if path.is_file()]
    assert app.verify().faults == ()
    for path in files:
        good = path.read_bytes()
        path.write_bytes(HARMS[harm](good))
        faults = app.verify().faults
        assert [fault.path for fault in faults] == [path.relative_to(lake).as_posix()]
        assert (
            str(faults[0].dataset) == f"sales.{path.relative_to(lake).parts[1].rsplit('-', 1)[0]}"
        )
        assert faults[0].release in (1, 2)
        path.write_bytes(good)
    print(f"{len(files)} files, one byte {harm} in each: all named")


def test_a_removed_file_is_named_and_its_reader_is_told(workspace):
    folder, app = workspace
    path = next((folder / ".ghala" / "lake" / "sales").glob("orders-*/metadata/*.json"))
    path.unlink()
    assert [fault.message for fault in app.verify().faults] == ["is missing"]


def test_reading_damaged_metadata_says_what_is_damaged(tmp_path):
    folder = scenario.prepare(tmp_path / "acme")
    with ghala.open(folder) as app:
        scenario.publish(app, folder, 1)
    for path in (folder / ".ghala" / "lake" / "sales").glob("orders-*/metadata/*.json"):
        path.write_bytes(path.read_bytes()[:100])
    with ghala.open(folder) as app, pytest.raises(CorruptError, match="cannot be read"):
        app.sql("FROM sales.orders").rows()
