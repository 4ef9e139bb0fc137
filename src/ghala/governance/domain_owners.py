"""Domains' owners on record: who decides about data is part of every decision, also when it is explained later."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.governance.administration import record
from ghala.model.audit import AuditTag
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import domain_owners
from ghala.registry.registry import now_us as clock_us

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions


@dataclass(slots=True)
class DomainOwners:
    """Notes who owns the domains whenever the definitions by which a process decides say otherwise than before."""

    registry: Registry
    definitions: Callable[[], Definitions]
    now_us: Callable[[], int] = clock_us
    _noted: Mapping[str, str] | None = field(default=None, repr=False)

    def note(self) -> None:
        """Put what changed on record.

        Raises:
            GhalaError: the definitions or the registry cannot be read; it is tried again the next time.
        """
        known = dict(self.definitions().owners)
        if known == self._noted:
            return
        with self.registry.read() as connection:
            is_known = _held(domain_owners.at(connection, self.now_us())) == known
        if not is_known:
            self._write(known)
        self._noted = known

    def _write(self, known: Mapping[str, str]) -> None:
        with self.registry.write() as connection:
            now_us = self.now_us()
            # Read again: another server may have noted it meanwhile.
            before = _held(domain_owners.at(connection, now_us))
            for domain in sorted({*before, *known}):
                owner = known.get(domain)
                if owner != before.get(domain):
                    domain_owners.add(connection, domain, owner, now_us)
                    detail = {"owner": owner}
                    record(connection, AuditTag.DOMAIN_OWNED, OWNER_LOCAL, [domain], detail)


def _held(owners: Mapping[str, str | None]) -> dict[str, str]:
    return {domain: owner for domain, owner in owners.items() if owner is not None}
