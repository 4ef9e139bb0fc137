"""Profiles over HTTP: values for whoever sees the column clear in all rows, and in no byte of anybody else's answer."""

import pytest
from canonical import assert_canonical_error
from released_world import PERSONAS, ReleasedWorld
from sqlalchemy import delete

from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import tables

PATHS = (
    "/datasets/sales/orders/profile",
    "/datasets/sales/orders/profile?release=1",
    "/datasets/sales/orders/profile?release=2",
    *(
        f"/datasets/sales/orders/profile{way}{column}"
        for column in ("id", "region", "email", "phone", "margin", "amount")
        for way in ("/", "?column=")
    ),
    "/datasets/vault/words/profile",
    "/datasets/vault/words/profile/word",
)
CANARIES = ("canarymail", "canaryphone", "canarymargin", "canaryword", "7700770", "9900990")
"""Beginnings of values of each column that somebody may not see; the last ones are of amounts in rows of KE and EU."""
SEES = {
    "member": {"canarymail", "canaryphone", "canarymargin", "7700770", "9900990"},
    # Amounts are clear in all rows, mail and phone are masked, margins hidden.
    "analyst": {"7700770", "9900990"},
    # Who reads some rows only has no values at all: those of the others are among them.
    "filtered": set(),
    "outsider": set(),
    "service": set(),
    "narrow": set(),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = ReleasedWorld.make(tmp_path_factory.mktemp("profiles") / "acme")
    yield world
    world.close()


def by_name(answer):
    return {one["name"]: one for one in answer.json()["columns"]}


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_is_told_values_that_they_do_not_see(world, persona):
    who = world.people[persona]
    told = "\n".join(who.get(path).text for path in PATHS)
    assert {canary for canary in CANARIES if canary in told} == SEES[persona]


def test_a_profile_shows_each_column_as_it_is_seen(world):
    columns = by_name(world.people["analyst"].get("/datasets/sales/orders/profile"))

    assert columns.keys() == {"id", "region", "email", "phone", "amount"}
    amount, email, phone = columns["amount"], columns["email"], columns["phone"]
    assert (amount["clearance"], amount["nulls"], amount["minimum"]) == ("clear", 1, "770077001001")
    assert sum(amount["histogram"]["counts"]) == 24
    # A hash leaves NULL as it is, as anybody who reads the rows can count; a mask that makes NULL of all does not.
    assert (email["clearance"], email["nulls"], email["null_share"]) == ("masked", 1, 0.04)
    assert (phone["clearance"], phone["nulls"], phone["null_share"]) == ("masked", None, None)
    for one in (email, phone):
        empty = ("approximate_distinct", "minimum", "maximum", "mean", "histogram", "true_share")
        assert [one[name] for name in empty] == [None] * 6
        assert one["top"] == one["quantiles"] == []


def test_who_reads_some_rows_learns_nothing_of_the_others(world):
    answer = world.people["filtered"].get("/datasets/sales/orders/profile")
    assert answer.json()["rows"] is None
    assert {one["clearance"] for one in answer.json()["columns"]} == {"masked"}
    counts = ("nulls", "null_share", "approximate_distinct", "minimum", "mean")
    assert {one[name] for one in answer.json()["columns"] for name in counts} == {None}
    series = world.people["filtered"].get("/datasets/sales/orders/profile/amount").json()
    assert [point["rows"] for point in series["points"]] == [None, None]
    assert [point["null_share"] for point in series["points"]] == [None, None]


def test_who_may_not_read_is_told_whom_to_ask(world):
    for path in ("/datasets/sales/orders/profile", "/datasets/sales/orders/profile/amount"):
        body = assert_canonical_error(world.people["outsider"].get(path), 403, "denied")
        assert body["hint"] == "ask its owner, the team `sales-team`: POST /api/v1/requests"


def test_what_may_not_be_discovered_has_no_profile_as_if_it_were_not_there(world):
    def told(who, name):
        problem = assert_canonical_error(
            who.get(f"/datasets/vault/{name}/profile"), 404, "not_found"
        )
        # What is like a name is looked for among what the asker knows.
        assert "vault" not in str(problem["hint"])
        same = {"request_id": "", "hint": "", "detail": problem["detail"].replace(name, "X")}
        return problem | same

    for persona in ("analyst", "outsider", "service"):
        assert told(world.people[persona], "words") == told(world.people[persona], "qqqqq")


def test_a_hidden_column_is_as_if_it_were_not_there(world):
    def told(path, name):
        problem = assert_canonical_error(
            world.people["analyst"].get(f"{path}{name}"), 404, "not_found"
        )
        return problem | {"request_id": "", "detail": problem["detail"].replace(name, "X")}

    for path in ("/datasets/sales/orders/profile/", "/datasets/sales/orders/profile?column="):
        assert told(path, "margin") == told(path, "nothing")


def test_releases_have_profiles_of_their_own(world):
    who = world.people["member"]
    first = who.get("/datasets/sales/orders/profile", release=1).json()
    assert (first["release"], first["rows"], first["coverage"]) == (1, 12, "release")
    assert (
        by_name(who.get("/datasets/sales/orders/profile", release=1))["amount"]["maximum"]
        == "770077001012"
    )
    series = who.get("/datasets/sales/orders/profile/region").json()
    assert [
        (point["release"], point["rows"], point["null_share"]) for point in series["points"]
    ] == [
        (1, 12, 0.0),
        (2, 25, 0.04),
    ]
    gone = who.get("/datasets/sales/orders/profile", release=9)
    assert_canonical_error(gone, 404, "not_found")


def test_a_look_at_values_is_recorded_as_a_read(world):
    trail = world.shop.app.audit

    def reads(who):
        found = trail.search(AuditFilter(who=who, tag=AuditTag.DATASET_READ), 100, by=OWNER_LOCAL)
        return [one for one in found if one.detail.get("form") == "profile"]

    before = len(reads("user:ana"))
    world.people["analyst"].get("/datasets/sales/orders/profile", column="phone")
    assert len(reads("user:ana")) == before
    world.people["analyst"].get("/datasets/sales/orders/profile", release=1)
    (last, *_) = reads("user:ana")
    assert last.objects == ("sales.orders",)
    assert last.detail["datasets"]["sales.orders"]["columns"] == ["id", "region", "amount"]
    assert last.detail["datasets"]["sales.orders"]["release"] == 1
    assert "770077" not in str(last)


def test_a_release_without_a_profile_says_so(world):
    app = world.shop.app
    found = app.profile("sales.orders", release=1)
    assert found["is_recorded"]
    with app._registry.write() as connection:
        connection.execute(delete(tables.release_profiles).filter_by(domain="vault"))
    bare = app.profile("vault.words")
    assert (bare["is_recorded"], bare["columns"], bare["rows"]) == (False, [], None)
