"""What a landing leaves on disk, and what it counts."""

import errno
import hashlib
import os
from dataclasses import dataclass, replace

import pyarrow.parquet as pq
import pytest

from ghala.errors import SourceError, StorageError
from ghala.ingest import intake, land
from ghala.ingest.discover import InputFile
from ghala.ingest.intake import Intake
from ghala.lake import hashed
from ghala.lake.files import Disk
from ghala.model.product import SourceColumn
from ghala.model.run import TakenFile
from ghala.model.types import DataType, Field, Kind, parse_type

AB = {"a": "bigint", "b": "varchar"}


def test_files_land_in_the_order_of_their_names(landing):
    landing.write("2.csv", b"a,b\n3,z\n")
    landing.write("1.csv", b"a,b\n1,x\n2,y\n")
    landed = landing.land(AB)
    assert landing.rows(landed) == [(1, "x"), (2, "y"), (3, "z")]
    assert [file.path.name for file in landed.files] == ["part0-00000.parquet"]
    assert [(file.path, file.read, file.landed) for file in landed.balance.files] == [
        ("1.csv", 2, 2),
        ("2.csv", 1, 1),
    ]
    assert (landed.balance.rows_in, landed.balance.rows_out) == (3, 3)
    assert landed.quarantine is None


def test_the_raw_copy_has_the_name_of_its_hash(landing):
    content = b"a,b\n1,x\n"
    landing.write("1.csv", content)
    landed = landing.land(AB)
    sha256 = hashlib.sha256(content).hexdigest()
    assert (landing.root / "raw" / sha256[:2] / sha256).read_bytes() == content
    assert landed.cursor["1.csv"].sha256 == sha256
    assert landed.cursor["1.csv"].byte_count == len(content)
    landing.land(AB)
    assert list((landing.root / "raw" / ".incoming").iterdir()) == []


def test_a_refused_file_has_no_records_and_stops_nobody(landing):
    landing.write("1.csv", b"a,b\n1,x\n")
    landing.write("2.csv", b"a,c\n2,x\n")
    landing.write("3.csv", b"a,b\n3,x\n")
    landed = landing.land(AB)
    assert landing.rows(landed) == [(1, "x"), (3, "x")]
    assert [file.refused is None for file in landed.balance.files] == [True, False, True]
    refused = landed.balance.files[1]
    assert (refused.read, refused.byte_count) == (0, 8)
    assert (landing.root / "raw" / refused.sha256[:2] / refused.sha256).exists()


def test_nothing_but_faults_makes_no_data_file(landing):
    landing.write("1.csv", b"a,b\nx,x\n")
    landed = landing.land(AB)
    assert landed.files == ()
    assert list((landing.root / "data").iterdir()) == []
    assert landed.balance.quarantined == 1


def test_the_quarantine_is_in_the_order_of_files_and_records(landing):
    landing.write("1.csv", b"a,b\nx,1\n2\n1,y\nz,3\n")
    landing.write("2.csv", b'a,b\n1,"x"y\n')
    found = landing.quarantined(landing.land(AB))
    assert [(fault["file"], fault["record"], fault["reason"]) for fault in found] == [
        ("1.csv", 1, "type"),
        ("1.csv", 2, "field_count"),
        ("1.csv", 4, "type"),
        ("2.csv", 1, "text_after_quote"),
    ]


def test_messages_have_no_cell_values(landing):
    secret = b"5ecret"
    landing.write("1.csv", b"a,b\n%s,x\n1,%s,%s\n" % (secret, secret, secret))
    landing.write("2.csv", b"%s,b\n1,x\n" % secret)
    landed = landing.land(AB)
    told = [fault["message"] for fault in landing.quarantined(landed)]
    told += [file.refused or "" for file in landed.balance.files]
    assert not any("5ecret" in message for message in told)


def test_large_input_becomes_several_files(landing, monkeypatch):
    monkeypatch.setattr(land, "FILE_TEXT_BYTES", 1 << 20)
    lines = [b"%d,%s" % (number, b"x" * 100) for number in range(60_000)]
    lines[40_000] = b"bad,1"
    landing.write("1.csv", b"a,b\n" + b"\n".join(lines))
    landed = landing.land(AB)
    assert len(landed.files) > 1
    assert [row[0] for row in landing.rows(landed)] == [n for n in range(60_000) if n != 40_000]
    [fault] = landing.quarantined(landed)
    assert (fault["record"], fault["line"], fault["raw"]) == (40_001, 40_002, b"bad,1")


