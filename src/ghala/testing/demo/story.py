"""The story that the demo tells: all departments published, a broken month refused, the repaired one published."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ghala
from ghala.errors import GhalaError
from ghala.model.principal import OWNER_LOCAL
from ghala.model.run import RunState
from ghala.testing.demo.access import agree
from ghala.testing.demo.accounts import PEOPLE, Person, admit, new_password
from ghala.testing.demo.months import LAST_MONTH
from ghala.testing.demo.talk import talk
from ghala.testing.demo.workspace import break_month, make_workspace, repair_month

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ghala.app import App
    from ghala.model.outcome import RunOutcome

DECLARED = (
    ("first_hired_in", (), "internal"),
    ("mean_monthly_salary_eur", ("pii.salary",), "confidential"),
)
"""What columns of `people.headcount` do not carry on: tags that end there, and how far their values may go."""
BROKEN_PRODUCT = "sales/order_lines"
COUNT_QUERY = "SELECT count(*) FROM sales.order_lines"


@dataclass(frozen=True, slots=True)
class Question:
    """A query to try, and what it answers."""

    asks: str
    sql: str


QUESTIONS = (
    Question(
        "What did each country bring in, in euros?",
        "SELECT country, sum(item_count) AS items, sum(revenue_eur) AS revenue_eur "
        "FROM finance.revenue_monthly GROUP BY country ORDER BY revenue_eur DESC",
    ),
    Question(
        "Which warehouse keeps its promises?",
        "SELECT warehouse, sum(delivered_count) AS delivered, "
        "round(100.0 * sum(on_time_count) / sum(delivered_count), 1) AS on_time_percent "
        "FROM logistics.deliveries_monthly GROUP BY warehouse ORDER BY on_time_percent DESC",
    ),
    Question(
        "How did order lines look before the last month?",
        "SELECT channel, count(*) AS lines, max(ordered_on) AS last_day "
        "FROM sales.order_lines AT (VERSION => 1) GROUP BY channel ORDER BY channel",
    ),
)
"""Three queries to try, over one department, two departments and the past."""


@dataclass(frozen=True, slots=True)
class RefusedMonth:
    """What consumers saw while the broken month was refused: the same rows as before."""

    month: str
    reason: str
    rows_before: int
    rows_while_refused: int
    rows_after_repair: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the demo did.

    Records are counted each time that they are read: `rows_read` = `rows_landed` + `rows_unreadable`.
    `rows_broken` were put aside when rows were checked. `rows_released` are the rows that can be read at
    the end, in all datasets. `password` is that of all `people`: made for this demo, and kept nowhere.
    """

    folder: str
    products: int
    datasets: int
    releases: int
    rows_read: int
    rows_landed: int
    rows_unreadable: int
    rows_broken: int
    rows_released: int
    checks: int
    seconds: float
    refused: RefusedMonth
    queries: tuple[Question, ...]
    people: tuple[Person, ...]
    password: str = field(repr=False)


def play(target: Path, *, scale: float, say: Callable[[str], None]) -> Summary:
    """Make the example organisation in `target` and run all of it, a broken month included.

    Raises:
        UsageError: `target` exists and is not empty, or the scale is impossible.
        GhalaError: something that must work did not.
    """
    began = time.monotonic()
    say(f"writing the files of five departments into {target}")
    tallies = make_workspace(target, scale=scale)
    say(f"{sum(tally.records for tally in tallies):,} records in {len(tallies)} files")
    password = new_password()
    with ghala.open(target) as app:
        app.policies.apply(by=OWNER_LOCAL)
        admit(app, password)
        say(f"{len(PEOPLE)} people have accounts, and the teams own their domains")
        outcomes = list(_run_all(app, say))
        _declare(app, say)
        agree(app, password)
        say("sales agreed on two requests for access; a third waits")
        talk(app, password)
        say("people asked for data that is not there, and reported a value; sales answered")
        refused, later = _break_and_repair(app, target, say)
        outcomes += later
        seconds = time.monotonic() - began
        return _summary(app, target, outcomes, refused, seconds, password)


