"""What the names in a statement stand for, and what is said of those that stand for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from ghala.errors import NotFoundError, QueryRefusedError
from ghala.governance.authorize import Asked
from ghala.model.names import DatasetName
from ghala.query.source import Wanted
from ghala.sql.at import CURRENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.errors import Place
    from ghala.query.source import Releases, ResolvedDataset
    from ghala.sql.parse import Statement, TableUse


class Admits(Protocol):
    """Says whether somebody may read some datasets, all of them."""

    def __call__(self, asked: Sequence[Asked], *, is_last: bool) -> bool:
        """Return whether they may; where nothing else will be decided, `is_last`, raise what they are told instead."""
        ...


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one environment."""

    releases: Releases
    environment: str

    def wanted(self, use: TableUse, statement: Statement) -> Wanted:
        """Return the dataset that a name stands for, and in which release.

        Raises:
            QueryRefusedError: it is no name of a dataset.
        """
        if use.domain is None:
            same = sorted(
                str(name)
                for name in self.releases.names(self.environment)
                if name.dataset == use.table
            )
            hint = (
                f"write `{same[0]}`" if same else "write `domain.dataset`; SHOW TABLES lists them"
            )
            raise QueryRefusedError(
                f"`{use.table}` names no dataset in full",
                hint=hint,
                place=statement.place(use.offset),
            )
        pin = statement.pins.get(use.table, CURRENT)
        dataset = use.table.rpartition("@")[0] if use.table in statement.pins else use.table
        if use.domain in {"information_schema", "pg_catalog"}:
            raise QueryRefusedError(
                f"`{use}` is not answered",
                hint="information_schema.tables and .columns list what you may read",
                place=statement.place(use.offset),
            )
        return Wanted(DatasetName(use.domain, dataset), pin.version, pin.timestamp)

    def resolved(self, statement: Statement, admit: Admits) -> Mapping[TableUse, ResolvedDataset]:
        """Return what each name of a statement stands for.

        What is made when somebody asks is made for whoever may read everything that the statement names: `admit` says
        so. Where something has no release yet, it has the last word, and raises instead.

        Raises:
            QueryRefusedError: something is no name of a dataset.
            NotFoundError: a dataset or release is not there.
        """
        uses = {use: self.wanted(use, statement) for use in statement.datasets}
        if not uses:
            return {}
        wanted = frozenset(uses.values())
        found = self.releases.resolve(self.environment, wanted)
        made = self.releases.made_on_demand(wanted)
        if made and wanted <= found.keys() | made:
            asked = [Asked(name) for name in sorted({one.name for one in wanted})]
            if admit(asked, is_last=not wanted <= found.keys()):
                self.releases.refresh(made)
                found = self.releases.resolve(self.environment, wanted)
        for use, one in uses.items():
            if one not in found:
                raise self.missing(one, statement.place(use.offset))
        return {use: found[one] for use, one in uses.items()}

    def missing(self, wanted: Wanted, place: Place) -> NotFoundError:
        """Return what is said of a dataset or release that is not there."""
        known = {str(name) for name in self.releases.names(self.environment)}
        name = str(wanted.name)
        if name in known:
            return NotFoundError(
                f"there is no {wanted}", hint=f"see `ghala releases {name}`", place=place
            )
        close = get_close_matches(name, sorted(known), 1)
        hint = f"did you mean `{close[0]}`?" if close else "SHOW TABLES lists the datasets"
        return NotFoundError(f"there is no released dataset `{name}`", hint=hint, place=place)
