"""What ran, how good the data is and what became of promises, as the workspace's owner sees it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ghala.app.assembly import Assembly
from ghala.errors import NotFoundError
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL
from ghala.model.release import PROD
from ghala.model.system import is_system

if TYPE_CHECKING:
    from ghala.governance.health import Doctor
    from ghala.governance.incidents import Incidents
    from ghala.governance.server_state import ServerState
    from ghala.model.incident import ShownIncident
    from ghala.model.names import ProductName
    from ghala.model.outcome import Diagnosis
    from ghala.model.product import Workspace
    from ghala.pipelines.graph import Planned
    from ghala.query.discover import Discovery
    from ghala.query.history import RunHistory
    from ghala.query.levels import Levels
    from ghala.query.rule_history import RuleHistory


class Observing(Assembly):
    """The parts that look at what happened, each made when it is first needed."""

    def planned(self, name: ProductName) -> Planned:
        """Return a product in its place among the definitions as they are now.

        Raises:
            DefinitionError: its definition is wrong, or something that belongs to no single product.
            NotFoundError: it has no pipeline.
        """
        from ghala.ingest.find import check_source
        from ghala.pipelines.graph import order
        from ghala.query.lint import table_places
        from ghala.spec.apart import read_apart

        workspace, broken = read_apart(self.settings.root, self.settings, check_source)
        if name in broken:
            raise broken[name]
        for planned in order(workspace, table_places):
            if planned.product.name == name:
                return planned
        raise NotFoundError(f"{name} has no pipeline.yaml", hint="add one, then run again")

    def settle_lost_runs(self) -> int:
        """Mark runs whose process is gone, and return how many there were."""
        from ghala.pipelines.lost import settle_lost

        return settle_lost(self._registry, self.access.requests.scope.definitions)

    @cached_property
    def history(self) -> RunHistory:
        """What ran, and what its checks found, as the workspace's owner."""
        from ghala.query.history import RunHistory

        return RunHistory(self.discovery)

    @cached_property
    def rule_history(self) -> RuleHistory:
        """How rules held, as the workspace's owner."""
        from ghala.query.rule_history import RuleHistory

        return RuleHistory(self.discovery)

    @cached_property
    def levels(self) -> Levels:
        """Service levels and the state of datasets, as the workspace's owner."""
        from ghala.query.levels import Levels
        from ghala.registry.registry import now_us

        return Levels(self.discovery, now_us)

    @cached_property
    def incidents(self) -> Incidents:
        """What is not as it was promised, as the workspace's owner."""
        from ghala.governance.incidents import Incidents

        scope = self.access.requests.scope
        return Incidents(self._registry, scope.definitions, scope.decider, scope.now_us)

    def look_for_incidents(self) -> int:
        """Open incidents of service levels that are missed now, resolve those that are met again; return how many."""
        missed = [(name, level) for name, level, _ in self.levels.missed(PROD)]
        return self.incidents.look(missed)

    def incident(self, shown: ShownIncident) -> dict[str, Any]:
        """Return an incident with its timeline, ready for JSON."""
        facts: dict[str, Any] = plain(shown.facts)
        return facts | {"events": plain(shown.events)}

    def incident_list(self, **asked: Any) -> list[dict[str, Any]]:
        """Return incidents, newest first, ready for JSON."""
        found = self.incidents.page(by=OWNER_LOCAL, **asked)
        return [plain(one.facts) for one in found.items]

    @cached_property
    def server_state(self) -> ServerState:
        """What runs here and with which settings, as the program began with them."""
        from ghala.governance.server_state import ServerState
        from ghala.registry.registry import now_us
        from ghala.spec.effective_settings import effective_settings

        return ServerState(
            registry=self._registry,
            workspace=self.settings.name,
            storage=self.settings.storage,
            settings=effective_settings(self.settings),
            examine=self._doctor().examine,
            now_us=now_us,
        )

    def _doctor(self) -> Doctor:
        from ghala.governance.health import Doctor
        from ghala.registry.registry import is_embedded

        def diagnose_policies() -> Diagnosis:
            return self.policies.diagnosis()

        return Doctor(
            storage=self.settings.storage,
            disk=self._disk,
            open_registry=lambda: self._registry,
            load_definitions=lambda: len(self.workspace().products),
            registry_is_embedded=is_embedded(self.settings.registry_url),
            check_policies=diagnose_policies,
        )

    @cached_property
    def discovery(self) -> Discovery:
        """What there is, as the workspace's owner."""
        from ghala.query.discover import Discovery

        scope = self.access.requests.scope
        return Discovery(self._registry, scope.definitions, scope.decider)

    def _with(self, *names: str) -> Workspace:
        """Return the workspace, with the built-in products if any of these is one: nobody else waits for those."""
        return self.everything() if any(map(is_system, names)) else self.workspace()
