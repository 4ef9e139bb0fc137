"""Which environments are there: those in which something ran, and prod."""

from datetime import UTC, datetime

import pytest

from ghala.errors import NotFoundError
from ghala.model.names import ProductName
from ghala.model.run import Run, RunState
from ghala.registry import environments, runs


def refused(registry, name):
    with (
        pytest.raises(NotFoundError, match="there is no environment") as caught,
        environments.read(registry, name),
    ):
        pass
    return caught.value


def test_prod_is_there_before_anything_ran(registry):
    with environments.read(registry, "prod"):
        pass
    assert refused(registry, "dev").hint == (
        "there is `prod`; `ghala run --environment NAME` makes another"
    )


def test_an_environment_is_there_as_soon_as_a_run_began_in_it(registry):
    began = datetime.now(UTC)
    run = Run("r1", ProductName("sales", "orders"), "staging", "0" * 64, RunState.RUNNING, began)
    with registry.write() as connection:
        runs.start(connection, run)
    with environments.read(registry, "staging"):
        pass
    assert refused(registry, "stagign").hint == "did you mean `staging`?"
    assert refused(registry, "prdo").hint == "did you mean `prod`?"
