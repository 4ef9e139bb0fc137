"""How long the portal takes to draw a lineage of 300 datasets, in Chromium: from the address to the last node.

`python benchmarks/lineage_graph.py [TIMES]` serves a workspace of its own. What the server would answer about lineage
is generated, so that what is measured is the drawing: 300 datasets of ten domains in ten layers, each made from two of
the layer before.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import httpx

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
NODES, LAYERS, DOMAINS = 300, 10, 10
FOCUS = "sales.orders"
PASSWORD = "long ships sail slowly"  # noqa: S105 - of an account that lives as long as this
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SEED = 4
GOAL = "≤ 3 s"


def generated() -> dict[str, object]:
    """Return the answer about a lineage of so many datasets; the one in the middle is real."""
    chance = random.Random(SEED)  # noqa: S311 - the same graph each time
    wide = NODES // LAYERS
    layers = [
        [
            f"domain{(layer * 3 + place // 6) % DOMAINS}.dataset_{layer}_{place}"
            for place in range(wide)
        ]
        for layer in range(LAYERS)
    ]
    layers[LAYERS // 2][wide // 2] = FOCUS
    edges = [
        {
            "origin": {"dataset": origin, "column": "value"},
            "target": {"dataset": target, "column": "value"},
            "kind": "direct",
        }
        for before, after in pairwise(layers)
        for place, target in enumerate(after)
        # Each is made from its neighbour and from any other.
        for origin in {before[place], chance.choice(before)}
    ]
    datasets = [
        {"name": name, "product": name.replace(".", "/"), "environment": "prod", "releases": [1]}
        | {"above": 2, "below": 2}
        for layer in layers
        for name in layer
    ]
    facts: dict[str, object] = {"dataset": FOCUS, "columns": ["value"], "direction": "up"}
    return facts | {"datasets": datasets, "edges": edges, "untraced": [], "is_recorded": True}


def drawn(times: int) -> list[float]:
    """Draw the graph some times, each in a window of its own, and return the seconds of each."""
    from playwright.sync_api import sync_playwright

    answer = json.dumps(generated())
    seconds = []
    with (
        tempfile.TemporaryDirectory(prefix="ghala-bench-") as folder,
        sync_playwright() as playwright,
    ):
        server, url = _served(Path(folder) / "acme")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            cookies = _signed_in(url)
            for _ in range(times):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.context.add_cookies(cookies)
                page.route(
                    "**/api/v1/lineage/**",
                    lambda route: route.fulfill(content_type="application/json", body=answer),
                )
                began = time.perf_counter()
                page.goto(f"{url}/lineage/{FOCUS.replace('.', '/')}")
                page.locator(".react-flow__node-shown").nth(NODES - 1).wait_for(state="attached")
                page.locator(".react-flow__node-shown a", has_text=FOCUS).wait_for()
                seconds.append(time.perf_counter() - began)
                page.close()
        finally:
            browser.close()
            server.terminate()
            server.wait(timeout=30)
    return seconds


def _served(folder: Path) -> tuple[subprocess.Popen[str], str]:
    from ghala.model.principal import OWNER_LOCAL
    from ghala.testing.shop import Shop

    shop = Shop.open(folder)
    shop.add(FOCUS.replace(".", "/"), files="orders.csv")
    shop.app.identity.accounts.add("amina", by=OWNER_LOCAL, password=PASSWORD)
    shop.app.close()
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("ghala")), "up", "--port", "0"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "GHALA_" not in name},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    url = server.stdout.readline().strip() if server.stdout else ""
    if not url.startswith("http"):
        raise SystemExit("the server did not start")
    return server, url.removesuffix("/api/v1").rstrip("/")


def _signed_in(url: str) -> list[dict[str, str]]:
    asked = {"name": "amina", "password": PASSWORD, "purpose": "analytics"}
    with httpx.Client(base_url=f"{url}/api/v1", trust_env=False, timeout=30) as client:
        client.post("/session", json=asked).raise_for_status()
        return [{"name": name, "value": text, "url": url} for name, text in client.cookies.items()]


def rows(times: int) -> list[str]:
    """Return the lines of the page of benchmarks; none where there is no Chromium."""
    if CHROMIUM is None:
        return []
    seconds = drawn(times)
    what = f"draw a lineage of {NODES} datasets in Chromium"
    return [
        f"| {what} | {GOAL} | {statistics.median(seconds):.2f} s (at most {max(seconds):.2f} s) |"
    ]


if __name__ == "__main__":
    print("\n".join(rows(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
