"""Case: the 22 questions of TPC-H through the read door, with a row filter, two masks and the audit; against DuckDB.

The peer reads the very files of the release through views that somebody wrote by hand, with the same filter and masks.
Both are asked in turns, question by question, with as many threads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from clock import cpu_s

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from ghala.app import App

ROOT = Path(__file__).parents[1]
QUESTIONS = (ROOT / "tests/doors/tpch.sql").read_text().split("\n%%\n")[1:]
PEERS = ROOT / ".peers"
DOMAIN, PURPOSE, ASKER = "tpch", "analytics", "service:bench"
THREADS, MEMORY_MB = 2, 6000
LINES_LIMIT = 6
SIZE_OF_SF1 = 1000
FILTERS = {"lineitem": f"l_linenumber < {LINES_LIMIT}"}
"""The rows that the asker has been given: about nine in ten."""
MASKS = {
    "customer": ("c_address", "pii.address", "NULL::VARCHAR"),
    "supplier": ("s_phone", "pii.phone", "'***' || right(s_phone, 2)"),
}
_GENERATOR = """import sys, duckdb
extension, folder, factor = sys.argv[1:]
engine = duckdb.connect(config={"allow_unsigned_extensions": True, "threads": 2})
engine.load_extension(extension)
engine.execute(f"CALL dbgen(sf = {factor})")
for (name,) in engine.execute("SELECT table_name FROM duckdb_tables()").fetchall():
    engine.execute(f"COPY {name} TO '{folder}/{name}.csv' (HEADER)")
"""


def setup(folder: Path, size: int) -> None:
    """Make the tables, of scale factor `size` / 1000, and release them."""
    import ghala
    from ghala.testing.workspace import Table, write_product, write_workspace

    (folder / "in").mkdir(parents=True)
    # An answer that is given again would cost nothing.
    engine = f"{{threads: {THREADS}, memory_mb: {MEMORY_MB}, answers_mb: 0}}"
    write_workspace(
        folder / "ws",
        f"engine: {engine}\nzones: {{in: ../in}}\nlimits: {{query_s: 300}}\n",
    )
    tables = _made(folder / "in", size)
    (folder / "generator").write_text("dbgen" if _extension() else "ours")
    promised = {}
    for name, columns in tables.items():
        described = {}
        for column, kind in columns.items():
            # A dataset of public columns alone is read by everybody, whole.
            is_agreed = name in FILTERS and column.endswith("_comment")
            tag = MASKS[name][1] if MASKS.get(name, ("",))[0] == column else ""
            described[column] = (
                f"{kind.lower()}, classification: {'internal' if is_agreed else 'public'}"
                + (f", tags: [{tag}]" if tag else "")
            )
        promised[name] = Table(described)
    sources = "".join(
        f"  {name}: {{type: csv, zone: in, files: {name}.csv}}\n" for name in promised
    )
    steps = "".join(
        f"  - {{name: land_{name}, source: {name}, dataset: {name}}}\n" for name in promised
    )
    write_product(
        folder / "ws", f"{DOMAIN}/tables", promised, f"sources:\n{sources}steps:\n{steps}"
    )
    with ghala.open(folder / "ws") as app:
        outcome = app.run()[0]
        if outcome.error or outcome.reports[0].rows_quarantined:
            raise SystemExit(str(outcome.error or "rows were kept out"))
        _agree(app)


def _extension() -> Path | None:
    return next(PEERS.glob("**/tpch.duckdb_extension"), None)


def _made(folder: Path, size: int) -> dict[str, dict[str, str]]:
    """Write the tables as CSV, with the benchmark's own generator if it is there, and return their columns."""
    import duckdb

    sys.path.insert(0, str(ROOT / "tests/doors"))
    import tpch  # the folder of the questions

    queries, extension = tpch.tables(size), _extension()
    if extension is not None:
        command = [sys.executable, "-c", _GENERATOR, extension, folder, str(size / SIZE_OF_SF1)]
        subprocess.run(command, check=True, env={"PYTHONPATH": str(PEERS)})
    tables = {}
    with duckdb.connect(config={"threads": THREADS}) as engine:
        for name, query in queries.items():
            if extension is None:
                engine.execute(f"COPY ({query}) TO '{folder}/{name}.csv' (HEADER)")
            described = engine.sql(f"DESCRIBE {query}").fetchall()
            tables[name] = {column: kind for column, kind, *_ in described}
    return tables


