"""Agreements for other tools, in the words of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.governance.access_scope import READING, require_scope
from ghala.governance.approval import Person
from ghala.registry import agreements
from ghala.registry.releases import as_time
from ghala.spec.oaas import Provider, to_oaas

if TYPE_CHECKING:
    from ghala.governance.access_scope import AccessScope
    from ghala.governance.agreements import Agreements
    from ghala.model.principal import Principal


@dataclass(frozen=True, slots=True)
class Exports:
    """Requests and agreements as OAAS documents."""

    scope: AccessScope
    agreements: Agreements

    def documents(self, *, by: Principal, only: str | None = None) -> tuple[dict[str, object], ...]:
        """Return the documents of all requests that somebody may know of, or of one, newest first.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is none of that id, as far as `by` may know.
        """
        require_scope(by, *READING)
        if only is not None:
            # Refuses what `by` may not know of.
            self.agreements.history(only, by=by)
        known = self.scope.definitions()
        with self.scope.registry.read() as connection:
            now_us = self.scope.now_us()
            person = Person.of(connection, by, now_us)
            found = agreements.requests(connection)
            made = {one.id: one for one in agreements.agreements(connection)}
        documents = []
        for request in found:
            is_wanted = only is None or request.id == only
            if is_wanted and self.scope.sees(person, request):
                promise = known.by_id.get(request.dataset_id)
                owner = known.owners.get(request.terms.dataset.domain, "")
                provider = Provider(*promise, owner) if promise else None
                documents.append(to_oaas(request, made.get(request.id), provider, as_time(now_us)))
        return tuple(documents)
