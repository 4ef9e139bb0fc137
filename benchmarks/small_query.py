"""Case: what a small governed question takes more than bare DuckDB on the same asked by hand, one after the other.

Three ways in turns, each with statements that nobody asked before: DuckDB in this process over the same file with the
row filter and the mask written out; the read door in this process, as the service that an agreement lets read, with its
record made durable; and the door over HTTP.

`python benchmarks/small_query.py [COUNT]` makes its own workspace, and stops what it started.
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from sql_api import ROWS, SPAN, World, make, statement, up

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL_MS = 8
WARM_UP = 30


def by_hand(world: World) -> Callable[[int], int]:
    """Return what asks DuckDB for a page, and returns how many rows it has."""
    import duckdb

    database = duckdb.connect()
    return lambda low: database.cursor().sql(world.by_hand(low)).to_arrow_table().num_rows


def in_process(world: World, stack: ExitStack) -> Callable[[int], int]:
    """Return what asks the read door of this process, as the service."""
    import ghala
    from ghala.delivery.http.origin import Origin

    app = ghala.open(world.root)
    stack.callback(app.close)
    parts = app.http_parts(Origin.of("127.0.0.1", 8321, None))
    stack.callback(parts.close)

    def ask(low: int) -> int:
        principal = parts.identity.tokens.check(world.token)
        with (
            parts.asking.going(principal) as going,
            parts.asking.answer(statement(low), going) as answer,
        ):
            return sum(batch.num_rows for batch in answer.batches())

    return ask


def over_http(world: World, port: int) -> Callable[[int], int]:
    """Return what asks the server, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {world.token}", "Content-Type": "application/json"}

    def ask(low: int) -> int:
        body = json.dumps({"sql": statement(low)})
        connection.request("POST", "/api/v1/sql", body, headers)
        return json.loads(connection.getresponse().read())["row_count"]

    return ask


def measure(count: int) -> dict[str, list[float]]:
    """Return the milliseconds of each question, by the way that it took."""
    chosen = random.Random(11)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(prefix="ghala-bench-") as temporary, ExitStack() as stack:
        world = make(Path(temporary))
        port = stack.enter_context(up(world))
        ways = {
            "by hand": by_hand(world),
            "in process": in_process(world, stack),
            "HTTP": over_http(world, port),
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(WARM_UP + count):
            for way, ask in ways.items():
                low = chosen.randrange(ROWS - SPAN)
                began_s = time.perf_counter()
                rows = ask(low)
                if number >= WARM_UP:
                    taken[way].append(1000 * (time.perf_counter() - began_s))
                if rows != SPAN // 4:
                    raise SystemExit(f"{way}: {rows} rows")
    return taken


def rows(count: int) -> list[str]:
    """Return the lines of the page of benchmarks."""
    taken = measure(count)
    bare = statistics.median(taken.pop("by hand"))
    return [
        f"| a page of {SPAN // 4} rows, filter and mask, {way}: p50 beyond DuckDB by hand ({bare:.1f} ms) "
        f"| ≤ +{GOAL_MS} ms | +{statistics.median(each) - bare:.1f} ms |"
        for way, each in taken.items()
    ]


if __name__ == "__main__":
    print("\n".join(rows(int(sys.argv[1]) if len(sys.argv) > 1 else 300)))
