"""Pipelines: `pipeline.yaml` into the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from ghala.errors import Place
from ghala.model.contract import OnFail, Rounding
from ghala.model.names import sql_name_fault
from ghala.model.product import Materialisation, Pipeline, Source, SourceColumn, Step, StepKind
from ghala.model.types import parse_type
from ghala.spec.columns import VARCHAR
from ghala.spec.fields import Fields, nearest
from ghala.spec.finding import FindingCode
from ghala.spec.node import MapNode, Node, ScalarNode, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.contract import Column, Dataset
    from ghala.model.names import DatasetName
    from ghala.model.types import DataType
    from ghala.spec.finding import Findings

KEYS = ("sources", "steps")
STEP_KEYS = ("name", "source", "sql", "dataset", "materialisation", "on_fail")
COLUMN_KEYS = ("type", "from", "formats", "decimal", "grouping", "rounding")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a pipeline stands among: its product's datasets by name, and the folder's files.

    `is_complete` is False when a contract could not be read: then a dataset may be missing here only.
    """

    folder: str
    datasets: Mapping[str, Dataset]
    files: Mapping[str, bytes]
    is_complete: bool = True


def read_pipeline(node: Node, around: Surroundings, findings: Findings) -> Pipeline:
    """Return a pipeline as far as it can be understood; what is wrong becomes findings."""
    fields = Fields(node, findings, what="`pipeline.yaml`", known=KEYS)
    fields.require("steps")
    steps = [
        Fields(item, findings, what="a step", known=STEP_KEYS) for item in fields.items("steps")
    ]
    feeds = _feeds(steps, around)
    sources = _read_sources(fields.mapping("sources"), feeds, findings)
    reader = _Steps(around, {source.name for source in sources}, findings)
    return Pipeline(sources, tuple(reader.read(step) for step in steps), node.place)


Feeds: TypeAlias = "dict[str, Dataset | None]"
"""The dataset that a source lands straight into, by the source's name; None if it is not known."""


def _feeds(steps: list[Fields], around: Surroundings) -> Feeds:
    feeds: Feeds = {}
    for step in steps:
        name = step.get("source")
        if isinstance(name, ScalarNode) and isinstance(name.value, str):
            dataset = step.get("dataset")
            named = dataset.value if isinstance(dataset, ScalarNode) else None
            feeds[name.value] = around.datasets.get(str(named))
    return feeds


def _read_sources(node: MapNode | None, feeds: Feeds, findings: Findings) -> tuple[Source, ...]:
    if node is None:
        return ()
    sources = []
    for name, item in node.entries.items():
        place = node.key_places[name]
        if fault := sql_name_fault(name):
            message = f"`{name[:80]}` cannot be a source's name: {fault}"
            findings.error(FindingCode.NAME_INVALID, place, message)
        fields = Fields(item, findings, what=f"the source `{name[:80]}`", known=_keys(item))
        fields.require("type")
        sources.append(_read_source(name, fields, feeds, place, findings))
    return tuple(sources)


def _keys(node: Node) -> tuple[str, ...]:
    # Which options there are is the business of the source's type.
    return tuple(node.entries) if isinstance(node, MapNode) else ()


def _read_source(
    name: str, fields: Fields, feeds: Feeds, place: Place, findings: Findings
) -> Source:
    options: dict[str, object] = {}
    places: dict[str, Place] = {}
    for key in _keys(fields.node):
        value = fields.get(key)
        if value is None:
            continue
        places[key] = value.place
        if key not in {"type", "columns"}:
            options[key] = plain(value)
    columns: tuple[SourceColumn, ...] = ()
    mapping = fields.mapping("columns")
    if mapping is not None:
        places |= {f"columns.{column}": at for column, at in mapping.key_places.items()}
        dataset = feeds.get(name)
        columns = _read_columns(mapping, dataset, is_fed=name in feeds, findings=findings)
    if not columns and name not in feeds:
        message = f"the source `{name[:80]}` names no columns"
        hint = "list them under `columns` with their types, or land it with a step of its own"
        findings.error(FindingCode.PIPELINE_NO_COLUMNS, place, message, hint)
    return Source(name, fields.text("type"), options, columns, place, places)


