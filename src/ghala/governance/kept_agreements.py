"""The agreements that decisions are made with: looked up by dataset and grantee, and kept while the epoch stands."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from ghala.registry import agreements
from ghala.registry.registry import now_us as clock_us

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.model.agreement import Agreement
    from ghala.model.names import DatasetName
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

    Key = tuple[str, frozenset[str], str]

MOST = 10_000
"""Kept look-ups; the one that was used longest ago makes room."""


@dataclass(slots=True)
class KeptAgreements:
    """Agreements as decisions ask for them. What has ended by its time is for the decision to leave out.

    A look-up reads the few rows of one dataset and its grantees, never all agreements; it is kept until `epoch`
    moves, as it does with every agreement that begins, changes or is revoked.
    """

    registry: Registry
    definitions: Callable[[], Definitions]
    epoch: Callable[[], int]
    now_us: Callable[[], int] = clock_us
    _kept: OrderedDict[Key, tuple[Agreement, ...]] = field(default_factory=OrderedDict, repr=False)
    _epoch: int = -1
    _lock: Lock = field(default_factory=Lock, repr=False)

    def ids(self, grantees: frozenset[str], purpose: str) -> frozenset[str]:
        """Return the ids of all datasets about which `of` has an agreement."""
        with self.registry.read() as connection:
            return agreements.datasets_agreed(connection, grantees, purpose, self.now_us())

    def of(
        self, dataset: DatasetName, grantees: frozenset[str], purpose: str
    ) -> Sequence[Agreement]:
        """Return every agreement about a dataset with one of some grantees, for one purpose, that has not ended yet."""
        found = self.definitions().datasets.get(dataset)
        if found is None:
            return ()
        key = (found[2].id, grantees, purpose)
        # The epoch comes first: what changes while rows are read is read again.
        epoch = self.epoch()
        with self._lock:
            if epoch != self._epoch:
                self._kept.clear()
                self._epoch = epoch
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        with self.registry.read() as connection:
            made = agreements.not_ended(connection, *key, self.now_us())
        with self._lock:
            if epoch == self._epoch:
                self._kept[key] = made
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return made
