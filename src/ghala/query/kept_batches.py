"""Batches of rows that were kept out: which of them still count, and what is in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ghala.lake.files import read_refusals
from ghala.model.quarantine import CHECK, SOURCE, place_of
from ghala.model.run import RunState
from ghala.query.kept_row import KeptRow, is_appended
from ghala.registry import cursors, progress, rollbacks, runs

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ghala.model.contract import Dataset
    from ghala.model.outcome import Quarantined
    from ghala.model.product import Product
    from ghala.model.quarantine import Place
    from ghala.model.run import Run
    from ghala.model.run_progress import RunStep
    from ghala.registry.identity import Transaction

_BATCH_ROWS = 4096
_LOOKED_BACK = 20
"""In how many runs of a product one is looked for that made rows."""


def live(
    connection: Transaction, product: Product, dataset: Dataset, environment: str
) -> list[Quarantined]:
    """Return the batches of a dataset that count, newest first.

    What each run reads anew counts as the last run found it. What is read once counts in every run whose release is in
    the data, and in the last one: what it kept out without publishing it finds again.
    """
    batches = of_dataset(connection, product, dataset, environment)
    run_ids = {batch.run_id for batch in batches}
    standing = rollbacks.standing(connection, environment, product.name, run_ids)
    last_made = rollbacks.standing(connection, environment, product.name, run_ids, dataset.name)
    recent = runs.recent(connection, environment, [product.name], _LOOKED_BACK)
    once = cursors.sources(connection, environment, product.name)
    appends = is_appended(product, dataset)
    last = next((run.id for run, _ in recent if _has_made(run)), None)
    return [
        batch
        for batch in batches
        if batch.run_id == last
        or (
            batch.run_id in standing and batch.step in once
            if batch.kind == SOURCE
            else batch.run_id in last_made and appends
        )
    ]


def of_dataset(
    connection: Transaction,
    product: Product,
    dataset: Dataset,
    environment: str,
    run_id: str | None = None,
) -> list[Quarantined]:
    """Return the batches of rows that a dataset would have had, newest first."""
    found = runs.quarantined(connection, environment, product.name, run_id)
    fed = of_datasets(connection, found)
    return [batch for batch in found if (names := fed[batch]) is None or str(dataset.name) in names]


def of_datasets(
    connection: Transaction, batches: Sequence[Quarantined]
) -> dict[Quarantined, frozenset[str] | None]:
    """Return for each batch which datasets would have had its rows; None if that is not on record."""
    of_sources = {batch.run_id for batch in batches if batch.kind == SOURCE}
    steps = progress.steps_of_runs(connection, of_sources)
    feeding: dict[str, Mapping[str, frozenset[str]] | None] = {}
    found: dict[Quarantined, frozenset[str] | None] = {}
    for batch in batches:
        name = PurePosixPath(batch.path).name.removesuffix(".parquet")
        if batch.kind == CHECK:
            found[batch] = frozenset({name.rpartition("-")[0]})
            continue
        if batch.run_id not in feeding:
            feeding[batch.run_id] = _feeding(steps.get(batch.run_id, ()))
        names = feeding[batch.run_id]
        found[batch] = None if names is None else names.get(name, frozenset())
    return found


def is_kept(folder: Path, batch: Quarantined) -> bool:
    """Return whether the rows of a batch are there: what kept them may have been cleared."""
    return (folder / batch.path).is_file()


def reasons(folder: Path, batch: Quarantined) -> Counter[str]:
    """Count the reasons of a batch's rows, without reading anything else of them.

    Raises:
        StorageError: they cannot be read.
    """
    # An idle server does without them.
    import pyarrow.compute as pc  # noqa: PLC0415 - see above
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    from ghala.quality.separate import RULES_COLUMN  # noqa: PLC0415 - see above

    path = folder / batch.path
    found = Counter[str]()
    with read_refusals(path), pq.ParquetFile(path) as file:
        name = "reason" if batch.kind == SOURCE else RULES_COLUMN
        for rows_of in file.iter_batches(_BATCH_ROWS, columns=[name]):
            told = rows_of.column(0)
            counted = pc.value_counts(told if batch.kind == SOURCE else pc.list_flatten(told))
            found.update({one["values"]: one["counts"] for one in counted.to_pylist()})
    return found


def rows(
    folder: Path,
    batch: Quarantined,
    environment: str,
    *,
    is_once: bool,
    decided: Container[str],
) -> Iterator[KeptRow]:
    """Yield the rows of a batch, in their order.

    `is_once` says that no other run makes them again. Those that were `decided` while that was so keep their ids.

    Raises:
        StorageError: they cannot be read.
    """
    # An idle server does without them.
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    from ghala.quality.separate import RULES_COLUMN  # noqa: PLC0415 - see above

    path = folder / batch.path
    place = place_of(environment, batch.product, batch.path)
    seen: dict[str, int] = {}
    position = 0
    with read_refusals(path), pq.ParquetFile(path) as file:
        for found in file.iter_batches(_BATCH_ROWS):
            for row in found.to_pylist():
                if batch.kind == SOURCE:
                    yield _record(batch, place, position, row)
                else:
                    rules = tuple(row.pop(RULES_COLUMN) or ())
                    kept = _row(batch, place, position, row, rules, seen)
                    row_id = place.once_id(batch.run_id, position)
                    yield replace(kept, id=row_id) if is_once or row_id in decided else kept
                position += 1


def _record(batch: Quarantined, place: Place, position: int, row: dict[str, Any]) -> KeptRow:
    return KeptRow(
        id=place.record_id(row["file"], row["record"], row["raw"]),
        batch=batch,
        position=position,
        reasons=(row["reason"],),
        message=row["message"],
        column=row["column"],
        file=row["file"],
        record=row["record"],
        line=row["line"],
        raw=row["raw"],
    )


def _row(  # noqa: PLR0917 - what is known of it
    batch: Quarantined,
    place: Place,
    position: int,
    row: dict[str, Any],
    rules: tuple[str, ...],
    seen: dict[str, int],
) -> KeptRow:
    first = place.row_id(row, 0)
    turn = seen.get(first, 0)
    seen[first] = turn + 1
    return KeptRow(
        id=place.row_id(row, turn) if turn else first,
        batch=batch,
        position=position,
        reasons=rules,
        message=f"breaks {', '.join(rules)}",
        values=row,
    )


def _has_made(run: Run) -> bool:
    """Return whether a run came as far as to make rows."""
    return run.state is not RunState.RUNNING and bool(run.steps)


def _feeding(made: Iterable[RunStep]) -> Mapping[str, frozenset[str]] | None:
    """Return which datasets a run made from each step and source; None if its steps are not on record."""
    steps = {step.name: step for step in made}
    if not steps:
        return None
    found: defaultdict[str, set[str]] = defaultdict(set)
    for step in steps.values():
        left = [step.name] if step.dataset is not None else []
        while left:
            name = left.pop()
            if str(step.dataset) not in found[name]:
                found[name].add(str(step.dataset))
                left += steps[name].reads if name in steps else ()
    return {name: frozenset(datasets) for name, datasets in found.items()}
