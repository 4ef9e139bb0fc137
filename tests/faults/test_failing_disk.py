"""A disk that fails at the i-th call, for every i: a clean error, reads go on, and it heals without restart."""

import errno
from dataclasses import dataclass, field

import pytest

import ghala
from ghala.errors import StorageError
from ghala.lake.files import Disk
from ghala.testing.faults import scenario
from ghala.testing.faults.judge import judge


@dataclass(frozen=True)
class FailingDisk(Disk):
    """Fails from the `at`-th call on, until it is healed; `state` counts."""

    state: dict = field(default_factory=lambda: {"calls": 0, "at": None, "error": errno.ENOSPC})

    def fail_at(self, at, error):
        self.state.update(calls=0, at=at, error=error)

    def heal(self):
        self.state["at"] = None

    @property
    def has_failed(self):
        return self.state["at"] is not None and self.state["calls"] >= self.state["at"]

    def _call(self):
        self.state["calls"] += 1
        if self.has_failed:
            raise OSError(self.state["error"], "the disk fails")

    def open_new(self, path):
        self._call()
        return super().open_new(path)

    def sync_file(self, descriptor):
        self._call()
        super().sync_file(descriptor)

    def sync_folder(self, path):
        self._call()
        super().sync_folder(path)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_fails_the_run_and_nothing_else(tmp_path, error):
    folder = scenario.prepare(tmp_path / "acme")
    disk = FailingDisk()
    with ghala.open(folder, disk=disk) as app:
        scenario.publish(app, folder, 1)
        scenario.add_file(folder, 2)
        index = 0
        while True:
            index += 1
            disk.fail_at(index, error)
            outcome = app.run([scenario.PRODUCT])[0]
            if not disk.has_failed:
                break
            assert isinstance(outcome.error, StorageError), f"call {index}"
            assert outcome.release is None
            assert app.sql("SELECT count(*) FROM sales.orders").rows() == [(scenario.ROWS,)]
        disk.heal()
        print(f"{index - 1} failing calls ({errno.errorcode[error]}), each a clean error")
        assert index > 15
        assert outcome.release.number == 2
        assert app.verify().faults == ()
    assert judge(folder, 2) == 2
