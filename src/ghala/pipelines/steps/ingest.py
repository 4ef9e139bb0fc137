"""An ingest step: a source's records land as staged Parquet, typed by a contract or by the source's own columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ghala.errors import SourceError
from ghala.ingest.land import land
from ghala.model.product import SourceColumn
from ghala.model.scan import plain_scan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ghala.engines.duckdb import DuckDB
    from ghala.ingest.land import Landed
    from ghala.ingest.mend import Mending
    from ghala.lake.files import Disk
    from ghala.lake.stage import StagedTable
    from ghala.model.contract import Dataset
    from ghala.model.product import Product, Source, Step
    from ghala.model.run import TakenFile
    from ghala.model.scan import PhysicalScan


class Menders(Protocol):
    """Has the repairs of what was put aside where sources are landed."""

    def __call__(
        self,
        source: str,
        rejects: str,
        seen: Mapping[str, TakenFile],
        target: StagedTable | None = None,
    ) -> Mending | None:
        """Return the repairs of a source's records that are put aside by that name; None if there are none.

        `target` is the dataset that the records go into as they are.
        """


class Lander(Protocol):
    """Lands a source straight into a dataset; `IngestStep` does it for all that are files."""

    def write_dataset(
        self, step: Step, source: Source, target: StagedTable, seen: Mapping[str, TakenFile]
    ) -> Landed:
        """Land what came after `seen`."""
        ...


@dataclass(frozen=True, slots=True)
class IngestStep:
    """Lands the sources of one run of a product."""

    engine: DuckDB
    disk: Disk
    product: Product
    zones: Mapping[str, Path]
    raw: Path
    quarantine: Path
    progress: Callable[[str], None] | None
    mending: Menders

    def write_dataset(
        self, step: Step, source: Source, target: StagedTable, seen: Mapping[str, TakenFile]
    ) -> Landed:
        """Land a step's source straight into its dataset.

        Raises:
            SourceError: the source cannot be read, or a file of it was refused as a whole.
        """
        return self._land(
            source,
            columns_for(source, target.dataset),
            seen,
            target.data,
            target.field_ids,
            # Other steps may land the same source by other columns, with rejects of their own.
            rejects=step.name,
            mending=self.mending(source.name, step.name, seen, target),
        )

    def write_table(
        self, source: Source, folder: Path, seen: Mapping[str, TakenFile]
    ) -> tuple[PhysicalScan, Landed]:
        """Land a source for later steps to read.

        Raises:
            SourceError: it has no columns, cannot be read, or a file of it was refused as a whole.
        """
        if not source.columns:
            raise SourceError(
                f"source `{source.name}` is read by SQL, so its columns must be known",
                hint="list them under `columns`, each with its type",
                place=source.place,
            )
        landed = self._land(
            source,
            source.columns,
            seen,
            folder / source.name,
            None,
            rejects=source.name,
            mending=self.mending(source.name, source.name, seen),
        )
        columns = [(column.name, column.type) for column in source.columns]
        files = [(file.path, file.row_count) for file in landed.files]
        return plain_scan(columns, files), landed

    def _land(
        self,
        source: Source,
        columns: tuple[SourceColumn, ...],
        seen: Mapping[str, TakenFile],
        data: Path,
        field_ids: Mapping[str, object] | None,
        *,
        rejects: str,
        mending: Mending | None,
    ) -> Landed:
        return land(
            source,
            columns,
            zones=self.zones,
            folder=self.product.folder,
            seen=seen,
            disk=self.disk,
            engine=self.engine,
            raw=self.raw,
            data=data,
            quarantine=self.quarantine / f"{rejects}.parquet",
            field_ids=field_ids,
            progress=self.progress,
            mending=mending,
        )


def columns_for(source: Source, dataset: Dataset) -> tuple[SourceColumn, ...]:
    """Return how a source is read as a dataset: the contract's columns and types, from where the source says."""
    given = {column.name: column for column in source.columns}
    return tuple(
        replace(
            given[column.name],
            type=column.type,
            rounding=column.rounding or given[column.name].rounding,
        )
        if column.name in given
        else SourceColumn(column.name, column.name, column.type, rounding=column.rounding)
        for column in dataset.columns
    )


def refuse_loss(source: Source, landed: Landed) -> None:
    """Stop a run that would publish without a file's records, or without any.

    Raises:
        SourceError: names every file that was refused as a whole with its reason, or says that nothing could be read.
    """
    refused = [file for file in landed.balance.files if file.refused]
    if refused:
        reasons = "; ".join(f"`{file.path}`: {file.refused}" for file in refused[:5])
        more = f" and {len(refused) - 5} more" if len(refused) > 5 else ""  # noqa: PLR2004 - as many as one can read
        raise SourceError(
            f"source `{source.name}`: {len(refused)} of {len(landed.balance.files)} files refused: {reasons}{more}",
            hint="mend or move these files, then run again; nothing was published",
            place=source.place,
        )
    if landed.balance.rows_in and not landed.balance.rows_out:
        raise SourceError(
            f"source `{source.name}`: none of {landed.balance.rows_in:,} records could be read",
            hint="see `ghala quarantine` for each reason; the source's options or columns may be wrong",
            place=source.place,
        )


def refuse_known_bytes(source: Source, landed: Landed, taken: Mapping[str, str]) -> None:
    """Stop an append that would double rows: a file with records whose very bytes an earlier release has.

    `taken` has those sha256 that the product's releases took before, each with its file's name.

    Raises:
        SourceError: names the file and the earlier one.
    """
    seen = dict(taken)
    for file in landed.balance.files:
        if file.read and file.sha256 in seen:
            raise SourceError(
                f"source `{source.name}`: `{file.path}` has the same bytes as `{seen[file.sha256]}`, "
                "which was appended before",
                hint="remove the copy; nothing was published",
                place=source.place,
            )
        if file.read:
            seen[file.sha256] = file.path
