"""One server for all tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from organisation import Organisation, Server, make_organisation


@pytest.fixture(scope="session")
def organisation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("organisation")
    tokens = make_organisation(folder / "acme")
    server = Server(folder / "acme")
    yield Organisation(server, tokens)
    server.stop()


@pytest.fixture
def client(organisation):
    with organisation.server.client() as made:
        yield made