@pytest.mark.parametrize(
    ("type_", "content"),
    [
        ("csv", b"a,b,new\n1,x,2\n"),
        ("ndjson", b'{"a": 1, "b": "x"}\n{"a": 1, "b": "x", "new": {"c": 1}}\n'),
    ],
)
def test_what_no_column_takes_is_named(landing, type_, content):
    landing.write("1", content)
    [file] = landing.land(AB, type_).balance.files
    assert file.unread == ("new",)


def test_nothing_is_unread_where_all_is_taken(landing):
    landing.write("1", b'{"a": 1, "b": {"c": "x"}}\n{}\n')
    columns = [
        SourceColumn("a", "a", parse_type("bigint")),
        SourceColumn("c", "b.c", parse_type("varchar")),
    ]
    [file] = landing.land(columns, "ndjson").balance.files
    assert file.unread == ()


def test_field_ids_are_written(landing):
    landing.write("1.csv", b"a,b\n1,x\n")
    landed = landing.land(AB, field_ids={"a": 7, "b": 9})
    schema = pq.read_schema(landed.files[0].path)
    assert [field.metadata[b"PARQUET:field_id"] for field in schema] == [b"7", b"9"]


def test_seen_files_are_skipped(landing):
    content = b"a,b\n1,x\n"
    landing.write("1.csv", content)
    landing.write("2.csv", b"a,b\n2,y\n")
    landed = landing.land(
        AB, seen={"1.csv": TakenFile(hashlib.sha256(content).hexdigest(), len(content))}
    )
    assert landing.rows(landed) == [(2, "y")]
    assert list(landed.cursor) == ["2.csv"]


def test_a_seen_file_with_other_bytes_is_an_error(landing):
    landing.write("1.csv", b"a,b\n1,x\n")
    with pytest.raises(SourceError, match="with other bytes") as caught:
        landing.land(AB, seen={"1.csv": TakenFile("0" * 64, 8)})
    assert caught.value.hint


def test_a_seen_file_that_lay_still_is_not_read_again(landing, monkeypatch):
    monkeypatch.setattr(intake, "_COARSEST_TIME_NS", 0)
    path = landing.write("1.csv", b"a,b\n1,x\n")
    taken = landing.land(AB).cursor["1.csv"]
    assert taken.stamp
    # With a hash that is none, only the stamp can say that the file is the same.
    seen = {"1.csv": replace(taken, sha256="0" * 64)}
    assert landing.land(AB, seen=seen).cursor == {}
    path.write_bytes(b"a,b\n2,x\n")
    with pytest.raises(SourceError, match="with other bytes"):
        landing.land(AB, seen=seen)


def test_a_file_that_was_just_written_has_no_stamp(landing):
    landing.write("1.csv", b"a,b\n1,x\n")
    assert landing.land(AB).cursor["1.csv"].stamp == ""


def test_no_file_is_an_error_that_says_where_it_looked(landing):
    with pytest.raises(SourceError, match=r"`\*\.csv` matches nothing in") as caught:
        landing.land(AB, files=["*.csv"])
    assert str(landing.folder) in caught.value.message
    assert caught.value.hint


def test_a_zone_is_read_instead_of_the_product_folder(landing):
    zone = landing.root / "zone"
    (zone / "deep").mkdir(parents=True)
    (zone / "deep" / "1.csv").write_bytes(b"a,b\n1,x\n")
    landed = landing.land(AB, zone="erp", zones={"erp": zone})
    assert list(landed.cursor) == ["deep/1.csv"]


def test_a_link_out_of_the_folder_is_refused(landing):
    outside = landing.root / "outside.csv"
    outside.write_bytes(b"a,b\n1,x\n")
    landing.folder.mkdir()
    (landing.folder / "1.csv").symlink_to(outside)
    with pytest.raises(SourceError, match="leads out of its folder"):
        landing.land(AB)


