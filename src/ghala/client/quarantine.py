"""Rows that were kept out, at a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from ghala.client.faults import Facts, listed, mapping
from ghala.client.named import split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.client.transport import Transport


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What was kept out of datasets, and what is done with it."""

    transport: Transport

    def rows(self, dataset: str, **wanted: object) -> Facts:
        """Return what is kept out of `domain.dataset`, and the rows if one may see them.

        Args:
            dataset: its name.
            wanted: what narrows it: `run`, `reason`, `file`, `state`, `environment`, `after`, `limit`.

        Raises:
            NotFoundError: there is none of that name, as far as one may know.
        """
        return mapping(self.transport.get("quarantine", *split(dataset, "."), **wanted))

    def fix(
        self,
        dataset: str,
        row: str,
        *,
        raw: str | None = None,
        values: Mapping[str, str | None] | None = None,
        environment: str = "prod",
    ) -> Facts:
        """Edit a row: the text of a record, or some values of a row that broke rules.

        Raises:
            DeniedError: one may not repair it.
            NotFoundError: there is no such row, as far as one may know.
        """
        asked: dict[str, object] = {"row": row, "environment": environment}
        asked |= {} if raw is None else {"raw": raw}
        asked |= {} if values is None else {"values": dict(values)}
        return mapping(self.transport.post(_path(dataset, "fixes"), asked))

    def discard(
        self, dataset: str, rows: Sequence[str], *, reason: str, environment: str = "prod"
    ) -> list[Facts]:
        """Give rows up, and say why."""
        asked: dict[str, object] = {
            "rows": list(rows),
            "reason": reason,
            "environment": environment,
        }
        return listed(self.transport.post(_path(dataset, "discards"), asked), "rows")

    def release(
        self, dataset: str, rows: Sequence[str] | None = None, *, environment: str = "prod"
    ) -> Facts:
        """Start a run that takes edited rows along, those that are named or all, and return the run."""
        asked: dict[str, object] = {"environment": environment}
        asked |= {} if rows is None else {"rows": list(rows)}
        return mapping(self.transport.post(_path(dataset, "releases"), asked))


def _path(dataset: str, what: str) -> str:
    domain, name = split(dataset, ".")
    return f"/quarantine/{quote(domain, safe='')}/{quote(name, safe='')}/{what}"
