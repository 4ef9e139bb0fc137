"""Where the columns of one run's datasets come from: followed from step to step, down to inputs and sources."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ghala.model.lineage import (
    NOTHING,
    SOURCE,
    ColumnTerms,
    Influence,
    Lineage,
    Origin,
    ReleaseLineage,
    StepLineage,
    union,
)
from ghala.registry import lineage
from ghala.sql.dialect import trees_of
from ghala.sql.influence import Relation
from ghala.sql.lineage import everything, trace_through

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ghala.model.contract import Dataset
    from ghala.model.names import DatasetName
    from ghala.model.product import Product, Source, SourceColumn, Step
    from ghala.registry.identity import Transaction
    from ghala.registry.releases import Pin


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier release came from, and its hash; an empty one for a release without lineage on record."""

    lineage: ReleaseLineage = field(default_factory=lambda: ReleaseLineage({}))
    sha256: str | None = None


@dataclass(slots=True)
class Descent:
    """Follows the columns of one run while its steps run.

    `own` are the earlier releases of the product's own datasets, which steps read, or append to. What those came from
    stands in their place: a lineage never leads to an earlier release of the same product.
    """

    inputs: Mapping[str, Before]
    own: Mapping[str, Before]
    _made: dict[str, Relation] = field(default_factory=dict)
    _steps: list[StepLineage] = field(default_factory=list)
    _datasets: dict[str, Lineage] = field(default_factory=dict)
    _terms: dict[str, Mapping[str, ColumnTerms]] = field(default_factory=dict)
    _inputs: dict[str, set[str]] = field(default_factory=dict)
    _sources: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def land(self, source: Source, columns: Iterable[SourceColumn]) -> Lineage:
        """Follow a source's columns to the headers or paths that they are read from."""
        self._sources[source.name] = _facts(source)
        table = f"{SOURCE}{source.name}"
        relation = Relation(
            tuple((one.name, Influence(frozenset({Origin(table, one.origin)}))) for one in columns)
        )
        self._made[source.name] = relation
        return Lineage(relation.columns, relation.rows)

    def follow(
        self,
        step: Step,
        names: Sequence[str],
        tables: Iterable[str],
        inputs: Mapping[str, Sequence[str]],
    ) -> Lineage:
        """Follow a statement's columns.

        Args:
            step: has the statement.
            names: the columns of its result, as the engine has them.
            tables: the sources and earlier steps that it reads.
            inputs: the columns of each dataset that it reads.
        """
        # Read again as it was read before it ran, when both parsers agreed that it is one statement.
        tree = next(tree for tree in trees_of(step.sql) if tree is not None)
        near = {name: self._plain(name) for name in tables}
        far = {name: self._made[name] for name in tables}
        for name, columns in inputs.items():
            near[name] = Relation.of_table(name, columns)
            far[name] = self._input(name, columns)
        itself = trace_through(tree, near, names)
        self._steps.append(
            StepLineage(step.name, str(step.dataset) if step.dataset else None, itself)
        )
        through = _widened(trace_through(tree, far, names), itself, everything(far.values()))
        self._made[step.name] = Relation(through.columns, through.rows)
        return through

    def deliver(self, dataset: Dataset, made: Lineage, *, appends: bool, step: str) -> None:
        """Note where a dataset's rows come from: those of earlier releases, too, where they stay."""
        name = str(dataset.name)
        columns = tuple((one.name, made.column(one.name) or NOTHING) for one in dataset.columns)
        rows = made.rows
        before = self.own.get(name) if appends else None
        if before is not None:
            earlier = self._earlier(name, before)
            columns = tuple((one, made | (earlier.column(one) or NOTHING)) for one, made in columns)
            rows |= earlier.rows
        self._datasets[name] = Lineage(columns, rows)
        self._terms[name] = {
            one.name.lower(): ColumnTerms(one.classification, one.tags)
            for one in dataset.columns
            if one.classification is not None or one.tags
        }
        self._made[step] = Relation(columns, rows)

    @property
    def result(self) -> ReleaseLineage:
        """The lineage of all datasets that were delivered."""
        return ReleaseLineage(
            datasets=self._datasets,
            terms=self._terms,
            inputs={name: tuple(sorted(hashes)) for name, hashes in self._inputs.items()},
            sources=self._sources,
            steps=tuple(self._steps),
        )

    def _plain(self, name: str) -> Relation:
        """Return a source or earlier step as what a step itself reads."""
        made = self._made[name]
        if name in self._sources:
            return made
        return Relation.of_table(name, [column for column, _ in made.columns])

    def _input(self, name: str, columns: Sequence[str]) -> Relation:
        own = self.own.get(name)
        if own is not None:
            earlier = self._earlier(name, own)
            return Relation(
                tuple((one, earlier.column(one) or NOTHING) for one in columns), earlier.rows
            )
        before = self.inputs.get(name, Before())
        self._inputs.setdefault(name, set()).update({before.sha256} if before.sha256 else ())
        return Relation.of_table(name, columns)

    def _earlier(self, name: str, before: Before) -> Lineage:
        """Return what an earlier release of an own dataset came from, and remember how the way goes on from there."""
        for read, hashes in before.lineage.inputs.items():
            self._inputs.setdefault(read, set()).update(hashes)
        for source, facts in before.lineage.sources.items():
            self._sources.setdefault(source, facts)
        return before.lineage.datasets.get(name, Lineage((), NOTHING))


def descent_of(
    connection: Transaction,
    product: Product,
    pins: Mapping[DatasetName, Pin],
    own: Mapping[str, Pin],
) -> Descent:
    """Return what follows the columns of a run, with what its inputs and its own earlier releases come from."""
    before = {str(name): _before(connection, pin) for name, pin in pins.items()}
    names = {dataset.id: str(dataset.name) for dataset in product.datasets}
    earlier = {name: before[name] for name in names.values() if name in before}
    for dataset_id, pin in own.items():
        # The dataset may have had another name.
        found, now = _before(connection, pin), names[dataset_id]
        known = found.lineage.datasets.get(str(pin.dataset.name))
        datasets = {} if known is None else {now: known}
        earlier[now] = replace(found, lineage=replace(found.lineage, datasets=datasets))
    return Descent(inputs=before, own=earlier)


def _before(connection: Transaction, pin: Pin) -> Before:
    sha256 = lineage.hash_of(connection, pin.environment, pin.product, pin.number)
    return Before() if sha256 is None else Before(lineage.read(connection, sha256), sha256)


def _facts(source: Source) -> dict[str, str]:
    """Return where a source's records come from; of its options only those that name files, never a secret."""
    named = {key: source.options.get(key) for key in ("zone", "files")}
    return {"type": source.type} | {key: one for key, one in named.items() if isinstance(one, str)}


def _widened(through: Lineage, itself: Lineage, all_inputs: Influence) -> Lineage:
    """Let what this very statement hides come from everything that it reads."""
    pairs = zip(through.columns, itself.columns, strict=True)
    columns = tuple(
        (name, found if near.is_traced else union((found, all_inputs)))
        for (name, found), (_, near) in pairs
    )
    rows = through.rows if itself.rows.is_traced else through.rows | all_inputs.aside()
    return Lineage(columns, rows)
