"""Writes the tables and questions of TPC-DS and TPC-H; runs in a process of its own, with an older DuckDB.

Usage: `python write_tpc.py PEERS FOLDER`. PEERS is what `dev/peers` makes; nothing of it is part of this project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

GENERATORS = {"tpcds": "dsdgen", "tpch": "dbgen"}
SCALE = 0.01


def main(peers: Path, folder: Path) -> None:
    """Write `<benchmark>.<table>.parquet` and `questions.json`: a list of texts for each benchmark."""
    import duckdb  # the one in `peers`

    questions = {}
    for benchmark, generator in GENERATORS.items():
        (extension,) = (peers / f"duckdb_extension_{benchmark}").rglob("*.duckdb_extension")
        with duckdb.connect() as engine:
            engine.execute(f"LOAD '{extension}'")
            engine.execute(f"CALL {generator}(sf = {SCALE})")
            for (table,) in engine.execute("SHOW TABLES").fetchall():
                path = folder / f"{benchmark}.{table}.parquet"
                engine.execute(f"COPY {table} TO '{path}' (FORMAT parquet)")
            listed = engine.execute(f"SELECT query FROM {benchmark}_queries() ORDER BY query_nr")
            questions[benchmark] = [text for (text,) in listed.fetchall()]
    (folder / "questions.json").write_text(json.dumps(questions))


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main(Path(sys.argv[1]), Path(sys.argv[2]))
