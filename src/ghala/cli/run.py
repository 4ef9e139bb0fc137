"""`ghala run`: make, check and publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, workspace_option
from ghala.cli.progress import Progress
from ghala.cli.say import say_error
from ghala.cli.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.cli.state import State
    from ghala.model.outcome import RunOutcome
    from ghala.model.report import Finding, Report
    from ghala.model.run import StepBalance

_MOST_NAMES = 20


@click.command(
    short_help="Make, check and publish products.",
    epilog="""\b
Examples:
  ghala run                       every product, in the order in which they need each other
  ghala run sales/orders
  ghala run --environment dev --json
  ghala run system/audit          what Ghala itself recorded, as a dataset
\b
Exit codes: 0 every product is published or unchanged, 1 one was refused or failed.""",
)
@click.argument("products", nargs=-1, metavar="[DOMAIN/PRODUCT]...")
@environment_option
@click.option(
    "--wait-s",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="How long to wait for another run of the same product.  [default: the workspace's `runs.wait_s`]",
)
@json_option
@workspace_option
@click.pass_context
def run(
    context: click.Context, products: tuple[str, ...], environment: str, wait_s: float | None
) -> None:
    """Make, check and publish products: all of the workspace, or those that are named.

    A product whose rows break its contract is refused, one that cannot run fails: consumers keep the last good release,
    and all other products run, upon that release if they need it.
    """
    state: State = context.obj
    with state.app() as app, Progress("starting") as progress:
        outcomes = app.run(products, environment=environment, wait_s=wait_s, progress=progress)
    if state.as_json:
        print_json(outcomes)
    else:
        for outcome in outcomes:
            for line in outcome_lines(outcome):
                click.echo(line)
            if outcome.error:
                say_error(outcome.error)
    if any(outcome.error for outcome in outcomes):
        context.exit(1)


def outcome_lines(outcome: RunOutcome) -> Iterator[str]:
    """Return what is said of one product's run: how it ended, then each step's rows, then each dataset's checks."""
    number = f" release {outcome.release.number}" if outcome.release else ""
    state = outcome.run.state
    yield f"{outcome.run.product}: {state}{number} in {outcome.seconds:.2f} s (run {outcome.run.id})"
    for step in outcome.run.steps:
        yield f"  {_step(step)}"
        for file in step.files:
            if file.refused:
                yield f"    file refused: {escaped(file.path)}: {escaped(file.refused)}"
        yield from _unread(step)
    for report in outcome.reports:
        yield f"  {_report(report)}"
        for finding in report.findings:
            if not finding.passed:
                yield f"    {_finding(finding)}"


def _unread(step: StepBalance) -> Iterator[str]:
    """Say what a source has and nobody reads; many names are most likely data, and are counted only."""
    names = sorted({name for file in step.files for name in file.unread})
    if names:
        files = count(sum(bool(file.unread) for file in step.files), "file")
        shown = ", ".join(f"`{escaped(name)}`" for name in names)
        what = shown if len(names) <= _MOST_NAMES else f"{len(names)} names or more"
        yield f"    not read: {what} in {files}"


def _step(step: StepBalance) -> str:
    kept_out = f", {step.quarantined:,} quarantined" if step.quarantined else ""
    files = f" from {count(len(step.files), 'file')}" if step.files else ""
    return (
        f"step {step.step}: {count(step.rows_in, 'row')} in{files}, {step.rows_out:,} out{kept_out}"
    )


def _report(report: Report) -> str:
    passed = sum(finding.passed for finding in report.findings)
    failed = len(report.findings) - passed
    rows = f"{count(report.rows_staged, 'row')} staged"
    kept_out = f", {report.rows_quarantined:,} quarantined" if report.rows_quarantined else ""
    return f"checks of {report.dataset}: {passed} passed, {failed} failed over {rows}{kept_out}"


def _finding(finding: Finding) -> str:
    where = f" on {', '.join(finding.columns)}" if finding.columns else ""
    rows = (
        f": {count(finding.failed_rows, 'row')}"
        if finding.failed_rows
        else f": measured {finding.measured:g}"
    )
    moved = (
        f", {finding.quarantined_rows:,} of them quarantined" if finding.quarantined_rows else ""
    )
    keys = ", ".join("/".join(sample) for sample in finding.samples[:3])
    samples = f", such as {escaped(keys)}" if keys else ""
    fault = f"; could not be evaluated: {escaped(finding.error)}" if finding.error else ""
    return f"{finding.severity} {escaped(finding.rule_id)}{where}{rows}{moved}{samples}{fault}"
