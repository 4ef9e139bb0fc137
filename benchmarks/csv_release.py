"""Case: a CSV file of 20 columns to a durable release, raw copy and hash included; against DuckDB CSV to Parquet.

One record in 2,000 does not fit its types: ours quarantines it with its place and bytes, the peer skips it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clock import Clock
from large_publish import _columns, warm_up, write_warm_up


def setup(folder: Path, rows: int) -> None:
    """Write the file and the workspace."""
    import duckdb

    from ghala.testing.workspace import Table, write_product, write_workspace

    write_workspace(folder / "ws", "engine: {threads: 2, memory_mb: 6000}\nzones: {in: ../in}\n")
    (folder / "in").mkdir()
    write_warm_up(folder)
    columns = _columns()
    selected = ", ".join(
        f"CASE WHEN range % 2000 = 7 THEN 'not a date' ELSE ({expression})::VARCHAR END AS {name}"
        if name == "ordered_on"
        else f"{expression} AS {name}"
        for name, _, expression in columns
    )
    duckdb.connect(config={"threads": 2}).execute(
        f"COPY (SELECT {selected} FROM range({rows})) TO '{folder}/in/rows.csv' (HEADER)"
    )
    write_product(
        folder / "ws",
        "bench/raw",
        {"raw": Table({name: kind for name, kind, _ in columns})},
        "sources:\n  rows: {type: csv, zone: in, files: rows.csv}\nsteps:\n"
        "  - {name: land, source: rows, dataset: raw}\n",
    )


def ours(folder: Path) -> None:
    """Run the product on a storage without earlier raw copies."""
    import shutil

    import ghala

    shutil.rmtree(folder / "ws/.ghala", ignore_errors=True)
    with ghala.open(folder / "ws") as app:
        warm_up(app)
        with Clock() as clock:
            outcome = app.run(["bench/raw"])[0]
            clock.facts["mb"] = (folder / "in/rows.csv").stat().st_size / 1e6
            clock.facts["quarantined"] = outcome.run.steps[0].quarantined
    if outcome.error:
        raise SystemExit(str(outcome.error))


def peer(folder: Path) -> None:
    """Read typed, skip what does not fit, write zstd Parquet."""
    import duckdb

    types = {
        name: {"decimal(12,2)": "DECIMAL(12,2)"}.get(kind, kind.upper())
        for name, kind, _ in _columns()
    }
    target = folder / "peer.parquet"
    target.unlink(missing_ok=True)
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "6000MB"})
    options = f"header=true, auto_detect=false, delim=',', columns={types}, ignore_errors=true"
    read = f"read_csv('{folder}/in/rows.csv', {options})"
    with Clock() as clock:
        connection.execute(
            f"COPY (SELECT * FROM {read}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
        clock.facts["mb"] = (folder / "in/rows.csv").stat().st_size / 1e6


if __name__ == "__main__":
    side, where = sys.argv[1], Path(sys.argv[2])
    if side == "setup":
        setup(where, int(sys.argv[3]))
    else:
        {"ours": ours, "peer": peer}[side](where)
