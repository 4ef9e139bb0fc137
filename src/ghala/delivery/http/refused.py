"""What is told to somebody who may know of a dataset but not read it: whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.delivery.http.errors import with_owner

if TYPE_CHECKING:
    from ghala.delivery.http.parts import Parts
    from ghala.errors import DeniedError


def naming_owner(error: DeniedError, parts: Parts) -> DeniedError:
    """Return a refusal that says which team owns the dataset that it is about."""
    datasets = error.evidence.get("datasets")
    first = datasets[0] if isinstance(datasets, tuple) and datasets else None
    return with_owner(error, parts.discovery.owner(first) if first else None)
