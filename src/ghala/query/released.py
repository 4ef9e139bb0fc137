"""Released datasets for the read door: the registry says which release is meant, the lake which files hold it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Protocol

from ghala.governance.release_terms import ReleaseTerms
from ghala.model.contract import Column
from ghala.model.system import ON_DEMAND
from ghala.query.cache import Recent
from ghala.query.source import ResolvedDataset
from ghala.registry import environments, lineage, releases

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Connection

    from ghala.model.names import DatasetName
    from ghala.model.scan import PhysicalScan
    from ghala.query.source import Wanted
    from ghala.registry.registry import Registry
    from ghala.registry.releases import Pin


class Planned(Protocol):
    """Knows which files hold the rows of a snapshot; `lake.scan.Scans` is the one."""

    def of(self, metadata_path: str, snapshot_id: int) -> PhysicalScan:
        """Return how one snapshot is read."""
        ...


_GREATEST = 2**63 - 1
"""No registry counts further: a greater number must not reach it."""


@dataclass(frozen=True, slots=True)
class Released:
    """Resolves what a statement names, all of it in one transaction of the registry."""

    registry: Registry
    scans: Planned
    terms: ReleaseTerms = field(default_factory=ReleaseTerms, repr=False, compare=False)
    refresh_system: Callable[[Collection[DatasetName]], None] | None = None
    _known: Recent[tuple[int, str, frozenset[Wanted]], Mapping[Wanted, ResolvedDataset]] = field(
        default_factory=lambda: Recent(256), repr=False, compare=False
    )

    def made_on_demand(self, wanted: Collection[Wanted]) -> AbstractSet[Wanted]:
        """Return the datasets of the domain `system` whose current release is wanted."""
        if self.refresh_system is None:
            return frozenset()
        current = [one for one in wanted if one.version is None and one.timestamp is None]
        return {one for one in current if one.name in ON_DEMAND}

    def refresh(self, wanted: Collection[Wanted]) -> None:
        """Have the datasets of the domain `system` published whose current release is wanted.

        Raises:
            GhalaError: there was none, and it could not be made.
        """
        names = {one.name for one in self.made_on_demand(wanted)}
        if names and self.refresh_system is not None:
            self.refresh_system(names)

    def resolve(
        self, environment: str, wanted: Collection[Wanted]
    ) -> Mapping[Wanted, ResolvedDataset]:
        """Return what is wanted; a dataset or release that is not there has no entry.

        Raises:
            NotFoundError: there is no such environment.
        """
        # Every release moves the epoch, which costs one look: what was found while it stood is still so.
        key = (self.registry.epoch(), environment, frozenset(wanted))
        known = self._known.find(key)
        if known is not None:
            return known
        with environments.read(self.registry, environment) as connection:
            now = releases.current(connection, environment, {one.name for one in wanted})
            found = {one: _pin(connection, environment, one, now) for one in wanted}
            pins = {one: pin for one, pin in found.items() if pin is not None}
            lineages = {
                one: lineage.hash_of(connection, pin.environment, pin.product, pin.number)
                for one, pin in pins.items()
            }
            # What an old release's own contract said still holds where it is the stricter.
            terms = {
                one: self.terms.of(
                    connection, pin.environment, pin.product, pin.number, pin.dataset
                )
                for one, pin in pins.items()
                if not _is_current(pin, now.get(pin.dataset.name))
            }
        resolved = {
            one: self._resolved(pin, lineages[one], terms.get(one)) for one, pin in pins.items()
        }
        self._known.keep(key, resolved)
        return resolved

    def names(self, environment: str) -> Collection[DatasetName]:
        """Return all datasets that have a current release.

        Raises:
            NotFoundError: there is no such environment.
        """
        with environments.read(self.registry, environment) as connection:
            return tuple(releases.current(connection, environment))

    def _resolved(
        self, pin: Pin, come_from: str | None, own_terms: tuple[Column, ...] | None
    ) -> ResolvedDataset:
        scan = self.scans.of(pin.dataset.metadata_location, pin.dataset.snapshot_id)
        columns = tuple(Column(name, data_type) for name, data_type in scan.columns)
        return ResolvedDataset(pin.dataset.name, pin.number, columns, scan, come_from, own_terms)


@dataclass(frozen=True, slots=True)
class CurrentPointers:
    """Where every dataset of an environment points now, for the Iceberg catalog."""

    registry: Registry
    environment: str

    def all(self) -> dict[DatasetName, str]:
        """Return the current metadata file of every released dataset."""
        with self.registry.read() as connection:
            pins = releases.current(connection, self.environment)
        return {name: pin.dataset.metadata_location for name, pin in pins.items()}


def _is_current(pin: Pin, now: Pin | None) -> bool:
    return now is not None and (pin.product, pin.number) == (now.product, now.number)


def _pin(
    connection: Connection, environment: str, wanted: Wanted, now: Mapping[DatasetName, Pin]
) -> Pin | None:
    if wanted.version is not None:
        if not 0 < wanted.version <= _GREATEST:
            return None
        return releases.at_version(connection, environment, wanted.name, wanted.version)
    if wanted.timestamp is not None:
        moment = wanted.timestamp
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        at_us = round(moment.timestamp() * 1_000_000)
        return releases.at_time(connection, environment, wanted.name, at_us)
    return now.get(wanted.name)
