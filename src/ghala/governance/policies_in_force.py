"""The policies that a running server decides by: those of the registry, into which it takes changed files over."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError, GhalaError
from ghala.governance.policy_files import policy_stamp, read_policies
from ghala.governance.policy_sets import HeldSet
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.governance.cedar import Policies
    from ghala.governance.policy_files import Stamp
    from ghala.governance.policy_sets import PolicySets
    from ghala.model.policy_set import AppliedSet
    from ghala.registry.epoch import EpochWatch

_LOG = logging.getLogger(__name__)
_RESTED_S = 1.0
"""Files that changed later than this may still be written: half a file can be a valid set that forbids less."""


class FilesState(StrEnum):
    """How the files of a server stand to what is in force; keep sorted."""

    APPLIED = "applied"
    INVALID = "invalid"
    NOT_APPLIED = "not_applied"
    """They are a set that was in force before and was replaced: only a person puts it back."""


@dataclass(slots=True)
class PoliciesInForce:
    """Says which policies are in force, as they were at most `fresh_s` ago. Safe between threads.

    A server takes its files over when the registry never had that set, or when the set that they replace is what is in
    force. Files that are wrong change nothing. See docs/decisions/0016-policies-in-force.md. `looked` is called
    whenever it has looked at its files.
    """

    sets: PolicySets
    epoch: EpochWatch
    fresh_s: float = 1.0
    clock_s: Callable[[], float] = time.time
    looked: Callable[[], None] = lambda: None
    _policies: Policies | None = None
    _applied: AppliedSet | None = None
    _epoch: int = -1
    _stamp: Stamp | None = None
    _files_version: str | None = None
    _fault: DefinitionError | None = None
    _looked_at_s: float = 0.0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def now(self) -> Policies:
        """Return the set that is in force.

        Raises:
            DefinitionError: nothing was ever put in force, and the files are wrong.
            StorageError: the registry cannot be read.
        """
        kept = self._policies
        if kept is not None and self._is_fresh():
            return kept
        # One looks at the files again, and those who know what is in force do not wait for it.
        is_moved = kept is None or self.epoch.now() != self._epoch
        if not self._lock.acquire(blocking=is_moved) and kept is not None:
            return kept
        try:
            if self._policies is not None:
                self._follow()
            has_looked = self._look()
            found = self._follow()
        finally:
            self._lock.release()
        if has_looked:
            self._note()
        return found

    def held(self) -> HeldSet:
        """Return the set that is in force, and when it was put there."""
        with self._lock:
            has_looked = self._look()
            held = HeldSet(self._follow(), self._applied)
        if has_looked:
            self._note()
        return held

    def state(self) -> tuple[AppliedSet | None, FilesState, DefinitionError | None]:
        """Return which set is in force, how the files stand to it, and what is wrong with them."""
        policies = self.now()
        if self._fault is not None:
            return self._applied, FilesState.INVALID, self._fault
        is_applied = self._files_version == policies.version
        state = FilesState.APPLIED if is_applied else FilesState.NOT_APPLIED
        return self._applied, state, None

    def _look(self) -> bool:
        if time.monotonic() - self._looked_at_s < self.fresh_s and self._policies is not None:
            return False
        try:
            self._take_files_over()
        except GhalaError as error:
            if self._policies is None:
                raise
            _LOG.warning("the policies cannot be taken over: %s; those in force stay", error)
        self._looked_at_s = time.monotonic()
        return True

    def _note(self) -> None:
        # Not under the lock: it may read files and wait for its turn to write.
        try:
            self.looked()
        except GhalaError as error:
            _LOG.warning("what stands beside the policies cannot be noted: %s", error)

    def _is_fresh(self) -> bool:
        looked = time.monotonic() - self._looked_at_s < self.fresh_s
        return looked and self.epoch.now() == self._epoch

    def _follow(self) -> Policies:
        epoch = self.epoch.now()
        if self._policies is None or epoch != self._epoch:
            held = self.sets.held()
            self._policies, self._applied, self._epoch = held.policies, held.applied, epoch
        return self._policies

    def _take_files_over(self) -> None:
        stamp = policy_stamp(self.sets.root)
        is_first = self._stamp is None
        if stamp == self._stamp or not (is_first or stamp.has_rested(self.clock_s(), _RESTED_S)):
            return
        try:
            found = read_policies(self.sets.root)
        except DefinitionError as error:
            if self.sets.current() is None:
                raise
            self._fault, self._stamp = error, stamp
            _LOG.warning("the policies are wrong: %s; those in force stay: see `ghala lint`", error)
            return
        current = self.sets.current()
        if self._is_to_be_applied(found, current):
            applied = self.sets.apply(found, by=OWNER_LOCAL, after=current)
            if applied.version != found.version:
                return  # Another server was faster with another set: it is looked at again.
            # Nobody needs to hear of the first ones: there were none before.
            level = logging.INFO if current is None else logging.WARNING
            _LOG.log(level, "policies %s are in force now", applied.version[:12])
            self._epoch = -1
        elif current is not None and current.version != found.version:
            _LOG.warning(
                "policies/ is a set that was replaced at %s; it is not put back: `ghala policy apply`",
                current.applied_at.isoformat(timespec="seconds"),
            )
        # Last: what fails above is tried again.
        self._fault, self._files_version, self._stamp = None, found.version, stamp

    def _is_to_be_applied(self, found: Policies, current: AppliedSet | None) -> bool:
        if current is None or current.version == found.version:
            return current is None
        is_edit_of_current = self._files_version == current.version
        return is_edit_of_current or not self.sets.was_in_force(found.version)
