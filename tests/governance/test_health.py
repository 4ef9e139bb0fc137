"""The doctor finds what makes a workspace unreliable, says how to mend it, and never falls ill itself."""

import re
import shutil

import pytest
from sqlalchemy import delete, update

from ghala.errors import DefinitionError, StorageError
from ghala.governance.health import Doctor, file_system_of
from ghala.lake.files import Disk
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.names import ProductName
from ghala.registry import audit, claims, tables
from ghala.registry.registry import open_registry


@pytest.fixture
def registry(tmp_path):
    registry = open_registry(None, tmp_path)
    yield registry
    registry.close()


@pytest.fixture
def doctor(tmp_path, registry):
    return Doctor(tmp_path, Disk(), lambda: registry, lambda: 3)


def examined(doctor, name):
    return next(diagnosis for diagnosis in doctor.examine() if diagnosis.name == name)


def with_parts(doctor, **parts):
    values = {name: getattr(doctor, name) for name in Doctor.__slots__}
    return Doctor(**(values | parts))


def mounted(tmp_path, *lines):
    path = tmp_path / "mounts"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_a_sound_workspace_is_fine(doctor):
    found = list(doctor.examine())

    assert [diagnosis.name for diagnosis in found if not diagnosis.is_fine] == []
    assert examined(doctor, "definitions").message == "3 products"
    assert examined(doctor, "runs").message == "none open"
    assert list(doctor.storage.glob("doctor*")) == []


def test_the_file_system_of_the_deepest_mount_counts(tmp_path):
    mounts = mounted(
        tmp_path,
        "/dev/root / ext4 rw 0 0",
        f"server:/x {tmp_path} nfs4 rw 0 0",
        f"tmpfs {tmp_path}/local tmpfs rw 0 0",
        f"other:/y {tmp_path}/loc cifs rw 0 0",
    )
    (tmp_path / "local").mkdir()

    assert file_system_of(tmp_path, mounts) == "nfs4"
    assert file_system_of(tmp_path / "not" / "yet" / "there", mounts) == "nfs4"
    assert file_system_of(tmp_path / "local" / "x", mounts) == "tmpfs"
    assert file_system_of(tmp_path.parent, mounts) == "ext4"


def test_of_two_mounts_on_one_place_the_later_one_hides_the_other(tmp_path):
    mounts = mounted(tmp_path, f"/dev/a {tmp_path} ext4 rw 0 0", f"server:/x {tmp_path} nfs rw 0 0")

    assert file_system_of(tmp_path, mounts) == "nfs"


@pytest.mark.parametrize(
    ("name", "written"), [("a b", "a\\040b"), ("Köln", "Köln"), ("a\\b", "a\\134b")]
)
def test_a_mounts_name_is_read_as_the_kernel_writes_it(tmp_path, name, written):
    (tmp_path / name).mkdir()
    mounts = mounted(tmp_path, "/dev/root / ext4 rw 0 0", f"s:/x {tmp_path}/{written} nfs rw 0 0")

    assert file_system_of(tmp_path / name, mounts) == "nfs"


