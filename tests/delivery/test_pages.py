"""JSON in pages, and questions that run while nobody waits."""

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
