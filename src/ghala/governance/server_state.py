"""How the server stands: what runs, with which settings, and what the doctor finds; for administrators."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.administration import require
from ghala.model.effective import ServerFacts
from ghala.model.policy import Action
from ghala.model.versions import running_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ghala.model.effective import EffectiveSetting
    from ghala.model.outcome import Diagnosis
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class ServerState:
    """Shows it. `settings` are those that the program began with; `examine` is what `ghala doctor` does."""

    registry: Registry
    workspace: str
    storage: Path
    settings: tuple[EffectiveSetting, ...]
    examine: Callable[[], Iterable[Diagnosis]]
    now_us: Callable[[], int]

    def facts(self, *, by: Principal) -> ServerFacts:
        """Return what runs here and with which settings, without secrets.

        Raises:
            DeniedError: `by` is no administrator.
        """
        self._require(by)
        room = shutil.disk_usage(self.storage)
        versions = tuple(running_versions().items())
        storage = str(self.storage)
        return ServerFacts(self.workspace, versions, storage, room.free, room.total, self.settings)

    def findings(self, *, by: Principal) -> tuple[Diagnosis, ...]:
        """Examine whether the workspace can be relied upon on this machine.

        Raises:
            DeniedError: `by` is no administrator.
        """
        self._require(by)
        return tuple(self.examine())

    def _require(self, by: Principal) -> None:
        with self.registry.read() as connection:
            require(connection, by, Action.METRICS_READ, self.now_us())
