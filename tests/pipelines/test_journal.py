"""What a run notes: its steps with times and rows, and what it said; also of one that ends badly, or without a word."""

from dataclasses import replace
from datetime import UTC, datetime

from ghala.engines.stop import Stop
from ghala.model.principal import OWNER_LOCAL
from ghala.model.run import RunState
from ghala.model.run_progress import RunStep, RunStepKind, RunStepState
from ghala.pipelines.journal import MOST_LINES, Journal
from ghala.registry import outbox, progress, runs
from ghala.testing.workspace import Table, write_product

PIPELINE = """\
sources:
  rows: {type: csv, zone: in, files: '*.csv', columns: {id: bigint, amount: 'decimal(12,2)'}}
steps:
  - {name: clean, sql: transforms/clean.sql}
  - {name: sums, sql: transforms/sums.sql, dataset: sums}
"""


def add_sums(shop, sums="SELECT count(*) AS lines FROM clean"):
    write_product(
        shop.folder,
        "sales/sums",
        {
            "sums": Table(
                {"lines": "bigint"}, quality=["type: library, metric: rowCount, mustBe: 1"]
            )
        },
        PIPELINE,
        transforms={"clean.sql": "SELECT id FROM rows", "sums.sql": sums},
    )
    shop.put("a.csv", "id,amount\n1,1.00\n2,2.00\nthree,3.00\n")


def journal(shop, run_id):
    with shop.app._registry.read() as connection:
        return progress.steps_of(connection, run_id), progress.lines_of(connection, run_id, 0, 1000)


def test_every_step_has_its_times_and_rows(shop):
    add_sums(shop)
    run = shop.run("sales/sums").run
    steps, lines = journal(shop, run.id)
    clean, sums, publish = steps
    assert [(step.name, step.kind) for step in steps] == [
        ("clean", "sql"),
        ("sums", "sql"),
        ("publish", "publish"),
    ]
    assert (clean.reads, sums.reads, publish.reads) == (("rows",), ("clean",), ("sums",))
    assert (clean.rows_in, clean.rows_out, clean.quarantined) == (2, 2, 1)
    assert (sums.rows_in, sums.rows_out, sums.dataset) == (2, 1, "sales.sums")
    assert {step.state for step in steps} == {RunStepState.DONE}
    moments = [moment for step in steps for moment in (step.began_at, step.ended_at)]
    assert moments == sorted(moments)
    assert run.started_at <= moments[0]
    said = [line.text for line in lines]
    assert said[0] == "sales/sums: clean"
    assert said[-1] == "published"
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


def test_a_failed_step_is_told_from_what_was_not_reached(shop):
    add_sums(shop, sums="SELECT CAST('x' AS bigint) AS lines FROM clean")
    run = shop.run("sales/sums").run
    steps, lines = journal(shop, run.id)
    assert [step.state for step in steps] == ["done", "failed", "left_out"]
    assert lines[-1].text.startswith("failed: ")
    assert (run.error_code, bool(run.hint)) == ("query_failed", run.hint is not None)


def test_a_broken_contract_fails_the_last_step(shop):
    add_sums(shop, sums="SELECT id AS lines FROM clean")
    run = shop.run("sales/sums").run
    steps, _ = journal(shop, run.id)
    assert (run.state, [step.state for step in steps]) == ("refused", ["done", "done", "failed"])
    assert run.hint.startswith("consumers keep the last good release")


def test_lines_beyond_the_bound_are_counted(shop):
    made = Journal("r1", [RunStep("land", RunStepKind.INGEST)], lambda _: None, Stop())
    for number in range(MOST_LINES + 7):
        made.say(f"line {number}")
        if number == MOST_LINES + 2:
            made.record(shop.app._registry)
    with shop.app._registry.write() as connection:
        made.end(connection, RunState.PUBLISHED)
    _, lines = journal(shop, "r1")
    assert len(lines) == MOST_LINES + 1
    assert [line.text for line in lines[-2:]] == ["… and 8 more lines", "published"]


def test_an_end_that_was_not_committed_leaves_no_trace(shop):
    made = Journal("r1", [RunStep("publish", RunStepKind.PUBLISH)], lambda _: None, Stop())
    made.begin(0, shop.app._registry)
    with shop.app._registry.write() as connection:
        made.end(connection, RunState.PUBLISHED)
        connection.rollback()
    with shop.app._registry.write() as connection:
        made.end(connection, RunState.FAILED, "the disk is full")
    steps, lines = journal(shop, "r1")
    assert steps[0].state == "failed"
    assert [line.text for line in lines] == ["failed: the disk is full"]


def test_a_run_whose_process_is_gone_is_marked_without_another_run(shop):
    shop.add()
    shop.put("a.csv", "id,amount\n1,1.00\n")
    ended = shop.run().run
    now = datetime.now(UTC)
    lost = replace(ended, id="20200101T000000-dead", state=RunState.RUNNING, finished_at=None)
    steps = {
        0: RunStep("land", RunStepKind.INGEST, state=RunStepState.RUNNING, began_at=now),
        1: RunStep("publish", RunStepKind.PUBLISH),
    }
    with shop.app._registry.write() as connection:
        runs.start(connection, lost)
        progress.set_steps(connection, lost.id, steps)
    assert shop.app.settle_lost_runs() == 1
    assert shop.app.settle_lost_runs() == 0
    found = shop.app.history.run(lost.id, OWNER_LOCAL)
    assert (found["state"], found["error"]) == ("failed", "the process ended before the run did")
    assert [step["state"] for step in found["graph"]] == ["failed", "left_out"]
    with shop.app._registry.read() as connection:
        (told,) = [one.notification for one in outbox.unsettled(connection, 10)]
    assert (told.kind, told.facts["run"]) == ("run:failed", lost.id)


def test_a_run_that_works_is_not_taken_for_lost(shop):
    shop.add()
    shop.put("a.csv", "id,amount\n1,1.00\n")
    marked = []

    def say(_):
        if not marked:
            marked.append(shop.app.settle_lost_runs())

    assert shop.run(progress=say).error is None
    assert marked == [0]
