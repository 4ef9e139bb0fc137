"""The parts of the read door that others make: who decides, who records, who runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    from ghala.engines.pool import Inspection, Job, Rows
    from ghala.engines.stop import Stop
    from ghala.errors import Place
    from ghala.governance.audit import Reading
    from ghala.governance.authorize import Asked
    from ghala.model.names import DatasetName
    from ghala.model.policy import Action, Decision
    from ghala.model.principal import Principal


class Decider(Protocol):
    """Decides; `governance.authorize.Authorizer` is the one."""

    def decide(
        self,
        principal: Principal,
        action: Action,
        asked: Sequence[Asked],
        *,
        prepared: Collection[DatasetName] = frozenset(),
    ) -> tuple[Decision, ...]:
        """Return one decision for each dataset, in order."""
        ...


class Recorder(Protocol):
    """Records reads; `governance.audit.Audit` is the one."""

    def started(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> Reading:
        """Record the intent to read."""
        ...

    def denied(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> None:
        """Record that a read was denied."""
        ...

    def cut(
        self, principal: Principal, objects: Sequence[str], detail: Mapping[str, object]
    ) -> None:
        """Record that an answer was cut while it was sent."""
        ...


class Workers(Protocol):
    """Runs checked statements apart from this process; `engines.pool.WorkerPool` is the one."""

    def inspect(
        self,
        owner: str,
        sql: str,
        tables: tuple[str, ...],
        place: Callable[[int], Place] | None = None,
        stop: Stop | None = None,
    ) -> Inspection:
        """Return how the engine reads a statement over empty tables."""
        ...

    def run(self, job: Job, stop: Stop | None = None) -> AbstractContextManager[Rows]:
        """Run a job and stream its rows, until it shall stop."""
        ...

    def counts(self) -> tuple[int, int]:
        """Return how many workers wait for work, and how many are at it."""
        ...

    def write(
        self,
        job: Job,
        field_ids: Mapping[str, object] | None,
        target: BinaryIO,
        stop: Stop | None = None,
    ) -> int:
        """Write a job's rows as one Parquet file and return how many, unless it shall stop."""
        ...
