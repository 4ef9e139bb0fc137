"""What the names in a statement stand for, and what is said of those that stand for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError, QueryRefusedError
from ghala.model.names import DatasetName
from ghala.query.source import Wanted
from ghala.sql.at import CURRENT

if TYPE_CHECKING:
    from ghala.errors import Place
    from ghala.query.source import Releases
    from ghala.sql.parse import Statement, TableUse


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
