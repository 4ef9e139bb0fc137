"""Asking a server what columns are about: plain values, as `ghala tags --json` has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from ghala.client.faults import Facts, listed, mapping
from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.client.transport import Transport


@dataclass(frozen=True, slots=True)
class Tags:
    """What a token lets one see and declare: its scope `tag:declare`, for owners of the data."""

    transport: Transport

    def show(self, dataset: str) -> list[Facts]:
        """Return what the columns of `domain.dataset` are about, and where that comes from."""
        domain, name = _parts(dataset, 2)
        return listed(self.transport.get("datasets", domain, name, "tags"), "columns")

    def declare(
        self,
        column: str,
        *,
        without: Sequence[str] = (),
        classification: str | None = None,
        reason: str,
    ) -> list[Facts]:
        """Declare that `domain.dataset.column` does not carry on some tags, or a classification."""
        domain, dataset, name = _parts(column, 3)
        path = f"/datasets/{quote(domain, safe='')}/{quote(dataset, safe='')}/declarations"
        said: Facts = {"column": name, "without": list(without), "reason": reason}
        said["classification"] = classification
        return listed(self.transport.post(path, said), "declarations")

    def declarations(self, dataset: str | None = None) -> list[Facts]:
        """Return the declarations about one's own datasets, or about one of them, oldest first."""
        return listed(self.transport.get("declarations", dataset=dataset), "declarations")

    def withdraw(self, declaration_id: str) -> Facts:
        """Withdraw a declaration."""
        path = f"/declarations/{quote(declaration_id, safe='')}/withdrawal"
        return mapping(self.transport.post(path, {}))

    def map(
        self,
        *,
        domain: str | None = None,
        tag: str | None = None,
        classification: str | None = None,
    ) -> list[Facts]:
        """Return the columns that are personal or more than internal, as far as one may know them."""
        narrowed = {"domain": domain, "tag": tag, "classification": classification}
        return listed(self.transport.get("personal-data", **narrowed), "columns")


def _parts(name: str, count: int) -> list[str]:
    parts = name.split(".", count - 1)
    if len(parts) < count or not all(parts):
        written = ".".join(["domain", "dataset", "column"][:count])
        raise UsageError(f"`{name[:200]}` is no name", hint=f"write `{written}`")
    return parts
