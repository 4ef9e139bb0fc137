"""The clock of one measured part: wall and processor seconds, those of living and ended children included."""

from __future__ import annotations

import json
import os
import resource
import time
from pathlib import Path
from typing import Self

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def _living_children_s() -> float:
    total = 0.0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            total += (int(fields[11]) + int(fields[12])) * _TICK_S
    return total


def _cpu_s() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + _living_children_s()


class Clock:
    """Measures a `with` block and prints it, with facts that the block added, as one line of JSON."""

    def __init__(self) -> None:
        self.facts: dict[str, object] = {}

    def __enter__(self) -> Self:
        self._cpu, self._wall = _cpu_s(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.perf_counter() - self._wall, _cpu_s() - self._cpu
        print(json.dumps({"wall_s": wall, "cpu_s": cpu, **self.facts}))
