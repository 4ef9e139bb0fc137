"""What somebody looks at first: what is theirs, what waits for them, what changed lately, and what is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.approval import team_id
from ghala.model.moment import of_microseconds
from ghala.model.opening import Opening
from ghala.model.plain import plain
from ghala.model.system import is_system
from ghala.registry import usage
from ghala.registry.registry import now_us

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ghala.governance.duties import Duties
    from ghala.governance.incidents import Incidents
    from ghala.model.principal import Principal
    from ghala.query.browse_facts import ProductFacts
    from ghala.query.discover import Facts
    from ghala.query.levels import Levels
    from ghala.query.shelf import Entry, Shelf, Shelves
    from ghala.registry.registry import Registry

MOST_PRODUCTS = 30
MOST_CHANGES = 12
MOST_BROKEN = 50
LATELY_DAYS = 14
USED_DAYS = 30
_MOST_STANDING = 300
_DAY_US = 86_400 * 1_000_000
_WRONG = frozenset({"broken", "failed", "missed"})


@dataclass(frozen=True, slots=True)
class Home:
    """Puts it together from what the principal may discover. `catch_up` has reads counted that were not yet."""

    registry: Registry
    shelves: Shelves
    facts: ProductFacts
    duties: Duties
    incidents: Incidents
    levels: Levels
    catch_up: Callable[[], None]

    def page(self, principal: Principal) -> Facts:
        """Return what concerns somebody.

        What is used is what they queried in the last `USED_DAYS` days, or have an agreement about for their purpose.

        Raises:
            DeniedError: the token that proved who asks does not allow to discover anything.
        """
        shelf = self.shelves.of(principal)
        mine = _by_title(one for one in shelf.entries.values() if _is_mine(one, shelf, principal))
        used = _by_title(self._used(shelf, principal, {one.name for one in mine}))
        near = [*mine, *used]
        # Whoever has and uses nothing yet is shown what others made.
        among = near or list(shelf.entries.values())
        return {
            "mine": self.facts.of(mine[:MOST_PRODUCTS], shelf, principal),
            "mine_total": len(mine),
            "used": self.facts.of(used[:MOST_PRODUCTS], shelf, principal),
            "used_total": len(used),
            "waiting": plain(self.duties.of(principal)),
            "changed": list(_changes(among)),
            "is_changed_of_all": not near,
            "broken": self._broken(near, principal),
            "products_total": len(shelf.entries),
        }

    def _used(self, shelf: Shelf, principal: Principal, mine: set[str]) -> Iterator[Entry]:
        self.catch_up()
        since = now_us() // usage.DAY_US - USED_DAYS
        with self.registry.read() as connection:
            read = usage.queried_since(connection, principal.id, since)
        for entry in shelf.entries.values():
            is_agreed = Opening.AGREED in entry.openings.values()
            if entry.name not in mine and (
                is_agreed or any(str(one.name) in read for one in entry.datasets)
            ):
                yield entry

    def _broken(self, near: Sequence[Entry], principal: Principal) -> Facts:
        names = {entry.name for entry in near}
        found = self.incidents.page(by=principal, state="open", limit=MOST_BROKEN * 4).items
        told = [one for one in found if str(one.incident.product) in names][:MOST_BROKEN]
        explained = {name for one in told for name in one.datasets}
        standing = self.levels.standing(
            {
                entry.product.name: [one.name for one in entry.datasets]
                for entry in near[:_MOST_STANDING]
            }
        )
        # What an incident says is not said again.
        late = [
            one for one in standing if one["state"] in _WRONG and one["dataset"] not in explained
        ]
        return {"incidents": [plain(one.facts) for one in told], "datasets": late[:MOST_BROKEN]}


def _is_mine(entry: Entry, shelf: Shelf, principal: Principal) -> bool:
    """Return whether a team of somebody owns a product, or the domain that it is in."""
    owners = (shelf.definitions.owners.get(entry.product.name.domain, ""), entry.product.owner)
    return any(team_id(owner) in principal.teams for owner in owners)


def _by_title(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.product.title.casefold(), one.name))


def _changes(entries: Iterable[Entry]) -> Iterator[Facts]:
    """Yield the releases of the last days that consumers read now, the newest first."""
    since_us = now_us() - LATELY_DAYS * _DAY_US
    found = [
        (entry.release, entry)
        for entry in entries
        if entry.release is not None
        and entry.release.at_us >= since_us
        # What Ghala brings along changes with every question.
        and not is_system(entry.name)
    ]
    found.sort(key=lambda one: (-one[0].at_us, one[1].name))
    for release, entry in found[:MOST_CHANGES]:
        yield {
            "product": entry.name,
            "title": entry.product.title,
            "release": release.number,
            "at": of_microseconds(release.at_us),
            "datasets": [str(one.name) for one in entry.datasets],
        }
