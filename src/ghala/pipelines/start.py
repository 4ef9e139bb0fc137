"""Runs that a server starts: each in a thread of its own, a few at once, ended when the server ends."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.engines.stop import Stop
from ghala.errors import AlreadyRunningError, BusyError, NotFoundError, UsageError
from ghala.governance.responsible import require_responsible
from ghala.model.names import name_fault
from ghala.model.policy import Action
from ghala.model.system import is_system

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.errors import GhalaError
    from ghala.model.names import ProductName
    from ghala.model.principal import Principal
    from ghala.model.quarantine import Chosen
    from ghala.model.run import Run
    from ghala.pipelines.graph import Planned
    from ghala.pipelines.run import Runner
    from ghala.query.discover import Discovery

_log = logging.getLogger(__name__)
AT_ONCE = 2
"""So many runs work at the same time; the others hold their claims and wait for their turn."""
MOST = 32
END_S = 10.0
"""How long runs are waited for when the server ends; one that does not end by then is marked by whoever is next."""
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Started:
    """Starts runs for those who are responsible for a product. `close` ends them."""

    discovery: Discovery
    runner: Callable[[], Runner]
    plan: Callable[[ProductName], Planned]
    ended: Callable[[], None] = lambda: None
    _turns: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(AT_ONCE), repr=False, compare=False
    )
    _threads: set[threading.Thread] = field(default_factory=set, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _stop: Stop = field(default_factory=Stop, repr=False, compare=False)

    def start(
        self, name: str, environment: str, *, by: Principal, chosen: Chosen | None = None
    ) -> Run:
        """Start a run and return it as soon as it is on record; it releases the `chosen` rows, too.

        Raises:
            NotFoundError: there is no such product, as far as `by` may know, or it has no pipeline.
            DeniedError: `by` is not responsible for it.
            DefinitionError: its definition is wrong.
            AlreadyRunningError: another run of it has not ended.
            BusyError: too many runs wait for their turn, or the server ends.
        """
        found = self._found(name, environment, by)
        planned = self.plan(found)
        with self._lock:
            self._stop.check()
            if len(self._threads) >= MOST:
                raise BusyError(
                    f"{len(self._threads)} runs have not ended", hint="start it when some have"
                )
            begun: Future[Run] = Future()
            thread = threading.Thread(
                target=self._run,
                args=(planned, environment, by, begun, chosen),
                name=f"run {found}",
                daemon=True,
            )
            self._threads.add(thread)
        thread.start()
        return begun.result()

    def close(self) -> None:
        """End all runs, each with its record, as far as they end in time."""
        self._stop.stop(BusyError("the server ended before the run did", hint="run it again"))
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(END_S)

    def _found(self, name: str, environment: str, by: Principal) -> ProductName:
        if fault := name_fault(environment):
            raise UsageError(f"`{environment[:80]}` cannot be an environment's name", hint=fault)
        by_text = {str(one): one for one in self.discovery.visible(by)}
        found = by_text.get(name.lower())
        if found is None:
            raise NotFoundError(f"there is no product `{name[:200]}`")
        definitions = self.discovery.definitions()
        require_responsible(by, definitions, definitions.products[found], Action.PRODUCT_RUN)
        if is_system(str(found)):
            raise UsageError(
                f"{found} is published by the server itself", hint="read it: it is made anew"
            )
        return found

    def _run(
        self,
        planned: Planned,
        environment: str,
        by: Principal,
        begun: Future[Run],
        chosen: Chosen | None,
    ) -> None:
        turn = _Turn(self._turns, self._stop)
        try:
            from ghala.pipelines.run import Asked  # noqa: PLC0415 - it needs Arrow, an idle server does not

            asked = Asked(by, self._stop, begun.set_result, turn.take, chosen)
            outcome = self.runner().run(
                planned, environment=environment, wait_s=0, say=_say_nothing, asked=asked
            )
            if not begun.done():
                begun.set_exception(_worded(outcome.error))
        except Exception as error:  # noqa: BLE001 - the last place that can word it
            if begun.done():
                _log.error("a run ended by a fault in Ghala: %s", type(error).__name__)
            else:
                begun.set_exception(error)
        finally:
            turn.give_back()
            with self._lock:
                self._threads.discard(threading.current_thread())
            self.ended()


@dataclass(slots=True)
class _Turn:
    """One run's place among those that work."""

    turns: threading.Semaphore
    stop: Stop
    is_taken: bool = False

    def take(self) -> None:
        """Wait for it."""
        while not self.is_taken:
            self.stop.check()
            self.is_taken = self.turns.acquire(timeout=_LOOK_S)

    def give_back(self) -> None:
        """Let another run work."""
        if self.is_taken:
            self.turns.release()


def _worded(error: GhalaError | None) -> GhalaError:
    """Return why a run did not begin, for whoever cannot wait for another one at a terminal."""
    if isinstance(error, AlreadyRunningError):
        run = error.evidence.get("run")
        return AlreadyRunningError(
            f"the product already runs: {run}", hint="start another run when it has ended", run=run
        )
    return error or BusyError("the run did not begin")


def _say_nothing(_: str) -> None:
    """Tell nobody: what a run says is in its journal."""
