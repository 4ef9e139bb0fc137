"""Quarantine of staged rows: those that broke rules move to a file of their own, the others are written anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.lake.parquet import StagedFile
from ghala.model.outcome import Quarantined

if TYPE_CHECKING:
    from pathlib import Path

    from sqlglot import exp

    from ghala.engines.duckdb import DuckDB, Session
    from ghala.lake.files import Disk
    from ghala.lake.stage import StagedTable
    from ghala.model.names import ProductName
    from ghala.model.scan import PhysicalScan


class Separator:
    """Separates the staged rows of one table; `kept` has the files that took the staged ones' place, if any did."""

    def __init__(self, table: StagedTable, engine: DuckDB, disk: Disk, folder: Path) -> None:
        self._table = table
        self._engine = engine
        self._disk = disk
        self._folder = folder
        self._quarantined: list[tuple[Path, int]] = []
        self.kept: tuple[StagedFile, ...] = ()

    def separate(self, session: Session, kept: exp.Query, quarantined: exp.Query) -> PhysicalScan:
        """Write both queries' rows to files of their own and return how to read the kept ones."""
        turn = len(self._quarantined)
        self._disk.make_folder(self._folder)
        out = self._folder / f"{self._table.dataset.name}-{turn}.parquet"
        count = session.copy(quarantined.sql(dialect="duckdb"), out)
        self._disk.adopt(out)
        self._quarantined.append((out, count))
        path = self._table.data.with_name(f"{self._table.data.name}-kept-{turn}.parquet")
        rows = session.copy(kept.sql(dialect="duckdb"), path, field_ids=self._table.field_ids)
        self.kept = (StagedFile(path, rows),)
        return self._table.scan(self.kept if rows else ())

    def batches(self, product: ProductName, run_id: str, step: str) -> list[Quarantined]:
        """Return what was moved out, for the record."""
        return [
            Quarantined(
                product=product,
                run_id=run_id,
                step=step,
                kind="check",
                rows=rows,
                path=f"{path.parent.name}/{path.name}",
                created_at=datetime.now(UTC),
            )
            for path, rows in self._quarantined
        ]
