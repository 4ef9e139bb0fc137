"""Cross-checks: what only several files together can get wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from ghala.model.system import CONTRACT_PREFIX
from ghala.spec.fields import nearest
from ghala.spec.finding import FindingCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ghala.errors import Place
    from ghala.model.contract import Contract
    from ghala.model.names import ProductName
    from ghala.model.product import Pipeline
    from ghala.spec.finding import Findings
    from ghala.spec.odps import ProductParts


@dataclass(frozen=True, slots=True)
class Draft:
    """One product folder as far as it was understood; `is_complete` if every contract was."""

    name: ProductName
    parts: ProductParts | None
    contracts: tuple[Contract, ...]
    pipeline: Pipeline | None
    is_complete: bool
    place: Place


def check_all(drafts: Sequence[Draft], findings: Findings) -> None:
    """Add every finding about how the files of a workspace fit together."""
    _check_ids(drafts, findings)
    _check_dataset_names(drafts, findings)
    by_id = {contract.id: draft for draft in drafts for contract in draft.contracts}
    is_complete = all(draft.is_complete for draft in drafts)
    for draft in drafts:
        if draft.parts is not None:
            _check_outputs(draft, draft.parts, findings)
            if is_complete:
                _check_inputs(draft.parts, by_id, findings)
        if draft.pipeline is not None and draft.is_complete:
            _check_makers(draft, draft.pipeline, findings)
    _check_cycles(drafts, by_id, findings)


def _check_ids(drafts: Sequence[Draft], findings: Findings) -> None:
    contracts = [contract for draft in drafts for contract in draft.contracts]
    for contract in contracts:
        # A dataset is known by its contract's id: none may pass for a built-in one.
        if contract.id.lower().startswith(CONTRACT_PREFIX) and contract.place is not None:
            message = f"the contract id `{contract.id[:200]}` is taken"
            hint = f"ids that begin with `{CONTRACT_PREFIX}` are those of the domain `system`"
            findings.error(FindingCode.NAME_TAKEN, contract.place, message, hint)
    _refuse_repeated(
        "contract id", ((contract.id, contract.place) for contract in contracts), findings
    )
    parts = [draft.parts for draft in drafts if draft.parts]
    _refuse_repeated("product id", ((part.id, part.place) for part in parts), findings)


def _check_dataset_names(drafts: Sequence[Draft], findings: Findings) -> None:
    datasets = [
        dataset
        for draft in drafts
        for contract in draft.contracts
        for dataset in contract.datasets
        if dataset.name.dataset
    ]
    _refuse_repeated("dataset", ((str(one.name), one.place) for one in datasets), findings)
    # Objects of one name share their id when they have none of their own; once is enough to say.
    unlike = {one.name: one for one in reversed(datasets)}.values()
    _refuse_repeated("schema object id", ((one.id, one.place) for one in unlike), findings)


def _refuse_repeated(
    what: str, named: Iterable[tuple[str, Place | None]], findings: Findings
) -> None:
    seen: dict[str, Place] = {}
    for name, place in named:
        if not name or place is None:
            continue
        if name in seen:
            message = f"the {what} `{name[:200]}` is taken"
            findings.error(FindingCode.NAME_TAKEN, place, message, f"by {seen[name]}")
        seen.setdefault(name, place)


def _check_outputs(draft: Draft, parts: ProductParts, findings: Findings) -> None:
    own = {contract.id for contract in draft.contracts}
    delivered = {port.contract_id for port in parts.outputs}
    for port in parts.outputs:
        if port.contract_id and port.contract_id not in own and draft.is_complete:
            message = f"no contract of this product has the id `{port.contract_id[:200]}`"
            hint = (
                nearest(port.contract_id, own)
                or "an output port names a contract of its own product"
            )
            findings.error(FindingCode.ODPS_UNKNOWN_CONTRACT, port.place, message, hint)
    for contract in draft.contracts:
        if contract.id and contract.id not in delivered and contract.place:
            message = f"no output port of {draft.name} delivers this contract"
            hint = f"add an output port with `contractId: {contract.id[:200]}` to product.odps.yaml"
            findings.error(FindingCode.ODPS_CONTRACT_WITHOUT_PORT, contract.place, message, hint)


def _check_inputs(parts: ProductParts, by_id: Mapping[str, Draft], findings: Findings) -> None:
    for port in parts.inputs:
        if port.contract_id and port.contract_id not in by_id:
            message = f"no contract of this workspace has the id `{port.contract_id[:200]}`"
            hint = (
                nearest(port.contract_id, by_id)
                or "an input port names the contract of what it reads"
            )
            findings.error(FindingCode.ODPS_UNKNOWN_CONTRACT, port.place, message, hint)


def _check_makers(draft: Draft, pipeline: Pipeline, findings: Findings) -> None:
    makers = defaultdict(list)
    for step in pipeline.steps:
        if step.dataset is not None:
            makers[step.dataset].append(step)
    for contract in draft.contracts:
        for dataset in contract.datasets:
            made_by = makers.get(dataset.name, [])
            if not made_by and dataset.place and dataset.name.dataset:
                message = f"no step of the pipeline makes the dataset {dataset.name}"
                hint = f"add a step with `dataset: {dataset.name.dataset}` to pipeline.yaml"
                findings.error(FindingCode.PIPELINE_DATASET_NOT_MADE, dataset.place, message, hint)
            for step in made_by[1:]:
                message = f"the step `{made_by[0].name}` makes the dataset {dataset.name} already"
                hint = "put both into one step, or deliver two datasets"
                place = step.place or draft.place
                findings.error(FindingCode.PIPELINE_DATASET_MADE_TWICE, place, message, hint)


def _check_cycles(drafts: Sequence[Draft], by_id: Mapping[str, Draft], findings: Findings) -> None:
    graph = {
        draft.name: {
            by_id[port.contract_id].name
            for port in (draft.parts.inputs if draft.parts else ())
            if port.contract_id in by_id and by_id[port.contract_id] is not draft
        }
        for draft in drafts
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        names = list(error.args[1])
        circle = " → ".join(str(name) for name in names)
        first = next(draft for draft in drafts if draft.name == names[0])
        place = first.parts.place if first.parts else first.place
        message = f"products read each other in a circle: {circle}"
        hint = "move what they share into a product that both can read"
        findings.error(FindingCode.ODPS_INPUT_CYCLE, place, message, hint)
