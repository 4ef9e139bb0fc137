"""Products as far as somebody may know them: one of whose datasets none may be discovered is not there."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ghala.errors import DeniedError, NotFoundError
from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.contract import Dataset
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.model.product import Product
    from ghala.spec.kept import Definitions

_VOTERS = frozenset({PrincipalKind.OWNER, PrincipalKind.USER})


class Discoverer(Protocol):
    """Decides what exists for whom; `governance.decider.EndpointDecider` is the one."""

    def discoverer(self, principal: Principal) -> Callable[[DatasetName], bool]:
        """Return what says of many datasets whether each exists for a principal, at this moment."""


class SeenProduct(NamedTuple):
    """A product, and those of its datasets that somebody may discover."""

    product: Product
    datasets: tuple[Dataset, ...]


def seen_product(
    definitions: Definitions, decider: Discoverer, name: str, by: Principal
) -> SeenProduct:
    """Return a product by its name.

    Raises:
        NotFoundError: there is none, as far as `by` may know.
    """
    exists = decider.discoverer(by)
    known: dict[str, SeenProduct] = {}
    for product in definitions.products.values():
        seen = tuple(one for one in product.datasets if exists(one.name))
        if seen:
            known[str(product.name)] = SeenProduct(product, seen)
    found = known.get(name.lower())
    if found is None:
        close = get_close_matches(name[:200], list(known), 1)
        hint = f"did you mean `{close[0]}`?" if close else None
        raise NotFoundError(f"there is no product `{name[:200]}`", hint=hint)
    return found


def require_voter(by: Principal) -> None:
    """Let people pass.

    Raises:
        DeniedError: a program asks: what it would want is what somebody made it for.
    """
    if by.kind not in _VOTERS:
        raise DeniedError(f"{by.id} may not vote", reasons=["votes are given by people"])
