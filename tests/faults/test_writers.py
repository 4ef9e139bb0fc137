"""Many runs at once, of one product and of several, in several processes: no gap, no lost or doubled row."""

import subprocess
import sys

import pytest

import ghala
from ghala.testing.workspace import Table, write_product, write_workspace

PROGRAM = """
import sys
from pathlib import Path
import ghala
folder, me, products, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3].split(","), int(sys.argv[4])
published = 0
with ghala.open(folder) as app:
    for turn in range(count):
        product = products[turn % len(products)]
        name = product.split("/")[1]
        temporary = folder / "landing" / f".{me}-{turn}"
        temporary.write_text(f"who,turn\\n{me},{turn}\\n")
        temporary.rename(folder / "landing" / f"{name}-{me}-{turn:05d}.csv")
        outcome = app.run([product])[0]
        if outcome.error is not None:
            raise SystemExit(f"{me} {turn}: {outcome.error}")
        published += outcome.release is not None
print("PUBLISHED", published)
"""


def prepare(folder, products):
    write_workspace(
        folder, "zones: {in: landing}\nruns: {lease_s: 30, wait_s: 300}\nengine: {threads: 1}\n"
    )
    (folder / "landing").mkdir()
    for product in products:
        name = product.split("/")[1]
        table = Table({"who": "varchar, required: true", "turn": "integer, required: true"})
        write_product(
            folder,
            product,
            {name: table},
            f"sources:\n  rows: {{type: csv, zone: in, files: '{name}-*.csv'}}\nsteps:\n"
            f"  - {{name: land, source: rows, dataset: {name}, materialisation: append}}\n",
        )


def race(folder, products, processes, count):
    """Let processes publish `count` times each, and return how often each succeeded."""
    prepare(folder, products)
    commands = [
        [sys.executable, "-c", PROGRAM, str(folder), f"w{number}", ",".join(products), str(count)]
        for number in range(processes)
    ]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    published = 0
    for process in running:
        out, error = process.communicate(timeout=1500)
        assert process.returncode == 0, error
        assert "locked" not in error
        published += int(out.split()[-1])
    with ghala.open(folder) as app:
        total = 0
        for product in products:
            numbers = sorted(release.number for release in app.releases(product))
            assert numbers == list(range(1, len(numbers) + 1))
            total += len(numbers)
            # A file may ride in another process's release, but every row is there exactly once.
            rows = app.sql(f"SELECT who, turn FROM {product.replace('/', '.')}").rows()
            expected = {
                (f"w{number}", turn)
                for number in range(processes)
                for turn in range(count)
                if products[turn % len(products)] == product
            }
            assert len(rows) == len(expected)
            assert set(rows) == expected
        assert total == published
        assert app.verify().faults == ()
    print(
        f"{processes} processes, {len(products)} products: {published} releases of {processes * count} files"
    )


@pytest.mark.parametrize(
    ("products", "processes", "count"),
    [(["load/one"], 2, 5), (["load/one", "load/two"], 4, 4)],
    ids=["one product", "two products"],
)
def test_runs_at_once_leave_no_gap_and_no_lost_row(tmp_path, products, processes, count):
    race(tmp_path / "ws", products, processes, count)


@pytest.mark.long
@pytest.mark.parametrize(
    ("products", "processes", "count"),
    [
        (["load/one"], 2, 50),
        (["load/one"], 8, 15),
        (["load/one", "load/two", "load/three"], 4, 125),
        (["load/one", "load/two", "load/three"], 8, 15),
    ],
)
def test_hundreds_of_runs_at_once_leave_no_gap_and_no_lost_row(
    tmp_path, products, processes, count
):
    race(tmp_path / "ws", products, processes, count)
