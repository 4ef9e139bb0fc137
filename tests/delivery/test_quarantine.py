"""Rows that were kept out, over HTTP: whole for those who own them, counts for who may know of them, else nothing."""

import pytest
from canonical import assert_canonical_error
from released_world import HEADER, Person, ReleasedWorld

from ghala.model.principal import OWNER_LOCAL

PATH = "/quarantine/sales/orders"
BAD = "9001,KE,canarymail9001@x.example,canaryphone0,canarymargin0,canaryamount\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = ReleasedWorld.make(tmp_path_factory.mktemp("quarantine") / "acme")
    more = "".join(BAD.replace("9001", str(number)) for number in (9002, 9003))
    world.shop.put("orders-3.csv", f"{HEADER}4001,KE,a@x.example,b,c,5\n{BAD}{more}")
    world.shop.publish()
    known = world.shop.app.identity
    app = world.people["member"].app
    for persona, name in (("owner", "mara"), ("reader", "ana")):
        scopes = ["product:run", "dataset:discover", "dataset:read"]
        issued = known.tokens.issue(name, by=OWNER_LOCAL, scopes=scopes, purpose="analytics")
        world.people[persona] = Person(app, issued.text)
    yield world
    world.close()


def rows(world, **asked):
    answer = world.people["owner"].get(PATH, **asked)
    assert answer.status_code == 200
    return answer.json()["rows"]


def post(world, persona, what, **body):
    return world.people[persona].send("POST", f"{PATH}/{what}", json=body)


def run_of(world, answer):
    """Wait until a run that was started has ended, and return it."""
    assert answer.status_code == 202, answer.text
    path = answer.headers["Location"].removeprefix("/api/v1")
    owner = world.people["owner"]
    world.until(lambda: owner.get(path).json()["state"] != "running")
    return owner.get(path).json()


def test_values_are_for_those_who_own_them_and_counts_for_the_others(world):
    member = world.people["member"].get(PATH).json()
    assert (member["may_repair"], member["matching"]) == (True, 3)
    assert member["rows"][0]["raw"] == BAD.strip()
    for persona in ("analyst", "filtered", "outsider", "reader"):
        answer = world.people[persona].get(PATH)
        found = answer.json()
        assert (found["quarantined"], found["open"]) == (3, 3)
        assert found["reasons"] == [{"reason": "type", "rows": 3}]
        assert (found["rows"], found["files"], found["may_repair"]) == (None, None, False)
        assert "canary" not in answer.text
        assert "orders-3.csv" not in answer.text


def test_what_may_not_be_known_is_not_there(world):
    for name in ("vault/words", "vault/nothing"):
        for method, path, body in (
            ("GET", f"/quarantine/{name}", None),
            ("POST", f"/quarantine/{name}/fixes", {"row": "0" * 32, "raw": "1"}),
            ("POST", f"/quarantine/{name}/discards", {"rows": ["0" * 32], "reason": "a test"}),
            ("POST", f"/quarantine/{name}/releases", {}),
        ):
            told = world.people["reader"].send(method, path, json=body)
            problem = assert_canonical_error(told, 404, "not_found")
            assert problem["detail"] == f"there is no dataset `{name.replace('/', '.')}`"
    # A token that may not discover finds nothing, whoever has it.
    assert_canonical_error(world.people["narrow"].get(PATH), 404, "not_found")


def test_others_repair_nothing(world):
    row = rows(world)[0]["id"]
    for persona in ("reader", "analyst", "filtered", "outsider", "member"):
        for what, body in (
            ("fixes", {"row": row, "raw": "9001,KE,,,,1"}),
            ("discards", {"rows": [row], "reason": "a test"}),
            ("releases", {"rows": [row]}),
        ):
            told = assert_canonical_error(post(world, persona, what, **body), 403, "denied")
            assert "canary" not in str(told)
    scope = post(world, "member", "fixes", row=row, raw="9001,KE,,,,1").json()
    assert scope["reasons"] == ["it does not have the scope product:run"]
    assert rows(world)[0]["state"] == "open"


def test_an_owner_edits_and_releases(world):
    first, second, third = rows(world)
    for row in (first, second):
        raw = row["raw"].replace("canaryamount", "7")
        made = post(world, "owner", "fixes", row=row["id"], raw=raw)
        assert (made.status_code, made.json()["state"]) == (200, "fixed")
    gone = post(world, "owner", "discards", rows=[third["id"]], reason="a test order")
    assert [one["state"] for one in gone.json()["rows"]] == ["discarded"]
    ended = run_of(world, post(world, "owner", "releases", rows=[first["id"]]))
    assert (ended["state"], ended["started_by"]) == ("published", "user:mara")
    assert [row["state"] for row in rows(world)] == ["released", "fixed", "discarded"]
    counted = {"sql": "SELECT count(*) FROM sales.orders WHERE id = 9001"}
    answer = world.people["member"].send("POST", "/sql", json=counted)
    assert answer.json()["rows"] == [[1]]
    # All the others that wait, without naming them.
    assert run_of(world, post(world, "owner", "releases"))["state"] == "published"
    assert [row["state"] for row in rows(world)] == ["released", "released", "discarded"]
    assert [row["id"] for row in rows(world, state="discarded")] == [third["id"]]
    assert_canonical_error(post(world, "owner", "releases"), 400, "usage")
    again = post(world, "owner", "fixes", row=first["id"], raw=first["raw"])
    assert_canonical_error(again, 409, "conflict")


def test_an_answer_with_rows_is_not_kept_for_those_who_ask_again(world):
    row = rows(world, state="discarded")[0]
    key = {"Idempotency-Key": "1f0c2e9b-quarantine"}
    owner = world.people["owner"]
    for what, body in (
        ("discards", {"rows": [row["id"]], "reason": "a test"}),
        ("fixes", {"row": row["id"], "raw": row["raw"]}),
    ):
        headers = {"Idempotency-Key": f"{what}-of-a-row"}
        told = [owner.send("POST", f"{PATH}/{what}", headers, json=body) for _ in range(2)]
        assert told[0].status_code == 200
        assert row["raw"] in told[0].text
        assert_canonical_error(told[1], 409, "conflict")
        assert row["raw"] not in told[1].text
    again = {"rows": [row["id"]], "reason": "a test order"}
    assert owner.send("POST", f"{PATH}/discards", key, json=again).status_code == 200


def test_what_makes_no_sense_is_refused(world):
    assert_canonical_error(world.people["owner"].get(PATH, state="mended"), 400, "usage")
    assert_canonical_error(world.people["owner"].get(PATH, run="nothing"), 404, "not_found")
    assert_canonical_error(post(world, "owner", "fixes", row="0" * 32, raw="1"), 404, "not_found")
    assert_canonical_error(
        post(world, "owner", "discards", rows=[], reason="x"), 422, "request_invalid"
    )
    row = rows(world, state="discarded")[0]["id"]
    assert_canonical_error(
        post(world, "owner", "fixes", row=row, values={"amount": "1"}), 400, "usage"
    )
    assert_canonical_error(post(world, "owner", "fixes", row=row), 400, "usage")
