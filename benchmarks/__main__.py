"""`make bench`: every figure of docs/reference/benchmarks.md, measured now, on this machine, and written there."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import lineage_graph
import reading
import small_query
import sql_api
from measure import machine, pairs, ratios, spread, take

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
AUDIT_ENTRIES = 400_000
MODES = {
    # rows of the large publish, rows of the CSV, pairs, small publishes, scale of the demo
    "full": (4_000_000, 2_000_000, 7, 500, 1.0),
    "quick": (400_000, 300_000, 3, 60, 0.1),
}
READING = {
    # size and rounds of TPC-H, agreements, assets, seconds of runaways, starts of the server
    "full": (1000, 3, 10_000, 100_000, 15, 5),
    "quick": (10, 1, 1_000, 1_000, 5, 1),
}
SERVING = {
    # seconds and turns of each kind of request, small questions
    "full": (6.0, 5, 300),
    "quick": (2.0, 1, 50),
}


def large_publish(folder: Path, rows: int, count: int) -> list[str]:
    """Publish against COPY."""
    _setup("large_publish.py", folder, rows)
    taken = pairs("large_publish.py", ("ours", "peer"), folder, count)
    facts = taken["ours"][0].facts
    return _rows(
        f"publish {facts['rows']:,} rows x 20 columns, {facts['rules']} rules, durable",
        "DuckDB COPY to zstd Parquet + fsync",
        "≤ 1.5",
        taken,
    )


def profiled_publish(folder: Path, rows: int, count: int) -> list[str]:
    """Publish with a profile against publishing without."""
    _setup("large_publish.py", folder, rows)
    taken = pairs("large_publish.py", ("profiled", "ours"), folder, count)
    taken["peer"], taken["ours"] = taken["ours"], taken["profiled"]
    facts = taken["ours"][0].facts
    what = f"publish {facts['rows']:,} rows x 20 columns with a profile"
    return _rows(what, "the same without", "≤ 1.4", taken)


def csv_release(folder: Path, rows: int, count: int) -> list[str]:
    """CSV to release against CSV to Parquet."""
    _setup("csv_release.py", folder, rows)
    taken = pairs("csv_release.py", ("ours", "peer"), folder, count)
    facts = taken["ours"][0].facts
    return _rows(
        f"CSV of {facts['mb']:.0f} MB x 20 columns to release, {facts['quarantined']:,} quarantined",
        "DuckDB CSV to zstd Parquet",
        "≤ 1.43 (0.7 x the MB/s)",
        taken,
    )


def small_publishes(folder: Path, count: int) -> list[str]:
    """Many small publishes."""
    _setup("small_publish.py", folder, 0)
    facts = take("small_publish.py", "ours", folder, str(count)).facts
    milliseconds = [1000 * value for value in facts["seconds"]]
    typical, worst = statistics.median(milliseconds), sorted(milliseconds)[int(count * 0.99)]
    return [
        f"| publish 1,000 rows, {count} times: p50 | ≤ 200 ms | {typical:.0f} ms (p99 {worst:.0f} ms) |",
        f"| the last of {count} against the 10th, in turns | ≤ 1.5 | {spread(facts['growth'])} |",
    ]


def audit_verification(folder: Path, count: int) -> list[str]:
    """How many entries of the audit are verified in a second."""
    _setup("audit_verify.py", folder, count)
    sample = take("audit_verify.py", "ours", folder, str(count))
    entries = sample.facts["entries"]
    return [
        f"| verify an audit of {entries:,} entries | ≥ 100,000 entries/s | {entries / sample.wall_s:,.0f}/s |"
    ]


def help_time(count: int = 11) -> list[str]:
    """How long `ghala --help` takes."""
    seconds = []
    for _ in range(count):
        began = time.perf_counter()
        subprocess.run(
            [Path(sys.executable).with_name("ghala"), "--help"], check=True, capture_output=True
        )
        seconds.append(time.perf_counter() - began)
    return [f"| `ghala --help` | ≤ 0.2 s | {spread(seconds)} s |"]


def demo(folder: Path, scale: float) -> list[str]:
    """How long the example organisation takes."""
    began = time.perf_counter()
    command = [
        Path(sys.executable).with_name("ghala"),
        "demo",
        str(folder / "demo"),
        "--scale",
        str(scale),
        "--no-serve",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return [
        f"| `ghala demo --scale {scale:g}` | ≤ 60 s at scale 1 | {time.perf_counter() - began:.1f} s |"
    ]


def _setup(script: str, folder: Path, rows: int) -> None:
    folder.mkdir()
    command = [
        sys.executable,
        str(Path(__file__).with_name(script)),
        "setup",
        str(folder),
        str(rows),
    ]
    subprocess.run(command, check=True, capture_output=True)


def _rows(what: str, peer: str, goal: str, taken: dict) -> list[str]:
    ours, theirs = taken["ours"], taken["peer"]
    lines = []
    for of, unit in (("wall_s", "wall"), ("cpu_s", "processor")):
        mine, other = ([getattr(sample, of) for sample in side] for side in (ours, theirs))
        lines.append(
            f"| {what} | {peer} | {unit} | {goal} | **{statistics.median(ratios(ours, theirs, of)):.2f}** "
            f"({min(ratios(ours, theirs, of)):.2f} to {max(ratios(ours, theirs, of)):.2f}) "
            f"| {spread(mine)} s | {spread(other)} s |"
        )
    return lines


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="small sizes, for a try; not written",
    )
    arguments = parser.parse_args()
    mode = "quick" if arguments.quick else "full"
    rows, csv_rows, count, publishes, scale = MODES[mode]
    size, rounds, agreements, assets, seconds, starts = READING[mode]
    asking_s, turns, questions = SERVING[mode]
    began = machine()
    with tempfile.TemporaryDirectory(prefix="ghala-bench-") as temporary:
        folder = Path(temporary)
        compared = large_publish(folder / "large", rows, count) + csv_release(
            folder / "csv", csv_rows, count
        )
        compared += profiled_publish(folder / "profiled", rows // 4, count)
        compared += reading.tpch(folder / "tpch", size, rounds)
        compared += sql_api.rows(asking_s, turns)
        alone = small_publishes(folder / "small", publishes) + help_time() + demo(folder, scale)
        alone += audit_verification(folder / "audit", AUDIT_ENTRIES)
        alone += reading.decisions(agreements) + reading.searches(assets)
        alone += reading.runaways(seconds) + reading.server(starts)
        alone += small_query.rows(questions)
        alone += lineage_graph.rows(starts)
    ended = machine().split("load average ")[1]
    page = "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench`; nobody edits it by hand. Ratios compare runs that were taken in turns, the order",
            f"swapped each time, {count} pairs: median (least to greatest). Machine: {began}; at the end {ended}.",
            "",
            "| ours | peer | seconds of | goal | ratio ours / peer | ours | peer |",
            "|---|---|---|---|---|---|---|",
            *compared,
            "",
            "| alone | goal | measured |",
            "|---|---|---|",
            *alone,
            "",
        ]
    )
    print(page)
    if not arguments.quick:
        PAGE.write_text(page)


if __name__ == "__main__":
    main()
