"""kill -9 in the middle of a publish: at the i-th write, fsync, rename of any of its threads, for i = 1, 2, …"""

import os
import subprocess
import sys

import pytest

import ghala
from ghala.testing.faults import scenario
from ghala.testing.faults.judge import judge
from ghala.testing.faults.trace import is_available

CALLS = "write,pwrite64,writev,fsync,fdatasync,rename,renameat2,unlink,unlinkat,mkdir,ftruncate"
KILLED = -9


@pytest.fixture(autouse=True, scope="module")
def strace():
    if not is_available():
        message = "strace is not installed, or not allowed here"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


def publish_and_die(folder, number, index, calls=CALLS):
    """Publish in a process that is killed at its `index`-th call; return whether it was, and what it acknowledged."""
    command = [
        "strace", "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={index}",
        sys.executable, "-m", "ghala.testing.faults.scenario", str(folder), str(number), str(number),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode in (KILLED, 137), done.stdout.count("ACK")


def kill_at(tmp_path, indices, calls=CALLS):
    folder = scenario.prepare(tmp_path / "acme")
    with ghala.open(folder) as app:
        scenario.publish(app, folder, 1)
    last, kills = 1, 0
    for index in indices:
        killed, acks = publish_and_die(folder, last + 1, index, calls)
        found = judge(folder, last + acks)
        if found == last:
            # The next run succeeds, and takes the file that the killed one had not published.
            with ghala.open(folder) as app:
                found = scenario.publish(app, folder, last + 1).number
        last = found
        judge(folder, last)
        kills += killed
        if not killed:
            break
    with ghala.open(folder) as app:
        app.sweep(0)
        assert app.verify().faults == ()
        on_disk = {path for path in (folder / ".ghala" / "lake").rglob("*") if path.is_file()}
        with app._registry.read() as connection:
            from ghala.registry import releases

            known = {folder / ".ghala" / "lake" / path for path in releases.known_files(connection)}
        assert on_disk == known
    judge(folder, last)
    return kills, last


def test_a_killed_publish_is_wholly_there_or_absent(tmp_path):
    kills, last = kill_at(tmp_path, (3, 12, 25, 45, 80))

    print(f"{kills} kills, {last} releases, all whole")
    assert kills >= 3


@pytest.mark.long
@pytest.mark.parametrize(
    "calls",
    [
        "write,pwrite64,writev",
        "fsync,fdatasync",
        "rename,renameat2,unlink,unlinkat,mkdir,ftruncate",
    ],
)
def test_a_publish_killed_at_every_call_is_wholly_there_or_absent(tmp_path, calls):
    kills, last = kill_at(tmp_path, range(1, 1000), calls)

    print(f"{calls}: {kills} kills, {last} releases, all whole")
    assert kills > 1
