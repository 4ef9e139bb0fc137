"""A disk that is full or broken for every library: any call that changes a file fails, by the kernel's own answer.

The same process goes on: it says what happened, its last good release is still read, and it publishes again.
"""

import errno
import os
import shutil
from collections import Counter

import pytest

from ghala.testing.faults import scenario
from ghala.testing.faults.intercept import EVERYTHING, Fault
from ghala.testing.faults.subject import Subject

# What belongs to a library or to Python, not into a message for people.
FOREIGN = (
    "Traceback",
    "sqlalchemy",
    "sqlite3",
    "IO Error",
    "pyarrow",
    "[errno",
    "[Errno",
    "Detail:",
)

pytestmark = pytest.mark.usefixtures("interception")


@pytest.fixture
def subject(tmp_path, template):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with Subject(template, tmp_path / "printed", environment) as process:
        yield process
        assert process.printed == ""


def assert_clean(ended, error):
    """The error is one of ours, in our words, and a full disk comes with what to do."""
    assert ended.crash is None, ended.crash
    assert ended.code == "storage", ended
    assert ended.message
    assert not any(word in f"{ended.message} {ended.hint}" for word in FOREIGN), ended.message
    if error == errno.ENOSPC:
        assert ended.hint, ended.message


def publish_through(subject, folder, number, fault, counts):
    """Publish release `number` under a fault, then without it; count what became of it, return what failed."""
    subject.watch.begin(fault, folder)
    ended = subject.ask("publish")
    during = (subject.ask("look"), subject.ask("read")) if fault.stays else ()
    hit = subject.watch.end()
    good = number if ended.is_fine else number - 1
    for looked in during:
        # The read door answers nobody whom it cannot put on record: while the registry's disk stays full, it refuses.
        if not looked.is_fine:
            assert_clean(looked, fault.error)
    if during:
        assert during[0].value == good * scenario.ROWS
        assert during[1].value in (None, good * scenario.ROWS)
    assert subject.ask("read").value == good * scenario.ROWS, (fault, hit)
    if ended.is_fine:
        assert ended.value == number, (fault, hit, ended)
    else:
        assert_clean(ended, fault.error)
        again = subject.ask("publish")
        assert again.value == number, (fault, hit, again)
    if hit:
        counts["unharmed" if ended.is_fine else "clean errors"] += 1
        counts["reads refused meanwhile"] += sum(not looked.is_fine for looked in during)
    return hit


def test_a_call_that_fails_fails_the_run_and_nothing_else(template, subject):
    counts = Counter()
    faults = [
        Fault(EVERYTHING, index, error, stays=stays)
        for index, error, stays in (
            (2, errno.EIO, False),
            (30, errno.ENOSPC, False),
            (90, errno.EIO, False),
            (160, errno.ENOSPC, False),
            (20, errno.ENOSPC, True),
            (130, errno.ENOSPC, True),
        )
    ]
    for number, fault in enumerate(faults, start=2):
        scenario.add_file(template, number)
        assert publish_through(subject, template, number, fault, counts)

    last = len(faults) + 1
    assert subject.ask("judge", acknowledged=last).value == last
    print(f"{len(faults)} injected: {dict(counts)}; {last} releases, all whole")
    assert counts["clean errors"] >= 4


@pytest.mark.long
@pytest.mark.parametrize(
    ("error", "stays"),
    [(errno.ENOSPC, False), (errno.EIO, False), (errno.ENOSPC, True)],
    ids=["no space, once", "I/O error, once", "no space from then on"],
)
def test_every_call_that_fails_fails_the_run_and_nothing_else(
    tmp_path, template, subject, error, stays
):
    counts, calls = Counter(), Counter()
    for index in range(1, 10_000):
        # A workspace of its own for each index, so that all of them count the same calls.
        folder = shutil.copytree(template, tmp_path / f"at-{index}")
        subject.ask("use", folder=str(folder))
        assert subject.ask("read").value == scenario.ROWS
        fault = Fault(EVERYTHING, index, error, stays=stays)
        hit = publish_through(subject, folder, 2, fault, counts)
        assert subject.ask("judge", acknowledged=2).value == 2
        shutil.rmtree(folder)
        if not hit:
            break
        calls[hit[0].name] += 1

    form = f"{errno.errorcode[error]} {'from each call on' if stays else 'once'}"
    print(f"{form}: {calls.total()} injected {dict(calls)}: {dict(counts)}")
    assert calls.total() > 150
    assert counts["clean errors"] > 100


def test_a_full_disk_under_what_the_engine_spills_ends_its_query_only(template, subject):
    settings = template / "ghala.yaml"
    settings.write_text(settings.read_text() + "engine: {memory_mb: 128, threads: 1}\n")
    assert subject.ask("publish").value == 2
    spilled = []
    for fault in (
        Fault(EVERYTHING, 1, errno.ENOSPC),
        Fault(EVERYTHING, 5, errno.ENOSPC, stays=True),
        Fault(EVERYTHING, 9, errno.EIO),
    ):
        subject.watch.begin(fault)
        ended = subject.ask("sort", rows=900_000)
        spilled += subject.watch.end()
        assert_clean(ended, fault.error)
        assert subject.ask("read").value == 2 * scenario.ROWS
    assert subject.ask("sort", rows=900_000).is_fine

    print(f"{len(spilled)} injected where the engine spills, 3 clean errors")
    assert all(call.path.startswith(".ghala/spill") for call in spilled)


def open_through(tmp_path, subject, make, indices, error):
    """Open a workspace while its `index`-th call fails, then again without the fault."""
    counts = Counter()
    for index in indices:
        folder = make(tmp_path / f"open-{index}")
        subject.ask("use", folder=str(folder))
        subject.watch.begin(Fault(EVERYTHING, index, error), folder)
        ended = subject.ask("open")
        hit = subject.watch.end()
        if not ended.is_fine:
            assert_clean(ended, error)
        again = subject.ask("open")
        assert again.is_fine, (index, hit, again)
        if hit:
            counts["unharmed" if ended.is_fine else "clean errors"] += 1
        last = again.value + 1
        if index % 10 == 0:
            assert subject.ask("publish").value == last
            assert subject.ask("judge", acknowledged=last).value == last
        shutil.rmtree(folder)
        if not hit:
            break
    return counts


def new_workspace(folder):
    scenario.prepare(folder)
    scenario.add_file(folder, 1)
    return folder


def test_a_workspace_that_could_not_be_made_is_made_at_the_next_attempt(tmp_path, subject):
    counts = open_through(tmp_path, subject, new_workspace, (3, 40), errno.ENOSPC)
    counts += open_through(tmp_path, subject, new_workspace, (10,), errno.EIO)

    print(f"first opening: {dict(counts)}")
    assert counts["clean errors"] >= 2


@pytest.mark.long
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "old"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_every_call_of_an_opening_that_fails_is_survived(
    tmp_path, template, subject, error, is_new
):
    def copy(folder):
        return shutil.copytree(template, folder)

    make = new_workspace if is_new else copy
    counts = open_through(tmp_path, subject, make, range(1, 10_000), error)

    kind = "first opening" if is_new else "opening and closing"
    print(f"{kind}, {errno.errorcode[error]} at every call: {dict(counts)}")
    assert counts.total() > 10
