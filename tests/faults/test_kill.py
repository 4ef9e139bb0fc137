"""kill -9 in the middle of a publish: at its i-th write, fsync, rename, … of whichever thread, for i = 1, 2, …"""

import os
import shutil

import pytest

import ghala
from ghala.registry import releases
from ghala.testing.faults import scenario
from ghala.testing.faults.intercept import EVERYTHING, Fault
from ghala.testing.faults.judge import judge
from ghala.testing.faults.subject import Subject

pytestmark = pytest.mark.usefixtures("interception")


def publish_and_die(folder, printed, index):
    """Publish and close in a process that is killed at its `index`-th call; return the call, and whether it had said
    that release 2 is there."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with Subject(folder, printed, environment) as process:
        process.watch.begin(Fault(EVERYTHING, index, None))
        published = process.ask("publish")
        assert published.is_fine or published.code == "killed", published
        if published.is_fine:
            assert published.value == 2
            process.ask("close")
        hit = process.watch.end()
    return hit[0] if hit else None, published.is_fine


def known_files(app, lake):
    with app._registry.read() as connection:
        return {lake / path for path in releases.known_files(connection)}


def kill_at(template, folder, index):
    """Kill a publish at one call, and judge what is found; return that call, None if there are not so many."""
    shutil.copytree(template, folder)
    hit, is_acknowledged = publish_and_die(folder, folder.with_suffix(".printed"), index)
    found = judge(folder, 1 + is_acknowledged)
    assert found <= 2
    with ghala.open(folder) as app:
        if found == 1:
            # The next run succeeds, and takes the file that the killed one had not published.
            assert app.run([scenario.PRODUCT])[0].release.number == 2
        app.sweep(0)
        lake = folder / ".ghala" / "lake"
        assert {path for path in lake.rglob("*") if path.is_file()} == known_files(app, lake)
    assert judge(folder, 2) == 2
    shutil.rmtree(folder)
    return hit


def test_a_killed_publish_is_wholly_there_or_absent(tmp_path, template):
    hits = [kill_at(template, tmp_path / f"at-{index}", index) for index in (3, 60, 125, 170)]

    print(f"{len(hits)} kills, at {', '.join(f'{hit.name} {hit.path}' for hit in hits if hit)}")
    assert None not in hits


@pytest.mark.long
@pytest.mark.parametrize("start", [1, 2, 3, 4])
def test_a_publish_killed_at_any_call_is_wholly_there_or_absent(tmp_path, template, start):
    # Every fourth index here, the others in this test's siblings: together all, until there are no more calls.
    hits = []
    index = start
    while hit := kill_at(template, tmp_path / f"at-{index}", index):
        hits.append(hit)
        index += 4

    calls = {name: sum(hit.name == name for hit in hits) for name in {hit.name for hit in hits}}
    print(f"{len(hits)} kills at call {start}, {start + 4}, … {index - 4}: {calls}; all whole")
    assert len(hits) > 30
