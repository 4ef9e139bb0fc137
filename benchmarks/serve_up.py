"""How long `ghala up` takes until it answers, and how much memory it and its idle worker hold.

`python benchmarks/serve_up.py [STARTS]` makes a workspace of its own, and starts and stops its server. Memory that the
processes share, such as the code of a library, is counted once.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

QUIET_S = 3.0
"""Until then the worker has started, and the index of the search is written."""
_MAPPING = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ (\S+) \S+ \S+ *(.*)")
_KIB_A_MB = 1024


def held_mb(processes: list[int]) -> tuple[float, float]:
    """Return the memory of some processes in MB: each page once, and as the sum of what each of them has in use."""
    own, used = 0, 0
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for process in processes:
        place = ("", "")
        resident: dict[tuple[str, str], int] = defaultdict(int)
        for line in Path(f"/proc/{process}/smaps").read_text().splitlines():
            if found := _MAPPING.fullmatch(line):
                place = (found[2], found[1])
                continue
            name, _, value = line.partition(":")
            if name in {"Rss", "Anonymous"}:
                count = int(value.split()[0])
                used += count if name == "Rss" else 0
                own += count if name == "Anonymous" else 0
                resident[place] += count if name == "Rss" else -count
        for place, count in resident.items():
            # The same pages of a file, as far as anybody can say from outside.
            shared[place] = max(shared[place], count)
    return (own + sum(shared.values())) / _KIB_A_MB, used / _KIB_A_MB


def started(folder: Path) -> dict[str, float]:
    """Start a server, look at it when it is idle, and stop it."""
    environment = {name: value for name, value in os.environ.items() if "GHALA_" not in name}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    program = str(Path(sys.executable).with_name("ghala"))
    began_s = time.perf_counter()
    server = subprocess.Popen(
        [program, "up", "--port", "0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        if server.stdout is None or not server.stdout.readline().startswith("http"):
            raise SystemExit("the server did not start")
        ready_s = time.perf_counter() - began_s
        time.sleep(QUIET_S)
        once, used = held_mb([server.pid, *_children(server.pid)])
    finally:
        server.terminate()
        server.wait(timeout=30)
    return {"ready_s": ready_s, "once_mb": once, "rss_mb": used}


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[1]) == parent:
                found.append(int(entry.name))
    return found


def main() -> None:
    """Measure, and print one line of JSON; the first start only writes bytecode."""
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "acme"
        program = str(Path(sys.executable).with_name("ghala"))
        subprocess.run([program, "init", str(folder)], check=True, capture_output=True)
        taken = [started(folder) for _ in range(starts + 1)][1:]
    print(json.dumps({name: [one[name] for one in taken] for name in taken[0]}))


if __name__ == "__main__":
    main()
