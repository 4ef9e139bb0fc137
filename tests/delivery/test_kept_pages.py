"""Pages of kept answers: what was withdrawn, what nobody could record and what nobody has left are given to nobody."""

import sqlite3

import anyio
import pytest
from canonical import assert_canonical_error
from matrix_world import World

from ghala.model.audit_record import AuditFilter
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import audit_search

LISTING = "SELECT table_name, column_name FROM information_schema.columns ORDER BY ALL"
RATES = "market.rates"
ROWS = "SELECT id, i FROM market.rates, range(20) AS s(i) ORDER BY ALL"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World.make(tmp_path_factory.mktemp("kept") / "acme")
    yield made
    made.close()


@pytest.fixture
def ask(world):
    """Return a function that sends one request of a persona."""

    def ask(role, method, address, **more):
        who = world.personas[role]

        async def send():
            async with world.client() as client:
                return await client.request(
                    method,
                    address.removeprefix("/api/v1"),
                    headers={**who.headers, **who.csrf},
                    **more,
                )

        return anyio.run(send)

    return ask


def begun(ask, role, sql, page_rows=1):
    """Return the first page of an answer that has more."""
    response = ask(role, "POST", "/sql", json={"sql": sql, "page_rows": page_rows})
    assert response.status_code == 200, response.text
    assert response.json()["next"].endswith(response.json()["cursor"])
    return response.json()


def answered(world, role):
    """Return the id of a long question that is answered."""
    return world.question(world.principal(world.personas[role]))


class Broken:
    """The audit cannot be written while the block lasts."""

    def __init__(self, world):
        self.path = world.shop.folder / ".ghala" / "registry.db"

    def _run(self, statement):
        with sqlite3.connect(self.path) as database:
            database.execute(statement)
        database.close()

    def __enter__(self):
        self._run(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        )

    def __exit__(self, *_):
        self._run("DROP TRIGGER full")


def test_a_list_ends_where_who_asked_left_the_owning_team(world, ask):
    first = begun(ask, "member", LISTING)
    second = ask("member", "GET", first["next"])
    assert second.status_code == 200
    world.identity.teams.leave("sales-team", "mara", by=OWNER_LOCAL)
    try:
        for page in first, second.json():
            assert_canonical_error(ask("member", "GET", page["next"]), 403, "denied")
    finally:
        world.identity.teams.join("sales-team", "mara", by=OWNER_LOCAL)
    assert ask("member", "GET", first["next"]).status_code == 200


@pytest.mark.parametrize("sql", [LISTING, "SELECT id, i FROM hr.salaries, range(9) AS s(i)"])
def test_pages_end_where_an_agreement_was_revoked(world, ask, sql):
    agreement = world.agreement("hr.salaries", "user:otto")
    first = begun(ask, "outsider", sql)
    assert ask("outsider", "GET", first["next"]).status_code == 200
    world.parts.access.agreements.revoke(agreement, by=OWNER_LOCAL, reason="over")
    refused = ask("outsider", "GET", first["next"])
    assert refused.status_code in {403, 404}, refused.text
    assert "canarywho" not in refused.text
    assert "rows" not in refused.json()


def test_what_cannot_be_recorded_is_not_given(world, ask):
    first = begun(ask, "member", ROWS)
    question = answered(world, "member")
    with Broken(world):
        for address in first["next"], f"/questions/{question}/answer":
            refused = ask("member", "GET", address)
            assert_canonical_error(refused, 503, "storage")
            assert "rows" not in refused.json()
        assert_canonical_error(ask("member", "POST", "/sql", json={"sql": ROWS}), 503, "storage")
    for address in first["next"], f"/questions/{question}/answer":
        assert ask("member", "GET", address).status_code == 200


def test_a_page_is_recorded_with_the_columns_that_the_answer_could_show(world, ask):
    first = begun(ask, "member", ROWS)
    assert ask("member", "GET", first["next"]).status_code == 200
    with world.shop.app._registry.read() as connection:
        wanted = AuditFilter(who="user:mara", tag="dataset:read", column="ID", dataset=RATES)
        (entry,) = audit_search.find(connection, wanted, 1)
    assert "page" in entry.detail
    (shown,) = entry.detail["datasets"].values()
    assert shown["columns"] == ["id"]


@pytest.fixture
def quotas(world):
    """Return the quotas of the server, without limits again afterwards."""
    found = world.parts.asking.quotas
    yield found
    found.bytes_per_day = found.questions_per_minute = None


def taken(quotas, world):
    """Return how many bytes of answers somebody took today: what a quota of so many would leave nothing of."""
    quotas.bytes_per_day = 10**12
    with quotas.taking(world.principal(world.personas["admin"])) as taking:
        return 10**12 - taking.left


def test_bytes_of_an_answer_count_once_when_its_pages_are_given(world, ask, quotas):
    before = taken(quotas, world)
    first = begun(ask, "admin", ROWS, page_rows=20)
    page = taken(quotas, world) - before
    # Twenty rows of two numbers; the other twenty are kept, and nobody has them yet.
    assert 300 <= page < 2 * 20 * 2 * 8
    assert ask("admin", "GET", first["next"]).status_code == 200
    assert taken(quotas, world) - before == 2 * page


def test_a_page_is_refused_when_nothing_is_left_of_the_day(world, ask, quotas):
    first = begun(ask, "admin", ROWS, page_rows=10)
    question = answered(world, "admin")
    quotas.bytes_per_day = taken(quotas, world)
    for address in first["next"], f"/questions/{question}/answer":
        refused = ask("admin", "GET", address)
        assert_canonical_error(refused, 429, "quota")
        assert int(refused.headers["Retry-After"]) > 0
        assert "rows" not in refused.json()
    quotas.bytes_per_day += 10_000
    assert ask("admin", "GET", first["next"]).status_code == 200
    # Another one has a day of their own.
    assert ask("member", "POST", "/sql", json={"sql": ROWS}).status_code == 200


def test_a_question_too_many_of_the_minute_is_told_when_to_come_back(ask, quotas):
    quotas.questions_per_minute = 1
    assert ask("rival", "POST", "/sql", json={"sql": ROWS}).status_code == 200
    refused = ask("rival", "POST", "/sql", json={"sql": ROWS})
    assert_canonical_error(refused, 429, "quota")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
