"""Asking a server for access: requests and agreements as plain values, as `ghala access --json` has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from ghala.client.faults import Facts, listed, mapping
from ghala.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ghala.client.transport import Transport


@dataclass(frozen=True, slots=True)
class Access:
    """What a token lets one ask for."""

    transport: Transport

    def request(
        self,
        dataset: str,
        *,
        purpose: str,
        until: datetime,
        justification: str,
        columns: Sequence[str],
        grantee: str | None = None,
        rows: object = None,
    ) -> Facts:
        """Ask for columns (`["*"]`: all) and rows of a dataset; for oneself unless a grantee is named."""
        asked = {
            "dataset": dataset,
            "columns": list(columns),
            "rows": rows,
            "purpose": purpose,
            "until": until.isoformat(),
            "justification": justification,
            "grantee": grantee,
        }
        return mapping(self.transport.post("/requests", asked))

    def requests(self, state: str | None = None, dataset: str | None = None) -> list[Facts]:
        """Return the requests that one made, that are for one, or that one decides about, newest first."""
        return self._all("requests", state, dataset)

    def agreements(self, state: str | None = None, dataset: str | None = None) -> list[Facts]:
        """Return the agreements that are for one, or that one decides about, newest first."""
        return self._all("agreements", state, dataset)

    def find(self, request_id: str) -> Facts:
        """Return a `request`, and the `agreement` that it became, or None.

        Raises:
            NotFoundError: there is none of that id, as far as one may know.
        """
        asked = mapping(self.transport.get("requests", request_id))
        try:
            return {
                "request": asked,
                "agreement": mapping(self.transport.get("agreements", request_id)),
            }
        except NotFoundError:
            return {"request": asked, "agreement": None}

    def withdraw(self, request_id: str) -> Facts:
        """Withdraw a request that nobody has decided yet."""
        return mapping(
            self.transport.post(f"/requests/{quote(request_id, safe='')}/withdrawal", {})
        )

    def history(self, request_id: str) -> list[Facts]:
        """Return everything that happened to a request and to the agreement that it became, oldest first."""
        return listed(self.transport.get("agreements", request_id, "history"), "history")

    def _all(self, kind: str, state: str | None, dataset: str | None) -> list[Facts]:
        found: list[Facts] = []
        after: object = None
        while True:
            page = mapping(self.transport.get(kind, state=state, dataset=dataset, after=after))
            found += listed(page, kind)
            after = page.get("next")
            if after is None:
                return found
