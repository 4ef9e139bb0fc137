"""Rolling back over HTTP: for those who own the product and for stewards, and for nobody else."""

import pytest
from canonical import assert_canonical_error
from released_world import Person, ReleasedWorld

from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import PASSWORD

PATH = "/products/sales/orders/rollback"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = ReleasedWorld.make(tmp_path_factory.mktemp("rollback") / "acme")
    known = world.shop.app.identity
    app = world.people["member"].app
    for persona, name in (("owner", "mara"), ("loader", "service:loader"), ("reader", "ana")):
        scopes = ["product:roll_back", "dataset:discover", "dataset:read"]
        issued = known.tokens.issue(name, by=OWNER_LOCAL, scopes=scopes, purpose="analytics")
        world.people[persona] = Person(app, issued.text)
    yield world
    world.close()


def back(world, persona, to, reason="a test", **headers):
    body = {"to": to, "reason": reason}
    return world.people[persona].send("POST", PATH, json=body, headers=headers)


def numbers(world):
    return [one.number for one in world.shop.app.releases("sales/orders")]


def test_the_owning_team_rolls_back_and_forth(world):
    first = back(world, "owner", 1)
    assert first.status_code == 201
    body = first.json()
    assert body["rolled_back"] == {"to": 1, "reason": "a test", "by": "user:mara"}
    assert (body["datasets"][0]["rows"], body["is_current"]) == (12, True)
    # The same that readers see, at once.
    rows = world.people["analyst"].send(
        "POST", "/sql", json={"sql": "SELECT count(*) FROM sales.orders"}
    )
    assert rows.json()["rows"] == [[12]]
    # A service of the team that no policy lets know the product does not.
    assert_canonical_error(back(world, "loader", 2), 404, "not_found")
    second = back(world, "owner", 2)
    assert (second.status_code, second.json()["number"]) == (201, body["number"] + 1)


def test_others_do_not(world):
    before = numbers(world)
    reader = assert_canonical_error(back(world, "reader", 1), 403, "denied")
    assert reader["reasons"] == ["that is for the team that owns it, and for stewards"]
    token = assert_canonical_error(back(world, "member", 1), 403, "denied")
    assert token["reasons"] == ["it does not have the scope product:roll_back"]
    for persona in ("outsider", "filtered"):
        assert_canonical_error(back(world, persona, 1), 403, "denied")
    assert_canonical_error(back(world, "narrow", 1), 404, "not_found")
    assert numbers(world) == before


def test_a_product_that_may_not_be_known_is_not_there(world):
    body = {"to": 1, "reason": "a test"}
    for name in ("words", "nothing"):
        told = world.people["reader"].send("POST", f"/products/vault/{name}/rollback", json=body)
        problem = assert_canonical_error(told, 404, "not_found")
        assert problem["detail"] == f"there is no product `vault/{name}`"


def test_stewards_do_in_a_session(world):
    known = world.shop.app.identity
    known.accounts.add("stella", by=OWNER_LOCAL, password=PASSWORD)
    known.roles.assign("stella", "steward", by=OWNER_LOCAL)
    known.roles.take("stella", "steward", minutes=60, reason="test", by=OWNER_LOCAL)
    begun = known.sign_in.sign_in("stella", PASSWORD, purpose="analytics", address="192.0.2.7")
    headers = {"Cookie": f"ghala={begun.cookie.value}", "X-CSRF-Token": begun.csrf}
    person = Person(world.people["member"].app, "", headers)
    before = numbers(world)[0]
    to = 1 if world.shop.app.release("sales/orders", before)["datasets"][0]["rows"] != 12 else 2
    answer = person.send("POST", PATH, json={"to": to, "reason": "a test"})
    assert (answer.status_code, answer.json()["number"]) == (201, before + 1)


def test_what_is_asked_twice_is_done_once(world):
    current = numbers(world)[0]
    to = 1 if world.shop.app.release("sales/orders", current)["datasets"][0]["rows"] != 12 else 2
    answers = [back(world, "owner", to, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert numbers(world)[0] == current + 1


def test_what_cannot_be_done_says_why(world):
    assert_canonical_error(back(world, "owner", 99), 404, "not_found")
    assert_canonical_error(back(world, "owner", numbers(world)[0]), 400, "usage")
    assert_canonical_error(back(world, "owner", 1, reason="two\nlines"), 400, "usage")
    assert_canonical_error(back(world, "owner", 0), 422, "request_invalid")


def test_a_contract_that_changed_refuses(world):
    contract = world.shop.folder / "domains/sales/orders/orders.odcs.yaml"
    kept = contract.read_text()
    try:
        contract.write_text(
            kept + "      - {name: fresh, physicalType: varchar, logicalType: string}\n"
        )
        current = numbers(world)[0]
        world.until(lambda: "fresh" in world.people["member"].get("/datasets/sales/orders").text)
        to = (
            1 if world.shop.app.release("sales/orders", current)["datasets"][0]["rows"] != 12 else 2
        )
        problem = assert_canonical_error(back(world, "owner", to), 409, "contract_broken")
        assert "fresh" in problem["detail"]
        assert numbers(world)[0] == current
    finally:
        contract.write_text(kept)
