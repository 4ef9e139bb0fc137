"""Questions that are kept under a name, through a server: plain values, as the command line's `--json` has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from ghala.client.faults import Facts, listed, mapping
from ghala.client.result import ARROW, Result
from ghala.errors import NotFoundError

if TYPE_CHECKING:
    from ghala.client.transport import Transport

_ID = re.compile(r"[0-9A-Za-z]{12}")


@dataclass(frozen=True, slots=True)
class Queries:
    """Saved queries, and what one asked lately. `principal` is whose they are."""

    transport: Transport
    principal: str

    def save(
        self,
        name: str,
        sql: str,
        *,
        description: str = "",
        shared_with: str = "",
        environment: str = "prod",
    ) -> Facts:
        """Keep a question under a name, in the place of the one that one kept under it before.

        Args:
            name: what it is called.
            sql: one statement over datasets that one may know of.
            description: what it answers.
            shared_with: empty for nobody, `team:NAME`, or `everybody` who may read what it reads.
            environment: where it is asked.
        """
        said: dict[str, object] = {
            "name": name,
            "sql": sql,
            "description": description,
            "shared_with": shared_with,
            "environment": environment,
        }
        before = self._own(name)
        if before is None:
            return mapping(self.transport.post("/queries", said))
        return mapping(self.transport.change("PUT", "queries", str(before["id"]), body=said))

    def all(self, dataset: str | None = None) -> list[Facts]:
        """Return one's own queries and those that others share, the most used first; of one dataset, or all."""
        return listed(self.transport.get("queries", dataset=dataset), "queries")

    def find(self, query: str) -> Facts:
        """Return a query by its id, or one of one's own by its name.

        Raises:
            NotFoundError: there is none, as far as one may know.
        """
        found = self._own(query)
        if found is None and _ID.fullmatch(query):
            return mapping(self.transport.get("queries", query))
        if found is None:
            raise NotFoundError(f"there is no query `{query[:200]}`", hint="see `ghala query list`")
        return found

    def share(self, query: str, shared_with: str) -> Facts:
        """Share a query of one's own: with nobody (empty), `team:NAME`, or `everybody` who may read what it reads."""
        found = self.find(query)
        kept = ("name", "sql", "description", "environment")
        said = {**{name: found[name] for name in kept}, "shared_with": shared_with}
        return mapping(self.transport.change("PUT", "queries", str(found["id"]), body=said))

    def run(
        self, query: str, *, timeout_s: float | None = None, row_limit: int | None = None
    ) -> Result:
        """Ask a kept question, as oneself. See `Result` for the forms of its answer."""
        path = f"/queries/{quote(str(self.find(query)['id']), safe='')}/answer"
        asked: dict[str, object] = {} if row_limit is None else {"limit": row_limit}
        return Result(
            lambda: self.transport.send("POST", path, accept=ARROW, body=asked, timeout_s=timeout_s)
        )

    def delete(self, query: str) -> None:
        """Forget a query of one's own, by its name or id."""
        self.transport.change("DELETE", "queries", str(self.find(query)["id"]))

    def history(self, limit: int = 50) -> list[Facts]:
        """Return what one asked lately, newest first; nobody sees what others asked."""
        return listed(self.transport.get("me", "statements", limit=limit), "statements")

    def forget_history(self) -> None:
        """Forget what one asked; the audit has it, without the text."""
        self.transport.change("DELETE", "me", "statements")

    def _own(self, name: str) -> Facts | None:
        found = listed(self.transport.get("queries", name=name.strip()[:200]), "queries")
        return found[0] if found else None
