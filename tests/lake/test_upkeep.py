import os
import time

import pytest

from ghala.lake.files import Disk
from ghala.lake.upkeep import damages, orphans, remove_empty, sweep
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


def test_only_old_files_that_nothing_needs_are_swept(tmp_path):
    for name in ("needed", "young", "orphan"):
        (tmp_path / "t" / name).mkdir(parents=True)
        (tmp_path / "t" / name / "f").write_bytes(b"x")
    old = time.time() - 1000
    for name in ("needed", "orphan"):
        os.utime(tmp_path / "t" / name / "f", (old, old))

    found = orphans([tmp_path], before_s=time.time() - 500)
    removed = sweep(found, lambda path: path.parent.name == "needed", Disk())
    remove_empty([tmp_path])

    assert [path.parent.name for path in removed] == ["orphan"]
    assert sorted(path.name for path in (tmp_path / "t").iterdir()) == ["needed", "young"]
