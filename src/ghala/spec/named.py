"""Names that people type: a product or dataset of a workspace by its name, or a hint at the one that was meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError
from ghala.model.names import DatasetName, ProductName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.contract import Contract, Dataset
    from ghala.model.product import Product, Workspace


def find_product(workspace: Workspace, name: str) -> Product:
    """Return the product called `domain/product`.

    Raises:
        NotFoundError: there is none.
    """
    try:
        wanted = ProductName.parse(name)
    except ValueError as error:
        raise NotFoundError(str(error), hint="see `ghala list`") from error
    for product in workspace.products:
        if product.name == wanted:
            return product
    raise _unknown("product", name, [str(product.name) for product in workspace.products])


def find_dataset(workspace: Workspace, name: str) -> tuple[Product, Contract, Dataset]:
    """Return the dataset called `domain.dataset`, with the product and contract that promise it.

    Raises:
        NotFoundError: there is none.
    """
    wanted = dataset_name(name)
    for product in workspace.products:
        for contract in product.contracts:
            for dataset in contract.datasets:
                if dataset.name == wanted:
                    return product, contract, dataset
    known = [str(dataset.name) for product in workspace.products for dataset in product.datasets]
    raise _unknown("dataset", name, known)


def find_owner(workspace: Workspace, name: str) -> Product:
    """Return the product of that name, or the one that owns the dataset of that name.

    Raises:
        NotFoundError: there is neither.
    """
    if "/" in name:
        return find_product(workspace, name)
    return find_dataset(workspace, name)[0]


def dataset_name(name: str) -> DatasetName:
    """Read a dataset's name.

    Raises:
        NotFoundError: it cannot be one.
    """
    try:
        return DatasetName.parse(name)
    except ValueError as error:
        raise NotFoundError(str(error), hint="see `ghala list`") from error


def _unknown(kind: str, name: str, known: Sequence[str]) -> NotFoundError:
    close = get_close_matches(name, known, 1)
    hint = f"did you mean `{close[0]}`?" if close else "see `ghala list`"
    return NotFoundError(f"there is no {kind} `{name}`", hint=hint)
