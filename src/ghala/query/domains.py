"""Domains: the parts of the organisation that own data, as far as somebody may know one of their datasets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.approval import team_id
from ghala.model.moment import of_microseconds

if TYPE_CHECKING:
    from ghala.model.principal import Principal
    from ghala.query.discover import Facts
    from ghala.query.shelf import Entry, Shelves


@dataclass(frozen=True, slots=True)
class Domains:
    """Lists them, over what a principal may discover."""

    shelves: Shelves

    def domains(self, principal: Principal) -> list[Facts]:
        """Return the domains of which somebody may discover a dataset, by name.

        Raises:
            DeniedError: the token that proved who asks does not allow to discover anything.
        """
        shelf = self.shelves.of(principal)
        by_domain: dict[str, list[Entry]] = defaultdict(list)
        for entry in shelf.entries.values():
            by_domain[entry.product.name.domain].append(entry)
        described = {one.name: one.description for one in shelf.definitions.workspace.domains}
        owners = shelf.definitions.owners
        return [
            {
                "name": name,
                "description": described.get(name, ""),
                "owner": owners.get(name, ""),
                "is_mine": team_id(owners.get(name, "")) in principal.teams,
                "products": len(entries),
                "datasets": sum(len(entry.datasets) for entry in entries),
                "released_at": max(
                    (of_microseconds(one.release.at_us) for one in entries if one.release),
                    default=None,
                ),
            }
            for name, entries in sorted(by_domain.items())
        ]
