"""What the tests share that decide about every call of a living process."""

import os

import pytest

import ghala
from ghala.testing.faults import scenario
from ghala.testing.faults.intercept import is_available


@pytest.fixture(scope="session")
def interception():
    if not is_available():
        message = "this kernel lets no process decide about another one's calls, or not here"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture
def template(tmp_path):
    """A workspace with one release and a second file that waits; it can be copied, as any workspace can be moved."""
    folder = scenario.prepare(tmp_path / "template")
    with ghala.open(folder) as app:
        scenario.publish(app, folder, 1)
    scenario.add_file(folder, 2)
    return folder
