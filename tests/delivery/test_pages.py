"""JSON in pages, and questions that run while nobody waits."""

import json
import sqlite3
import time

import pytest
from canonical import assert_canonical_error

SEVEN = {"sql": "SELECT id, i FROM market.rates, range(7) AS s(i) ORDER BY id, i", "page_rows": 10}
LONG = "SELECT count(*) FROM market.rates, range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"


def pages(client, page):
    yield page
    while page["next"]:
        response = client.get(page["next"].removeprefix("/api/v1"))
        assert response.status_code == 200, response.text
        page = response.json()
        yield page


def wait_for(client, question, states):
    """Look at a question until its state is one of these; a server that hangs fails the test's own time limit."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = client.get(f"/questions/{question}").json()
        if found["state"] in states:
            return found
    raise AssertionError(found)


@pytest.fixture
def loader(organisation):
    with organisation.asks("loader") as client:
        yield client


def test_all_pages_together_are_the_answer(loader):
    found = list(pages(loader, loader.post("/sql", json=SEVEN).json()))
    assert [page["row_count"] for page in found] == [10, 10, 1]
    assert {page["total_rows"] for page in found} == {21}
    assert [row for page in found for row in page["rows"]] == [
        [i, j] for i in (1, 2, 3) for j in range(7)
    ]
    assert all(page["releases"] == {"market.rates": 1} for page in found)


LISTING = {
    "sql": "SELECT table_name, column_name, i FROM information_schema.columns, range(5) AS s(i) ORDER BY ALL",
    "page_rows": 4,
}


def reads(organisation, tag):
    """Return what was recorded of the loader's reads, oldest first."""
    path = organisation.server.folder / ".ghala" / "registry.db"
    with sqlite3.connect(path) as database:
        rows = database.execute(
            "SELECT read_id, detail FROM audit WHERE tag = ? AND principal = 'service:loader' ORDER BY at",
            (tag,),
        ).fetchall()
    database.close()
    return [{"read_id": read_id, **json.loads(detail)} for read_id, detail in rows]


def outcome_of(organisation, read):
    """Return how a read ended; outcomes are durable soon after."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for one in reads(organisation, "dataset:read_finished"):
            if one["read_id"] == read["read_id"]:
                return one
    raise AssertionError(read)


@pytest.mark.parametrize(
    "sql",
    [
        LISTING["sql"],
        "SELECT r.id, column_name, i FROM market.rates r, information_schema.columns, range(5) AS s(i) ORDER BY ALL",
    ],
)
def test_an_answer_that_lists_what_there_is_comes_in_pages(loader, sql):
    found = list(pages(loader, loader.post("/sql", json={"sql": sql, "page_rows": 4}).json()))
    assert len(found) > 1
    assert sum(page["row_count"] for page in found) == found[0]["total_rows"]


def test_each_page_is_recorded_before_it_is_given_and_how_it_ended(organisation, loader):
    first = loader.post("/sql", json=SEVEN).json()
    before = len(reads(organisation, "dataset:read"))
    assert loader.get(first["next"].removeprefix("/api/v1")).status_code == 200
    (read,) = reads(organisation, "dataset:read")[before:]
    assert read["datasets"] == {"market.rates@1": {"release": 1, "columns": ["id"]}}
    assert read["page"] == {"start": 10, "rows": 10}
    ended = outcome_of(organisation, read)
    assert (ended["outcome"], ended["rows"]) == ("finished", 10)
    assert ended["bytes"] > 0


def test_a_kept_answer_is_recorded_each_time_it_is_given(organisation, loader):
    question = loader.post("/questions", json={"sql": SEVEN["sql"]}).json()["id"]
    wait_for(loader, question, {"finished"})
    before = len(reads(organisation, "dataset:read"))
    for accepted in "application/json", "text/csv":
        address = f"/questions/{question}/answer"
        assert loader.get(address, headers={"Accept": accepted}).status_code == 200
    found = reads(organisation, "dataset:read")[before:]
    assert [one["question"] for one in found] == [question, question]
    assert [outcome_of(organisation, one)["rows"] for one in found] == [21, 21]


def test_a_page_is_for_who_asked_alone(organisation, loader):
    address = loader.post("/sql", json=SEVEN).json()["next"].removeprefix("/api/v1")
    with organisation.asks("ben") as other:
        assert_canonical_error(other.get(address), 404, "not_found")
    assert loader.get(address).status_code == 200
    for damaged in (
        address[:-1] + ("A" if address[-1] != "A" else "B"),
        address + "A",
        "/sql/pages/x",
    ):
        assert_canonical_error(loader.get(damaged), 404, "not_found")


def test_a_question_runs_while_nobody_waits(loader):
    begun = loader.post("/questions", json={"sql": SEVEN["sql"]})
    assert begun.status_code == 202
    assert begun.headers["location"] == f"/api/v1/questions/{begun.json()['id']}"
    question = begun.json()["id"]
    found = wait_for(loader, question, {"finished", "failed"})
    assert (found["state"], found["row_count"], found["error"]) == ("finished", 21, None)
    address = f"/questions/{question}/answer"
    first = loader.get(address, params={"page_rows": 15}).json()
    assert [page["row_count"] for page in pages(loader, first)] == [15, 6]
    last = loader.get(address, params={"page_rows": 5, "start": 19}).json()
    assert [page["rows"] for page in pages(loader, last)] == [[[3, 5], [3, 6]]]
    middle = loader.get(address, params={"page_rows": 15, "start": 3}).json()
    assert [page["row_count"] for page in pages(loader, middle)] == [15, 3]
    assert loader.get(address, params={"start": 500}).json()["rows"] == []
    text = loader.get(address, headers={"Accept": "text/csv"}).text
    assert text.count("\n") == 22
    assert question in {one["id"] for one in loader.get("/questions").json()["questions"]}
    assert loader.delete(f"/questions/{question}").status_code == 204
    assert_canonical_error(loader.get(address), 404, "not_found")


def test_a_question_that_fails_says_why(loader):
    begun = loader.post(
        "/questions",
        json={"sql": "SELECT 1 // (id - id) AS x, CAST('a' || id AS INT) FROM market.rates"},
    )
    found = wait_for(loader, begun.json()["id"], {"finished", "failed"})
    assert found["error"]["code"] == "query_failed"
    misspelt = loader.post("/questions", json={"sql": "SELECT id,\n  rat FROM market.rates"}).json()
    message = wait_for(loader, misspelt["id"], {"failed"})["error"]["message"]
    assert message.startswith("statement:2:3: ")
    refused = loader.get(f"/questions/{found['id']}/answer")
    assert_canonical_error(refused, 409, "conflict")
    assert_canonical_error(
        loader.post("/questions", json={"sql": "DROP TABLE x"}), 400, "query_refused"
    )


def test_a_question_can_be_stopped_by_who_asked_alone(organisation, loader):
    question = loader.post("/questions", json={"sql": LONG}).json()["id"]
    with organisation.asks("ben") as other:
        assert_canonical_error(other.get(f"/questions/{question}"), 404, "not_found")
        assert_canonical_error(other.delete(f"/questions/{question}"), 404, "not_found")
    wait_for(loader, question, {"running"})
    assert loader.delete(f"/questions/{question}").status_code == 204
    assert_canonical_error(loader.get(f"/questions/{question}"), 404, "not_found")
