"""Case: many rows of 20 columns, 20 rules, durable; against DuckDB COPY to zstd Parquet and fsync of the same rows.

Both sides read the same rows: an earlier release of another product for ours, its very files for the peer. A profile of
the release is no part of either; `profiled` is ours with one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clock import Clock

if TYPE_CHECKING:
    from ghala.app import App

COLUMNS = 20


def _columns() -> list[tuple[str, str, str]]:
    """Name, type and expression of each column: keys, categories, money, dates and text, as orders have them."""
    columns = [
        ("id", "bigint", "range"),
        ("customer_id", "bigint", "hash(range) % 200000"),
        ("region", "varchar", "['EU', 'US', 'APAC', 'AFR'][1 + (hash(range + 1) % 4)::INT]"),
        ("status", "varchar", "['placed', 'paid', 'shipped'][1 + (hash(range + 2) % 3)::INT]"),
        ("ordered_on", "date", "DATE '2022-01-01' + (hash(range + 3) % 1000)::INT"),
        ("placed_at", "timestamp", "TIMESTAMP '2022-01-01' + to_seconds(range * 7)"),
        ("note", "varchar", "'note ' || hash(range + 4) % 5000"),
        ("email", "varchar", "'user' || hash(range + 5) % 300000 || '@example.org'"),
    ]
    columns += [
        (
            f"amount_{n}",
            "decimal(12,2)",
            f"((hash(range + {10 + n}) % 1000000) / 100)::DECIMAL(12,2)",
        )
        for n in range(6)
    ]
    columns += [
        (f"count_{n}", "integer", f"(hash(range + {20 + n}) % 1000)::INTEGER") for n in range(6)
    ]
    return columns


def write_warm_up(folder: Path) -> None:
    """Write a product of a few rows: a process that serves has run something before."""
    from ghala.testing.workspace import Table, write_product

    (folder / "in/warm.csv").write_text("id\n1\n2\n")
    write_product(
        folder / "ws",
        "bench/warm",
        {"warm": Table({"id": "bigint, unique: true"})},
        "sources:\n  rows: {type: csv, zone: in, files: warm.csv, columns: {id: bigint}}\n"
        "steps:\n  - {name: warm, sql: transforms/warm.sql, dataset: warm}\n",
        transforms={"warm.sql": "SELECT id FROM rows\n"},
    )


def warm_up(app: App) -> None:
    """Load what a run loads: modules, engine and workers."""
    outcome = app.run(["bench/warm"])[0]
    if outcome.error:
        raise SystemExit(str(outcome.error))


def setup(folder: Path, rows: int) -> None:
    """Make a workspace with two products: `bench/raw`, landed once, and `bench/orders`, which is measured."""
    import duckdb

    import ghala
    from ghala.testing.workspace import Table, write_product, write_workspace

    columns = _columns()
    write_workspace(folder / "ws", "engine: {threads: 2, memory_mb: 6000}\nzones: {in: ../in}\n")
    (folder / "in").mkdir()
    selected = ", ".join(f"{expression} AS {name}" for name, _, expression in columns)
    duckdb.connect(config={"threads": 2}).execute(
        f"COPY (SELECT {selected} FROM range({rows})) TO '{folder}/in/rows.csv' (HEADER)"
    )
    write_warm_up(folder)
    source = "sources:\n  rows: {type: csv, zone: in, files: rows.csv}\nsteps:\n"
    raw = Table({name: kind for name, kind, _ in columns})
    write_product(
        folder / "ws",
        "bench/raw",
        {"raw": raw},
        source + "  - {name: land, source: rows, dataset: raw}\n",
    )
    checked = {name: kind for name, kind, _ in columns}
    checked["id"] += ", primaryKey: true, required: true"
    checked["customer_id"] += ", required: true, logicalTypeOptions: {minimum: 0}"
    checked["region"] += (
        ", required: true, enum: [{value: EU}, {value: US}, {value: APAC}, {value: AFR}]"
    )
    checked["status"] += ", enum: [{value: placed}, {value: paid}, {value: shipped}]"
    checked["ordered_on"] += ", required: true"
    checked["note"] += ", logicalTypeOptions: {minLength: 1, maxLength: 40}"
    checked["email"] += ", logicalTypeOptions: {pattern: '@example[.]org$'}"
    for number in range(6):
        checked[f"amount_{number}"] += ", logicalTypeOptions: {minimum: 0, maximum: 10000}"
    for number in range(3):
        checked[f"count_{number}"] += ", required: true, logicalTypeOptions: {maximum: 999}"
    orders = Table(checked, ["id: rows, type: library, metric: rowCount, mustBeGreaterThan: 0"])
    write_product(
        folder / "ws",
        "bench/orders",
        {"orders": orders},
        "steps:\n  - {name: orders, sql: transforms/orders.sql, dataset: orders}\n",
        transforms={"orders.sql": "SELECT * FROM bench.raw\n"},
        inputs=["bench/raw"],
    )
    with ghala.open(folder / "ws") as app:
        outcome = app.run(["bench/raw"])[0]
        if outcome.error:
            raise SystemExit(str(outcome.error))


def ours(folder: Path, sample_rows: int = 0) -> None:
    """Publish; the workers and the engine are warm, as in a process that serves."""
    os.environ["GHALA_PROFILES__SAMPLE_ROWS"] = str(sample_rows)
    import ghala

    with ghala.open(folder / "ws") as app:
        warm_up(app)
        with Clock() as clock:
            outcome = app.run(["bench/orders"])[0]
            clock.facts["rules"] = len(outcome.reports[0].findings)
            clock.facts["rows"] = outcome.reports[0].rows_released
    if outcome.error:
        raise SystemExit(str(outcome.error))


def profiled(folder: Path) -> None:
    """Publish with a profile, of as many rows as it is made from unless an operator says otherwise."""
    from ghala.settings import Settings

    ours(folder, Settings("", folder, folder).profile_rows)


def peer(folder: Path) -> None:
    """COPY the very files of the released input, then fsync file and folder."""
    import duckdb

    files = [str(path) for path in (folder / "ws/.ghala/lake/bench").glob("raw-*/data/*.parquet")]
    target = folder / "peer.parquet"
    target.unlink(missing_ok=True)
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "6000MB"})
    connection.execute("SELECT count(*) FROM read_parquet(?)", [files]).fetchall()
    with Clock():
        connection.execute(
            f"COPY (SELECT * FROM read_parquet({files})) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
        for path in (target, target.parent):
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


if __name__ == "__main__":
    side, where = sys.argv[1], Path(sys.argv[2])
    if side == "setup":
        setup(where, int(sys.argv[3]))
    else:
        {"ours": ours, "peer": peer, "profiled": profiled}[side](where)
