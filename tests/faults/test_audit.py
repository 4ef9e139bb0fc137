"""Reads and their record while the disk refuses: no answer without a record, and chains that hold."""

import errno
import os
from collections import Counter

import pytest

from ghala.testing.faults.intercept import EVERYTHING, Fault
from ghala.testing.faults.subject import Subject

pytestmark = pytest.mark.usefixtures("interception")


@pytest.fixture
def subject(tmp_path, template):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with Subject(template, tmp_path / "printed", environment) as process:
        yield process
        assert process.printed == ""


def read_through(subject, folder, faults):
    """Ask under each fault and once more after it; count how each ended."""
    counts = Counter()
    assert subject.ask("read").is_fine
    before = subject.ask("recorded").value
    for fault in faults:
        subject.watch.begin(fault, folder)
        during = [subject.ask("read") for _ in range(2)]
        hit = subject.watch.end()
        after = subject.ask("read")
        assert after.is_fine, (fault, hit, after)
        counts.update("answered" if one.is_fine else one.code for one in (*during, after))
        intents, broken = subject.ask("recorded").value
        assert broken == [], (fault, hit)
        # One that was refused may have been recorded: its commit happened, and its answer got lost.
        assert counts["answered"] <= intents - before[0] <= counts.total(), (fault, hit, counts)
        if not hit:
            break
    return counts


def test_a_full_disk_refuses_reads_and_leaves_none_unrecorded(template, subject):
    faults = [
        Fault(EVERYTHING, index, error, stays=stays)
        for index in (1, 2, 3, 5)
        for error, stays in ((errno.ENOSPC, True), (errno.ENOSPC, False), (errno.EIO, False))
    ]
    counts = read_through(subject, template, faults)
    print(f"{len(faults)} injected: {dict(counts)}")
    assert counts.keys() == {"answered", "storage"}
    assert counts["storage"] >= 4


@pytest.mark.long
@pytest.mark.parametrize("stays", [False, True], ids=["once", "from then on"])
def test_every_call_of_a_read_may_be_refused(template, subject, stays):
    faults = [Fault(EVERYTHING, index, errno.ENOSPC, stays=stays) for index in range(1, 200)]
    counts = read_through(subject, template, faults)
    print(dict(counts))
    assert counts["storage"] > 0
