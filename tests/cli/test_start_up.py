"""The command line starts at once: what it does not need yet is not imported."""

import resource
import subprocess
import sys

import ghala

BUDGET_S = 0.2
SERVER = """
import sys
import ghala
from ghala.delivery.http.make import make_app
from ghala.delivery.http.origin import Origin
with ghala.open(sys.argv[1]) as app:
    parts = app.http_parts(Origin.of("127.0.0.1", 8321, None))
    make_app(parts)
    with app.system_published(), parts.access.expiries.noted_every(), parts.notifications.delivering():
        print({"duckdb", "numpy", "pyarrow", "pyiceberg", "sqlglot"} & set(sys.modules))
    parts.close()
"""


def test_help_takes_less_than_a_fifth_of_a_second():
    program = "from ghala.cli.main import main; main()"
    subprocess.run(
        [sys.executable, "-c", program, "--help"], capture_output=True, check=True
    )  # fills the bytecode cache
    assert min(cpu_seconds([sys.executable, "-c", program, "--help"]) for _ in range(5)) <= BUDGET_S


def cpu_seconds(words):
    # CPU and not wall time: other tests run beside this one.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_importing_ghala_loads_neither_engine_nor_arrow():
    program = "import sys, ghala; print({'duckdb', 'pyarrow', 'sqlalchemy', 'pyiceberg'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_a_server_that_nobody_has_asked_loads_neither_arrow_nor_the_parser(tmp_path):
    (tmp_path / "ghala.yaml").write_text("name: acme\n")
    done = subprocess.run(
        [sys.executable, "-c", SERVER, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_ghala_names_what_it_offers():
    assert {"App", "GhalaError", "open"} <= set(dir(ghala))
    assert ghala.GhalaError.__name__ == "GhalaError"
    assert not hasattr(ghala, "close")
