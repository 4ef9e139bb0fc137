"""The command line starts at once: what it does not need yet is not imported."""

import resource
import subprocess
import sys

import ghala

BUDGET_S = 0.2


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


def test_ghala_names_what_it_offers():
    assert {"App", "GhalaError", "open"} <= set(dir(ghala))
    assert ghala.GhalaError.__name__ == "GhalaError"
    assert not hasattr(ghala, "close")
