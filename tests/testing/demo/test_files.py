"""The departments' files: the same everywhere, growing linearly, with exactly the defects that are counted."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime

import pytest

from ghala.errors import NotFoundError, UsageError
from ghala.testing.demo.defects import Defect
from ghala.testing.demo.workspace import break_month, make_workspace, repair_month

SCRIPT = """
import sys
from pathlib import Path
from ghala.testing.demo.workspace import break_month, make_workspace

make_workspace(Path(sys.argv[1]), scale=0.01)
break_month(Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a workspace with all 24 months, and what was written into each file."""
    target = tmp_path_factory.mktemp("demo") / "pwani"
    return target, {t.path: t for t in (*make_workspace(target, scale=0.02), *repair_month(target))}


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def records(target, tally):
    """Read a CSV file as its department writes it; return header and records."""
    delimiters = {"logistics": "|", "people": ";", "sales/catalogue": ";", "sales/lines": ";"}
    delimiter = next((d for start, d in delimiters.items() if tally.path.startswith(start)), ",")
    with (target / "landing" / tally.path).open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=delimiter, strict=True)
    return header, rows


def is_day(text, pattern):
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
    return True


def places(text, decimal="."):
    return len(text.partition(decimal)[2])


def sales_defects(header, rows, buyers):
    """Find defects as a reader of the export would, without knowing how they were placed."""
    is_new = header[0] == "OrderNo"
    pattern, mark = ("%d.%m.%Y", ",") if is_new else ("%Y-%m-%d", ".")
    keys = Counter((row[0], row[1]) for row in rows)
    found = Counter()
    for row in rows:
        if len(row) != len(header):
            found[Defect.RAGGED] += 1
        elif not is_day(row[2], pattern):
            found[Defect.BAD_DATE] += 1
        elif places(row[6], mark) > 2:
            found[Defect.TOO_PRECISE] += 1
        elif row[3] not in buyers:
            found[Defect.ORPHAN] += 1
        elif keys[row[0], row[1]] > 1:
            found[Defect.DUPLICATE] += 1
        elif row[5].startswith("-"):
            found[Defect.NEGATIVE] += 1
    return dict(found)


def test_the_same_bytes_in_every_process(tmp_path):
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / seed)],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")


def test_the_bytes_are_those_of_always(tmp_path):
    make_workspace(tmp_path / "pwani", scale=0.01)
    of_all = hashlib.sha256(json.dumps(hashes(tmp_path / "pwani" / "landing")).encode())
    assert of_all.hexdigest() == "94d65191979ff611f8710374834c7d24bcc2d0936f2de24e1283e3c48eb689ce"


@pytest.mark.parametrize(("scale", "lines"), [(0.01, 1_000), (0.02, 2_000)])
def test_order_lines_grow_with_the_scale(tmp_path, scale, lines):
    tallies = make_workspace(tmp_path / "pwani", scale=scale)
    tallies += repair_month(tmp_path / "pwani")
    exports = [t for t in tallies if t.path.startswith(("sales/orders-", "sales/lines_"))]
    again = sum(t.defects.get(Defect.DUPLICATE, 0) for t in exports) // 2
    assert len(exports) == 24
    assert sum(t.records for t in exports) - again == lines
    # Two order lines in a thousand carry each defect; of a duplicate, both records do.
    for defect in (Defect.BAD_DATE, Defect.ORPHAN, Defect.RAGGED, Defect.TOO_PRECISE):
        assert sum(t.defects.get(defect, 0) for t in exports) == lines // 500
    assert again == lines // 500


def test_every_file_has_the_records_that_it_says(made):
    target, tallies = made
    for tally in tallies.values():
        if tally.path.endswith(".csv"):
            assert len(records(target, tally)[1]) == tally.records, tally.path
        else:
            text = (target / "landing" / tally.path).read_text("utf-8")
            assert text.count("\n") == tally.records, tally.path
    written = {p for p in hashes(target / "landing") if p != "scale.json"}
    assert written == set(tallies)


def test_exports_of_sales_have_the_defects_that_are_counted(made):
    target, tallies = made
    buyers = {row[0] for row in records(target, tallies["sales/customers.csv"])[1]}
    exports = [t for t in tallies.values() if t.path.startswith(("sales/orders-", "sales/lines_"))]
    for tally in exports:
        assert sales_defects(*records(target, tally), buyers) == dict(tally.defects), tally.path


def test_shipments_and_books_have_the_defects_that_are_counted(made):
    target, tallies = made
    total = Counter()
    for tally in tallies.values():
        department = tally.path.split("/")[0]
        if department == "logistics":
            header, rows = records(target, tally)
            keys, day, number = Counter(row[0] for row in rows), 5, 8
        elif tally.path.startswith("finance/ledger"):
            header, rows = records(target, tally)
            keys, day, number = Counter((row[0], row[1]) for row in rows), 2, 6
        else:
            continue
        found = Counter()
        for row in rows:
            key = row[0] if department == "logistics" else (row[0], row[1])
            if len(row) != len(header):
                found[Defect.RAGGED] += 1
            elif not is_day(row[day], "%Y-%m-%d"):
                found[Defect.BAD_DATE] += 1
            elif places(row[number]) > (3 if department == "logistics" else 2):
                found[Defect.TOO_PRECISE] += 1
            elif keys[key] > 1:
                found[Defect.DUPLICATE] += 1
        assert dict(found) == dict(tally.defects), tally.path
        total += found
    assert total == Counter(
        {Defect.DUPLICATE: 4, Defect.BAD_DATE: 3, Defect.RAGGED: 3, Defect.TOO_PRECISE: 3}
    )


def test_events_have_the_defects_that_are_counted(made):
    target, tallies = made
    for tally in tallies.values():
        if not tally.path.startswith("web/"):
            continue
        found, seen = Counter(), set()
        for line in (target / "landing" / tally.path).read_text("utf-8").splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                found[Defect.BROKEN_JSON] += 1
                continue
            if not is_day(event["at"], "%Y-%m-%dT%H:%M:%SZ"):
                found[Defect.BAD_DATE] += 1
            elif event["id"] in seen:
                found[Defect.RESENT] += 1
            seen.add(event["id"])
        assert dict(found) == dict(tally.defects), tally.path


def test_people_and_customers_have_a_handful_of_defects(made):
    _, tallies = made
    assert tallies["people/staff.csv"].defects == {
        Defect.BAD_DATE: 1,
        Defect.DUPLICATE: 2,
        Defect.MISSING: 1,
        Defect.TOO_PRECISE: 1,
    }
    assert tallies["sales/customers.csv"].defects == {
        Defect.BAD_DATE: 2,
        Defect.DUPLICATE: 4,
        Defect.MISSING: 1,
        Defect.UNKNOWN_CODE: 1,
    }


def test_only_the_export_of_sales_breaks_and_is_repaired(tmp_path):
    target = tmp_path / "pwani"
    make_workspace(target, scale=0.01)
    before = hashes(target / "landing")
    broken = {t.path: t for t in break_month(target)}
    while_broken = hashes(target / "landing")
    repaired = {t.path: t for t in repair_month(target)}
    after = hashes(target / "landing")
    assert set(broken) == set(repaired) == set(after) - set(before)
    assert before.items() <= after.items()
    export = "sales/lines_2025-12.csv"
    assert {path for path in after if after[path] != while_broken[path]} == {export}
    assert broken[export].records == repaired[export].records
    assert broken[export].defects[Defect.NEGATIVE] == 14
    assert Defect.NEGATIVE not in repaired[export].defects


def test_the_tool_changes_in_march_2025(made):
    _, tallies = made
    assert "sales/orders-2025-02.csv" in tallies
    assert "sales/lines_2025-03.csv" in tallies
    assert sum(path.startswith("sales/orders-") for path in tallies) == 14


def test_days_of_orders_are_days_of_their_month(made):
    target, tallies = made
    _, rows = records(target, tallies["sales/orders-2024-02.csv"])
    days = {date.fromisoformat(row[2]) for row in rows if is_day(row[2], "%Y-%m-%d")}
    assert {(day.year, day.month) for day in days} == {(2024, 2)}
    assert len(days) > 15


def test_a_folder_with_anything_in_it_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError) as refused:
        make_workspace(tmp_path, scale=0.01)
    assert refused.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_in_its_place_is_refused(tmp_path):
    target = tmp_path / "pwani"
    target.write_text("mine")
    with pytest.raises(UsageError):
        make_workspace(target, scale=0.01)


@pytest.mark.parametrize("scale", [0, -1, 1_001, float("nan")])
def test_an_impossible_scale_is_refused(tmp_path, scale):
    with pytest.raises(UsageError):
        make_workspace(tmp_path / "pwani", scale=scale)


def test_an_empty_folder_is_used(tmp_path):
    make_workspace(tmp_path, scale=0.001)
    assert (tmp_path / "ghala.yaml").is_file()


def test_no_month_breaks_where_there_is_no_demo(tmp_path):
    with pytest.raises(NotFoundError):
        break_month(tmp_path)
