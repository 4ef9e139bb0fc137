"""What reads what: the inputs of each step, and the order in which products can run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from ghala.errors import DefinitionError, LimitError, Place, QueryRefusedError, StepError
from ghala.model.names import DatasetName
from ghala.model.product import Materialisation, StepKind
from ghala.spec.kept import Definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ghala.errors import GhalaError
    from ghala.model.names import ProductName
    from ghala.model.product import Product, Step, Workspace

Names: TypeAlias = "Callable[[str], Mapping[str, Place]]"
"""The tables that a SQL text reads, unqualified or as `domain.dataset`, each with where in the text it stands."""


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


@dataclass(frozen=True, slots=True)
class Planned:
    """A product in its place of the order. With `faults` it cannot run, and its plan has what could be understood.

    `definitions` are all of the workspace that it was planned in.
    """

    product: Product
    plan: Plan
    definitions: Definitions
    faults: tuple[GhalaError, ...] = ()


def plan(workspace: Workspace, product: Product, names: Names) -> Plan:
    """Find what each step reads.

    Args:
        workspace: knows which contract promises which dataset.
        product: the one that runs.
        names: reads a statement.

    Raises:
        StepError: a step reads what is not there or what the product's input ports do not declare.
    """
    planned = _planned(Definitions(workspace), product, contract_ids(workspace), names)
    if planned.faults:
        raise planned.faults[0]
    return planned.plan


def order(workspace: Workspace, names: Names) -> tuple[Planned, ...]:
    """Return the products that have a pipeline, each after those whose datasets it reads.

    A product with faults stands in the order as well: others need not wait until it is mended.
    """
    known, contracts = Definitions(workspace), contract_ids(workspace)
    products = [product for product in workspace.products if product.pipeline]
    planned = {product.name: _planned(known, product, contracts, names) for product in products}
    makers = {dataset.name: product.name for product in products for dataset in product.datasets}
    graph = {
        name: {makers[read] for read in one.plan.datasets if read in makers} - {name}
        for name, one in planned.items()
    }
    while True:
        try:
            return tuple(planned[name] for name in TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = list(error.args[1])
            fault = _circle_fault(circle, planned)
            for name in set(circle):
                one = planned[name]
                planned[name] = replace(one, faults=(*one.faults, fault))
                # None of them runs: they have no order among themselves, and those behind them keep theirs.
                graph[name] -= set(circle)


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


def _planned(
    definitions: Definitions, product: Product, contracts: Mapping[DatasetName, str], names: Names
) -> Planned:
    pipeline = product.pipeline
    if pipeline is None:
        return Planned(product, Plan({}, {}, frozenset()), definitions)
    known = {source.name for source in pipeline.sources}
    local_reads: dict[str, tuple[str, ...]] = {}
    inputs: dict[str, tuple[DatasetName, ...]] = {}
    faults: list[GhalaError] = []
    for step in pipeline.steps:
        try:
            read = _read(step, names)
        except StepError as error:
            faults.append(error)
            read = {}
        found, faulty = _inputs(product, step, read, contracts)
        faults += _unknown(product, step, read, known, contracts)
        faults += faulty
        local_reads[step.name] = tuple(sorted(name for name in read if "." not in name))
        inputs[step.name] = found
        known.add(step.name)
    plan = Plan(local_reads, inputs, _incremental(product, local_reads))
    return Planned(product, plan, definitions, tuple(faults))


def _unknown(
    product: Product,
    step: Step,
    read: Mapping[str, Place | None],
    known: Collection[str],
    contracts: Mapping[DatasetName, str],
) -> Iterator[StepError]:
    for name, place in sorted(read.items()):
        if "." not in name and name not in known:
            yield StepError(
                f"step `{step.name}` reads `{name}`, which is no source or earlier step of {product.name}",
                hint=_hint(name, known, contracts),
                place=place,
            )


def _inputs(
    product: Product,
    step: Step,
    read: Mapping[str, Place | None],
    contracts: Mapping[DatasetName, str],
) -> tuple[tuple[DatasetName, ...], list[StepError]]:
    """Return the released datasets that a step reads, and why others may not be read."""
    own = {dataset.name for dataset in product.datasets}
    found, faults = [], []
    for name, place in sorted(read.items()):
        if "." not in name:
            continue
        try:
            dataset = _dataset(step, name, place)
            if dataset not in own:
                _require_declared(product, step, dataset, contracts, place)
            found.append(dataset)
        except StepError as error:
            faults.append(error)
    return tuple(found), faults


def _circle_fault(
    circle: list[ProductName], planned: Mapping[ProductName, Planned]
) -> DefinitionError:
    named = " → ".join(str(name) for name in reversed(circle))
    return DefinitionError(
        f"products read each other in a circle: {named}",
        hint="move what they share into a product that both can read",
        place=planned[circle[0]].product.place,
    )


def _read(step: Step, names: Names) -> Mapping[str, Place | None]:
    if step.kind is StepKind.INGEST:
        return {step.source or "": step.place}
    text = text_place(step)
    try:
        return {name: _moved(place, text) for name, place in names(step.sql).items()}
    except (LimitError, QueryRefusedError) as error:
        raise StepError(
            f"step `{step.name}`: {error.message}",
            hint=error.hint,
            place=_moved(error.place, text),
        ) from error


def _moved(within: Place | None, text: Place | None) -> Place | None:
    """Return a place within a text as one in the file that the text begins."""
    if within is None or text is None or not text.column:
        return text
    return Place(text.file, within.line, within.column)


def _dataset(step: Step, name: str, place: Place | None) -> DatasetName:
    try:
        return DatasetName.parse(name)
    except ValueError as error:
        raise StepError(
            f"step `{step.name}` reads `{name}`: a step reads `domain.dataset` as its run pinned it",
            hint="leave AT out: the release of an input is chosen when the run starts",
            place=place,
        ) from error


def _require_declared(
    product: Product,
    step: Step,
    dataset: DatasetName,
    contracts: Mapping[DatasetName, str],
    place: Place | None,
) -> None:
    contract = contracts.get(dataset)
    if contract is None:
        close = get_close_matches(str(dataset), sorted(map(str, contracts)), 1)
        raise StepError(
            f"step `{step.name}` reads {dataset}, which no product of this workspace delivers",
            hint=f"did you mean `{close[0]}`?" if close else "see `ghala list` for what there is",
            place=place,
        )
    if contract not in product.inputs:
        raise StepError(
            f"step `{step.name}` reads {dataset}, which no input port of {product.name} declares",
            hint=f"add an input port with `contractId: {contract}` to product.odps.yaml",
            place=place,
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


def _hint(name: str, known: Collection[str], contracts: Mapping[DatasetName, str]) -> str:
    qualified = [str(dataset) for dataset in contracts if dataset.dataset == name]
    if qualified:
        return f"write `{qualified[0]}` to read the released dataset"
    if not known:
        return "write `domain.dataset` to read a released dataset"
    return "it may read " + ", ".join(f"`{one}`" for one in sorted(known))
