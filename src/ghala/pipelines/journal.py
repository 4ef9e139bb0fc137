"""A run's journal: which step it is at, what each step took, and what was said; on record while it runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.model.product import StepKind
from ghala.model.run import RunState
from ghala.model.run_progress import RunLine, RunStep, RunStepKind, RunStepState
from ghala.registry import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.engines.stop import Stop
    from ghala.model.run import StepBalance
    from ghala.pipelines.graph import Planned
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry

MOST_LINES = 500
"""So many lines of one run are kept; what is said after them is counted."""
PUBLISH = "publish"
"""The last step of every run: its rows are checked and published."""
_LONGEST_LINE = 500
_WELL = frozenset({RunState.PUBLISHED, RunState.UNCHANGED})


@dataclass(slots=True)
class Journal:
    """What one run notes. Lines come from several threads; `stop` ends the run at its next line.

    What is noted is put on record with the next step, with the lease's next heartbeat, and in the transaction that ends
    the run.
    """

    run_id: str
    steps: list[RunStep]
    tell: Callable[[str], None]
    stop: Stop
    _lines: list[RunLine] = field(default_factory=list)
    _more: int = 0
    _recorded: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def say(self, text: str) -> None:
        """Note a line, and tell whoever listens.

        Raises:
            GhalaError: the run shall end.
        """
        self.stop.check()
        with self._lock:
            self._note(text)
        self.tell(text)

    def begin(self, position: int, registry: Registry) -> None:
        """Note that a step begins, which is when the one before it ended, and put that on record."""
        now = datetime.now(UTC)
        with self._lock:
            self.steps[:] = [_ended(step, RunStepState.DONE, now) for step in self.steps]
            began = replace(self.steps[position], state=RunStepState.RUNNING, began_at=now)
            self.steps[position] = began
        self.record(registry)

    def count(self, position: int, balances: Sequence[StepBalance]) -> None:
        """Note the rows of a step: its own balance is the last; those before it are of sources that it landed."""
        if balances:
            with self._lock:
                self.steps[position] = replace(
                    self.steps[position],
                    rows_in=balances[-1].rows_in,
                    rows_out=balances[-1].rows_out,
                    quarantined=sum(one.quarantined for one in balances),
                )

    def record(self, registry: Registry) -> None:
        """Put on record what was noted since it was last done."""
        with self._lock:
            steps, lines = dict(enumerate(self.steps)), self._lines[self._recorded :]
        with registry.write() as connection:
            progress.set_steps(connection, self.run_id, steps)
            progress.set_lines(connection, self.run_id, lines)
        with self._lock:
            # The last line may have become another one meanwhile: it counts what is left out.
            known = lines[-1].number if lines else self._recorded
            self._recorded = min(known, MOST_LINES - 1)

    def end(self, connection: Transaction, state: RunState, error: str | None = None) -> None:
        """Put on record how the run ended, in the transaction in which it does; that may have to be tried again."""
        now = datetime.now(UTC)
        last = RunStepState.DONE if state in _WELL else RunStepState.FAILED
        with self._lock:
            ended = [_left_out(_ended(step, last, now)) for step in self.steps]
            said = f"{state.value}: {error}" if error else state.value
            end = RunLine(len(self._lines) + 1, now, said[:_LONGEST_LINE])
            lines = [*self._lines[self._recorded :], end]
        progress.set_steps(connection, self.run_id, dict(enumerate(ended)))
        progress.set_lines(connection, self.run_id, lines)

    def _note(self, text: str) -> None:
        now = datetime.now(UTC)
        if len(self._lines) < MOST_LINES:
            self._lines.append(RunLine(len(self._lines) + 1, now, text[:_LONGEST_LINE]))
            return
        self._more += 1
        self._lines[-1] = RunLine(MOST_LINES, now, f"… and {self._more + 1:,} more lines")


def planned_steps(planned: Planned) -> list[RunStep]:
    """Return the steps that a run will take: those of the pipeline, then checking and publishing."""
    pipeline, plan = planned.product.pipeline, planned.plan
    steps = [
        RunStep(
            name=step.name,
            kind=RunStepKind.INGEST if step.kind is StepKind.INGEST else RunStepKind.SQL,
            reads=(*plan.locals.get(step.name, ()), *map(str, plan.inputs.get(step.name, ()))),
            dataset=None if step.dataset is None else str(step.dataset),
        )
        for step in (pipeline.steps if pipeline else ())
    ]
    published = tuple(step.name for step in steps if step.dataset)
    return [*steps, RunStep(PUBLISH, RunStepKind.PUBLISH, published)]


def _ended(step: RunStep, state: RunStepState, now: datetime) -> RunStep:
    if step.state is not RunStepState.RUNNING:
        return step
    return replace(step, state=state, ended_at=now)


def _left_out(step: RunStep) -> RunStep:
    if step.state is not RunStepState.WAITING:
        return step
    return replace(step, state=RunStepState.LEFT_OUT)