def _agree(app: App) -> None:
    """Let the asker read the lines that the filter leaves."""
    from ghala.model.agreement import Agreement
    from ghala.model.names import DatasetName
    from ghala.model.predicate import Comparison, Operator
    from ghala.model.principal import OWNER_LOCAL
    from ghala.registry import agreements
    from ghala.registry.registry import move_epoch

    identity, now = app.identity, datetime.now(UTC)
    identity.accounts.add("amina", by=OWNER_LOCAL)
    identity.accounts.add(ASKER, by=OWNER_LOCAL, owner="amina")
    (contract,) = app.workspace().products[0].contracts
    (lines,) = (one for one in contract.datasets if one.name.dataset == "lineitem")
    agreement = Agreement(
        "agreed",
        ASKER,
        DatasetName(DOMAIN, "lineitem"),
        frozenset(column.name for column in lines.columns),
        PURPOSE,
        now,
        now + timedelta(days=30),
        rows=Comparison("l_linenumber", Operator.LESS, str(LINES_LIMIT)),
        dataset_id=lines.id,
    )
    with app._registry.write() as connection:  # noqa: SLF001 - a request and its approval would do the same
        agreements.add_agreement(connection, agreement)
        move_epoch(connection)


class Governed:
    """Asks through the read door of the HTTP API, as one service with one token."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        import ghala
        from ghala.delivery.http.origin import Origin
        from ghala.model.principal import OWNER_LOCAL

        self.app = held.enter_context(ghala.open(folder / "ws"))
        self.parts = self.app.http_parts(Origin.of("127.0.0.1", 1))
        held.callback(self.parts.close)
        tokens = self.app.identity.tokens
        issued = tokens.issue(ASKER, by=OWNER_LOCAL, scopes=["dataset:read"], purpose=PURPOSE)
        self.principal = tokens.check(issued.text)

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """Return the answer."""
        asking = self.parts.asking
        with asking.going(self.principal) as going, asking.answer(question, going) as answer:
            return _rows(answer.batches())


class Bare:
    """Asks an engine of its own, in this process, over the views that somebody wrote by hand."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        import duckdb

        config = {"threads": THREADS, "memory_limit": f"{MEMORY_MB}MB"}
        self.engine = held.enter_context(duckdb.connect(config=config))
        self.engine.execute(f"CREATE SCHEMA {DOMAIN}")
        lake = folder / "ws/.ghala/lake" / DOMAIN
        for name in {path.name.rpartition("-")[0] for path in lake.iterdir()}:
            files = sorted(str(path) for path in lake.glob(f"{name}-*/data/*.parquet"))
            column, _, mask = MASKS.get(name, ("", "", ""))
            shown = f"* REPLACE ({mask} AS {column})" if column else "*"
            kept = f" WHERE {FILTERS[name]}" if name in FILTERS else ""
            self.engine.execute(
                f"CREATE VIEW {DOMAIN}.{name} AS SELECT {shown} FROM read_parquet({files}){kept}"
            )

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """Return the answer."""
        return _rows(self.engine.sql(question).to_arrow_reader(65_536))


def _rows(batches: Iterable[pa.RecordBatch]) -> list[tuple[object, ...]]:
    return [
        row
        for batch in batches
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]


def compared(folder: Path, rounds: int) -> dict[str, object]:
    """Ask both all questions in turns; return each question's seconds of processor time, by round."""
    with ExitStack() as held:
        sides = {"ours": Governed(folder, held), "peer": Bare(folder, held)}
        for side in sides.values():
            side.rows(f"SELECT count(*) FROM {DOMAIN}.region")
        seconds = {side: [[] for _ in QUESTIONS] for side in sides}
        for turn in range(rounds):
            for number, question in enumerate(QUESTIONS):
                answers = []
                for side in sorted(sides, reverse=bool((turn + number) % 2)):
                    taken_s, rows = _timed(sides[side], question)
                    seconds[side][number].append(taken_s)
                    answers.append(rows)
                if not _is_same(*answers):
                    raise SystemExit(f"question {number + 1} has two answers")
    return {**seconds, "generator": (folder / "generator").read_text()}


def _timed(side: Governed | Bare, question: str) -> tuple[float, list[tuple[object, ...]]]:
    began_s = cpu_s()
    rows = side.rows(question)
    return cpu_s() - began_s, rows


def _is_same(some: list[tuple[object, ...]], others: list[tuple[object, ...]]) -> bool:
    """Return whether two answers are the same, doubles to nine digits."""

    def written(rows: list[tuple[object, ...]]) -> list[list[object]]:
        return [[f"{one:.9g}" if isinstance(one, float) else one for one in row] for row in rows]

    return written(some) == written(others)


if __name__ == "__main__":
    side, where, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if side == "setup":
        setup(where, number)
    else:
        os.environ.pop("PYTHONPATH", None)
        began = time.perf_counter()
        found = compared(where, number)
        print(json.dumps({"wall_s": time.perf_counter() - began, "cpu_s": 0.0, **found}))
