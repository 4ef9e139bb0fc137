"""The built-in products of the domain `system`: published like all others, when somebody asks or the time comes.

What is recorded while they are published does not make them be published again: only entries of others do.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from ghala.model.product import Materialisation, Workspace
from ghala.model.release import PROD
from ghala.model.system import AUDIT, AUDIT_PRODUCT, PUBLISHED_EVERY_S, USAGE, USAGE_PRODUCT
from ghala.pipelines.graph import order
from ghala.pipelines.steps.audit import taken_of
from ghala.query.lint import table_places
from ghala.registry import audit_after, checkpoints, releases, runs
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from ghala.model.names import DatasetName, ProductName
    from ghala.model.outcome import RunOutcome
    from ghala.model.product import Domain, Product
    from ghala.pipelines.graph import Planned
    from ghala.pipelines.run import Runner
    from ghala.registry.registry import Registry

_log = logging.getLogger(__name__)
_ENTRIES = "entries"
FRESH_S = 2.0
_REST = 20.0
"""So many times as long as publishing took it is not done again: nobody's questions keep a server at it."""
_PATIENCE_S = 10.0
"""So long who asks waits for somebody else who publishes; then they get what there is."""
_MOST_FILES = 64
"""An audit in more files is written anew, as one, when the time for publishing comes."""
_OWN = tuple(f"product:{name}" for name in (AUDIT_PRODUCT, USAGE_PRODUCT))


@dataclass(frozen=True)
class SystemProducts:
    """Publishes `system.audit` and `system.usage`; `runner` is one that can read the audit's entries.

    `flush` writes what this process has not written of the audit yet. `fresh_s` is how old a release may be before a
    question has a new one made; after one, `rest` times as long as it took pass before the next.
    """

    registry: Registry
    runner: Runner
    domain: Domain
    products: tuple[Product, ...]
    flush: Callable[[], None]
    fresh_s: float = FRESH_S
    rest: float = _REST
    now_us: Callable[[], int] = now_us
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _rested_at_s: list[float] = field(default_factory=lambda: [0.0], repr=False, compare=False)

    def refresh(self, names: Collection[DatasetName]) -> None:
        """Publish what some datasets of the domain lack, before a question reads them.

        Whoever asks while others publish waits for a while. Where it does not succeed, the release before it stays;
        that its rows end earlier can be seen in them.

        Raises:
            GhalaError: it did not succeed, and there is no release at all.
        """
        wanted = [name for name in (AUDIT, USAGE) if name in names]
        if not wanted or not self._turn.acquire(timeout=_PATIENCE_S):
            return
        try:
            began_s = time.monotonic()
            # What has no release yet is made all the same.
            fresh_s = inf if began_s < self._rested_at_s[0] else self.fresh_s
            outcomes = self._published(with_usage=USAGE in wanted, fresh_s=fresh_s)
            ended_s = time.monotonic()
            if outcomes:
                self._rested_at_s[0] = ended_s + self.rest * (ended_s - began_s)
        finally:
            self._turn.release()
        failed = next((one.error for one in outcomes if one.error is not None), None)
        if failed is None:
            return
        with self.registry.read() as connection:
            missing = set(wanted) - releases.current(connection, PROD, wanted).keys()
        if missing:
            raise failed
        _log.warning("%s stays as it was: %s", wanted[-1], failed)

    def run(
        self, names: Collection[ProductName], say: Callable[[str], None] | None = None
    ) -> tuple[RunOutcome, ...]:
        """Run some of the products now, whether they lack anything or not."""
        with self._turn:
            return tuple(
                self._run(self._plans[name], say)
                for name in (AUDIT_PRODUCT, USAGE_PRODUCT)
                if name in names
            )

    def publish(self) -> None:
        """Publish both, if anything was recorded since, and nobody did lately: several servers may come in turns.

        Raises:
            GhalaError: it did not succeed.
        """
        with self._turn:
            lately_s = PUBLISHED_EVERY_S / 2
            outcomes = self._published(with_usage=True, fresh_s=lately_s, compacts=True)
        for one in outcomes:
            if one.error is not None:
                raise one.error

    @cached_property
    def _plans(self) -> Mapping[ProductName, Planned]:
        workspace = Workspace(
            self.domain.name, self.runner.making.places.lake, (self.domain,), self.products, {}
        )
        return {planned.product.name: planned for planned in order(workspace, table_places)}

    def _published(
        self, *, with_usage: bool, fresh_s: float, compacts: bool = False
    ) -> tuple[RunOutcome, ...]:
        made = []
        if self._audit_lacks(fresh_s):
            made.append(self._run(self._audit_plan(compacts=compacts)))
        if with_usage and self._usage_lacks():
            made.append(self._run(self._plans[USAGE_PRODUCT]))
        return tuple(made)

    def _run(self, planned: Planned, say: Callable[[str], None] | None = None) -> RunOutcome:
        return self.runner.run(
            planned, environment=PROD, wait_s=_PATIENCE_S, say=say or _say_nothing
        )

    def _audit_lacks(self, fresh_s: float) -> bool:
        # What this process still has to write counts as well.
        self.flush()
        with self.registry.read() as connection:
            newest = releases.newest(connection, PROD, AUDIT_PRODUCT)
            if newest is None:
                return True
            # A clock that was set back must not keep it from being made.
            if 0 <= self.now_us() - newest.created_at_us < fresh_s * 1_000_000:
                return False
            if self._is_by_other_definition(newest, AUDIT_PRODUCT):
                return True
            taken = taken_of(runs.cursor(connection, PROD, AUDIT_PRODUCT, _ENTRIES))
            heads = checkpoints.heads(connection)
            return audit_after.has_news(connection, taken, heads, apart_from=_OWN)

    def _usage_lacks(self) -> bool:
        with self.registry.read() as connection:
            newest = releases.newest(connection, PROD, USAGE_PRODUCT)
            if newest is None:
                return True
            audit = releases.newest(connection, PROD, AUDIT_PRODUCT)
            made_from = releases.input_number(connection, PROD, USAGE_PRODUCT, newest.number, AUDIT)
        # After an upgrade it is made anew with the next release of the audit: servers of two versions make no race.
        return audit is not None and audit.number != made_from

    def _audit_plan(self, *, compacts: bool) -> Planned:
        """Return how the audit is made: only new entries land, or all of them, where it lies in too many files."""
        planned = self._plans[AUDIT_PRODUCT]
        pipeline = planned.product.pipeline
        if not compacts or pipeline is None:
            return planned
        with self.registry.read() as connection:
            pin = releases.current(connection, PROD, [AUDIT]).get(AUDIT)
        if pin is None:
            return planned
        files = self.runner.making.scans.files(
            pin.dataset.metadata_location, pin.dataset.snapshot_id
        )
        if len(files) <= _MOST_FILES:
            return planned
        # What was taken of each chain is remembered as before: the plan still reads what is new only.
        steps = tuple(
            replace(one, materialisation=Materialisation.REPLACE) for one in pipeline.steps
        )
        product = replace(planned.product, pipeline=replace(pipeline, steps=steps))
        return replace(planned, product=product)

    def _is_by_other_definition(self, newest: releases.Newest, name: ProductName) -> bool:
        return newest.definition_sha256 != self._plans[name].product.definition.sha256


def _say_nothing(_: str) -> None:
    """Tell nobody how far a run is: who asks a question waits for its answer."""
