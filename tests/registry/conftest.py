import pytest

from ghala.registry.registry import open_registry


@pytest.fixture
def registry(tmp_path):
    registry = open_registry(None, tmp_path)
    yield registry
    registry.close()
