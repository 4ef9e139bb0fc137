"""Releases of datasets as a principal may know them: found and decided as the read door does for a statement."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError
from ghala.governance.authorize import Asked
from ghala.model.mask import MaskKind
from ghala.model.policy import Action, Clearance
from ghala.query.intent import basis_of
from ghala.query.source import Wanted
from ghala.registry import environments, releases

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.names import DatasetName
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.query.parts import Decider, Recorder
    from ghala.query.source import Releases, ResolvedDataset
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin


@dataclass(frozen=True, slots=True)
class DecidedRelease:
    """One dataset in one release, and how whoever asks may read it."""

    pin: Pin
    resolved: ResolvedDataset
    decision: Decision

    @property
    def reads_all(self) -> bool:
        """Whether all rows are read, whatever of them is seen."""
        return any(one.rows is None for one in self.decision.admissions)

    @property
    def columns(self) -> list[str]:
        """The columns that are seen, in their order."""
        from ghala.sql import guard  # noqa: PLC0415 - an idle server does without the parser

        return [one.name for one in guard.visible(self.resolved.columns, self.decision)]

    def clearance(self, column: str) -> Clearance:
        """Return how a column is seen in all rows: `clear` only where one rule gives it without a condition."""
        found = self.decision.clearance(column)
        if found is not Clearance.CLEAR:
            return found
        given = (one for one in self.decision.admissions if column in one.columns)
        return found if any(one.rows is None for one in given) else Clearance.MASKED

    def shows_nulls(self, column: str) -> bool:
        """Return whether NULL is seen where NULL is, and nowhere else, in all rows."""
        if not self.reads_all:
            return False
        if self.clearance(column) is Clearance.CLEAR:
            return True
        mask = self.decision.masks.get(column)
        if mask is None or mask.kind is MaskKind.REPLACE_WITH_NULL:
            return False
        return mask.kind is not MaskKind.GENERALISE or mask.otherwise is not None


@dataclass(frozen=True, slots=True)
class DecidedReleases:
    """Finds releases and decides about them.

    `releases_of` gives the releases that exist for a principal, `decider` and `audit` are those of the read door.
    """

    registry: Registry
    releases_of: Callable[[Principal], Releases]
    decider: Decider
    audit: Recorder

    def named(self, name: str, principal: Principal, environment: str) -> DatasetName:
        """Return the dataset of a name.

        Raises:
            NotFoundError: there is none that has a release, as far as the principal may know.
        """
        known = {str(one): one for one in self.releases_of(principal).names(environment)}
        found = known.get(name.lower())
        if found is None:
            close = get_close_matches(name.lower(), list(known), 1)
            hint = f"did you mean `{close[0]}`?" if close else None
            raise NotFoundError(f"there is no dataset `{name[:200]}` with a release", hint=hint)
        return found

    def find(
        self, name: DatasetName, principal: Principal, environment: str, number: int | None
    ) -> DecidedRelease | None:
        """Return a dataset in a release, the current one if None; None where that release has it not."""
        wanted = Wanted(name, number)
        resolved = self.releases_of(principal).resolve(environment, [wanted]).get(wanted)
        if resolved is None:
            return None
        with environments.read(self.registry, environment) as connection:
            pin = releases.at_version(connection, environment, resolved.name, resolved.release)
        if pin is None:
            return None
        asked = Asked(resolved.name, resolved.columns, resolved.own_terms, resolved.lineage)
        (decision,) = self.decider.decide(principal, Action.DATASET_READ, [asked])
        return DecidedRelease(pin, resolved, decision)

    def known(
        self, name: DatasetName, principal: Principal, environment: str, number: int | None
    ) -> DecidedRelease:
        """Return a dataset in a release, whether or not it may be read.

        Raises:
            NotFoundError: that release has it not.
        """
        found = self.find(name, principal, environment, number)
        if found is None:
            hint = f"see `ghala releases {name}`"
            raise NotFoundError(f"there is no {name} in release {number}", hint=hint)
        return found

    def readable(
        self, name: DatasetName, principal: Principal, environment: str, number: int | None
    ) -> DecidedRelease:
        """Return a dataset in a release that may be read.

        Raises:
            NotFoundError: that release has it not.
            DeniedError: it may not be read, which is recorded.
        """
        found = self.known(name, principal, environment, number)
        if not found.decision.is_allowed:
            reasons = list(found.decision.reasons)
            detail = {"reasons": reasons, **basis_of([found.decision])}
            self.audit.denied(principal, [str(name)], detail)
            raise DeniedError(
                f"{principal.id} may not read {name}",
                reasons=reasons,
                hint=f"ask its owner: ghala access request {name}",
                datasets=(str(name),),
            )
        return found
