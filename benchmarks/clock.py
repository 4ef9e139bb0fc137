"""The clock of one measured part: wall and processor seconds, those of living and ended children included."""

from __future__ import annotations

import json
import os
import resource
import time
from pathlib import Path
from typing import Self

_PROCESS_CLOCK = 2
"""What clock_getcpuclockid(3) makes of a process: its number turned over, and which of its clocks."""


def children() -> list[int]:
    """Return the processes that this one started and that live."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[1]) == os.getpid():
                found.append(int(entry.name))
    return found


def _worked_s(process: int) -> float:
    try:
        return time.clock_gettime((~process << 3) | _PROCESS_CLOCK)
    except OSError:
        return 0.0


def cpu_s() -> float:
    """Return the processor time of this process and of its children, to the nanosecond."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living_s = sum(map(_worked_s, children()))
    return time.process_time() + ended.ru_utime + ended.ru_stime + living_s


class Clock:
    """Measures a `with` block and prints it, with facts that the block added, as one line of JSON."""

    def __init__(self) -> None:
        self.facts: dict[str, object] = {}

    def __enter__(self) -> Self:
        self._cpu, self._wall = cpu_s(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.perf_counter() - self._wall, cpu_s() - self._cpu
        print(json.dumps({"wall_s": wall, "cpu_s": cpu, **self.facts}))
