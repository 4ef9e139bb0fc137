"""A release of edited rows that a fault cuts: they wait or they are in the data, all of them, and once."""

import os
import shutil

import pytest

import ghala
from ghala.errors import StorageError
from ghala.testing.faults import scenario
from ghala.testing.faults.intercept import EVERYTHING, Fault
from ghala.testing.faults.lossy import LossyRegistry
from ghala.testing.faults.subject import Subject

DATASET = "sales.orders"
ROWS = scenario.ids(1)
MENDED = [500_001, 500_002]


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """A workspace with one release, and two records that were edited and wait; it can be copied."""
    folder = scenario.prepare(tmp_path_factory.mktemp("repair") / "template")
    with ghala.open(folder) as app:
        scenario.publish(app, folder, 1)
        kept_out = app.kept_out(DATASET)["rows"]
        for row, number in zip(kept_out, MENDED, strict=True):
            app.fix_row(DATASET, row["id"], raw=f"{number},1.00")
    return folder


def look(app):
    """Return the last release's number and its ids, and in which states the edited rows are."""
    release = app.releases(scenario.PRODUCT)[0]
    ids = [row[0] for row in scenario.content(app, release)["orders"]]
    return release.number, ids, {row["state"] for row in app.kept_out(DATASET)["rows"]}


def settle(folder, acknowledged):
    """Judge what a fault left, release the rows if it kept that from happening, and run once more."""
    with ghala.open(folder) as app:
        number, ids, states = look(app)
        assert acknowledged <= number <= 2
        if number == 1:
            assert (ids, states) == (ROWS, {"fixed"})
            assert app.release_rows(DATASET, wait_s=30).release.number == 2
        assert look(app) == (2, sorted([*ROWS, *MENDED]), {"released"})
        scenario.add_file(folder, 2)
        assert app.run([scenario.PRODUCT], wait_s=30)[0].release.number == 3
        assert look(app)[1] == sorted([*scenario.ids(2), *MENDED])
        app.sweep(0)
        assert not app.verify().faults


def kill_at(edited, folder, index):
    """Kill a release of rows at one call, and judge what is found; return that call, None if there are not so many."""
    shutil.copytree(edited, folder)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with Subject(folder, folder.with_suffix(".printed"), environment) as process:
        process.watch.begin(Fault(EVERYTHING, index, None))
        done = process.ask("release_rows")
        assert done.is_fine or done.code == "killed", done
        if done.is_fine:
            assert done.value == 2
            process.ask("close")
        hit = process.watch.end()
    settle(folder, 1 + done.is_fine)
    shutil.rmtree(folder)
    return hit[0] if hit else None


@pytest.mark.usefixtures("interception")
def test_killed_between_nothing_is_lost_and_nothing_doubled(tmp_path, edited):
    hits = [kill_at(edited, tmp_path / f"at-{index}", index) for index in (3, 40)]
    print(f"{len(hits)} kills, at {', '.join(f'{hit.name} {hit.path}' for hit in hits if hit)}")
    assert None not in hits


@pytest.mark.long
@pytest.mark.usefixtures("interception")
@pytest.mark.parametrize("start", [1, 2])
def test_killed_at_any_call_nothing_is_lost_and_nothing_doubled(tmp_path, edited, start):
    hits = []
    index = start
    while hit := kill_at(edited, tmp_path / f"at-{index}", index):
        hits.append(hit)
        index += 2
    print(f"{len(hits)} kills at call {start}, {start + 2}, … {index - 2}; all whole")
    assert len(hits) > 10


def commits_of_a_release(edited, folder):
    shutil.copytree(edited, folder)
    with ghala.open(folder) as app:
        app._registry = counting = LossyRegistry(app._registry, commits=True, at=0)
        assert app.release_rows(DATASET).release.number == 2
    return counting.calls


@pytest.mark.parametrize("commits", [True, False], ids=["after", "before"])
def test_no_lost_answer_loses_or_doubles_a_row(tmp_path, edited, commits):
    count = commits_of_a_release(edited, tmp_path / "counted")
    # Those at which a release can be: its claim, its record, its promotion, and its end.
    for at in sorted({1, 2, count - 1, count}):
        folder = shutil.copytree(edited, tmp_path / f"at-{at}")
        with ghala.open(folder) as app:
            app._registry = LossyRegistry(app._registry, commits=commits, at=at)
            outcome = app.release_rows(DATASET)
            assert outcome.error is None or isinstance(outcome.error, StorageError)
        settle(folder, 1 if outcome.release is None else outcome.release.number)
