"""Access: everything about requests and agreements, put together over one registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ghala.governance.access_export import Exports
from ghala.governance.access_scope import AccessScope
from ghala.governance.access_steps import Steps
from ghala.governance.agreements import Agreements
from ghala.governance.expiry import Expiries
from ghala.governance.preview import Previews
from ghala.governance.requests import Requests
from ghala.governance.suggest import Suggestions
from ghala.registry.registry import now_us as clock_us

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.governance.decider import EndpointDecider
    from ghala.model.purpose import Purpose
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions


@dataclass(frozen=True, slots=True)
class Access:
    """The parts; each has its own page of what it does. Every verb names who asks for it, `by`."""

    requests: Requests
    agreements: Agreements
    previews: Previews
    suggestions: Suggestions
    exports: Exports
    expiries: Expiries
    steps: Steps

    @classmethod
    def over(
        cls,
        registry: Registry,
        *,
        definitions: Callable[[], Definitions],
        decider: EndpointDecider,
        purposes: Callable[[], Mapping[str, Purpose]],
        forget: Callable[[], None] = lambda: None,
        now_us: Callable[[], int] = clock_us,
    ) -> Self:
        """Put the parts together.

        Args:
            registry: where all of it is kept.
            definitions: what the workspace defines now.
            decider: decides at the endpoint through which people come.
            purposes: the workspace's closed list, by name.
            forget: makes the process look at the registry's epoch again.
            now_us: the time in microseconds since 1970, UTC; tests pass their own.
        """
        scope = AccessScope(registry, definitions, decider, purposes, forget, now_us)
        requests = Requests(scope)
        agreements = Agreements(scope)
        return cls(
            requests=requests,
            agreements=agreements,
            previews=Previews(scope, requests),
            suggestions=Suggestions(scope, agreements),
            exports=Exports(scope, agreements),
            expiries=Expiries(registry, now_us),
            steps=Steps(scope),
        )
