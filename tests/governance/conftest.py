import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ghala.testing.people import made_once, open_people


@pytest.fixture(scope="session")
def registry_template(tmp_path_factory):
    yield from made_once(tmp_path_factory.mktemp("template"))


@pytest.fixture
def people(registry_template, tmp_path):
    people = open_people(registry_template, tmp_path)
    yield people
    people.registry.close()


@pytest.fixture
def amina(people):
    people.add("amina")
    return people
