"""How the program is put together: the only file that knows every part.

Parts are imported when they are first needed: most commands need a few of them, and all together take seconds to load.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ghala.lake.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.delivery.http.origin import Origin
    from ghala.delivery.http.parts import Parts
    from ghala.engines.duckdb import DuckDB
    from ghala.governance.identity import Identity
    from ghala.lake.files import Disk
    from ghala.lake.scan import Scans
    from ghala.model.audit import AuditEntry
    from ghala.model.product import Workspace
    from ghala.pipelines.run import Runner
    from ghala.publish.publish import Publisher
    from ghala.query.answer import Answerer
    from ghala.registry.registry import Registry
    from ghala.settings import Settings


class Assembly:
    """The parts of one opened workspace, each made when it is first needed; `close` ends them."""

    def __init__(self, settings: Settings, disk: Disk) -> None:
        self.settings = settings
        self._disk = disk
        self._opened: list[Callable[[], None]] = []

    def close(self) -> None:
        """End the workers and close the registry."""
        while self._opened:
            self._opened.pop()()

    def workspace(self) -> Workspace:
        """Read all definitions.

        Raises:
            DefinitionError: with every finding.
        """
        from ghala.ingest.find import check_source
        from ghala.spec.load import load_workspace

        return load_workspace(self.settings.root, self.settings, check_source)

    @cached_property
    def identity(self) -> Identity:
        """Who may use the workspace: accounts, teams, roles, tokens and sessions."""
        from ghala.governance.identity import Identity
        from ghala.spec.purposes import load_purposes

        return Identity.over(
            self._registry,
            purposes=lambda: load_purposes(self.settings.root),
            owners=lambda: {one.name: one.owner for one in self.workspace().domains},
        )

    def http_parts(self, origin: Origin) -> Parts:
        """Return what the HTTP API needs to answer where it is reached."""
        from ghala.delivery.http.assemble import assemble
        from ghala.delivery.http.parts import ASKED_AT_ONCE
        from ghala.governance.hash_keys import HashKeys

        keys = HashKeys(self.settings.storage / "keys" / "mask.key", self._disk)
        # No worker serves two principals, and one that is not kept takes a second to start again.
        core = (self._registry, self._answering(ASKED_AT_ONCE), self.identity)
        return assemble(self.settings, origin, *core, load=self.workspace, hash_key_of=keys.of)

    @cached_property
    def _registry(self) -> Registry:
        from ghala.publish.belonging import check_belonging
        from ghala.registry.registry import open_registry

        self._disk.make_folder(self.settings.storage)
        registry = open_registry(self.settings.registry_url, self.settings.storage)
        self._opened.append(registry.close)
        check_belonging(registry, self.settings.storage, self._disk)
        return registry

    @cached_property
    def _places(self) -> Places:
        return Places(self.settings.storage)

    @cached_property
    def _engine(self) -> DuckDB:
        from ghala.engines.duckdb import DuckDB

        engine = DuckDB(self.settings.threads, self.settings.memory_mb, self._places.spill)
        self._opened.append(engine.close)
        return engine

    @cached_property
    def _scans(self) -> Scans:
        from ghala.lake.scan import Scans

        return Scans(self._places.lake)

    @cached_property
    def _runner(self) -> Runner:
        from ghala.lake.stage import Staging
        from ghala.pipelines.run import Runner

        return Runner(
            registry=self._registry,
            engine=self._engine,
            disk=self._disk,
            staging=Staging(self._places.lake, self._disk, self._scans),
            scans=self._scans,
            answerer=self._answerer,
            publisher=self._publisher,
            zones=self.settings.zones,
            places=self._places,
            lease_s=self.settings.lease_s,
        )

    @cached_property
    def _answerer(self) -> Answerer:
        # One for the products that run, one for whoever asks meanwhile.
        return self._answering(workers_kept=2)

    def _answering(self, workers_kept: int) -> Answerer:
        from ghala.engines.pool import WorkerPool
        from ghala.governance.audit import Audit
        from ghala.governance.authorize import Authorizer
        from ghala.query.answer import Answerer
        from ghala.query.limits import Limits
        from ghala.query.released import Released

        folders = (self._places.lake, self._places.staging)
        pool = WorkerPool(self.settings.threads, self.settings.memory_mb, folders, workers_kept)
        for folder in pool.folders:
            self._disk.make_folder(folder)
        # It starts while the question is still being read.
        pool.warm()
        self._opened.append(pool.close)
        return Answerer(
            releases=Released(self._registry, self._scans),
            authorizer=Authorizer(),
            audit=Audit(self._append_audit),
            workers=pool,
            limits=Limits(self.settings.query_s, self.settings.result_rows),
        )

    def _append_audit(self, entry: AuditEntry) -> None:
        from ghala.registry import audit

        with self._registry.write() as connection:
            audit.append(connection, entry)

    @cached_property
    def _publisher(self) -> Publisher:
        from ghala.pipelines.rule import RuleQuery
        from ghala.publish.publish import Publisher

        return Publisher(
            registry=self._registry,
            engine=self._engine,
            disk=self._disk,
            quarantine=self._places.quarantine,
            run_rule=RuleQuery(self._answerer),
            live_snapshots=self.settings.live_snapshots,
        )
