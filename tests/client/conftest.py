"""The client against a server in a process of its own."""

import sys
from pathlib import Path

import pytest

import ghala

sys.path.insert(0, str(Path(__file__).parents[1] / "delivery"))

from organisation import Server, make_organisation


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served") / "acme"
    tokens = make_organisation(folder)
    server = Server(folder)
    yield server, tokens
    server.stop()


@pytest.fixture
def connect(served):
    """Return a way to connect as somebody, by the name of their token."""
    server, tokens = served

    def call(name, **options):
        return ghala.connect(server.url, token=tokens[name], **options)

    return call
