"""Settings of every test: property tests are the same on each machine, and repeatable."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ghala",
    database=None,
    deadline=None,  # two busy cores make single examples slow; a suite has its budget instead
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ghala")
