"""Loading: a workspace's folder into the model, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeAlias

from ghala.errors import Place, StepError
from ghala.model.contract import RuleKind
from ghala.model.fault import OptionFault
from ghala.model.names import ProductName, domain_fault, name_fault, sql_name_fault
from ghala.model.product import Domain, Product, Source, Workspace
from ghala.model.roadmap import Roadmap
from ghala.spec.checks import PLACEHOLDER
from ghala.spec.cross import Draft, check_all
from ghala.spec.domain import read_domain
from ghala.spec.finding import FindingCode, Findings, Level
from ghala.spec.folder import data_pattern, define, is_inside, list_files, place_of, read_file
from ghala.spec.product import CONTRACT_SUFFIX, PIPELINE_FILE, parsed, understand

if TYPE_CHECKING:
    from ghala.model.contract import Contract
    from ghala.model.product import Pipeline
    from ghala.settings import Settings
    from ghala.spec.product import Understood

SourceCheck: TypeAlias = Callable[[Source, Mapping[str, Path]], Sequence[OptionFault]]
"""Says what is wrong with a source's options, given the landing zones; `ingest` has it."""

PlanCheck: TypeAlias = Callable[[Workspace], Sequence[StepError]]
"""Says what would keep the products of a workspace from running; `pipelines` has it."""


class SqlCheck(Protocol):
    """Says what is wrong with a statement; `query` has it."""

    def __call__(self, sql: str, reads: Collection[str] | None = None, /) -> Sequence[OptionFault]:
        """Return the faults; `reads` names the only tables that it may read, None leaves them to the plan."""


DOMAINS = "domains"
DOMAIN_FILE = "domain.yaml"


def load_workspace(root: Path, settings: Settings, check_source: SourceCheck) -> Workspace:
    """Return a workspace that has no error; a second call reads files again but parses what changed only.

    Raises:
        DefinitionError: `evidence["findings"]` has every finding of every file.
    """
    findings = Findings()
    workspace = read_workspace(root, settings, check_source, findings)
    findings.refuse()
    return workspace


def read_workspace(
    root: Path,
    settings: Settings,
    check_source: SourceCheck,
    findings: Findings,
    *,
    check_sql: SqlCheck | None = None,
    check_plan: PlanCheck | None = None,
) -> Workspace:
    """Return what can be understood of a workspace, and add everything that is wrong to `findings`."""
    reader = _Reader(root.resolve(), settings, check_source, check_sql, findings)
    workspace = reader.read()
    if check_plan is not None:
        reader.check_plan(workspace, check_plan)
    return workspace


