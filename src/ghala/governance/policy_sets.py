"""Sets of policies in force: files say what an organisation wants, the registry says what holds, for all processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.errors import CorruptError
from ghala.governance.administration import record, require
from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.policy_files import read_policies
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.registry import policy_sets
from ghala.registry.registry import now_us as clock_us

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from ghala.model.policy_set import AppliedSet
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class HeldSet:
    """A set of policies, and when it was put in force; None for one that never was."""

    policies: Policies
    applied: AppliedSet | None


@dataclass(frozen=True, slots=True)
class PolicySets:
    """The sets of one registry, and the files of one workspace from which new ones come."""

    registry: Registry
    root: Path
    now_us: Callable[[], int] = clock_us
    _made: dict[str, Policies] = field(default_factory=dict, repr=False, compare=False)

    def apply(
        self, policies: Policies, *, by: Principal, after: AppliedSet | None = None
    ) -> AppliedSet:
        """Put a set in force for every process that uses the registry; one that is in force stays as it is.

        With `after`, only if that is still what is in force: of servers that see the same change one applies it.

        Raises:
            DeniedError: `by` may not.
        """
        with self.registry.write() as connection:
            require(connection, by, Action.POLICY_APPLY, self.now_us())
            current = policy_sets.current(connection)
            is_other = after is not None and (current is None or current.number != after.number)
            if current is not None and (is_other or current.version == policies.version):
                return current
            files = [(file.name, file.text) for file in policies.files]
            applied = policy_sets.put_in_force(
                connection,
                policies.version,
                policies.schema,
                files,
                by=by.id,
                at_us=self.now_us(),
            )
            detail = {
                "version": policies.version,
                "before": None if current is None else current.version,
                "files": [name for name, _ in files],
            }
            record(connection, AuditTag.POLICY_APPLIED, by, [f"policies:{applied.number}"], detail)
        self._made[policies.version] = policies
        return applied

    def held(self) -> HeldSet:
        """Return what is in force; the files of the workspace where nothing was put in force yet.

        Raises:
            DefinitionError: nothing was put in force yet, and the files are wrong.
        """
        current = self.current()
        if current is None:
            return HeldSet(read_policies(self.root), None)
        return HeldSet(self.load(current.version), current)

    def current(self) -> AppliedSet | None:
        """Return which set is in force; None if none was put there yet."""
        with self.registry.read() as connection:
            return policy_sets.current(connection)

    def at(self, moment: datetime) -> HeldSet | None:
        """Return what was in force at a time; None if nothing was yet."""
        with self.registry.read() as connection:
            applied = policy_sets.at(connection, round(moment.timestamp() * 1_000_000))
        return None if applied is None else HeldSet(self.load(applied.version), applied)

    def was_in_force(self, version: str) -> bool:
        """Return whether a set was ever in force."""
        with self.registry.read() as connection:
            return policy_sets.last_of(connection, version) is not None

    def history(self) -> tuple[AppliedSet, ...]:
        """Return the sets that were in force, newest first."""
        with self.registry.read() as connection:
            return policy_sets.history(connection)

    def load(self, version: str) -> Policies:
        """Return a set that is or was in force.

        Raises:
            CorruptError: the registry does not have what it says was in force.
        """
        if version not in self._made:
            with self.registry.read() as connection:
                kept = policy_sets.content(connection, version)
            files = () if kept is None else tuple(PolicyFile(name, text) for name, text in kept[1])
            made = None if kept is None else Policies.kept(files, kept[0])
            if made is None or made.version != version:
                raise CorruptError(
                    f"the policies of version {version[:12]} are not what was put in force",
                    hint="somebody changed the registry outside Ghala: restore it from a backup",
                )
            self._made[version] = made
        return self._made[version]
