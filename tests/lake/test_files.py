import errno
from dataclasses import dataclass, field

import pytest

from ghala.errors import StorageError
from ghala.lake.files import Disk


@dataclass(frozen=True)
class WatchedDisk(Disk):
    """Notes in which order bytes and names are made durable."""

    synced: list = field(default_factory=list)

    def sync_file(self, descriptor):
        self.synced.append("bytes")
        super().sync_file(descriptor)

    def sync_folder(self, path):
        self.synced.append(f"names of {path.name}")
        super().sync_folder(path)


def test_a_new_file_has_its_bytes_made_durable_before_its_name(tmp_path):
    disk = WatchedDisk()
    with disk.create(tmp_path / "a.bin") as stream:
        stream.write(b"abc")

    assert (tmp_path / "a.bin").read_bytes() == b"abc"
    assert disk.synced == ["bytes", f"names of {tmp_path.name}"]


def test_new_folders_have_durable_names_from_the_top(tmp_path):
    disk = WatchedDisk()
    disk.make_folder(tmp_path / "a" / "b")

    assert disk.synced == [f"names of {tmp_path.name}", "names of a"]


def test_a_block_that_fails_leaves_no_file(tmp_path):
    def write_half():
        with Disk().create(tmp_path / "a.bin") as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_never_overwritten(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"first")

    with pytest.raises(StorageError, match=r"a\.bin"), Disk().create(tmp_path / "a.bin") as stream:
        stream.write(b"second")

    assert (tmp_path / "a.bin").read_bytes() == b"first"


def test_a_full_disk_is_named_with_what_to_do(tmp_path):
    class FullDisk(Disk):
        def sync_file(self, descriptor):  # noqa: ARG002 - the seam's signature
            raise OSError(errno.ENOSPC, "No space left on device")

    with (
        pytest.raises(StorageError, match="No space left") as caught,
        FullDisk().create(tmp_path / "a") as stream,
    ):
        stream.write(b"x")

    assert "free some space" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_move_makes_both_folders_durable(tmp_path):
    disk = WatchedDisk()
    (tmp_path / "from").mkdir()
    (tmp_path / "to").mkdir()
    (tmp_path / "from" / "a").write_bytes(b"x")
    disk.move(tmp_path / "from" / "a", tmp_path / "to" / "a")

    assert disk.synced == ["names of to", "names of from"]
