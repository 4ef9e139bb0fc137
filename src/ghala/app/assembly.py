"""How the program is put together: the only file that knows every part.

Parts are imported when they are first needed: most commands need a few of them, and all together take seconds to load.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ghala.lake.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ghala.engines.duckdb import DuckDB
    from ghala.governance.access import Access
    from ghala.governance.audit_trail import AuditTrail
    from ghala.governance.audit_writer import AuditWriter
    from ghala.governance.cedar import Policies
    from ghala.governance.declarations import Declarations
    from ghala.governance.hash_keys import HashKeys
    from ghala.governance.identity import Identity
    from ghala.governance.notifications import Notifications
    from ghala.governance.policy_book import PolicyBook
    from ghala.lake.files import Disk
    from ghala.lake.scan import Scans
    from ghala.model.names import DatasetName
    from ghala.model.product import Workspace
    from ghala.pipelines.rollback import Rollbacks
    from ghala.pipelines.run import Runner
    from ghala.pipelines.system import SystemProducts
    from ghala.publish.publish import Publisher
    from ghala.query.answer import Answerer
    from ghala.query.finders import Finders
    from ghala.query.personal_data import PersonalData
    from ghala.query.released import Released
    from ghala.query.saved import SavedQueries
    from ghala.query.talk import Talk
    from ghala.query.told import Told
    from ghala.registry.registry import Registry
    from ghala.settings import Settings
    from ghala.spec.kept import Definitions


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

    def everything(self) -> Workspace:
        """Read all definitions, and add the products that Ghala brings along.

        Raises:
            DefinitionError: with every finding.
        """
        from ghala.spec.built_in import with_built_in

        return with_built_in(self.workspace())

    @cached_property
    def system(self) -> SystemProducts:
        """The products that Ghala brings along, such as `system.audit`."""
        from dataclasses import replace

        from ghala.pipelines.steps.audit import SOURCE_TYPE, AuditEntries
        from ghala.pipelines.system import SystemProducts
        from ghala.spec.built_in import built_in

        flush = self._audit_writer.flush
        landers = {SOURCE_TYPE: AuditEntries(self._registry, self._disk, flush)}
        # No workspace's product is run with what reads the audit.
        runner = replace(self._runner, making=replace(self._runner.making, landers=landers))
        return SystemProducts(self._registry, runner, *built_in(), flush)

    def _refresh_system(self, names: Collection[DatasetName]) -> None:
        self.system.refresh(names)

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

    @cached_property
    def policies(self) -> PolicyBook:
        """The policies: which are in force, and what they decide for whom, and why."""
        from ghala.governance.policy_book import PolicyBook
        from ghala.spec.kept import KeptDefinitions

        return PolicyBook.over(
            self._registry,
            self.settings.root,
            definitions=KeptDefinitions(self.everything).now,
            purposes=self.identity.purposes,
        )

    @cached_property
    def access(self) -> Access:
        """Who asked for access to what, what was decided, and what is agreed."""
        from ghala.governance.access import Access
        from ghala.governance.decider import EndpointDecider
        from ghala.governance.inherited import Inheritance
        from ghala.governance.kept_agreements import KeptAgreements
        from ghala.registry.epoch import EpochWatch
        from ghala.spec.kept import KeptDefinitions

        definitions, epoch = KeptDefinitions(self.everything), EpochWatch(self._registry)
        decider = EndpointDecider.of(
            self.policies.sets.held().policies,
            definitions.now,
            agreements_of=KeptAgreements(self._registry, definitions.now, epoch.now).of,
            hash_key_of=self._hash_keys.of,
            endpoint="cli",
            carried=Inheritance(self._registry, definitions.now).added,
        )
        return Access.over(
            self._registry,
            definitions=definitions.now,
            decider=decider,
            purposes=self.identity.purposes,
            forget=epoch.forget,
        )

    @cached_property
    def talk(self) -> Talk:
        """What people tell each other about data: roadmaps, votes, ratings."""
        from ghala.query.talk import Talk

        return Talk.over(self.access.requests.scope)

    @cached_property
    def queries(self) -> SavedQueries:
        """Questions that are kept under a name."""
        from ghala.query.saved import SavedQueries

        return SavedQueries(self.access.requests.scope)

    @cached_property
    def notifications(self) -> Notifications:
        """What people are told without asking, and through which channels."""
        return self._telling(self.access)

    def _telling(self, access: Access) -> Notifications:
        from ghala.delivery.notify.sender import ProcessSender
        from ghala.governance.notification_routing import Routing
        from ghala.governance.notifications import Notifications
        from ghala.settings import read_secret

        settings, scope = self.settings, access.requests.scope
        return Notifications(
            Routing(
                self._registry,
                scope.definitions,
                scope.decider,
                scope.purposes,
                settings.channels,
                settings.expiring_days,
                scope.now_us,
            ),
            ProcessSender(settings.allowed_hosts),
            lambda reference: read_secret(reference, settings.root),
            settings.name,
            settings.server_public_url,
        )

    @cached_property
    def declarations(self) -> Declarations:
        """What columns carry on, and what their owners declared about that."""
        from ghala.governance.declarations import Declarations
        from ghala.governance.inherited import Inheritance
        from ghala.spec.kept import KeptDefinitions

        definitions = KeptDefinitions(self.everything)
        inheritance = Inheritance(self._registry, definitions.now)
        return Declarations(self._registry, definitions.now, inheritance)

    @cached_property
    def personal_data(self) -> PersonalData:
        """The map of personal data."""
        from ghala.query.personal_data import PersonalData

        scope, explainer = self.access.requests.scope, self.policies.explainer
        return PersonalData(scope, self.declarations.inheritance, explainer.may_explain)

    @cached_property
    def finders(self) -> Finders:
        """Search over all definitions, as the workspace's owner, and the demand that searches leave behind."""
        from ghala.query.finders import Finders
        from ghala.spec.kept import KeptDefinitions
        from ghala.spec.kept_glossary import KeptGlossary

        terms = KeptGlossary(self.settings.root)
        finders = Finders.over(self._registry, KeptDefinitions(self.everything).now, terms.now)
        self._opened.append(finders.index.close)
        return finders

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
        from ghala.pipelines.making import Making
        from ghala.pipelines.reads import Rights
        from ghala.pipelines.run import Runner
        from ghala.query.watch import Watch
        from ghala.registry.epoch import EpochWatch

        watch = Watch(EpochWatch(self._registry).fresh)
        self._opened.append(watch.close)
        making = Making(
            registry=self._registry,
            engine=self._engine,
            disk=self._disk,
            staging=Staging(self._places.lake, self._disk, self._scans),
            scans=self._scans,
            answerer=self._answerer,
            zones=self.settings.zones,
            places=self._places,
            rights=Rights(self._registry, self._policies_now, self._hash_keys.of),
            watch=watch,
        )
        return Runner(self._registry, making, self._publisher, self.settings.lease_s)

    def _policies_now(self) -> Policies:
        return self.policies.sets.held().policies

    @cached_property
    def _hash_keys(self) -> HashKeys:
        from ghala.governance.hash_keys import HashKeys

        return HashKeys(self.settings.storage / "keys" / "mask.key", self._disk)

    @cached_property
    def _answerer(self) -> Answerer:
        # One for the products that run, one for whoever asks meanwhile.
        return self._answering(workers_kept=2)

    def _answering(self, workers_kept: int, spares: int = 0) -> Answerer:
        from ghala.engines.pool import WorkerPool
        from ghala.governance.audit import Audit
        from ghala.governance.authorize import Authorizer
        from ghala.query.answer import Answerer
        from ghala.query.given import GivenAnswers
        from ghala.query.limits import Limits

        # Opened before the workers, so that it closes after them: how their reads end is recorded.
        writer = self._audit_writer
        folders = (self._places.lake, self._places.staging)
        size = (self.settings.threads, self.settings.memory_mb)
        pool = WorkerPool(*size, folders, workers_kept, spares=spares)
        for folder in pool.folders:
            self._disk.make_folder(folder)
        # It starts while the question is still being read.
        pool.warm()
        self._opened.append(pool.close)
        return Answerer(
            releases=self._released,
            authorizer=Authorizer(),
            audit=Audit(writer.append, writer.append_soon),
            workers=pool,
            limits=Limits(self.settings.query_s, self.settings.result_rows),
            given=GivenAnswers(self.settings.answers_mb << 20),
        )

    @cached_property
    def _released(self) -> Released:
        from ghala.app.later import LaterScans
        from ghala.query.released import Released

        scans = LaterScans(lambda: self._scans)
        return Released(self._registry, scans, refresh_system=self._refresh_system)

    def _rollbacks(self, definitions: Callable[[], Definitions]) -> Rollbacks:
        from ghala.pipelines.rollback import Rollbacks

        return Rollbacks(
            self._registry,
            definitions,
            lambda: self._publisher,
            lambda: self._scans,
            self.settings.lease_s,
        )

    @cached_property
    def _told(self) -> Told:
        from ghala.app.told import told_to_owner

        parts = self._registry, self._released, self._audit_writer
        return told_to_owner(*parts, door=lambda: self._answerer, load=self.everything)

    @cached_property
    def audit(self) -> AuditTrail:
        """What was recorded: search, export, verification, checkpoints."""
        from ghala.governance.audit_key import AuditKey
        from ghala.governance.audit_trail import AuditTrail

        key = AuditKey(self.settings.storage / "keys" / "audit.key", self._disk)
        return AuditTrail(self._registry, key, self._audit_writer.flush)

    @cached_property
    def _audit_writer(self) -> AuditWriter:
        from ghala.governance.audit_writer import AuditWriter

        writer = AuditWriter(self._registry)
        self._opened.append(writer.close)
        return writer

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
            sample_rows=self.settings.profile_rows,
        )
