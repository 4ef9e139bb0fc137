"""Case: requests a second of the SQL API against a bare FastAPI handler over DuckDB that asks the same by hand.

Both are one server process with uvicorn's same parts, over the same Parquet file; a third process asks, eight requests
at once. Each page has about a hundred rows behind a row filter, with one masked column. `distinct`: no statement is
asked twice. `repeats`: a hundred statements again and again.

`python benchmarks/sql_api.py compare [SECONDS] [TURNS]` makes its own workspace, and stops what it started.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 200_000
AT_ONCE = 8
SPAN = 400
"""Ids of a page: the row filter leaves a quarter of them."""
REPEATED = 100
COLUMNS = {
    "id": "bigint, primaryKey: true, required: true, classification: public",
    "region": "varchar, classification: public",
    "phone": "varchar, tags: [pii.phone]",
    "amount": "decimal(12,2), classification: public",
}
STATEMENT = "SELECT id, region, phone, amount FROM shop.sales WHERE id BETWEEN {0} AND {1}"
BY_HAND = (
    "SELECT id, region, CASE WHEN phone IS NULL THEN NULL WHEN length(phone) > 2 "
    "THEN '…' || right(phone, 2) ELSE '…' END AS phone, amount FROM read_parquet('{2}') "
    "WHERE region = 'EU' AND id BETWEEN {0} AND {1}"
)


@dataclass(frozen=True, slots=True)
class World:
    """A workspace with one published dataset, its file, and the token of a service that an agreement lets read it."""

    root: Path
    token: str
    file: Path

    @classmethod
    def read(cls, folder: Path) -> World:
        """Return the one that `make` made in a folder."""
        facts = json.loads((folder / "world.json").read_text())
        return cls(folder / "acme", facts["token"], Path(facts["file"]))

    def by_hand(self, low: int) -> str:
        """Return the statement that asks for a page without Ghala."""
        return BY_HAND.format(low, low + SPAN - 1, self.file)


def statement(low: int) -> str:
    """Return the statement that asks for a page."""
    return STATEMENT.format(low, low + SPAN - 1)


def make(folder: Path) -> World:
    """Publish the dataset, and agree with a service on the rows of one region and all columns but the phone."""
    from ghala.model.principal import OWNER_LOCAL
    from ghala.testing.shop import Shop
    from ghala.testing.workspace import Table

    shop = Shop.open(folder / "acme", "zones: {in: landing}\n")
    shop.add("shop/sales", Table(COLUMNS), files="sales.csv")
    chosen = random.Random(7)  # noqa: S311 - no secret
    shop.put(
        "sales.csv", "id,region,phone,amount\n" + "".join(_line(n, chosen) for n in range(ROWS))
    )
    shop.publish("shop/sales")
    identity, requests = shop.app.identity, shop.app.access.requests
    identity.accounts.add("amina", by=OWNER_LOCAL)
    identity.accounts.add("service:reader", by=OWNER_LOCAL, owner="amina")
    scopes = ["dataset:read"]
    issued = identity.tokens.issue(
        "service:reader", by=OWNER_LOCAL, scopes=scopes, purpose="analytics"
    )
    asked = requests.request(
        "shop.sales",
        by=OWNER_LOCAL,
        purpose="analytics",
        until=datetime.now(UTC) + timedelta(days=30),
        justification="a benchmark",
        columns=["id", "region", "amount"],
        grantee="service:reader",
        rows={"column": "region", "is": "=", "value": "EU"},
    )
    requests.decide(asked.id, by=OWNER_LOCAL, is_approved=True)
    shop.app.close()
    (file,) = (folder / "acme" / ".ghala" / "lake").rglob("*.parquet")
    (folder / "world.json").write_text(json.dumps({"token": issued.text, "file": str(file)}))
    return World.read(folder)


def _line(number: int, chosen: random.Random) -> str:
    region = ("EU", "KE", "TZ", "UG")[number % 4]
    return (
        f"{number},{region},+2557{chosen.randrange(10**8):08},{chosen.randrange(10**6) / 100:.2f}\n"
    )


# The bare handler.


def serve_bare(folder: Path, port: int) -> None:
    """Answer pages as somebody would who needs no more than that."""
    import duckdb
    import uvicorn
    from fastapi import FastAPI
    from starlette.responses import Response

    world, database, app = World.read(folder), duckdb.connect(), FastAPI()

    @app.get("/page")
    def page(low: int) -> Response:
        cursor = database.cursor()
        cursor.execute(world.by_hand(low))
        columns = [{"name": one[0], "type": str(one[1])} for one in cursor.description]
        rows = cursor.fetchall()
        text = json.dumps({"columns": columns, "rows": rows, "row_count": len(rows)}, default=str)
        return Response(text, media_type="application/json")

    uvicorn.run(
        app, host="127.0.0.1", port=port, access_log=False, log_level="warning", lifespan="off"
    )


# Who asks.


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two servers: its name, its port, and its process."""

    name: str
    port: int
    process: int = 0


async def _ask(port: int, requests: Iterator[bytes], until_s: float, taken: list) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until_s:
        began_s = time.perf_counter()
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{head[:40]!r} {body[:300]!r}")
        taken.append(time.perf_counter() - began_s)
    writer.close()


