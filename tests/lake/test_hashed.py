"""Files that are hashed while they are written."""

import errno
import hashlib
from dataclasses import dataclass, field

import pytest

from ghala.errors import StorageError
from ghala.lake.files import Disk
from ghala.lake.hashed import HashedFile, buffered

BLOCK = bytes(range(256)) * 4096


@dataclass(frozen=True, slots=True)
class Recording(Disk):
    """Counts what was made durable; refuses from the given sync on."""

    refuses_at: int = 1000
    syncs: list[int] = field(default_factory=list)

    def sync_file(self, descriptor):
        self.syncs.append(descriptor)
        if len(self.syncs) >= self.refuses_at:
            raise OSError(errno.ENOSPC, "full")


def write(disk, path, blocks, *, is_read_again=True):
    with HashedFile(disk, path, is_read_again=is_read_again) as file:
        for block in blocks:
            file.write(block)
    return file


@pytest.mark.parametrize("is_read_again", [True, False])
def test_the_hash_and_size_are_those_of_the_file(tmp_path, is_read_again):
    file = write(Disk(), tmp_path / "a", [BLOCK] * 40, is_read_again=is_read_again)
    content = (tmp_path / "a").read_bytes()
    assert content == BLOCK * 40
    assert (file.sha256, file.byte_count) == (hashlib.sha256(content).hexdigest(), len(content))


def test_small_writes_are_gathered(tmp_path):
    with HashedFile(Disk(), tmp_path / "a", is_read_again=True) as file, buffered(file) as stream:
        for number in range(100_000):
            stream.write(b"%d," % number)
    assert (tmp_path / "a").read_bytes() == b"".join(b"%d," % number for number in range(100_000))
    assert file.byte_count == (tmp_path / "a").stat().st_size


def test_a_reused_buffer_may_change_after_the_write(tmp_path):
    view = bytearray(b"first")
    with HashedFile(Disk(), tmp_path / "a", is_read_again=True) as file:
        file.write(memoryview(view))
        view[:] = b"again"
    assert (tmp_path / "a").read_bytes() == b"first"


def test_a_long_file_is_made_durable_on_the_way(tmp_path):
    disk = Recording()
    write(disk, tmp_path / "a", [BLOCK] * 33)
    assert len(disk.syncs) == 3


def test_an_empty_file_is_a_file(tmp_path):
    file = write(Disk(), tmp_path / "a", [])
    assert (tmp_path / "a").read_bytes() == b""
    assert file.sha256 == hashlib.sha256().hexdigest()


def test_an_error_in_the_block_leaves_no_file(tmp_path):
    def blocks():
        yield BLOCK
        raise ValueError("the maker failed")

    with pytest.raises(ValueError, match="the maker"):
        write(Disk(), tmp_path / "a", blocks())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("refuses_at", [1, 2, 3])
def test_a_full_disk_is_a_clean_error_and_leaves_no_file(tmp_path, refuses_at):
    disk = Recording(refuses_at)
    with pytest.raises(StorageError, match="No space left"):
        write(disk, tmp_path / "a", [BLOCK] * 33)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(StorageError, match="cannot write `a`"):
        HashedFile(Disk(), tmp_path / "a", is_read_again=True)
    assert (tmp_path / "a").read_bytes() == b"mine"
