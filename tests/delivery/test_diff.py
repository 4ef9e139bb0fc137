"""Two releases compared over HTTP: everybody is told of the columns and rows that they see, and of no others."""

import pytest
from canonical import assert_canonical_error
from released_world import PERSONAS, ReleasedWorld

from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.workspace import Table

PRICES = {
    "id": "bigint, primaryKey: true, required: true, classification: public",
    "price": "decimal(12,2), classification: public",
    "note": "varchar, tags: [pii.name]",
    "gone": "varchar, classification: public",
}
CHANGED = {
    "id": PRICES["id"],
    "price": "decimal(14,2), required: true, classification: public",
    "note": PRICES["note"],
    "hidden": "varchar, classification: restricted",
    "fresh": "varchar, classification: public",
}
POLICY = """@id("acme.prices-are-read")
permit (
  principal is User, action in [Action::"dataset:read", Action::"dataset:discover"], resource == Dataset::"sales.prices"
) when { context.purpose == "analytics" && principal in Team::"analysts" };
"""
BEFORE = "id,price,note,gone\n1,1.00,a,canarygone\n2,2.00,b,\n3,3.00,c,\n4,4.00,canarynote,\n"
AFTER = (
    "id,price,note,hidden,fresh\n2,2.50,b,canaryhidden,f\n3,3.00,canarynote,,f\n"
    "4,4.00,canarynote,,f\n7,7.00,,,f\n8,8.00,,,f\n"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = ReleasedWorld.make(tmp_path_factory.mktemp("diff") / "acme", POLICY)
    shop = world.shop
    shop.add("sales/prices", Table(PRICES), files="prices.csv", materialisation="replace")
    shop.put("prices.csv", BEFORE)
    assert shop.publish("sales/prices") == 1
    folder = shop.add("sales/prices", Table(CHANGED), files="prices.csv", materialisation="replace")
    contract = folder / "prices.odcs.yaml"
    contract.write_text(contract.read_text().replace("version: 1.0.0", "version: 1.1.0"))
    shop.put("prices.csv", AFTER)
    assert shop.publish("sales/prices") == 2
    world.settle("/datasets/sales/prices/diff")
    yield world
    world.close()


def diff(world, persona, **params):
    return world.people[persona].get("/datasets/sales/prices/diff", **params)


def kinds(answer):
    return {(one["kind"], *one["columns"]) for one in answer.json()["changes"]}


def test_the_owning_team_is_told_everything(world):
    answer = diff(world, "member")
    body = answer.json()
    assert (body["before"]["release"], body["after"]["release"]) == (1, 2)
    assert (body["before"]["rows"], body["after"]["rows"]) == (4, 5)
    assert kinds(answer) == {
        ("column:removed", "gone"),
        ("column:retyped", "price"),
        ("column:made_required", "price"),
        ("column:added", "hidden"),
        ("column:added", "fresh"),
    }
    assert body["contract"] == {
        "before": "1.0.0",
        "after": "1.1.0",
        "bump": "minor",
        "needed": "major",
        "is_breaking": True,
        "suffices": False,
    }
    rows = body["rows"]
    # The price has another type, so it is told as that; the note of 3 changed, and not that of 4.
    assert (rows["added"], rows["removed"], rows["changed"]) == (2, 1, 1)
    assert rows["samples"] == {"added": [["7"], ["8"]], "removed": [["1"]], "changed": [["3"]]}
    assert [one["rule"] for one in body["checks"]] == ["price.required"]
    assert "nulls" in {
        shift for one in body["columns"] if one["name"] == "note" for shift in one["shifts"]
    }


def test_others_are_told_of_what_they_see(world):
    answer = diff(world, "analyst")
    assert ("column:added", "hidden") not in kinds(answer)
    assert ("column:added", "fresh") in kinds(answer)
    rows = answer.json()["rows"]
    # Names are masked to NULL in both releases, so no change of them is seen.
    assert (rows["added"], rows["removed"], rows["changed"]) == (2, 1, 0)


def test_rows_that_are_filtered_out_are_not_counted(world):
    rows = world.people["filtered"].get("/datasets/sales/orders/diff").json()["rows"]
    # Release 2 added rows of EU and one without a region, of which none is seen.
    assert (rows["is_counted"], rows["added"], rows["removed"], rows["changed"]) == (True, 0, 0, 0)
    seen = world.people["member"].get("/datasets/sales/orders/diff").json()["rows"]
    assert (seen["added"], seen["removed"]) == (13, 0)
    assert seen["samples"]["added"][0] == ["2001"]


def test_who_may_not_read_is_told_what_was_promised_and_no_rows(world):
    answer = world.people["outsider"].get("/datasets/sales/orders/diff")
    body = answer.json()
    assert answer.status_code == 200
    assert body["rows"]["why_not"] == "you may not read both releases"
    assert body["columns"] == []
    assert body["checks"] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_cell_and_no_hidden_name_is_told(world, persona):
    told = "".join(
        world.people[persona].get(f"/datasets/sales/{name}/diff").text
        for name in ("prices", "orders")
    )
    found = {
        word
        for word in (
            "canarygone",
            "canarynote",
            "canaryhidden",
            "canarymail",
            "canaryphone",
            "canarymargin",
        )
        if word in told
    }
    # The profiles of whoever sees the columns clear have their ends; nobody else is told a value.
    assert found <= (
        {"canarynote", "canarymail", "canaryphone", "canarymargin", "canaryhidden", "canarygone"}
        if persona == "member"
        else set()
    )
    if persona != "member":
        assert "margin" not in told
        assert '"hidden"' not in told


def test_rows_are_read_in_the_name_of_whoever_asks(world):
    trail = world.shop.app.audit

    def reads():
        found = trail.search(
            AuditFilter(who="user:ana", tag=AuditTag.DATASET_READ), 100, by=OWNER_LOCAL
        )
        return [one for one in found if "sales.prices@1" in str(one.detail)]

    before = len(reads())
    diff(world, "analyst")
    assert len(reads()) == before + 1
    diff(world, "analyst", rows="false")
    assert len(reads()) == before + 1
    assert diff(world, "analyst", rows="false").json()["rows"] is None


def test_what_is_not_there_cannot_be_compared(world):
    for path, params in (
        ("/datasets/sales/prices/diff", {"from": 1, "to": 1 << 70}),
        ("/datasets/sales/prices/diff", {"from": 9}),
        ("/datasets/vault/words/diff", {}),
    ):
        assert_canonical_error(world.people["analyst"].get(path, **params), 404, "not_found")
    first = world.people["analyst"].get("/datasets/sales/prices/diff", to=1)
    assert first.status_code == 400
    assert "before release 1" in first.json()["detail"]


def test_one_release_says_how_it_was_made(world):
    body = world.people["member"].get("/releases/sales/orders/2").json()
    assert (body["number"], body["is_current"], body["replaced"], body["rolled_back"]) == (
        2,
        True,
        1,
        None,
    )
    (dataset,) = body["datasets"]
    assert (dataset["name"], dataset["rows"], dataset["files"]) == ("sales.orders", 25, 2)
    assert {one["passed"] for one in dataset["checks"]["findings"]} == {True}
    assert world.people["member"].get(f"/runs/{body['run']}").json()["release"] == 2
    outsider = world.people["outsider"].get("/releases/sales/orders/1").json()
    assert outsider["datasets"][0]["checks"]["findings"] == []
    for path in (
        "/releases/sales/orders/9",
        "/releases/vault/words/1",
        f"/releases/sales/orders/{1 << 70}",
    ):
        assert_canonical_error(world.people["analyst"].get(path), 404, "not_found")