def _read_columns(
    node: MapNode, dataset: Dataset | None, *, is_fed: bool, findings: Findings
) -> tuple[SourceColumn, ...]:
    columns = []
    for name, item in node.entries.items():
        promised = (
            next((one for one in dataset.columns if one.name == name), None) if dataset else None
        )
        is_short = isinstance(item, ScalarNode)
        fields = Fields(
            item if not is_short else MapNode({"type": item}, {"type": item.place}, item.place),
            findings, what=f"the column `{name[:80]}`", known=COLUMN_KEYS,
        )  # fmt: skip
        if dataset is not None and promised is None:
            message = f"the dataset {dataset.name} has no column `{name[:80]}`"
            hint = nearest(name, [column.name for column in dataset.columns])
            findings.error(
                FindingCode.PIPELINE_COLUMN_UNKNOWN, node.key_places[name], message, hint
            )
        is_typed_elsewhere = is_fed and (dataset is None or promised is not None)
        columns.append(_read_column(name, fields, promised, is_typed_elsewhere, findings))
    for missing in dataset.columns if dataset else ():
        if missing.name not in node.entries:
            message = f"the contract's column `{missing.name}` is not among the source's columns"
            hint = "a source that lands in a dataset names all of its columns, or none"
            findings.error(FindingCode.PIPELINE_COLUMN_MISSING, node.place, message, hint)
    return tuple(columns)


def _read_column(
    name: str,
    fields: Fields,
    promised: Column | None,
    is_typed_elsewhere: bool,  # noqa: FBT001 - a fact about the column, named where it is made
    findings: Findings,
) -> SourceColumn:
    if not is_typed_elsewhere:
        fields.require("type")
    data_type = _read_type(fields, promised, findings)
    rounding = fields.choice("rounding", Rounding)
    return SourceColumn(
        name=name,
        origin=fields.text("from") or name,
        type=data_type,
        formats=tuple(str(text.value) for text in fields.texts("formats")),
        decimal=fields.text("decimal", "."),
        grouping=fields.text("grouping"),
        rounding=rounding or (promised.rounding if promised else None),
        place=fields.place,
    )


def _read_type(fields: Fields, promised: Column | None, findings: Findings) -> DataType:
    text = fields.text("type")
    if not text:
        return promised.type if promised else VARCHAR
    try:
        data_type = parse_type(text)
    except ValueError as error:
        message, hint = (
            str(error)[:200],
            "such as `varchar`, `bigint`, `decimal(12,2)`, `date`, `timestamp`",
        )
        findings.error(FindingCode.ODCS_UNKNOWN_TYPE, fields.at("type"), message, hint)
        return promised.type if promised else VARCHAR
    if promised and data_type != promised.type:
        message = f"`{promised.name}` is {promised.type} in the contract, not {data_type}"
        hint = "leave the type out: the contract's is taken"
        findings.error(FindingCode.PIPELINE_COLUMN_TYPE, fields.at("type"), message, hint)
    return data_type


