"""One's own history: bounded, for oneself alone, gone with the person."""

import threading

import pytest

from ghala.errors import UsageError
from ghala.governance.accounts import Accounts
from ghala.governance.passwords import Passwords
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.query.asked import KEPT, KEPT_US, LONGEST_SQL, AskedStatements
from ghala.registry.registry import now_us, open_registry

AMINA = Principal("user:amina", PrincipalKind.USER, "analytics")
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")


@pytest.fixture
def registry(tmp_path):
    registry = open_registry(None, tmp_path)
    yield registry
    registry.close()


@pytest.fixture
def clock():
    return [1_000_000_000_000]


@pytest.fixture
def asked(registry, clock):
    made = AskedStatements(registry, lambda: clock[0])
    yield made
    made.close()


def texts(asked, principal, limit=KEPT):
    return [one.sql for one in asked.statements(by=principal, limit=limit)]


def test_the_newest_are_kept_of_each_person(asked):
    asked.note(BEN, "SELECT 0", "prod")
    for number in range(KEPT + 5):
        asked.note(AMINA, f"SELECT {number}", "prod")
    found = texts(asked, AMINA)
    assert len(found) == KEPT
    assert found[0] == f"SELECT {KEPT + 4}"
    assert texts(asked, BEN) == ["SELECT 0"]


def test_what_is_old_is_neither_shown_nor_kept(asked, clock):
    asked.note(AMINA, "SELECT 'old'", "prod")
    asked.flush()
    clock[0] += KEPT_US + 1
    assert texts(asked, AMINA) == []
    asked.note(BEN, "SELECT 1", "prod")
    asked.flush()
    clock[0] -= KEPT_US
    assert texts(asked, AMINA) == []


def test_programs_and_texts_of_programs_have_no_history(asked):
    service = Principal("service:loader", PrincipalKind.SERVICE, "analytics")
    asked.note(service, "SELECT 1", "prod")
    asked.note(AMINA, "SELECT 1" + " " * LONGEST_SQL, "prod")
    assert texts(asked, service) == texts(asked, AMINA) == []
    with pytest.raises(UsageError):
        asked.statements(by=AMINA, limit=KEPT + 1)


def test_a_history_goes_with_the_person(asked, registry):
    accounts = Accounts(registry, Passwords(), now_us)
    accounts.add("amina", by=OWNER_LOCAL)
    asked.note(AMINA, "SELECT 1", "prod")
    asked.note(BEN, "SELECT 2", "prod")
    asked.flush()
    accounts.disable("amina", by=OWNER_LOCAL)
    assert texts(asked, AMINA) == []
    assert texts(asked, BEN) == ["SELECT 2"]


def test_what_waits_when_a_person_goes_is_not_kept(asked, registry):
    accounts = Accounts(registry, Passwords(), now_us)
    accounts.add("amina", by=OWNER_LOCAL)
    asked.note(AMINA, "SELECT 1", "prod")
    asked.note(BEN, "SELECT 2", "prod")
    accounts.disable("amina", by=OWNER_LOCAL)
    asked.flush()
    assert texts(asked, AMINA) == []
    assert texts(asked, BEN) == ["SELECT 2"]
    accounts.enable("amina", by=OWNER_LOCAL)
    assert texts(asked, AMINA) == []


class Slow:
    """A registry that keeps the first change waiting until what follows is done, or cannot be."""

    def __init__(self, registry):
        self.registry, self.read = registry, registry.read
        self.taken, self.done = threading.Event(), threading.Event()

    def write(self):
        """Return the transaction of a change."""
        if not self.taken.is_set():
            self.taken.set()
            self.done.wait(1)
        return self.registry.write()


def test_what_is_about_to_be_kept_is_forgotten_too(registry, clock):
    slow = Slow(registry)
    asked = AskedStatements(slow, lambda: clock[0])

    def forget():
        asked.forget(by=AMINA)
        slow.done.set()

    asked.note(AMINA, "SELECT 1", "prod")
    threads = [threading.Thread(target=asked.flush), threading.Thread(target=forget)]
    threads[0].start()
    assert slow.taken.wait(5)
    threads[1].start()
    for thread in threads:
        thread.join()
    assert texts(asked, AMINA) == []