class _Reader:
    """Walks one workspace once."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        check_source: SourceCheck,
        check_sql: SqlCheck | None,
        findings: Findings,
    ) -> None:
        """Take what a workspace is read with."""
        self._root = root
        self._settings = settings
        self._check_source = check_source
        self._check_sql = check_sql
        self._findings = findings
        self._drafts: list[Draft] = []
        self._unsound: set[ProductName] = set()
        self._products: list[Product] = []

    def read(self) -> Workspace:
        """Return the workspace."""
        domains = []
        for folder in self._folders(self._root / DOMAINS):
            domain = self._read_domain(folder)
            domains.append(domain)
            for product_folder in self._folders(folder):
                self._read_product(product_folder, domain)
        check_all(self._drafts, self._findings)
        return Workspace(
            name=self._settings.name,
            root=self._root,
            domains=tuple(domains),
            products=tuple(self._products),
            zones=MappingProxyType(dict(self._settings.zones)),
        )

    def check_plan(self, workspace: Workspace, check: PlanCheck) -> None:
        """Add what would keep products from running, as far as that can be known."""
        if not all(draft.is_complete and draft.parts for draft in self._drafts):
            # What seems not to be there may be promised in a file that could not be read.
            return
        sound = tuple(
            replace(product, pipeline=None) if product.name in self._unsound else product
            for product in workspace.products
        )
        for fault in check(replace(workspace, products=sound)):
            place = fault.place or Place(DOMAINS)
            self._findings.error(FindingCode.PIPELINE_READS, place, fault.message, fault.hint)

    def _folders(self, folder: Path) -> list[Path]:
        """Return the folders in a folder by name; what leads out of the workspace is an error."""
        if not folder.is_dir():
            return []
        if folder.is_symlink() and not is_inside(folder, self._root):
            self._refuse_outside(folder)
            return []
        found = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or not entry.is_dir():
                        continue
                    path = folder / entry.name
                    if entry.is_symlink() and not is_inside(path, self._root):
                        self._refuse_outside(path)
                    else:
                        found.append(path)
        except OSError as error:
            message = f"cannot be read: {error.strerror or 'I/O error'}"
            place = place_of(folder, self._root)
            self._findings.error(FindingCode.FILE_UNREADABLE, place, message)
            return []
        return sorted(found)

    def _refuse_outside(self, path: Path) -> None:
        message = "this symlink leads out of the workspace"
        self._findings.error(FindingCode.FILE_OUTSIDE, place_of(path, self._root), message)

    def _read_domain(self, folder: Path) -> Domain:
        place = place_of(folder, self._root)
        nothing = Domain(folder.name, "", place=place)
        if fault := domain_fault(folder.name):
            message = f"`{folder.name[:80]}` cannot be a domain's name: {fault}"
            self._findings.error(FindingCode.NAME_INVALID, place, message)
        path = folder / DOMAIN_FILE
        if not path.is_file():
            message, hint = f"the domain has no `{DOMAIN_FILE}`", "write one that names its `owner`"
            self._findings.error(FindingCode.DOMAIN_MISSING, place, message, hint)
            return nothing
        if path.is_symlink() and not is_inside(path, self._root):
            self._refuse_outside(path)
            return nothing
        data = read_file(path, self._root, self._findings)
        if data is None:
            return nothing
        file = f"{place.file}/{DOMAIN_FILE}"
        return (
            parsed(
                data,
                file,
                self._findings,
                lambda node: read_domain(node, folder.name, self._findings),
            )
            or nothing
        )

    def _read_product(self, folder: Path, domain: Domain) -> None:
        place = place_of(folder, self._root)
        if fault := name_fault(folder.name):
            message = f"`{folder.name[:80]}` cannot be a product's name: {fault}"
            self._findings.error(FindingCode.NAME_INVALID, place, message)
        paths = list_files(folder, self._root, self._findings)
        files = self._read_files(paths, lambda name: not name.endswith(".json"))
        found = understand(tuple(files.items()), place.file, domain.name)
        self._findings.extend(found.findings)
        unread = paths.keys() - files
        is_complete = found.is_complete and not any(
            name.endswith(CONTRACT_SUFFIX) for name in unread
        )
        name = ProductName(domain.name, folder.name)
        self._drafts.append(
            Draft(name, found.parts, found.contracts, found.pipeline, is_complete, place)
        )
        if found.pipeline is not None:
            self._check_pipeline(found.pipeline, place)
            file = f"{place.file}/{PIPELINE_FILE}"
            if any(
                one.place.file == file and one.severity is Level.ERROR for one in found.findings
            ):
                self._unsound.add(name)
        self._check_rules(found.contracts)
        # Only now it is known which of the JSON files are data.
        data = data_pattern(found.pipeline.sources if found.pipeline else ())
        files |= self._read_files(
            paths, lambda name: name.endswith(".json") and not data.fullmatch(name)
        )
        self._add_product(name, folder, domain, found, files)

    def _add_product(
        self,
        name: ProductName,
        folder: Path,
        domain: Domain,
        found: Understood,
        files: Mapping[str, bytes],
    ) -> None:
        parts = found.parts
        if parts is None:
            return
        product = Product(
            name=name,
            id=parts.id,
            title=parts.title or folder.name,
            version=parts.version,
            status=parts.status,
            owner=parts.owner or domain.owner,
            contracts=found.contracts,
            pipeline=found.pipeline,
            inputs=tuple(dict.fromkeys(port.contract_id for port in parts.inputs)),
            definition=define(files),
            folder=folder,
            purpose=parts.purpose,
            tags=parts.tags,
            roadmap=found.roadmap or Roadmap(),
            people=parts.people,
            limitations=parts.limitations,
            usage=parts.usage,
            support=parts.support,
            place=parts.place,
        )
        self._products.append(product)

    def _check_pipeline(self, pipeline: Pipeline, place: Place) -> None:
        """Ask those who know: `ingest` about the sources, `query` about the statements."""
        for source in pipeline.sources:
            for fault in self._check_source(source, self._settings.zones) if source.type else ():
                at = source.places.get(fault.option) or source.place or place
                self._findings.error(
                    FindingCode.PIPELINE_SOURCE_OPTION, at, fault.message, fault.hint
                )
        for step in pipeline.steps:
            for fault in self._check_sql(step.sql) if self._check_sql and step.sql.strip() else ():
                within = fault.place or Place("", 1, 1)
                at = Place(f"{place.file}/{step.sql_path}", within.line, within.column)
                self._findings.error(FindingCode.PIPELINE_BAD_SQL, at, fault.message, fault.hint)

    def _check_rules(self, contracts: Sequence[Contract]) -> None:
        """Ask `query` about the statements of the contracts' own rules."""
        for dataset in (dataset for contract in contracts for dataset in contract.datasets):
            for rule in dataset.rules:
                if rule.kind is not RuleKind.SQL or self._check_sql is None:
                    continue
                text = rule.statement(dataset.name)
                if PLACEHOLDER.search(text) or sql_name_fault(dataset.name.dataset):
                    continue  # told where it was read
                for fault in self._check_sql(text, {str(dataset.name)}):
                    # The query's own lines are not those of the file: YAML may have folded them.
                    where = f", line {fault.place.line}" if fault.place else ""
                    message = f"the query of `{rule.id[:80]}`{where}: {fault.message}"
                    at = rule.place or Place(DOMAINS)
                    self._findings.error(FindingCode.ODCS_QUERY, at, message, fault.hint)

    def _read_files(
        self, paths: Mapping[str, Path], is_wanted: Callable[[str], bool]
    ) -> dict[str, bytes]:
        read = {
            name: read_file(path, self._root, self._findings)
            for name, path in paths.items()
            if is_wanted(name)
        }
        return {name: content for name, content in read.items() if content is not None}
