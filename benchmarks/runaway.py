"""32 principals ask a server small questions, alone and while another one's questions run away: p50 and p95 of both.

`python benchmarks/runaway.py [SECONDS]` makes a workspace of its own, and starts and stops its server; no more than a
minute. Each phase asks for as long, and the runaway questions go on through all of the second one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

PRINCIPALS = 32
RUNAWAYS = 4
SMALL = "SELECT region, count(*) AS n FROM market.rates GROUP BY region"
ENDLESS = (
    "SELECT count(*) FROM market.rates, range(1000000) a, range(1000000) b "
    "WHERE a.range * b.range % 7 = 3"
)
RATES = Table(
    {
        "id": "bigint, classification: public",
        "region": "varchar, classification: public",
    }
)


def make(folder: Path) -> tuple[list[str], str]:
    """Publish a dataset, and return the tokens of those who ask and of the one who asks too much."""
    shop = Shop.open(folder)
    shop.add("market/rates", RATES, files="rates.csv")
    rows = "".join(f"{number},R{number % 7}\n" for number in range(10_000))
    shop.put("rates.csv", f"id,region\n{rows}")
    shop.publish("market/rates")
    identity, tokens = shop.app.identity, []
    identity.accounts.add("amina", by=OWNER_LOCAL, password=PASSWORD)
    for number in range(PRINCIPALS + 1):
        name = f"service:asker{number}"
        identity.accounts.add(name, by=OWNER_LOCAL, owner="amina")
        issued = identity.tokens.issue(
            name, by=OWNER_LOCAL, scopes=["dataset:read"], purpose="analytics"
        )
        tokens.append(issued.text)
    shop.app.close()
    return tokens[:-1], tokens[-1]


def ask(url: str, token: str, until_s: float, taken: list[float]) -> None:
    """Ask small questions, with half a second of thought between them, until a time."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
        while time.monotonic() < until_s:
            begun_s = time.monotonic()
            client.post("/sql", json={"sql": SMALL}).raise_for_status()
            taken.append(time.monotonic() - begun_s)
            time.sleep(0.5)


def phase(url: str, tokens: list[str], seconds: float) -> tuple[float, float, int]:
    """Let everybody ask for a while, and return p50 and p95 in seconds, and how many answers there were."""
    taken: list[float] = []
    until_s = time.monotonic() + seconds
    threads = [threading.Thread(target=ask, args=(url, token, until_s, taken)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(taken, n=20)
    return statistics.median(taken), cuts[-1], len(taken)


def run_away(url: str, token: str) -> list[str]:
    """Begin questions that never end, and return their ids."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
        return [
            client.post("/questions", json={"sql": ENDLESS}).raise_for_status().json()["id"]
            for _ in range(RUNAWAYS)
        ]


def main() -> None:
    """Measure, and print one line of JSON: both phases, and the ratio of their p95."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
    with tempfile.TemporaryDirectory() as folder:
        tokens, greedy = make(Path(folder) / "acme")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GHALA_")}
        program = str(Path(sys.executable).with_name("ghala"))
        server = subprocess.Popen(
            [program, "up", "--port", "0"],
            cwd=Path(folder) / "acme",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            url = server.stdout.readline().strip() if server.stdout else ""
            phase(url, tokens, 5)
            alone = phase(url, tokens, seconds)
            run_away(url, greedy)
            beside = phase(url, tokens, seconds)
        finally:
            server.terminate()
            server.wait(timeout=30)
    found = {
        name: {"p50_ms": 1000 * p50, "p95_ms": 1000 * p95, "answers": count}
        for name, (p50, p95, count) in (("alone", alone), ("beside", beside))
    }
    print(json.dumps({**found, "ratio": beside[1] / alone[1]}))


if __name__ == "__main__":
    main()
