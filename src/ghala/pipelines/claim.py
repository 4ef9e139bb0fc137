"""Holding the right to publish a product while a run lasts."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ghala.errors import AlreadyRunningError, LeaseLostError, StorageError
from ghala.registry import claims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ghala.model.names import ProductName
    from ghala.registry.claims import Claim, Holder
    from ghala.registry.registry import Registry

_FIRST_WAIT_S = 0.01
_LONGEST_WAIT_S = 0.25


class Lease:
    """A claim that a thread of its own keeps alive; steps ask it between them whether it still holds."""

    def __init__(
        self,
        registry: Registry,
        claim: Claim,
        lease_s: float,
        beat: Callable[[Registry], None] | None = None,
    ) -> None:
        self.claim = claim
        self._on_beat = beat
        self._registry = registry
        self._lease_s = lease_s
        self._ended = threading.Event()
        self._is_lost = False
        self._thread = threading.Thread(
            target=self._beat, name=f"lease {claim.product}", daemon=True
        )
        self._thread.start()

    def check(self) -> None:
        """Raise `LeaseLostError` if another run took the claim over: going on would be work for nothing."""
        if self._is_lost:
            raise LeaseLostError(
                f"{self.claim.product}: another run took over while this one was busy",
                hint="raise `runs.lease_s` in ghala.yaml if this machine stalls for long",
            )

    def end(self) -> None:
        """Stop the heartbeat."""
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._ended.wait(self._lease_s / 3):
            try:
                with self._registry.write() as connection:
                    self._is_lost = not claims.extend(connection, self.claim, lease_s=self._lease_s)
                if self._on_beat is not None and not self._is_lost:
                    self._on_beat(self._registry)
            except StorageError:
                # A registry that is unreachable now may answer at the next beat; the fence protects what is published.
                continue
            if self._is_lost:
                return


@contextmanager
def hold(  # noqa: PLR0913 - what a claim needs, by name
    registry: Registry,
    environment: str,
    product: ProductName,
    run_id: str,
    *,
    lease_s: float,
    wait_s: float,
    say: Callable[[str], None],
    left_behind: list[Claim],
    beat: Callable[[Registry], None] | None = None,
) -> Iterator[Lease]:
    """Take the claim, waiting up to `wait_s` seconds for another run to end, and keep it alive in the block.

    `left_behind` has the claims of this process whose runs ended while the registry was out of reach, on a full disk
    for example. They are given back now: else a run would wait for the lease of one that nobody runs any more. `beat`
    is called with each heartbeat.

    Raises:
        AlreadyRunningError: another run still holds it.
    """
    while left_behind and _give_back(registry, left_behind[-1]):
        left_behind.pop()
    deadline = time.monotonic() + wait_s
    pause = _FIRST_WAIT_S
    is_told = False
    while True:
        got = _claim(registry, environment, product, run_id, lease_s)
        if isinstance(got, claims.Claim):
            break
        if time.monotonic() >= deadline:
            raise AlreadyRunningError(
                f"run {got.run_id} is publishing {product}",
                hint="wait for it, or give this run more patience: --wait-s SECONDS",
                run=got.run_id,
            )
        if not is_told and pause >= _LONGEST_WAIT_S:
            say(f"{product}: waiting for run {got.run_id} to end")
            is_told = True
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_WAIT_S)
    lease = Lease(registry, got, lease_s, beat)
    try:
        yield lease
    finally:
        lease.end()
        if not _give_back(registry, got):
            left_behind.append(got)


def _claim(
    registry: Registry, environment: str, product: ProductName, run_id: str, lease_s: float
) -> Claim | Holder:
    try:
        with registry.write() as connection:
            return claims.claim(connection, environment, product, run_id, lease_s=lease_s)
    except StorageError:
        # The answer may be lost though the claim was made; only the registry knows, once the lost write has ended: a
        # write of one's own waits for that.
        with registry.write() as connection:
            got = claims.of_run(connection, environment, product, run_id)
        if got is None:
            raise
        return got


def _give_back(registry: Registry, claim: Claim) -> bool:
    """Give back a claim that the end of the run left behind, so that nobody waits for its lease to run out.

    False if the registry is out of reach.
    """
    with suppress(StorageError):
        with registry.read() as connection:
            is_left = claims.is_held(connection, claim)
        if is_left:
            with registry.write() as connection:
                claims.release(connection, claim)
        return True
    return False
