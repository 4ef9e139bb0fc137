import os
import time

import pytest

from ghala.lake.files import Disk
from ghala.lake.upkeep import damages, old_folders, orphans, remove_empty, sweep
from ghala.testing.lake import dataset

SCHEMA = dataset(id="bigint", region="varchar")


@pytest.fixture
def sealed(lake):
    return lake.publish(SCHEMA, "SELECT range id, 'EU' region FROM range(100)")


def test_an_untouched_release_has_no_damage(lake, sealed):
    assert list(damages(lake.root, sealed.files)) == []


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + b"x"), "bytes instead of"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "bytes instead of"),
        (
            lambda path: path.write_bytes(
                bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]
            ),
            "other bytes",
        ),
        (lambda path: path.unlink(), "is missing"),
    ],
)
def test_one_changed_byte_in_any_file_is_named(lake, sealed, harm, message):
    for name in sealed.files:
        path = lake.root / name
        good = path.read_bytes()
        harm(path)
        found = list(damages(lake.root, sealed.files))
        assert [damage.path for damage in found] == [name]
        assert message in found[0].message
        path.write_bytes(good)


def cut_off():
    return time.time() - 500


def make_old(path):
    old = time.time() - 1000
    os.utime(path, (old, old))


def test_only_old_files_that_nothing_needs_are_swept(tmp_path):
    for name in ("needed", "young", "orphan"):
        (tmp_path / "t" / name).mkdir(parents=True)
        (tmp_path / "t" / name / "f").write_bytes(b"x")
    for name in ("needed/f", "needed", "orphan/f", "orphan"):
        make_old(tmp_path / "t" / name)

    found = orphans([tmp_path], before_s=cut_off())
    folders = old_folders([tmp_path], before_s=cut_off())
    removed = sweep(found, lambda path: path.parent.name == "needed", Disk())
    remove_empty(folders)

    assert [path.parent.name for path in removed] == ["orphan"]
    assert sorted(path.name for path in (tmp_path / "t").iterdir()) == ["needed", "young"]


def test_an_empty_folder_that_was_just_made_stays(tmp_path):
    for name in ("old/older", "young"):
        (tmp_path / name).mkdir(parents=True)
    make_old(tmp_path / "old" / "older")
    make_old(tmp_path / "old")

    remove_empty(old_folders([tmp_path], before_s=cut_off()))

    assert [path.name for path in tmp_path.iterdir()] == ["young"]


def test_an_old_folder_that_is_filled_again_stays(tmp_path):
    (tmp_path / "old").mkdir()
    make_old(tmp_path / "old")
    found = old_folders([tmp_path], before_s=cut_off())
    (tmp_path / "old" / "f").write_bytes(b"x")

    remove_empty(found)

    assert (tmp_path / "old" / "f").exists()
