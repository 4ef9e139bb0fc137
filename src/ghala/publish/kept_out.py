"""Records that landings put aside, of files that are not read any more: whether they are what was kept out of the data.

A record may have been mended at its source between the run that a person looked at and the run that took the file: then
its row is in the data, and a repair of the record would double it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from ghala.lake.files import read_refusals
from ghala.model.quarantine import Repair
from ghala.registry import cursors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from ghala.model.quarantine import Place


def still_out(
    connection: Connection,
    folder: Path,
    place: Place,
    source: str,
    repairs: Mapping[str, Repair],
) -> frozenset[str]:
    """Return those repairs whose records were put aside by the very run that took their file as it is taken now.

    Args:
        connection: reads the registry.
        folder: has the batches of what was kept out.
        place: by what the records were put aside.
        source: where their files come from.
        repairs: those to look for, by row.

    Raises:
        StorageError: a batch cannot be read.
    """
    files = {repair.file for repair in repairs.values() if repair.file is not None}
    takers = cursors.takers(connection, place.environment, place.product, source, files)
    by_run = defaultdict[str, dict[str, Repair]](dict)
    for row, repair in repairs.items():
        if repair.file in takers:
            by_run[takers[repair.file]][row] = repair
    found: set[str] = set()
    for run_id, wanted in by_run.items():
        path = folder / run_id / f"{place.name}.parquet"
        if path.is_file():
            found |= wanted.keys() & _rows(path, place, wanted)
    return frozenset(found)


def _rows(path: Path, place: Place, wanted: Mapping[str, Repair]) -> set[str]:
    """Return the ids of records in a batch, at least of those that are wanted and in it."""
    numbers = sorted({repair.record for repair in wanted.values() if repair.record is not None})
    with read_refusals(path):
        table = pq.read_table(
            path, columns=["file", "record", "raw"], filters=[("record", "in", numbers)]
        )
    return {
        place.record_id(row["file"], row["record"], row["raw"])
        for batch in table.to_batches()
        for row in batch.to_pylist()
    }
