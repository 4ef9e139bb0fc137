"""The answer to a commit that got lost: only the registry knows whether it took place, so it is asked."""

import pytest

import ghala
from ghala.errors import StorageError
from ghala.testing.faults import scenario
from ghala.testing.faults.judge import judge
from ghala.testing.faults.lossy import LossyRegistry


def commits_of_a_run(tmp_path):
    folder = scenario.prepare(tmp_path / "counted")
    with ghala.open(folder) as app:
        app._registry = counting = LossyRegistry(app._registry, commits=True, at=0)
        scenario.publish(app, folder, 1)
    return counting.calls


@pytest.mark.parametrize("commits", [True, False], ids=["after", "before"])
def test_no_lost_answer_loses_or_doubles_rows(tmp_path, commits):
    count = commits_of_a_run(tmp_path)
    for at in range(1, count + 1):
        folder = scenario.prepare(tmp_path / f"at-{at}")
        scenario.add_file(folder, 1)
        with ghala.open(folder) as app:
            plain = app._registry
            app._registry = LossyRegistry(plain, commits=commits, at=at)
            try:
                app.run([scenario.PRODUCT])
            except StorageError:
                pass  # the claim or the record of the run could not be written: the run did not begin
            else:
                assert app._registry.calls >= at
        with ghala.open(folder) as app:
            # Whatever was believed, the next run leaves exactly one release with exactly these rows.
            app.run([scenario.PRODUCT], wait_s=30)
            releases = app.releases(scenario.PRODUCT)
            rows = app.sql("SELECT count(*), count(DISTINCT id) FROM sales.orders").rows()
        assert rows == [(scenario.ROWS, scenario.ROWS)], f"commit {at}"
        assert [release.number for release in releases][-1] == 1
    print(
        f"{count} commits, the answer of each lost {'after' if commits else 'before'} it took place"
    )


def test_a_publish_whose_answer_was_lost_is_reported_as_published(tmp_path):
    count = commits_of_a_run(tmp_path)
    folder = scenario.prepare(tmp_path / "acme")
    with ghala.open(folder) as app:
        app._registry = LossyRegistry(app._registry, commits=True, at=count)
        assert scenario.publish(app, folder, 1).number == 1
    assert judge(folder, 1) == 1
