"""The repairs of one run: which rows that were kept out it takes, and what is on record of them afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.errors import ConflictError
from ghala.governance.audit import entry
from ghala.model.audit import AuditTag
from ghala.model.product import Materialisation
from ghala.model.quarantine import CHECK, RowFault, run_of
from ghala.registry import audit, repairs, rollbacks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from ghala.model.names import DatasetName
    from ghala.model.quarantine import Chosen, Repair
    from ghala.model.release import Release
    from ghala.registry.claims import Claim
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry

NOT_MET = RowFault("not_met", "the run did not come upon it again: its file was changed or removed")
NOT_MADE = RowFault("not_made", "the run did not make its dataset: no step does any more")
MADE_ANEW = RowFault("made_anew", "its dataset is made anew by each run: mend what it is made from")
TAKEN_BACK = RowFault(
    "taken_back", "the release that kept it out is not in the data any more: runs make it again"
)


@dataclass(slots=True)
class Repairing:
    """The repairs that one run takes: those that are in the data already, and those that are chosen.

    `outcomes` says of each row that the run came upon whether it was taken (None), or why not.
    """

    known: Mapping[str, Repair]
    chosen: Chosen | None
    outcomes: dict[str, RowFault | None] = field(default_factory=dict)

    @classmethod
    def of_run(cls, registry: Registry, claim: Claim, chosen: Chosen | None) -> Repairing:
        """Return what a run takes; rows that are chosen count only while they wait to be released."""
        with registry.read() as connection:
            wanted = frozenset() if chosen is None else chosen.rows
            known = repairs.of_run(connection, claim.environment, claim.product, wanted)
        return cls(known, chosen)

    @property
    def waiting(self) -> frozenset[str]:
        """The rows that are chosen, and not in the data yet."""
        wanted = frozenset() if self.chosen is None else self.chosen.rows
        return frozenset(row for row in wanted & set(self.known) if self.known[row].release is None)

    def of_place(self, place: str, kind: str) -> dict[str, Repair]:
        """Return the repairs of rows that were kept out at one place."""
        return {
            row: repair
            for row, repair in self.known.items()
            if repair.kind == kind and repair.place.name == place
        }

    def checked(
        self, connection: Connection, claim: Claim, dataset: DatasetName, how: Materialisation
    ) -> dict[str, Repair]:
        """Return the rows of a dataset that broke rules and may be staged now; the outcomes have why others may not."""
        # The first batch of a check is its only one.
        found = self.of_place(f"{dataset}-0", CHECK)
        if how is Materialisation.REPLACE:
            self.outcomes |= dict.fromkeys(found, MADE_ANEW)
            return {}
        chosen = {row: found[row] for row in self.waiting & set(found)}
        made_by = {row: run_of(repair.path) for row, repair in chosen.items()}
        standing = rollbacks.standing(
            connection, claim.environment, claim.product, set(made_by.values()), dataset
        )
        back = {row for row, run_id in made_by.items() if run_id not in standing}
        self.outcomes |= dict.fromkeys(back, TAKEN_BACK)
        return {row: repair for row, repair in chosen.items() if row not in back}

    def record_refused(self, connection: Transaction, *, is_over: bool) -> None:
        """Put on record why rows that are chosen were not taken by a run that publishes nothing; the others wait on.

        `is_over` says that the run came upon all that there is. Rows that somebody edited since stay as they are.
        """
        faults = self._faults(is_over=is_over, of=self.waiting)
        since = repairs.changed(connection, {row: self.known[row] for row in faults})
        repairs.refused(connection, {row: one for row, one in faults.items() if row not in since})

    def record(self, connection: Transaction, claim: Claim, release: Release) -> None:
        """Put on record what became of the rows, in the transaction of the release that has them.

        Raises:
            ConflictError: somebody edited one since the run read it; the release has not what is on record.
        """
        waiting = self.waiting
        faults = self._faults(is_over=True, of=frozenset(self.known))
        taken = sorted(waiting - set(faults))
        touched = {row: self.known[row] for row in {*faults, *taken}}
        if repairs.changed(connection, touched):
            raise ConflictError(
                f"{claim.product}: rows that this run takes were edited while it was busy",
                hint="run again; raise `runs.lease_s` in ghala.yaml if this machine stalls for long",
            )
        repairs.ended(connection, release, [row for row in faults if row not in waiting])
        repairs.refused(connection, faults)
        repairs.released(connection, release, {row: self.known[row].fixed for row in taken})
        if taken and self.chosen is not None:
            detail = {
                "run": claim.run_id,
                "environment": claim.environment,
                "release": release.number,
                "rows": len(taken),
            }
            made = entry(
                AuditTag.QUARANTINE_RELEASED, self.chosen.by, (str(claim.product),), detail
            )
            audit.append(connection, made)

    def _faults(self, *, is_over: bool, of: frozenset[str]) -> dict[str, RowFault]:
        told: dict[str, RowFault | None] = {}
        if is_over:
            told = {
                row: NOT_MADE if self.known[row].kind == CHECK else NOT_MET for row in self.waiting
            }
        told |= {row: fault for row, fault in self.outcomes.items() if row in of}
        return {row: fault for row, fault in told.items() if fault is not None}
