"""Saved queries and one's own history, through the whole program."""

import pytest
from canonical import assert_canonical_error

EMAILS = "SELECT id, email FROM sales.customers ORDER BY id"


@pytest.fixture
def amina(organisation):
    with organisation.asks("amina") as client:
        yield client


@pytest.fixture
def ben(organisation):
    with organisation.asks("ben") as client:
        yield client


@pytest.fixture
def keep(amina):
    """Keep a query of Amina's, and forget it again."""
    made = []

    def call(name, sql=EMAILS, **said):
        answer = amina.post("/queries", json={"name": name, "sql": sql, **said})
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
        return answer.json()

    yield call
    for one in made:
        amina.delete(f"/queries/{one}")


def names(client, **narrowed):
    found = client.get("/queries", params=narrowed).json()["queries"]
    return {one["name"] for one in found}


def test_a_query_is_kept_changed_and_forgotten(amina, keep):
    one = keep("Emails", description="who writes")
    assert (one["owner"], one["datasets"], one["shared_with"]) == (
        "user:amina",
        ["sales.customers"],
        "",
    )
    assert names(amina, dataset="sales.customers") == {"Emails"}
    assert names(amina, dataset="market.rates") == set()
    again = {"name": "Emails", "sql": "FROM market.rates"}
    assert_canonical_error(amina.post("/queries", json=again), 409, "conflict")
    changed = amina.put(f"/queries/{one['id']}", json=again).json()
    assert (changed["id"], changed["datasets"]) == (one["id"], ["market.rates"])
    assert amina.delete(f"/queries/{one['id']}").status_code == 204
    assert_canonical_error(amina.get(f"/queries/{one['id']}"), 404, "not_found")


def test_what_is_not_shared_is_not_there(amina, ben, keep):
    mine, team = keep("Mine"), keep("Ours", shared_with="team:sales-team")
    assert names(ben) == set()
    for one in (mine, team):
        for answer in (
            ben.get(f"/queries/{one['id']}"),
            ben.put(f"/queries/{one['id']}", json={"name": "x", "sql": EMAILS}),
            ben.delete(f"/queries/{one['id']}"),
            ben.post(f"/queries/{one['id']}/answer", json={}),
        ):
            assert_canonical_error(answer, 404, "not_found")
    assert_canonical_error(
        ben.post("/queries", json={"name": "x", "sql": EMAILS, "shared_with": "team:sales-team"}),
        404,
        "not_found",
    )
    assert names(amina) == {"Mine", "Ours"}


def test_a_shared_query_runs_as_whoever_runs_it(amina, ben, keep):
    one = keep("Emails", shared_with="everybody")
    assert names(ben) == {"Emails"}
    answer = ben.post(f"/queries/{one['id']}/answer", json={}).json()
    asked = ben.post("/sql", json={"sql": EMAILS}).json()
    assert answer["rows"] == asked["rows"]
    assert "canaryemail" not in str(answer["rows"])
    assert amina.get(f"/queries/{one['id']}").json()["run_count"] == 1
    refused = ben.put(f"/queries/{one['id']}", json={"name": "x", "sql": EMAILS})
    assert_canonical_error(refused, 403, "denied")


def test_sharing_shows_nobody_what_they_may_not_see(ben, keep):
    """The text names a column that is hidden from Ben, or a dataset that he may not read."""
    hidden = keep(
        "Margins",
        "SELECT count(*) FROM sales.customers WHERE margin = 'x'",
        shared_with="everybody",
    )
    closed = keep("Notes", "SELECT id FROM sales.orders", shared_with="everybody")
    assert names(ben) == set()
    gone = ben.get("/queries/" + "0" * 12).json()
    for one in (hidden, closed):
        found = ben.get(f"/queries/{one['id']}")
        assert_canonical_error(found, 404, "not_found")
        assert found.json()["detail"] == gone["detail"].replace("0" * 12, one["id"])


def test_what_the_read_door_would_not_take_is_not_kept(amina):
    for sql, status, code in (
        ("DROP TABLE sales.customers", 400, "query_refused"),
        ("FROM hr.salaries", 404, "not_found"),
        ("FROM customers", 400, "usage"),
    ):
        refused = amina.post("/queries", json={"name": "no", "sql": sql})
        assert_canonical_error(refused, status, code)


def test_ones_history_is_ones_own(organisation, amina, ben):
    ben.delete("/me/statements")
    ben.post("/sql", json={"sql": "SELECT 1 AS one"})
    ben.post("/sql", json={"sql": "SELECT 2 AS two", "is_noted": False})
    ben.post("/questions", json={"sql": "SELECT 3 AS three"})
    ben.post("/sql", json={"sql": "FROM sales.orders"})
    found = ben.get("/me/statements").json()["statements"]
    assert [one["sql"] for one in found] == [
        "FROM sales.orders",
        "SELECT 3 AS three",
        "SELECT 1 AS one",
    ]
    assert {one["purpose"] for one in found} == {"analytics"}
    texts = [one["sql"] for one in amina.get("/me/statements").json()["statements"]]
    assert "SELECT 1 AS one" not in texts
    with organisation.asks("loader") as service:
        service.post("/sql", json={"sql": "SELECT 4 AS four"})
        assert service.get("/me/statements").json()["statements"] == []
    assert ben.delete("/me/statements").status_code == 204
    assert ben.get("/me/statements").json()["statements"] == []
