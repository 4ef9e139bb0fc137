"""Changes that a client sends twice because an answer got lost."""

import uuid

from canonical import assert_canonical_error

ONE = {"sql": "SELECT 1 AS one"}


def send(client, key, body=ONE):
    return client.post("/questions", json=body, headers={"Idempotency-Key": key})


def test_a_change_with_a_key_is_made_once(organisation):
    key = str(uuid.uuid4())
    with organisation.asks("loader") as client:
        first, again = send(client, key), send(client, key)
        assert (first.status_code, again.status_code) == (202, 202)
        assert first.json() == again.json()
        assert again.headers["idempotency-replayed"] == "true"
        assert "idempotency-replayed" not in first.headers
        assert send(client, str(uuid.uuid4())).json()["id"] != first.json()["id"]
        assert_canonical_error(send(client, key, {"sql": "SELECT 2"}), 400, "usage")


def test_a_key_is_its_principals_own(organisation):
    key = str(uuid.uuid4())
    with organisation.asks("loader") as client, organisation.asks("ben") as other:
        assert send(client, key).json()["id"] != send(other, key).json()["id"]


def test_what_failed_may_be_tried_again(organisation):
    key = str(uuid.uuid4())
    with organisation.asks("loader") as client:
        for _ in range(2):
            assert_canonical_error(send(client, key, {"sql": "DROP TABLE x"}), 400, "query_refused")
        assert_canonical_error(send(client, "x" * 300), 400, "usage")


def test_nobody_gets_an_answer_with_somebody_elses_key(organisation):
    with organisation.server.client() as client:
        assert_canonical_error(send(client, "k"), 401, "not_signed_in")
