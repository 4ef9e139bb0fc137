"""Power cuts at every point of two publishes: what was acknowledged is there, whole; the rest is whole or absent."""

import os
import random
import shutil
import sys

import pytest

import ghala
from ghala.testing.faults import scenario
from ghala.testing.faults.disk import Loss, SimulatedDisk
from ghala.testing.faults.judge import judge
from ghala.testing.faults.trace import is_available, record

PLAIN_ICEBERG = """
import sys
import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
folder = sys.argv[1]
catalog = SqlCatalog("plain", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}/lake")
table = catalog.load_table("sales.orders")
for number in (2, 3):
    table.append(pa.table({"id": list(range(40))}))
    print(f"ACK {number}", flush=True)
"""


@pytest.fixture(autouse=True, scope="module")
def strace():
    if not is_available():
        message = "strace is not installed, or not allowed here"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def acknowledged(recording, count, first=1):
    """Return the last release that the program had acknowledged after so many operations."""
    said = [
        int(text.split()[1])
        for at, text in recording.said
        if at <= count and text.startswith("ACK")
    ]
    return max(said, default=first)


def recorded(folder, log, *command):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    recording = record([sys.executable, *command], folder, log, environment)
    assert recording.return_code == 0
    return recording


def cut_everywhere(disk, recording, target, losses, judge_state, step=1):
    """Judge what a power cut would leave after every `step`-th operation, for each kind of loss; return the count."""
    states, broken = 0, []
    for index, operation in enumerate(recording.operations):
        disk.replay(operation)
        if index % step:
            continue
        for loss in losses:
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            disk.lay_out(target, loss, random.Random(f"{index} {loss}"))
            states += 1
            try:
                judge_state(target, acknowledged(recording, index + 1))
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is counted against the state
                broken.append((index, operation.kind, operation.path, loss, repr(error)))
    return states, broken


def ghala_cuts(tmp_path, losses, step):
    folder = scenario.prepare(tmp_path / "acme")
    with ghala.open(folder) as app:
        scenario.publish(app, folder, 1)
    disk = SimulatedDisk(folder)
    recording = recorded(
        folder,
        tmp_path / "strace.log",
        "-m",
        "ghala.testing.faults.scenario",
        str(folder),
        "2",
        "3",
    )
    return cut_everywhere(disk, recording, tmp_path / "cut", losses, judge, step)


def test_what_was_acknowledged_survives_power_cuts(tmp_path):
    states, broken = ghala_cuts(tmp_path, (Loss.EVERYTHING, Loss.NAMES, Loss.SOME), step=13)

    print(f"{states} states after a power cut, {len(broken)} broken")
    assert not broken
    assert states >= 40


@pytest.mark.long
def test_what_was_acknowledged_survives_a_power_cut_at_every_operation(tmp_path):
    states, broken = ghala_cuts(tmp_path, tuple(Loss), step=1)

    print(f"{states} states after a power cut, {len(broken)} broken")
    assert not broken
    assert states >= 1000


def test_the_same_power_cuts_break_plain_pyiceberg(tmp_path):
    import pyarrow as pa
    from pyiceberg.catalog.sql import SqlCatalog

    folder = tmp_path / "plain"
    folder.mkdir()
    warehouse = {"uri": f"sqlite:///{folder}/catalog.db", "warehouse": f"file://{folder}/lake"}
    catalog = SqlCatalog("plain", **warehouse)
    catalog.create_namespace("sales")
    catalog.create_table("sales.orders", schema=pa.schema([("id", pa.int64())])).append(
        pa.table({"id": list(range(40))})
    )
    catalog.close()
    disk = SimulatedDisk(folder)
    recording = recorded(folder, tmp_path / "strace.log", "-c", PLAIN_ICEBERG, str(folder))

    def judge_plain(target, count):
        # The metadata names absolute paths, so the found state takes the place of the first one.
        shutil.rmtree(folder)
        shutil.copytree(target, folder)
        found = SqlCatalog("plain", **warehouse)
        try:
            rows = found.load_table("sales.orders").scan().to_arrow().num_rows
        finally:
            found.close()
        assert rows in (40 * count, 40 * (count + 1))

    states, broken = cut_everywhere(
        disk, recording, tmp_path / "cut", (Loss.EVERYTHING,), judge_plain
    )

    print(f"plain pyiceberg: {states} states after a power cut, {len(broken)} broken")
    assert broken


def test_without_any_loss_every_state_is_a_killed_process(tmp_path):
    states, broken = ghala_cuts(tmp_path, (Loss.NOTHING,), step=19)

    print(f"{states} states of a killed process, {len(broken)} broken")
    assert not broken
