"""Case: 500 publishes of 1,000 rows each in one process, appended to one dataset; each is timed.

The last ten take turns with the tenth and those around it of a second, young workspace: a machine that is faster at one
moment than at another says nothing about growth.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from clock import Clock

if TYPE_CHECKING:
    from ghala.app import App

ROWS = 1000


TURNS = 10
"""So many late publishes are compared with as many early ones, the 5th to the 15th."""


def setup(folder: Path, _rows: int) -> None:
    """Write two equal workspaces: a CSV source that appends, with a key and five more rules."""
    from ghala.testing.workspace import Table, write_product, write_workspace

    columns = {
        "id": "bigint, primaryKey: true, required: true",
        "region": "varchar, required: true, enum: [{value: EU}, {value: US}]",
        "amount": "decimal(12,2), required: true, logicalTypeOptions: {minimum: 0}",
        "ordered_on": "date, required: true",
    }
    for name in ("old", "young"):
        write_workspace(folder / name / "ws", "zones: {in: ../in}\n")
        (folder / name / "in").mkdir()
        write_product(
            folder / name / "ws",
            "bench/orders",
            {"orders": Table(columns)},
            "sources:\n  rows: {type: csv, zone: in, files: '*.csv'}\nsteps:\n"
            "  - {name: land, source: rows, dataset: orders, materialisation: append}\n",
        )


def publish(app: App, folder: Path, number: int) -> float:
    """Write one more file, run, and return the seconds of the run."""
    lines = (
        f"{number * ROWS + row},{'EU' if row % 2 else 'US'},{row}.25,2024-01-{1 + row % 28:02d}\n"
        for row in range(ROWS)
    )
    path = folder / "in" / f"{number:05d}.csv"
    path.write_text("id,region,amount,ordered_on\n" + "".join(lines))
    began = time.perf_counter()
    outcome = app.run()[0]
    seconds = time.perf_counter() - began
    if outcome.error or outcome.release is None or outcome.release.number != number + 1:
        raise SystemExit(f"publish {number + 1}: {outcome.error}")
    return seconds


def ours(folder: Path, count: int) -> None:
    """Publish `count` times, then in turns with a workspace that has few releases."""
    import ghala

    old, young = folder / "old", folder / "young"
    with ghala.open(old / "ws") as grown, ghala.open(young / "ws") as small, Clock() as clock:
        seconds = [publish(grown, old, number) for number in range(count - TURNS)]
        for number in range(TURNS // 2):
            publish(small, young, number)
        early, late = [], []
        for turn in range(TURNS):
            sides = [
                (small, young, TURNS // 2 + turn, early),
                (grown, old, count - TURNS + turn, late),
            ]
            for app, where, number, taken in sides if turn % 2 else reversed(sides):
                taken.append(publish(app, where, number))
        clock.facts["seconds"] = seconds + late
        clock.facts["growth"] = [a / b for a, b in zip(late, early, strict=True)]


if __name__ == "__main__":
    side, where, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    setup(where, number) if side == "setup" else ours(where, number)
