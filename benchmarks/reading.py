"""The rows of the page about reading: questions, decisions, searches, and the server that answers them."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from measure import HERE, spread

if TYPE_CHECKING:
    from pathlib import Path

BY = {"dbgen": "made by dbgen", "ours": "made by our own generator"}


def tpch(folder: Path, size: int, rounds: int) -> list[str]:
    """The 22 questions of TPC-H, governed, against a bare engine over the same files."""
    _run("tpch.py", "setup", str(folder), str(size))
    facts = _run("tpch.py", "compare", str(folder), str(rounds))
    pairs = list(zip(facts["ours"], facts["peer"], strict=True))
    ratios = [
        statistics.median(ours / peer for ours, peer in zip(*pair, strict=True)) for pair in pairs
    ]
    sums = [sum(statistics.median(one[side]) for one in pairs) for side in (0, 1)]
    what = (
        f"the 22 questions of TPC-H at scale factor {size / 1000:g}, {BY[facts['generator']]}, "
        "with a row filter, two masks and the audit: geometric mean"
    )
    peer = "DuckDB in its own process, over the same files through views written by hand"
    first = statistics.geometric_mean(ours[0] / theirs[0] for ours, theirs in pairs)
    ratio = (
        f"**{statistics.geometric_mean(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f}; "
        f"{first:.2f} when each is asked for the first time)"
    )
    ours, theirs = (f"{total:.2f} s in all" for total in sums)
    return [f"| {what} | {peer} | processor | ≤ 1.10 | {ratio} | {ours} | {theirs} |"]


def decisions(agreements: int) -> list[str]:
    """How long a decision takes."""
    facts = _run("decisions.py", str(agreements))
    named = {
        "hot": "a decision that was made before | ≤ 50 µs",
        "cold": f"a first decision with {agreements:,} agreements | ≤ 2,000 µs",
    }
    return [
        f"| {what} | p50 {facts[name]['p50_us']:.0f} µs (p99 {facts[name]['p99_us']:.0f} µs) |"
        for name, what in named.items()
    ]


def searches(assets: int) -> list[str]:
    """How long a search takes."""
    facts = _run("catalog_search.py", str(assets))
    lines = []
    for seen in ("all", "2%"):
        for turn in ("first", "again"):
            taken = facts[f"{seen}, {turn}"]
            lines.append(
                f"| search over {facts['assets']:,} assets, who may discover {seen}, {turn}: p95 "
                f"| ≤ 50 ms | {taken['p95_ms']:.0f} ms (p50 {taken['p50_ms']:.0f} ms) |"
            )
        taken = facts[f"catalog, {seen}, each key"]
        usual, worst = f"p50 {taken['p50_ms']:.0f} ms", f"at most {taken['max_ms']:.0f} ms"
        lines.append(
            f"| each key in the catalog over {facts['assets']:,} assets, with facets, who may discover {seen}: p95 "
            f"| ≤ 150 ms | {taken['p95_ms']:.0f} ms ({usual}, {worst}) |"
        )
    return lines


def runaways(seconds: int) -> list[str]:
    """How long others wait while somebody's questions do not end."""
    facts = _run("runaway.py", str(seconds))
    alone, beside = (f"{facts[phase]['p95_ms']:.0f} ms" for phase in ("alone", "beside"))
    what = "small questions of 32 principals beside endless ones of another: p95 against p95"
    return [f"| {what} | ≤ 2 | {facts['ratio']:.2f} ({beside} against {alone}) |"]


def server(starts: int) -> list[str]:
    """How long `ghala up` takes to answer, and what it holds."""
    facts = _run("serve_up.py", str(starts))
    once, used = (statistics.median(facts[name]) for name in ("once_mb", "rss_mb"))
    what = "memory of `ghala up` and its idle worker, the sum of both"
    return [
        f"| `ghala up` answers after | ≤ 3 s | {spread(facts['ready_s'])} s |",
        f"| {what} | ≤ 250 MB | {used:.0f} MB ({once:.0f} MB with pages that both have counted once) |",
    ]


def _run(script: str, *arguments: str) -> dict:
    command = [sys.executable, str(HERE / script), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    # An engine that works long may draw how far it is.
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else {}
