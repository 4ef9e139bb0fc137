"""What people tell each other about data, over one workspace: its parts, put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.ratings import Ratings
from ghala.governance.roadmaps import Roadmaps
from ghala.governance.tickets import Tickets
from ghala.governance.usage import Usage
from ghala.governance.wishes import Wishes

if TYPE_CHECKING:
    from ghala.governance.access_scope import AccessScope


@dataclass(frozen=True, slots=True)
class Talk:
    """Usage and ratings, roadmaps with votes, tickets and wishes."""

    usage: Usage
    ratings: Ratings
    roadmaps: Roadmaps
    tickets: Tickets
    wishes: Wishes

    @classmethod
    def over(cls, scope: AccessScope) -> Talk:
        """Return them, with what requests for access are decided with too."""
        parts = (scope.registry, scope.definitions, scope.decider, scope.now_us)
        usage = Usage(scope)
        return cls(
            usage,
            Ratings(scope, usage.has_queried),
            Roadmaps(*parts),
            Tickets(scope),
            Wishes(scope),
        )
