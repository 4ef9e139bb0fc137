"""The workspace of the fault tests: each publish adds one file, so that every release's rows are known beforehand.

Run as a program (`python -m ghala.testing.faults.scenario FOLDER FIRST LAST`) it publishes these numbers, and says
`ACK number` after each, as a user would have been told.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.sql.scan import scan_query
from ghala.testing.workspace import Table, write_product, write_workspace

if TYPE_CHECKING:
    from ghala.app import App
    from ghala.model.release import Release

ROWS = 40
BAD_ROWS = 2
PRODUCT = "sales/orders"
_PIPELINE = """\
sources:
  exports: {type: csv, zone: erp, files: "*.csv"}
  all_exports: {type: csv, zone: erp, files: "*.csv", columns: {id: varchar}}
steps:
  - {name: land, source: exports, dataset: orders, materialisation: append, on_fail: quarantine}
  - {name: count, sql: transforms/counts.sql, dataset: counts}
"""
_COUNTS = "SELECT count(*) AS lines FROM all_exports\n"


def prepare(folder: Path, product: str = PRODUCT) -> Path:
    """Write the workspace with one product of two datasets and return its folder."""
    workspace = write_workspace(folder, "zones: {erp: landing}\nruns: {lease_s: 60, wait_s: 120}\n")
    (folder / "landing").mkdir(exist_ok=True)
    orders = Table({"id": "bigint, primaryKey: true, required: true", "amount": "decimal(12,2)"})
    write_product(
        workspace,
        product,
        {"orders": orders, "counts": Table({"lines": "bigint"})},
        _PIPELINE,
        transforms={"counts.sql": _COUNTS},
    )
    return workspace


def add_file(folder: Path, number: int) -> None:
    """Put one more export into the landing zone: `ROWS` good rows and `BAD_ROWS` that cannot be read."""
    first = number * 1000
    lines = [f"{first + row},{row}.25" for row in range(ROWS)] + ["no number,1.00"] * BAD_ROWS
    (folder / "landing" / f"{number:05d}.csv").write_text("id,amount\n" + "\n".join(lines) + "\n")


def publish(app: App, folder: Path, number: int) -> Release:
    """Add a file and publish it."""
    add_file(folder, number)
    outcome = app.run([PRODUCT])[0]
    if outcome.error is not None:
        raise outcome.error
    if outcome.release is None:
        raise RuntimeError("nothing was published")
    return outcome.release


def content(app: App, release: Release) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of a release, read from its files, by dataset."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    with app._engine.session() as session:  # noqa: SLF001 - looks at what is stored, past the read door
        for dataset in release.datasets:
            scan = app._scans.of(dataset.metadata_location, dataset.snapshot_id)  # noqa: SLF001 - likewise
            rows[dataset.name.dataset] = sorted(
                session.rows(scan_query(scan).sql(dialect="duckdb"))
            )
    return rows


def ids(number: int) -> list[int]:
    """Return the ids of the rows that release `number` must have."""
    return [file * 1000 + row for file in range(1, number + 1) for row in range(ROWS)]


def main(folder: Path, first: int, last: int) -> None:
    """Publish some numbers, saying so each time."""
    import ghala  # noqa: PLC0415 - the program itself, as a user starts it

    with ghala.open(folder) as app:
        for number in range(first, last + 1):
            release = publish(app, folder, number)
            print(f"ACK {release.number}", flush=True)  # noqa: T201 - the recorder listens


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
