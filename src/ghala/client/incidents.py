"""Incidents at a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from ghala.client.faults import Facts, listed, mapping

if TYPE_CHECKING:
    from ghala.client.transport import Transport


@dataclass(frozen=True, slots=True)
class Incidents:
    """What is not as it was promised, and who takes care of it."""

    transport: Transport

    def list(self, **wanted: object) -> list[Facts]:
        """Return incidents, newest first; `wanted` narrows them: `state`, `product`, `environment`, `limit`."""
        return listed(self.transport.get("incidents", **wanted), "incidents")

    def find(self, incident: str) -> Facts:
        """Return an incident with its timeline.

        Raises:
            NotFoundError: there is none of that id, as far as one may know.
        """
        return mapping(self.transport.get("incidents", incident))

    def open(self, product: str, title: str, **said: object) -> Facts:
        """Open an incident; `said` are its `text`, its `datasets` and its `environment`."""
        asked = {"product": product, "title": title, **said}
        return mapping(self.transport.post("/incidents", asked))

    def acknowledge(self, incident: str, text: str = "") -> Facts:
        """Say that one takes care of an incident."""
        return self._change(incident, "acknowledgement", text=text)

    def note(self, incident: str, text: str) -> Facts:
        """Add a note, which everybody can read who sees the incident."""
        return self._change(incident, "notes", text=text)

    def resolve(self, incident: str, reason: str) -> Facts:
        """Say that an incident is over, and why."""
        return self._change(incident, "resolution", reason=reason)

    def _change(self, incident: str, what: str, **said: str) -> Facts:
        path = f"/incidents/{quote(incident, safe='')}/{what}"
        return mapping(self.transport.post(path, said))
