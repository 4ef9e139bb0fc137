"""A rollback that a fault cuts: the old content is current whole or not at all, and no file is taken twice or lost."""

import os
import shutil

import pytest

import ghala
from ghala.errors import StorageError
from ghala.testing.faults import scenario
from ghala.testing.faults.intercept import EVERYTHING, Fault
from ghala.testing.faults.judge import judge
from ghala.testing.faults.lossy import LossyRegistry
from ghala.testing.faults.subject import Subject


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A workspace with two releases; it can be copied."""
    folder = scenario.prepare(tmp_path_factory.mktemp("rollback") / "template")
    with ghala.open(folder) as app:
        for number in (1, 2):
            scenario.publish(app, folder, number)
    return folder


def files_of(number):
    """Release 3 brought the first one back; the run after it took the second file again."""
    return {3: 1, 4: 2}.get(number, number)


def finish(folder, acknowledged):
    """Judge what a fault left, roll back if it kept that from happening, and let the next run take the other file."""
    found = judge(folder, acknowledged, files_of)
    with ghala.open(folder) as app:
        if found == 2:
            assert app.roll_back(scenario.PRODUCT, 1, reason="again", wait_s=30).number == 3
        assert app.sql("SELECT count(*) FROM sales.orders").rows() == [(scenario.ROWS,)]
        assert app.run([scenario.PRODUCT], wait_s=30)[0].release.number == 4
        app.sweep(0)
    assert judge(folder, 4, files_of) == 4


def kill_at(published, folder, index):
    """Kill a rollback at one call, and judge what is found; return that call, None if there are not so many."""
    shutil.copytree(published, folder)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with Subject(folder, folder.with_suffix(".printed"), environment) as process:
        process.watch.begin(Fault(EVERYTHING, index, None))
        done = process.ask("roll_back", to=1)
        assert done.is_fine or done.code == "killed", done
        if done.is_fine:
            assert done.value == 3
            process.ask("close")
        hit = process.watch.end()
    finish(folder, 2 + done.is_fine)
    shutil.rmtree(folder)
    return hit[0] if hit else None


@pytest.mark.usefixtures("interception")
def test_a_killed_rollback_is_wholly_there_or_absent(tmp_path, published):
    hits = [kill_at(published, tmp_path / f"at-{index}", index) for index in (2, 20, 38)]
    print(f"{len(hits)} kills, at {', '.join(f'{hit.name} {hit.path}' for hit in hits if hit)}")
    assert None not in hits


@pytest.mark.long
@pytest.mark.usefixtures("interception")
@pytest.mark.parametrize("start", [1, 2])
def test_a_rollback_killed_at_any_call_is_wholly_there_or_absent(tmp_path, published, start):
    hits = []
    index = start
    while hit := kill_at(published, tmp_path / f"at-{index}", index):
        hits.append(hit)
        index += 2
    print(f"{len(hits)} kills at call {start}, {start + 2}, … {index - 2}; all whole")
    assert len(hits) > 10


def commits_of_a_rollback(published, folder):
    shutil.copytree(published, folder)
    with ghala.open(folder) as app:
        app._registry = counting = LossyRegistry(app._registry, commits=True, at=0)
        app.roll_back(scenario.PRODUCT, 1, reason="a test")
    return counting.calls


@pytest.mark.parametrize("commits", [True, False], ids=["after", "before"])
def test_no_lost_answer_halves_or_doubles_a_rollback(tmp_path, published, commits):
    count = commits_of_a_rollback(published, tmp_path / "counted")
    for at in range(1, count + 1):
        folder = shutil.copytree(published, tmp_path / f"at-{at}")
        acknowledged = 2
        with ghala.open(folder) as app:
            app._registry = LossyRegistry(app._registry, commits=commits, at=at)
            try:
                acknowledged = app.roll_back(scenario.PRODUCT, 1, reason="a test").number
            except StorageError:
                # The claim, or the record of the run, could not be written; or nothing was published.
                assert app._registry.calls >= at
        finish(folder, acknowledged)
    print(
        f"{count} commits, the answer of each lost {'after' if commits else 'before'} it took place"
    )
