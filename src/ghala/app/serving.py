"""What a server needs: the API's parts, and what happens by itself while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.app.observing import Observing

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ghala.delivery.http.origin import Origin
    from ghala.delivery.http.parts import Parts
    from ghala.pipelines.start import Started
    from ghala.query.discover import Discovery


class Serving(Observing):
    """The parts that a server needs besides those of a command."""

    def http_parts(self, origin: Origin) -> Parts:
        """Return what the HTTP API needs to answer where it is reached."""
        from ghala.delivery.http.assemble import Opened, assemble
        from ghala.engines.pool import KEPT_FOR_MANY
        from ghala.governance.hash_keys import HashKeys

        folder = self.settings.storage / "keys"
        keys = {name: HashKeys(folder / f"{name}.key", self._disk) for name in ("mask", "cursor")}
        # No worker serves two principals, and one that is not kept takes a second to start again.
        answerer = self._answering(KEPT_FOR_MANY, spares=1)
        # The same workers make what is published while it serves.
        self.__dict__.setdefault("_answerer", answerer)
        parts = assemble(
            self.settings,
            origin,
            Opened(
                self._registry,
                answerer,
                self.identity,
                self.audit,
                self._places.quarantine,
                self.server_state,
            ),
            telling=self._telling,
            load=self.everything,
            key_of=lambda name, purpose: keys[name].of(purpose),
            running=self._running,
            rolling_back=self._rollbacks,
        )
        self._opened.append(parts.finders.index.close)
        parts.finders.index.follow()
        parts.finders.products.words.follow()
        return parts

    def _running(self, discovery: Discovery) -> Started:
        from ghala.pipelines.start import Started

        return Started(discovery, lambda: self._runner, self.planned)

    def system_published(self) -> AbstractContextManager[None]:
        """Publish the built-in products every so often within the block, if there is anything new."""
        from ghala.governance.audit_clock import every
        from ghala.model.system import PUBLISHED_EVERY_S

        failed = "no built-in product was published"
        # Their parts are made when the time comes: a server that begins has better things to do.
        return every(PUBLISHED_EVERY_S, self._publish_system, name="system", failed=failed)

    def _publish_system(self) -> None:
        self.system.publish()

    def lost_runs_settled(self) -> AbstractContextManager[None]:
        """Mark runs whose process is gone, now and every so often within the block."""
        from ghala.governance.audit_clock import every
        from ghala.pipelines.lost import LOOKED_EVERY_S

        failed = "runs that ended without a word were not marked"
        return every(
            LOOKED_EVERY_S, self.settle_lost_runs, name="lost-runs", failed=failed, also_before=True
        )

    def incidents_looked_for(self) -> AbstractContextManager[None]:
        """Open and resolve the incidents that only the clock finds, now and every so often within the block."""
        from ghala.governance.audit_clock import every
        from ghala.pipelines.lost import LOOKED_EVERY_S

        return every(
            LOOKED_EVERY_S,
            self.look_for_incidents,
            name="incidents",
            failed="nobody looked for missed service levels",
            also_before=True,
        )
