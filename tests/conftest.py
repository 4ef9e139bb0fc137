"""Settings of every test: property tests are the same on each machine, and each suite has a budget of time."""

import gc
from collections import defaultdict

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ghala",
    database=None,
    deadline=None,  # two busy cores make single examples slow; a suite has its budget instead
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ghala")

# Seconds of one core that a suite may take in `make test`, which stays well under 10 minutes on two.
BUDGETS_S = {
    "cli": 20,
    "client": 15,
    "delivery": 120,
    "docs": 60,
    "doors": 150,
    "e2e": 120,
    "engines": 20,
    "faults": 120,
    "governance": 45,
    "hostile": 20,
    "house": 20,
    "ingest": 40,
    "lake": 15,
    "model": 5,
    "packaging": 20,
    "pipelines": 40,
    "publish": 30,
    "quality": 30,
    "query": 20,
    "real": 30,
    "registry": 90,
    "spec": 25,
    "sql": 15,
    "testing": 50,
}


def pytest_collection_finish():
    """Let the collector pass over what stays to the end: thousands of tests, and the modules that they import."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure():
    """Let what stayed be collected, as a process that ends expects it."""
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter):
    """Say what each suite took of its budget; a suite that is over it wants a look, or a smaller neighbour."""
    seconds = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            path, duration = getattr(report, "nodeid", ""), getattr(report, "duration", 0)
            parts = path.split("::")[0].split("/")
            if duration and len(parts) > 2 and parts[0] == "tests":
                seconds[parts[1]] += duration
    if sum(seconds.values()) < 60:
        return  # a part of the tests: nothing to compare with
    terminalreporter.section("seconds of each suite, of its budget")
    for suite, spent in sorted(seconds.items(), key=lambda item: -item[1]):
        budget = BUDGETS_S.get(suite)
        mark = "  OVER" if budget is None or spent > budget else ""
        terminalreporter.write_line(f"{suite:12} {spent:6.1f} of {budget}{mark}")
    terminalreporter.write_line(
        f"{'all':12} {sum(seconds.values()):6.1f} of {sum(BUDGETS_S.values())}"
    )