def _run_all(app: App, say: Callable[[str], None]) -> tuple[RunOutcome, ...]:
    """Run every product; in the example, each of them has to succeed.

    Raises:
        GhalaError: a product's own error.
    """
    outcomes = app.run(progress=_once_per_product(say))
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
        say(_line(outcome))
    return outcomes


def _once_per_product(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return a listener that says when a product's turn comes, and nothing of its files and steps."""
    running = ""

    def hear(line: str) -> None:
        nonlocal running
        product = line.partition(":")[0]
        if "/" in product and product != running:
            running = product
            say(f"  running {product}")

    return hear


def _declare(app: App, say: Callable[[str], None]) -> None:
    """Let the people office say of its means what nobody can tell from a statement."""
    for column, without, classification in DECLARED:
        app.declarations.declare(
            f"people.headcount.{column}",
            without=without,
            classification=classification,
            reason="over groups of five people or more",
            by=OWNER_LOCAL,
        )
    say("people declares that means over groups no longer say anything about a person")


def _break_and_repair(
    app: App, target: Path, say: Callable[[str], None]
) -> tuple[RefusedMonth, list[RunOutcome]]:
    before = _count(app)
    say(f"{LAST_MONTH} arrives, and the export of sales is broken")
    break_month(target)
    (refused,) = app.run([BROKEN_PRODUCT])
    if refused.run.state is not RunState.REFUSED or refused.error is None:
        raise refused.error or GhalaError("the broken month was published")
    say(f"refused: {refused.error.message}")
    during = _count(app)
    if during != before:
        raise GhalaError(f"consumers saw the refused rows: {during:,} instead of {before:,}")
    say(f"consumers still read the last good release: {during:,} order lines, as before")
    say("sales exports the month again, as it should have been")
    repair_month(target)
    outcomes = _run_all(app, say)
    after = _count(app)
    say(f"published: {after:,} order lines")
    month = RefusedMonth(str(LAST_MONTH), refused.error.message, before, during, after)
    return month, [refused, *outcomes]


def _count(app: App) -> int:
    return int(app.sql(COUNT_QUERY).rows()[0][0])


def _line(outcome: RunOutcome) -> str:
    """Return how one run ended, for people."""
    product = outcome.run.product
    if outcome.release is None:
        return f"{product}: {outcome.run.state}"
    rows = ", ".join(f"{d.name} {d.row_count:,} rows" for d in outcome.release.datasets)
    kept_out = _quarantined([outcome])
    aside = f", {kept_out:,} in quarantine" if kept_out else ""
    return f"{product}: release {outcome.release.number}: {rows}{aside}"


def _quarantined(outcomes: Sequence[RunOutcome]) -> int:
    at_source = sum(step.quarantined for outcome in outcomes for step in outcome.run.steps)
    at_checks = sum(report.rows_quarantined for outcome in outcomes for report in outcome.reports)
    return at_source + at_checks


def _summary(  # noqa: PLR0917 - one fact each
    app: App,
    target: Path,
    outcomes: Sequence[RunOutcome],
    refused: RefusedMonth,
    seconds: float,
    password: str,
) -> Summary:
    files = [file for one in outcomes for step in one.run.steps for file in step.files]
    releases = app.releases()
    current = [dataset for one in releases if one.is_current for dataset in one.datasets]
    return Summary(
        folder=str(target),
        products=len({release.product for release in releases}),
        datasets=len(current),
        releases=len(releases),
        rows_read=sum(file.read for file in files),
        rows_landed=sum(file.landed for file in files),
        rows_unreadable=sum(file.quarantined for file in files),
        rows_broken=sum(report.rows_quarantined for one in outcomes for report in one.reports),
        rows_released=sum(dataset.row_count for dataset in current),
        checks=sum(len(report.findings) for one in outcomes for report in one.reports),
        seconds=round(seconds, 1),
        refused=refused,
        queries=QUESTIONS,
        people=PEOPLE,
        password=password,
    )
