"""Products: the files of one folder, already read, into what they mean together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from ghala.errors import DefinitionError, Place
from ghala.spec import yaml
from ghala.spec.finding import FindingCode, Findings, LintFinding
from ghala.spec.odcs import read_contract
from ghala.spec.odps import ProductParts, read_product
from ghala.spec.pipeline import Surroundings, read_pipeline
from ghala.spec.roadmap import ROADMAP_FILE, read_roadmap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.model.contract import Contract
    from ghala.model.product import Pipeline
    from ghala.model.roadmap import Roadmap
    from ghala.spec.node import Node

    Read = TypeVar("Read")

PRODUCT_FILE = "product.odps.yaml"
PIPELINE_FILE = "pipeline.yaml"
CONTRACT_SUFFIX = ".odcs.yaml"
_NEAR_MISSES = (".odcs.yml", ".odps.yml", ".odps.yaml", "pipeline.yml", "roadmap.yml", ".odcs.yaml")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a folder's files mean; `is_complete` if every contract could be read."""

    parts: ProductParts | None
    contracts: tuple[Contract, ...]
    pipeline: Pipeline | None
    roadmap: Roadmap | None
    is_complete: bool
    findings: tuple[LintFinding, ...]


@lru_cache(maxsize=256)
def understand(files: tuple[tuple[str, bytes], ...], folder: str, domain: str) -> Understood:
    """Return what the files of a product folder mean; the same files are understood once in a process.

    `folder` is relative to the workspace, `domain` is the name of the folder above.
    """
    findings = Findings()
    content = dict(files)
    _warn_ignored(content, folder, findings)
    parts = _read_parts(content, folder, domain, findings)
    contracts, is_complete = _read_contracts(content, folder, domain, findings)
    pipeline = None
    if PIPELINE_FILE in content:
        datasets = {one.name.dataset: one for contract in contracts for one in contract.datasets}
        around = Surroundings(folder, datasets, content, is_complete)
        file = f"{folder}/{PIPELINE_FILE}"
        pipeline = parsed(
            content[PIPELINE_FILE],
            file,
            findings,
            lambda node: read_pipeline(node, around, findings),
        )
    roadmap = _read_roadmap(content, folder, contracts, findings, is_complete=is_complete)
    return Understood(parts, contracts, pipeline, roadmap, is_complete, tuple(findings))


def parsed(
    data: bytes, file: str, findings: Findings, read: Callable[[Node], Read | None]
) -> Read | None:
    """Return what `read` makes of a file's document; None with findings if it is not strict YAML."""
    try:
        node = yaml.parse(data, file)
    except DefinitionError as error:
        found = error.evidence["findings"]
        findings.extend(found if isinstance(found, tuple) else ())
        return None
    return read(node)


@lru_cache(maxsize=256)
def _contract(
    data: bytes, file: str, domain: str
) -> tuple[Contract | None, tuple[LintFinding, ...]]:
    # Apart from `understand`, so that a change of one file does not read all others again.
    findings = Findings()
    contract = parsed(data, file, findings, lambda node: read_contract(node, domain, findings))
    return contract, tuple(findings)


def _read_parts(
    files: Mapping[str, bytes], folder: str, domain: str, findings: Findings
) -> ProductParts | None:
    if PRODUCT_FILE not in files:
        message = f"the product has no `{PRODUCT_FILE}`"
        hint = "write one, or move the folder out of the domain"
        findings.error(FindingCode.PRODUCT_MISSING, Place(folder), message, hint)
        return None
    file = f"{folder}/{PRODUCT_FILE}"
    return parsed(
        files[PRODUCT_FILE], file, findings, lambda node: read_product(node, domain, findings)
    )


def _read_contracts(
    files: Mapping[str, bytes], folder: str, domain: str, findings: Findings
) -> tuple[tuple[Contract, ...], bool]:
    contracts = []
    is_complete = True
    for name, data in files.items():
        if not name.endswith(CONTRACT_SUFFIX) or "/" in name:
            continue
        contract, found = _contract(data, f"{folder}/{name}", domain)
        findings.extend(found)
        is_complete = is_complete and contract is not None
        if contract is not None:
            contracts.append(contract)
    return tuple(contracts), is_complete


def _read_roadmap(
    files: Mapping[str, bytes],
    folder: str,
    contracts: tuple[Contract, ...],
    findings: Findings,
    *,
    is_complete: bool,
) -> Roadmap | None:
    if ROADMAP_FILE not in files:
        return None
    known = {one.name.dataset for contract in contracts for one in contract.datasets}
    return parsed(
        files[ROADMAP_FILE],
        f"{folder}/{ROADMAP_FILE}",
        findings,
        lambda node: read_roadmap(node, known if is_complete else None, findings),
    )


def _warn_ignored(files: Mapping[str, bytes], folder: str, findings: Findings) -> None:
    for name in files:
        is_read = name == PRODUCT_FILE or ("/" not in name and name.endswith(CONTRACT_SUFFIX))
        if name.endswith(_NEAR_MISSES) and not is_read:
            message = "this file looks like a definition, but it is not read"
            hint = (
                f"call it `{PRODUCT_FILE}`, `….odcs.yaml`, `{PIPELINE_FILE}` or `{ROADMAP_FILE}`, "
                "and put it into the product folder itself"
            )
            findings.warning(FindingCode.FILE_IGNORED, Place(f"{folder}/{name}"), message, hint)