def load(folder: Path, side: Side, kind: str, seconds: float, seed: int) -> None:
    """Ask for pages for a while, and print how long each took."""
    world, chosen, taken = World.read(folder), random.Random(seed), []  # noqa: S311 - no secret

    def requests() -> Iterator[bytes]:
        count = 0
        while True:
            count += 1
            # Drawn without a memory: of 200,000 pages few come twice.
            is_new = kind == "distinct"
            low = chosen.randrange(ROWS - SPAN) if is_new else count % REPEATED * SPAN
            if side.name == "bare":
                yield f"GET /page?low={low} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
                continue
            body = json.dumps({"sql": statement(low)})
            yield (
                f"POST /api/v1/sql HTTP/1.1\r\nHost: 127.0.0.1:{side.port}\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {world.token}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            ).encode()

    async def all_of_them() -> None:
        asked, until_s = requests(), time.perf_counter() + seconds
        await asyncio.gather(*(_ask(side.port, asked, until_s, taken) for _ in range(AT_ONCE)))

    asyncio.run(all_of_them())
    print(json.dumps(taken))


# The comparison.


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side did in one turn: requests a second, seconds of each, milliseconds of processors for each."""

    rate: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float


@contextmanager
def _started(command: list[str], folder: Path) -> Iterator[subprocess.Popen]:
    environment = {name: value for name, value in os.environ.items() if name[:6] != "GHALA_"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@contextmanager
def up(world: World) -> Iterator[int]:
    """Start `ghala up` with its defaults in a workspace, and give its port."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("ghala")), "up", "--port", str(port)]
    with _started(command, world.root):
        _await_port(port)
        yield port


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def _await_port(port: int) -> None:
    until_s = time.monotonic() + 60
    while time.monotonic() < until_s:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("a server did not start")


def _cpu_s(root: int) -> float:
    """Return how long processors worked for a process and all below it."""
    parents, ticks = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    found, grown = {root}, True
    while grown:
        more = {one for one, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return sum(ticks.get(one, 0) for one in found) / os.sysconf("SC_CLK_TCK")


def _turn(folder: Path, side: Side, kind: str, seconds: float) -> Turn:
    before = _cpu_s(side.process)
    asking = [side.name, str(side.port), kind, str(seconds)]
    command = [sys.executable, __file__, "load", str(folder), *asking]
    done = subprocess.run(
        [*command, str(time.time_ns())], check=True, stdout=subprocess.PIPE, text=True
    )
    taken = json.loads(done.stdout)
    cuts = statistics.quantiles(taken, n=20)
    cpu_ms = 1000 * (_cpu_s(side.process) - before) / len(taken)
    return Turn(len(taken) / seconds, 1000 * cuts[9], 1000 * cuts[-1], cpu_ms)


def compare(seconds: float, turns: int) -> dict[str, dict[str, list[Turn]]]:
    """Ask both sides in turns, and return what they did."""
    found = {kind: {"ours": [], "bare": []} for kind in ("distinct", "repeats")}
    with tempfile.TemporaryDirectory(prefix="ghala-bench-") as temporary:
        folder = Path(temporary)
        make(folder)
        ports = {"ours": _free_port(), "bare": _free_port()}
        program = str(Path(sys.executable).with_name("ghala"))
        governed = [program, "up", "--port", str(ports["ours"])]
        bare = [sys.executable, __file__, "bare", str(folder), str(ports["bare"])]
        with _started(governed, folder / "acme") as ours, _started(bare, folder) as peer:
            both = [
                Side("ours", ports["ours"], ours.pid),
                Side("bare", ports["bare"], peer.pid),
            ]
            for side in both:
                _await_port(side.port)
                for kind in found:
                    _turn(folder, side, kind, 3)
            for number in range(turns):
                for kind, sides in found.items():
                    for side in both[:: 1 if number % 2 else -1]:
                        sides[side.name].append(_turn(folder, side, kind, seconds))
    return found


def rows(seconds: float, turns: int) -> list[str]:
    """Return the lines of the page of benchmarks."""
    lines = []
    for kind, sides in compare(seconds, turns).items():
        ratios = [
            mine.rate / other.rate for mine, other in zip(sides["ours"], sides["bare"], strict=True)
        ]
        goal = "≥ 0.4" if kind == "distinct" else "≥ 1.0"
        shown = {side: _shown(taken) for side, taken in sides.items()}
        what = f"SQL API, pages of 100 rows of {ROWS:,}, {AT_ONCE} at once, {kind}"
        lines.append(
            f"| {what} | FastAPI + DuckDB by hand | requests/s | {goal} | **{statistics.median(ratios):.2f}** "
            f"({min(ratios):.2f} to {max(ratios):.2f}) | {shown['ours']} | {shown['bare']} |"
        )
    return lines


def _shown(taken: list[Turn]) -> str:
    rate, p50, p95, cpu = (
        statistics.median(getattr(turn, of) for turn in taken)
        for of in ("rate", "p50_ms", "p95_ms", "cpu_ms")
    )
    return f"{rate:.0f}/s, p50 {p50:.1f} ms, p95 {p95:.1f} ms, {cpu:.1f} ms of processors each"


def main() -> None:
    """Do what the first word says."""
    word, *words = sys.argv[1:]
    if word == "bare":
        serve_bare(Path(words[0]), int(words[1]))
    elif word == "load":
        folder, name, port, kind, seconds, seed = words
        load(Path(folder), Side(name, int(port)), kind, float(seconds), int(seed))
    elif word == "make":
        make(Path(words[0]))
    else:
        seconds = float(words[0]) if words else 6.0
        print("\n".join(rows(seconds, int(words[1]) if len(words) > 1 else 3)))


if __name__ == "__main__":
    main()