def test_a_symlink_leads_to_where_the_files_are(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    mounts = mounted(tmp_path, "/dev/root / ext4 rw 0 0", f"s:/x {tmp_path}/far nfs rw 0 0")

    assert file_system_of(tmp_path / "near", mounts) == "nfs"


def test_mounts_that_cannot_be_read_say_nothing(tmp_path):
    assert file_system_of(tmp_path, tmp_path / "nothing") is None
    assert file_system_of(tmp_path, mounted(tmp_path, "", "half", "/dev/root / ext4 rw 0 0")) == (
        "ext4"
    )


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs", "smb3", "ceph"])
def test_a_network_file_system_is_no_place_for_the_registry(doctor, tmp_path, kind):
    mounts = mounted(tmp_path, f"server:/x / {kind} rw 0 0")
    found = examined(with_parts(doctor, mounts=mounts), "file system")

    assert not found.is_fine
    assert kind in found.message
    assert "storage" in found.hint


def test_an_unknown_file_system_is_taken_as_local(doctor, tmp_path):
    found = examined(with_parts(doctor, mounts=tmp_path / "nothing"), "file system")

    assert (found.is_fine, found.message) == (True, "unknown, taken as local")


def test_definitions_that_mean_nothing_are_told(doctor):
    def load():
        raise DefinitionError("two findings")

    found = examined(with_parts(doctor, load_definitions=load), "definitions")
    assert (found.is_fine, found.message, found.hint) == (False, "two findings", "run `ghala lint`")


def appended(registry, count=3):
    with registry.write() as connection:
        for number in range(count):
            entry = AuditEntry(
                AuditTag.DATASET_READ, "owner:local", "test", ("sales.orders",), {"n": number}
            )
            audit.append(connection, entry)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (update(tables.audit).where(tables.audit.c.number == 2).values(principal="x"), 2),
        (update(tables.audit).where(tables.audit.c.number == 3).values(detail={"n": 9}), 3),
        (delete(tables.audit).where(tables.audit.c.number == 1), 1),
        (delete(tables.audit).where(tables.audit.c.number == 2), 2),
    ],
    ids=["who", "what", "first one removed", "one removed"],
)
def test_a_broken_audit_chain_is_told_with_the_entry(doctor, registry, change, broken):
    appended(registry)
    assert examined(doctor, "audit chain").is_fine
    with registry.write() as connection:
        connection.execute(change)
    found = examined(doctor, "audit chain")

    assert not found.is_fine
    assert f"entry {broken} " in found.message
    assert "backup" in found.hint


def test_an_open_run_is_told_with_its_beginning(doctor, registry):
    with registry.write() as connection:
        claims.claim(connection, "prod", ProductName("sales", "orders"), "run-1", lease_s=60)
    found = examined(doctor, "runs")

    assert found.is_fine
    assert found.message.startswith("open since 20")


def test_little_space_is_told(doctor, monkeypatch):
    usage = shutil.disk_usage(doctor.storage)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    found = examined(doctor, "space")

    assert (found.is_fine, found.message) == (False, "0.0 GiB free")
    assert "free some space" in found.hint


class ReadOnlyDisk(Disk):
    def open_new(self, path):
        raise PermissionError(13, "Permission denied", str(path))


def test_a_disk_that_refuses_is_told(doctor):
    found = examined(with_parts(doctor, disk=ReadOnlyDisk()), "writing")

    assert not found.is_fine
    assert re.search(r"doctor-\w+\.probe", found.message)


class Unfinished(Disk):
    """Another examination that has written its probe and is still at it."""

    def remove(self, path):
        assert path.exists()


class Beside(Disk):
    """A disk on which another examination begins whenever this one does."""

    def open_new(self, path):
        other = Doctor(path.parent, Unfinished(), None, None)
        assert other._durability().is_fine
        return super().open_new(path)


def test_two_examinations_at_once_do_not_meet(doctor):
    assert examined(with_parts(doctor, disk=Beside()), "writing").is_fine


def test_a_storage_that_is_no_folder_is_told(doctor, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    found = list(with_parts(doctor, storage=tmp_path / "file").examine())

    assert [diagnosis.name for diagnosis in found if not diagnosis.is_fine] == ["writing"]


def test_a_registry_out_of_reach_is_told_and_the_rest_is_examined_all_the_same(doctor):
    def refuse():
        raise StorageError("the registry cannot be opened", hint="mend it")

    found = {d.name: d for d in with_parts(doctor, open_registry=refuse).examine()}
    for name in ("registry", "audit chain", "runs"):
        assert (found[name].is_fine, found[name].hint) == (False, "mend it")
    assert found["writing"].is_fine


def test_a_damaged_registry_is_told(doctor, registry, tmp_path):
    appended(registry, 200)
    registry.close()
    path = tmp_path / "registry.db"
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    found = examined(doctor, "registry")

    assert not found.is_fine
