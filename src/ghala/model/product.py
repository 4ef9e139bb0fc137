"""Products: what an owner promises, and the pipeline that makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ghala.model.roadmap import Roadmap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ghala.errors import Place
    from ghala.model.contract import Contract, Dataset, OnFail, Rounding
    from ghala.model.names import DatasetName, ProductName
    from ghala.model.types import DataType


class Materialisation(StrEnum):
    """How a step's rows become the dataset's next state; keep sorted."""

    APPEND = "append"
    REPLACE = "replace"


class StepKind(StrEnum):
    """What a step runs; keep sorted."""

    INGEST = "ingest"
    SQL = "sql"


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column that a source lands.

    `origin` is the header name (CSV) or the dotted path (NDJSON) that it is read from. `formats` are strptime patterns
    tried in order for dates and times; empty means ISO 8601. `decimal` and `grouping` are the separators of numbers.
    """

    name: str
    origin: str
    type: DataType
    formats: tuple[str, ...] = ()
    decimal: str = "."
    grouping: str = ""
    rounding: Rounding | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a product's records come from. `options` are the source type's own; its factory in `ingest` checks them.

    `columns` is empty when the source feeds a dataset directly: then the dataset's columns are read by their names.
    `places` maps an option's name to where it stands.
    """

    name: str
    type: str
    options: Mapping[str, object]
    columns: tuple[SourceColumn, ...] = ()
    place: Place | None = field(default=None, compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pipeline; its result is a table that later steps read by name, and a dataset if it has one."""

    name: str
    kind: StepKind
    source: str | None = None
    sql: str = ""
    sql_path: str = ""
    dataset: DatasetName | None = None
    materialisation: Materialisation = Materialisation.REPLACE
    on_fail: OnFail | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How a product's datasets are made: sources, and steps in the order in which they are written."""

    sources: tuple[Source, ...] = ()
    steps: tuple[Step, ...] = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """The content-addressed bytes of a product folder: `sha256` over its files' paths and contents."""

    sha256: str
    files: Mapping[str, bytes] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Domain:
    """A department or business area that owns products."""

    name: str
    owner: str
    description: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ProductPerson:
    """Somebody who is named as responsible for a product, as its ODPS file has them."""

    username: str
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class SupportChannel:
    """Where one reaches those who look after a product, as its ODPS file says it."""

    channel: str
    url: str = ""
    tool: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """What an owner promises: one folder of a workspace.

    `inputs` are the ids of the contracts that its input ports name: its steps may read the datasets of those only.
    """

    name: ProductName
    id: str
    title: str
    version: str
    status: str
    owner: str
    contracts: tuple[Contract, ...]
    pipeline: Pipeline | None
    inputs: tuple[str, ...]
    definition: Definition
    folder: Path
    purpose: str = ""
    tags: tuple[str, ...] = ()
    roadmap: Roadmap = Roadmap()  # noqa: RUF009 - frozen, and empty
    people: tuple[ProductPerson, ...] = ()
    limitations: str = ""
    usage: str = ""
    support: tuple[SupportChannel, ...] = ()
    place: Place | None = field(default=None, compare=False)

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """Every dataset that the product delivers, in the order of its contracts."""
        return tuple(dataset for contract in self.contracts for dataset in contract.datasets)

    @property
    def documentation(self) -> str | None:
        """The text of the `README.md` beside its definition; None if there is none."""
        found = self.definition.files.get("README.md")
        return None if found is None else found.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Workspace:
    """One folder of definitions, read whole."""

    name: str
    root: Path
    domains: tuple[Domain, ...]
    products: tuple[Product, ...]
    zones: Mapping[str, Path]
    """Landing zones: folders outside the products from which the operator lets sources read, by name."""
