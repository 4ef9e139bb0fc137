"""Fair pairs: two ways to do the same work, each in a process of its own, taken in turns."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """One run: seconds on the clock and of processor time, children included, for the measured part only."""

    wall_s: float
    cpu_s: float
    facts: dict


def take(script: str, side: str, folder: Path, *arguments: str) -> Sample:
    """Run one side of a case; the script prints its own measurement as the last line, as JSON."""
    command = [sys.executable, str(HERE / script), side, str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured = json.loads(done.stdout.strip().splitlines()[-1])
    return Sample(measured.pop("wall_s"), measured.pop("cpu_s"), measured)


def pairs(script: str, sides: tuple[str, str], folder: Path, count: int) -> dict[str, list[Sample]]:
    """Run both sides in turns, the order swapped each time, and return their samples."""
    taken: dict[str, list[Sample]] = {side: [] for side in sides}
    for turn in range(count):
        for side in sides if turn % 2 == 0 else reversed(sides):
            taken[side].append(take(script, side, folder))
    return taken


def spread(values: list[float]) -> str:
    """Return the median with the least and the greatest."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def ratios(ours: list[Sample], peer: list[Sample], of: str) -> list[float]:
    """Return ours over peer's for each pair that ran one after the other."""
    return [getattr(a, of) / getattr(b, of) for a, b in zip(ours, peer, strict=True)]


def machine() -> str:
    """Return what this ran on, as one line."""
    import duckdb
    import pyarrow as pa
    import pyiceberg

    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, PyArrow {pa.__version__}, pyiceberg {pyiceberg.__version__}, "
        f"load average {load}"
    )
