"""What one asks of a server as a whole: what concerns oneself on it, what it has, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.client.faults import Facts, listed, mapping

if TYPE_CHECKING:
    from ghala.client.transport import Transport


@dataclass(frozen=True, slots=True)
class Server:
    """One server, reached by a transport."""

    transport: Transport

    def home(self) -> Facts:
        """Return what concerns oneself: what is one's own, what waits, what changed lately, and what is broken."""
        return mapping(self.transport.get("home"))

    def domains(self) -> list[Facts]:
        """Return the domains of which one may discover a dataset."""
        return listed(self.transport.get("domains"), "domains")

    def settings(self) -> Facts:
        """Return what runs on the server and its settings, each with where it comes from; for administrators.

        Raises:
            DeniedError: one is none.
        """
        return mapping(self.transport.get("settings"))

    def findings(self) -> list[Facts]:
        """Return what the server finds when it examines itself, as `ghala doctor` does; for administrators.

        Raises:
            DeniedError: one is none.
        """
        return listed(self.transport.get("health", "findings"), "findings")
