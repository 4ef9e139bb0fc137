"""What is told of releases beside their rows: profiles, differences, facts; one set for each way in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghala.query.decided import DecidedReleases
from ghala.query.differences import Differences
from ghala.query.discover import Discovered
from ghala.query.profiles import Profiles
from ghala.query.release import ReleaseFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from ghala.governance.authorize import Authorizer
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.principal import Principal
    from ghala.query.answer import Answerer
    from ghala.query.answered import Answer
    from ghala.query.asking import Asking
    from ghala.query.discover import Discovery
    from ghala.query.parts import Recorder
    from ghala.query.source import Releases
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Told:
    """Profiles, differences and facts of releases, all decided by the same."""

    profiles: Profiles
    differences: Differences
    facts: ReleaseFacts

    @classmethod
    def over(cls, discovery: Discovery, asking: Asking) -> Told:
        """Return what principals of an endpoint are told; rows are compared by questions that count like any other."""
        door, decider = asking.answerer, asking.decider

        def releases_of(principal: Principal) -> Releases:
            return Discovered(door.releases, principal, decider)

        def ask(text: str, principal: Principal, environment: str) -> list[tuple[Any, ...]]:
            with (
                asking.going(principal) as going,
                asking.answer(text, going, environment=environment) as answer,
            ):
                return _rows(answer)

        decided = DecidedReleases(discovery.registry, releases_of, decider, door.audit)
        profiles = Profiles(decided)
        return cls(
            profiles,
            Differences(decided, profiles, decider.described, ask),
            ReleaseFacts(decided, discovery.visible),
        )

    @classmethod
    def to_owner(
        cls,
        registry: Registry,
        releases: Releases,
        authorizer: Authorizer,
        audit: Recorder,
        *,
        door: Callable[[], Answerer],
        names: Callable[[], Mapping[ProductName, Collection[DatasetName]]],
    ) -> Told:
        """Return what the workspace's owner is told, who reads everything; `door` is opened to compare rows."""

        def ask(text: str, principal: Principal, environment: str) -> list[tuple[Any, ...]]:
            with door().answer(text, principal, environment=environment) as answer:
                return _rows(answer)

        decided = DecidedReleases(registry, lambda _: releases, authorizer, audit)
        profiles = Profiles(decided)
        return cls(
            profiles,
            Differences(decided, profiles, lambda asked: asked, ask),
            ReleaseFacts(decided, lambda _: names()),
        )


def _rows(answer: Answer) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for batch in answer.batches() for row in batch.to_pylist()]
