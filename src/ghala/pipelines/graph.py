"""What reads what: the inputs of each step, and the order in which products can run."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError, Place, QueryRefusedError, StepError
from ghala.model.names import DatasetName
from ghala.model.product import Materialisation, StepKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ghala.model.names import ProductName
    from ghala.model.product import Product, Step, Workspace


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run of a product will read.

    `locals` and `inputs` name, for each step, the sources and earlier steps and the released datasets that it reads.
    `incremental` are the sources of which only new files are read: everything that is made from them appends.
    """

    locals: Mapping[str, tuple[str, ...]]
    inputs: Mapping[str, tuple[DatasetName, ...]]
    incremental: frozenset[str]

    @property
    def datasets(self) -> frozenset[DatasetName]:
        """All released datasets that the run reads."""
        return frozenset(name for names in self.inputs.values() for name in names)


def plan(workspace: Workspace, product: Product, names: Callable[[str], frozenset[str]]) -> Plan:
    """Find what each step reads.

    Args:
        workspace: knows which contract promises which dataset.
        product: the one that runs.
        names: the tables that a SQL text reads, unqualified or as `domain.dataset`.

    Raises:
        StepError: a step reads what is not there or what the product's input ports do not declare.
    """
    pipeline = product.pipeline
    if pipeline is None:
        return Plan({}, {}, frozenset())
    contracts = contract_ids(workspace)
    own = {dataset.name for dataset in product.datasets}
    known = {source.name for source in pipeline.sources}
    local_reads: dict[str, tuple[str, ...]] = {}
    inputs: dict[str, tuple[DatasetName, ...]] = {}
    for step in pipeline.steps:
        read = {step.source or ""} if step.kind is StepKind.INGEST else _read(step, names)
        plain = sorted(name for name in read if "." not in name)
        for name in plain:
            if name not in known:
                raise StepError(
                    f"step `{step.name}` reads `{name}`, which is no source or earlier step of {product.name}",
                    hint=_hint(name, known, contracts),
                    place=text_place(step),
                )
        datasets = sorted(_dataset(step, name) for name in read if "." in name)
        for dataset in datasets:
            _require_declared(product, step, dataset, contracts, own)
        local_reads[step.name] = tuple(plain)
        inputs[step.name] = tuple(datasets)
        known.add(step.name)
    return Plan(local_reads, inputs, _incremental(product, local_reads))


def order(workspace: Workspace, names: Callable[[str], frozenset[str]]) -> tuple[Product, ...]:
    """Return the products that have a pipeline, each after those whose datasets it reads.

    Raises:
        DefinitionError: products read each other in a circle.
    """
    products = {product.name: product for product in workspace.products if product.pipeline}
    makers = {
        dataset.name: product.name for product in products.values() for dataset in product.datasets
    }
    graph: dict[ProductName, set[ProductName]] = {}
    for product in products.values():
        needed = plan(workspace, product, names).datasets
        graph[product.name] = {makers[name] for name in needed if name in makers} - {product.name}
    try:
        return tuple(products[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(str(name) for name in reversed(error.args[1]))
        raise DefinitionError(
            f"products read each other in a circle: {circle}",
            hint="move what they share into a product that both can read",
        ) from error


def contract_ids(workspace: Workspace) -> dict[DatasetName, str]:
    """Return the contract that promises each dataset, by the contract's id."""
    return {
        dataset.name: contract.id
        for product in workspace.products
        for contract in product.contracts
        for dataset in contract.datasets
    }


def text_place(step: Step) -> Place | None:
    """Return where a step's text begins, so that errors in it point at its own lines."""
    if step.place is None or not step.sql_path:
        return step.place
    return Place(str(PurePosixPath(step.place.file).parent / step.sql_path), 1, 1)


def _read(step: Step, names: Callable[[str], frozenset[str]]) -> frozenset[str]:
    try:
        return names(step.sql)
    except QueryRefusedError as error:
        raise StepError(
            f"step `{step.name}`: {error.message}",
            hint=error.hint,
            place=_moved(error.place, text_place(step)),
        ) from error


def _moved(within: Place | None, text: Place | None) -> Place | None:
    """Return a place within a text as one in the file that the text begins."""
    if within is None or text is None or not text.column:
        return text
    return Place(text.file, within.line, within.column)


def _dataset(step: Step, name: str) -> DatasetName:
    try:
        return DatasetName.parse(name)
    except ValueError as error:
        raise StepError(
            f"step `{step.name}` reads `{name}`: a step reads `domain.dataset` as its run pinned it",
            hint="leave AT out: the release of an input is chosen when the run starts",
            place=text_place(step),
        ) from error


def _require_declared(
    product: Product,
    step: Step,
    dataset: DatasetName,
    contracts: Mapping[DatasetName, str],
    own: Iterable[DatasetName],
) -> None:
    if dataset in own:
        return
    contract = contracts.get(dataset)
    if contract is None:
        raise StepError(
            f"step `{step.name}` reads {dataset}, which no product of this workspace delivers",
            hint="see `ghala list` for what there is",
            place=text_place(step),
        )
    if contract not in product.inputs:
        raise StepError(
            f"step `{step.name}` reads {dataset}, which no input port of {product.name} declares",
            hint=f"add an input port with `contractId: {contract}` to product.odps.yaml",
            place=text_place(step),
        )


def _incremental(product: Product, local_reads: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    pipeline = product.pipeline
    if pipeline is None:
        return frozenset()
    # Walk backwards: a name must be read whole as soon as one of its readers replaces what it makes.
    whole: set[str] = set()
    for step in reversed(pipeline.steps):
        replaces = step.dataset is not None and step.materialisation is Materialisation.REPLACE
        if replaces or step.name in whole:
            whole.update(local_reads[step.name])
    read = {name for names in local_reads.values() for name in names}
    return frozenset(source.name for source in pipeline.sources if source.name in read - whole)


def _hint(name: str, known: Iterable[str], contracts: Mapping[DatasetName, str]) -> str:
    qualified = [str(dataset) for dataset in contracts if dataset.dataset == name]
    if qualified:
        return f"write `{qualified[0]}` to read the released dataset"
    return "it may read " + ", ".join(f"`{one}`" for one in sorted(known))
