import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from oidc_world import BACK, SETTINGS, Browser, Provider

from ghala.governance.approval import named_approvers
from ghala.governance.oidc import OutsideSignIn
from ghala.governance.oidc_provider import ProviderClient
from ghala.testing.office import Office
from ghala.testing.people import START_US, made_once, open_people


@pytest.fixture(scope="session")
def registry_template(tmp_path_factory):
    yield from made_once(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def office_template(registry_template, tmp_path_factory):
    """A registry with the people of an office: to add them takes longer than most tests."""
    folder = tmp_path_factory.mktemp("office")
    people = open_people(registry_template, folder, START_US - 1_000_000)
    Office(people).open()
    people.registry.close()
    return folder / "registry.db"


@pytest.fixture
def people(registry_template, tmp_path):
    people = open_people(registry_template, tmp_path)
    yield people
    people.registry.close()


@pytest.fixture
def staffed(office_template, tmp_path):
    """An office with its people, each of whose teams and domains is as it always is."""
    people = open_people(office_template, tmp_path)
    yield Office(people)
    people.registry.close()


@pytest.fixture
def amina(people):
    people.add("amina")
    return people


@pytest.fixture
def provider(people):
    return Provider(people.clock)


@pytest.fixture
def browser(people, provider):
    client = ProviderClient(SETTINGS, provider.fetch, lambda: provider.elapsed_s)
    sessions = people.identity.sessions
    named = named_approvers(Office(people, second="user:Boss").definitions)
    outside = OutsideSignIn(
        people.registry, sessions, client, people.identity.purposes, BACK, lambda: named
    )
    return Browser(outside, provider)
