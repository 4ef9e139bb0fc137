"""Whole workspaces whose registry is PostgreSQL, shared by several processes."""

import subprocess
import sys
from pathlib import Path

import pytest

import ghala
from ghala.registry.registry import read_epoch
from ghala.testing.shop import SETTINGS, Shop

HEADER = "id,amount\n"
GHALA = Path(sys.executable).with_name("ghala")
PROGRAM = """
import sys
from pathlib import Path
import ghala
folder, me, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with ghala.open(folder) as app:
    for turn in range(count):
        number = me * 1000 + turn
        temporary = folder / "landing" / f".{number}"
        temporary.write_text(f"id,amount\\n{number},1.00\\n")
        temporary.rename(folder / "landing" / f"{number}.csv")
        outcome = app.run(["sales/orders"], wait_s=120)[0]
        if outcome.error is not None:
            raise SystemExit(f"{me} {turn}: {outcome.error}")
        print(outcome.run.state.value)
"""


@pytest.fixture
def shop(server, postgresql_url, tmp_path, monkeypatch):
    """A workspace with its registry in `ghala.yaml`, and the password in the environment."""
    monkeypatch.setenv("GHALA_REGISTRY_PASSWORD", server.password)
    url = postgresql_url.replace(f":{server.password}@", "@")
    shop = Shop.open(tmp_path / "shop", f"registry: {url}\n{SETTINGS}")
    shop.add()
    yield shop
    shop.app.close()


def command(shop, *words):
    done = subprocess.run(
        [GHALA, *words, "-w", shop.folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def epoch(shop):
    with shop.app._registry.read() as connection:
        return read_epoch(connection)


@pytest.mark.usefixtures("durable_server")
def test_a_workspace_goes_from_init_to_verify(postgresql_url, tmp_path, monkeypatch):
    monkeypatch.setenv("GHALA_REGISTRY", postgresql_url)
    folder = tmp_path / "acme"
    subprocess.run([GHALA, "init", folder], check=True, capture_output=True)
    with ghala.open(folder) as app:
        assert app.lint() == ()
        (outcome,) = app.run()
        assert (outcome.error, outcome.release.number) == (None, 1)
        with app.sql("SELECT count(*), sum(amount) FROM sales.orders") as result:
            assert [(int(rows), str(total)) for rows, total in result.rows()] == [(5, "388.65")]
        assert [release.number for release in app.releases()] == [1]
        assert app.verify().faults == ()
        assert app.verify().files > 0
        assert app.show("sales.orders")
        assert app.catalog().load_table("sales.orders").scan().to_arrow().num_rows == 5
        assert app.sweep(0) == 0
        assert [one.message for one in app.doctor() if not one.is_fine] == []
    assert not (folder / ".ghala" / "registry.db").exists()


def test_what_one_process_publishes_another_reads_at_once(shop):
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    assert shop.app.sql("SELECT count(*) FROM sales.orders").rows() == [(1,)]
    before = epoch(shop)

    shop.put("b.csv", HEADER + "2,2.00\n")
    command(shop, "run", "sales/orders")
    assert epoch(shop) > before
    assert shop.app.sql("SELECT count(*) FROM sales.orders").rows() == [(2,)]
    assert [release.number for release in shop.app.releases("sales/orders")] == [2, 1]


def test_processes_that_publish_at_once_leave_no_gap_and_no_lost_row(shop):
    processes, turns = 3, 3
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(shop.folder), str(me), str(turns)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for me in range(processes)
    ]
    states = []
    for process in running:
        out, error = process.communicate(timeout=300)
        assert process.returncode == 0, error
        states += out.split()
    releases = shop.app.releases("sales/orders")
    numbers = sorted(release.number for release in releases)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == states.count("published")
    assert len(states) == processes * turns
    # A file may ride in another process's release, but every row is there exactly once.
    rows = sorted(row[0] for row in shop.stored())
    assert rows == [me * 1000 + turn for me in range(processes) for turn in range(turns)]
    assert shop.app.verify().faults == ()
    assert next(one for one in shop.app.doctor() if one.name == "audit chain").is_fine


def test_a_storage_belongs_to_one_registry(shop, monkeypatch):
    shop.put("a.csv", HEADER + "1,1.00\n")
    shop.publish()
    monkeypatch.setenv("GHALA_REGISTRY", "null")
    with ghala.open(shop.folder) as app:
        found = {one.name: one for one in app.doctor()}
    assert "was lost or replaced" in found["registry"].message