def test_hidden_files_are_not_matched(landing):
    landing.write("1.csv", b"a,b\n1,x\n")
    landing.write(".1.csv.part", b"a,b\n2,y\n")
    assert landing.rows(landing.land(AB)) == [(1, "x")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_an_error(landing):
    landing.write("1.csv", b"a,b\n1,x\n").chmod(0)
    with pytest.raises(SourceError, match="cannot read"):
        landing.land(AB)


def test_a_file_that_vanishes_is_an_error_and_leaves_nothing(landing):
    gone = InputFile("1.csv", str(landing.root / "1.csv"))
    with pytest.raises(SourceError, match="cannot read `1"):
        list(Intake(gone, landing.root / "raw", Disk()).blocks())
    assert not (landing.root / "raw").exists()


@dataclass(frozen=True, slots=True)
class FullDisk(Disk):
    """Refuses the n-th fsync of a file."""

    calls: list[int]
    refused: int

    def sync_file(self, descriptor):
        self.calls.append(descriptor)
        if len(self.calls) == self.refused:
            raise OSError(errno.ENOSPC, "No space left on device")
        Disk.sync_file(self, descriptor)


def test_a_full_disk_is_an_error_at_every_file(landing):
    landing.write("1.csv", b"a,b\n1,x\nz,y\n")
    for refused in (1, 2, 3):  # the raw copy, the data file, the quarantine
        with pytest.raises(StorageError) as caught:
            landing.land(AB, disk=FullDisk([], refused))
        assert caught.value.hint
    assert landing.land(AB, disk=FullDisk([], 4)).balance.rows_in == 2


def test_a_large_raw_copy_becomes_durable_while_it_grows(landing, monkeypatch):
    monkeypatch.setattr(intake, "BLOCK_BYTES", 16)
    monkeypatch.setattr(hashed, "_SYNCED_BYTES", 64)
    content = b"a,b\n" + b"1,x\n" * 63
    landing.write("1.csv", content)
    for refused in (1, 2, 3, 4, 5):  # four parts of the raw copy, and its end
        with pytest.raises(StorageError):
            landing.land(AB, disk=FullDisk([], refused))
        assert list((landing.root / "raw" / ".incoming").iterdir()) == []
    landed = landing.land(AB, disk=FullDisk([], 0))
    sha256 = hashlib.sha256(content).hexdigest()
    assert (landing.root / "raw" / sha256[:2] / sha256).read_bytes() == content
    assert landed.cursor["1.csv"].sha256 == sha256


def test_nested_json_lands_by_the_same_rules(landing):
    inner = DataType(
        Kind.STRUCT, fields=(Field("n", parse_type("bigint")), Field("d", parse_type("date")))
    )
    columns = [
        SourceColumn("s", "s", inner),
        SourceColumn("l", "l", DataType(Kind.LIST, element=parse_type("decimal(4,2)"))),
        SourceColumn("ls", "ls", DataType(Kind.LIST, element=inner)),
    ]
    landing.write(
        "1.ndjson",
        b'{"s": {"n": 1, "d": "2024-01-02"}, "l": [1.5, null], "ls": [{"n": 2}]}\n'
        b'{"s": null, "l": []}\n'
        b'{"s": {"n": 1.5}}\n'
        b'{"l": [1, 2.345]}\n'
        b'{"ls": [{"n": 1}, {"d": "2024-02-30"}]}\n'
        b'{"s": {"n": 1, "x": 2}}\n'
        b'{"s": [1]}\n'
        b'{"l": {}}\n',
    )
    landed = landing.land(columns, "ndjson")
    rows = landing.rows(landed)
    assert str(rows[0]) == (
        "({'n': 1, 'd': datetime.date(2024, 1, 2)}, [Decimal('1.50'), None], [{'n': 2, 'd': None}])"
    )
    assert rows[1] == (None, [], None)
    assert [
        (fault["record"], fault["column"], fault["reason"]) for fault in landing.quarantined(landed)
    ] == [
        (3, "s", "type"),
        (4, "l", "type"),
        (5, "ls", "type"),
        (6, "s", "unknown_member"),
        (7, "s", "type"),
        (8, "l", "type"),
    ]