class _Steps:
    """Reads steps in order, so that each knows which names are taken."""

    def __init__(self, around: Surroundings, sources: set[str], findings: Findings) -> None:
        """Start before the first step."""
        self._around = around
        self._sources = sources
        self._findings = findings
        self._names: dict[str, Place] = {}

    def read(self, fields: Fields) -> Step:
        """Return the next step."""
        fields.require("name")
        name = self._read_name(fields)
        is_ingest, is_sql = "source" in fields, "sql" in fields
        if is_ingest == is_sql and isinstance(fields.node, MapNode):
            message = "a step has one of `source` and `sql`, and not both"
            self._error(FindingCode.PIPELINE_STEP_KIND, fields.place, message)
        self._check_keys(fields, is_ingest=is_ingest)
        source = fields.text("source") or None
        if source is not None and source not in self._sources:
            message = f"there is no source `{source[:80]}` in this pipeline"
            place = fields.at("source")
            self._error(
                FindingCode.PIPELINE_UNKNOWN_SOURCE, place, message, nearest(source, self._sources)
            )
        sql_path, sql = self._read_sql(fields) if is_sql else ("", "")
        return Step(
            name=name,
            kind=StepKind.INGEST if is_ingest else StepKind.SQL,
            source=source,
            sql=sql,
            sql_path=sql_path,
            dataset=self._read_dataset(fields),
            materialisation=fields.choice("materialisation", Materialisation)
            or Materialisation.REPLACE,
            on_fail=fields.choice("on_fail", OnFail),
            place=fields.at("name"),
        )

    def _read_name(self, fields: Fields) -> str:
        name = fields.text("name")
        place = fields.at("name")
        if not name:
            return name
        if fault := sql_name_fault(name):
            self._error(
                FindingCode.NAME_INVALID, place, f"`{name[:80]}` cannot be a step's name: {fault}"
            )
        if name in self._names:
            message, hint = (
                f"two steps are called `{name}`",
                f"the first one: line {self._names[name].line}",
            )
            self._error(FindingCode.NAME_TAKEN, place, message, hint)
        if name in self._sources:
            message, hint = (
                f"`{name}` is a source's name already",
                "SQL could not tell the two apart",
            )
            self._error(FindingCode.NAME_TAKEN, place, message, hint)
        self._names.setdefault(name, place)
        return name

    def _check_keys(self, fields: Fields, *, is_ingest: bool) -> None:
        if "dataset" in fields:
            return
        if is_ingest:
            message = "a step with `source` needs `dataset`"
            hint = "SQL steps read sources by their names; no step is needed for that"
            self._error(FindingCode.PIPELINE_STEP_KIND, fields.place, message, hint)
        for key in ("materialisation", "on_fail"):
            if key in fields:
                message = f"`{key}` is for steps that make a dataset"
                self._error(FindingCode.PIPELINE_STEP_KIND, fields.key_place(key), message)

    def _read_dataset(self, fields: Fields) -> DatasetName | None:
        name = fields.text("dataset")
        if not name:
            return None
        found = self._around.datasets.get(name)
        if found is not None:
            return found.name
        if not self._around.is_complete:
            return None
        bare = name.rpartition(".")[2].lower()
        message = f"no contract of this product has a dataset `{name[:80]}`"
        hint = f"write `{bare}`, without the domain" if bare in self._around.datasets else None
        hint = hint or nearest(name, self._around.datasets)
        self._error(FindingCode.PIPELINE_UNKNOWN_DATASET, fields.at("dataset"), message, hint)
        return None

    def _read_sql(self, fields: Fields) -> tuple[str, str]:
        path = fields.text("sql")
        if not path:
            return "", ""
        place = fields.at("sql")
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or "\\" in path or "\0" in path:
            message = "a path is relative to the product folder and stays inside it, with `/` between names"
            self._error(FindingCode.PIPELINE_BAD_PATH, place, message)
            return path, ""
        name = parts.as_posix()
        content = self._around.files.get(name)
        if content is None or parts.suffix != ".sql":
            existing = [file for file in self._around.files if file.endswith(".sql")]
            hint = (
                nearest(name, existing) or "a file of the product folder whose name ends in `.sql`"
            )
            message = f"there is no SQL file `{path[:200]}` in the product folder"
            self._error(FindingCode.PIPELINE_BAD_PATH, place, message, hint)
            return name, ""
        return name, self._sql_text(name, content)

    def _sql_text(self, name: str, content: bytes) -> str:
        place = Place(f"{self._around.folder}/{name}", 1, 1)
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text or text.startswith("\ufeff"):
            message, hint = "not a UTF-8 text", "save it as UTF-8 without a byte order mark"
            self._error(FindingCode.FILE_UNREADABLE, place, message, hint)
            return ""
        if not text.strip():
            self._error(
                FindingCode.PIPELINE_BAD_SQL, place, "the file is empty", "write one SELECT"
            )
        return text

    def _error(
        self, code: FindingCode, place: Place, message: str, hint: str | None = None
    ) -> None:
        self._findings.error(code, place, message, hint)
