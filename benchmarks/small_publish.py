"""Case: 500 publishes of 1,000 rows each in one process, appended to one dataset; each is timed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from clock import Clock

ROWS = 1000


def setup(folder: Path, _rows: int) -> None:
    """Write the workspace: a CSV source that appends, with a key and five more rules."""
    from ghala.testing.workspace import Table, write_product, write_workspace

    write_workspace(folder / "ws", "zones: {in: ../in}\n")
    (folder / "in").mkdir()
    columns = {
        "id": "bigint, primaryKey: true, required: true",
        "region": "varchar, required: true, enum: [{value: EU}, {value: US}]",
        "amount": "decimal(12,2), required: true, logicalTypeOptions: {minimum: 0}",
        "ordered_on": "date, required: true",
    }
    write_product(
        folder / "ws",
        "bench/orders",
        {"orders": Table(columns)},
        "sources:\n  rows: {type: csv, zone: in, files: '*.csv'}\nsteps:\n"
        "  - {name: land, source: rows, dataset: orders, materialisation: append}\n",
    )


def ours(folder: Path, count: int) -> None:
    """Write one more file, run, and so on; only the run is timed."""
    import ghala

    seconds = []
    with ghala.open(folder / "ws") as app, Clock() as clock:
        for number in range(count):
            lines = (
                f"{number * ROWS + row},{'EU' if row % 2 else 'US'},{row}.25,2024-01-{1 + row % 28:02d}\n"
                for row in range(ROWS)
            )
            (folder / "in" / f"{number:05d}.csv").write_text(
                "id,region,amount,ordered_on\n" + "".join(lines)
            )
            began = time.perf_counter()
            outcome = app.run()[0]
            seconds.append(time.perf_counter() - began)
            if outcome.error or outcome.release is None or outcome.release.number != number + 1:
                raise SystemExit(f"publish {number + 1}: {outcome.error}")
        clock.facts["seconds"] = seconds


if __name__ == "__main__":
    side, where, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    setup(where, number) if side == "setup" else ours(where, number)
