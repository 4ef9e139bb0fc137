"""Definitions that a long-lived process keeps: read again in time; while they are broken, the last good ones stay."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.model.contract import Contract, Dataset
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.product import Product, Workspace

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Definitions:
    """One reading of a workspace, with what is looked up in it again and again.

    `owned` names owners of domains other than those of the workspace: those of another time.
    """

    workspace: Workspace
    owned: Mapping[str, str | None] = field(default_factory=dict)

    @cached_property
    def products(self) -> Mapping[ProductName, Product]:
        """Every product by its name."""
        return {product.name: product for product in self.workspace.products}

    @cached_property
    def datasets(self) -> Mapping[DatasetName, tuple[Product, Contract, Dataset]]:
        """Every dataset by its name, with what promises it."""
        return {
            dataset.name: (product, contract, dataset)
            for product in self.workspace.products
            for contract in product.contracts
            for dataset in contract.datasets
        }

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Product, Contract, Dataset]]:
        """Every dataset by its identity, which stays when it is renamed."""
        return {found[2].id: found for found in self.datasets.values()}

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The team that owns each domain, as its `domain.yaml` names it."""
        own = {domain.name: domain.owner for domain in self.workspace.domains}
        return {
            domain: owner for domain, owner in {**own, **self.owned}.items() if owner is not None
        }


@dataclass(slots=True)
class KeptDefinitions:
    """The definitions as they were at most `fresh_s` ago. Safe between threads; the first reading raises."""

    load: Callable[[], Workspace]
    fresh_s: float = 1.0
    _kept: Definitions | None = None
    _read_at_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def now(self) -> Definitions:
        """Return the definitions.

        Raises:
            DefinitionError: they are wrong, and there was no reading yet that was good.
        """
        kept = self._kept
        if kept is not None and time.monotonic() - self._read_at_s < self.fresh_s:
            return kept
        # One reads again, and those who have a reading do not wait for it.
        if not self._lock.acquire(blocking=kept is None) and kept is not None:
            return kept
        try:
            self._kept = fresh = self._read()
            self._read_at_s = time.monotonic()
            return fresh
        finally:
            self._lock.release()

    def _read(self) -> Definitions:
        try:
            workspace = self.load()
        except DefinitionError:
            # Somebody is writing them: whoever reads data meanwhile is decided by what was good.
            if self._kept is None:
                raise
            _LOG.warning("the definitions are broken; the last good ones stay: see `ghala lint`")
            return self._kept
        if self._kept is not None and workspace == self._kept.workspace:
            return self._kept
        return Definitions(workspace)
