"""What the contract of a release said of its columns: read from the definition that the registry keeps of it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from ghala.errors import CorruptError
from ghala.registry import definitions
from ghala.spec.product import understand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.contract import Column, Contract
    from ghala.model.names import ProductName
    from ghala.model.release import ReleasedDataset
    from ghala.registry.identity import Transaction

_MOST = 256
"""Definitions of which the terms are remembered."""


@dataclass(frozen=True, slots=True)
class ReleaseTerms:
    """Remembers what each definition says; it never changes, since its hash names it."""

    _known: OrderedDict[str, Mapping[str, tuple[Column, ...]]] = field(
        default_factory=OrderedDict, repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    def of(
        self,
        connection: Transaction,
        environment: str,
        product: ProductName,
        number: int,
        dataset: ReleasedDataset,
    ) -> tuple[Column, ...]:
        """Return the columns of a released dataset as its own contract described them; the id says which it was.

        Raises:
            CorruptError: the registry does not have the release's definition.
        """
        sha256 = definitions.of_release(connection, environment, product, number)
        with self._lock:
            known = self._known.get(sha256 or "")
        if known is None:
            files = None if sha256 is None else definitions.files_of(connection, sha256)
            if sha256 is None or files is None:
                raise CorruptError(
                    f"the definition of release {number} of {product} is not in the registry",
                    hint="somebody changed the registry outside Ghala: restore it from a backup",
                )
            known = _columns(product, files)
            with self._lock:
                self._known[sha256] = known
                while len(self._known) > _MOST:
                    self._known.popitem(last=False)
        return known.get(dataset.dataset_id, ())


def _columns(product: ProductName, files: Mapping[str, bytes]) -> dict[str, tuple[Column, ...]]:
    folder = f"domains/{product.domain}/{product.product}"
    understood = understand(tuple(files.items()), folder, product.domain)
    contracts: tuple[Contract, ...] = understood.contracts
    return {one.id: one.columns for contract in contracts for one in contract.datasets}
