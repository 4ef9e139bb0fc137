"""Usage, ratings and the glossary over HTTP: what people did is counted, and nobody learns more than they may."""

import pytest
from canonical import assert_canonical_error
from released_world import PERSONAS, Person, ReleasedWorld

from ghala.model.principal import OWNER_LOCAL

GLOSSARY = """terms:
  - term: buyer
    meaning: Who ordered.
    synonyms: [customer]
    related: [word]
    links: [sales.orders.phone, sales.orders.region, sales.orders]
  - {term: margin, meaning: What is left., links: [sales.orders.margin, vault.words.word, sales.orders.gone]}
  - {term: address, meaning: Where mail goes., links: sales.orders.email}
  - {term: word, meaning: What is said., synonyms: [speech/text]}
"""
PRODUCT = "/products/sales/orders"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("usage") / "acme"
    world = ReleasedWorld.make(folder)
    (folder / "glossary.yaml").write_text(GLOSSARY)
    world.settle("/glossary/buyer")
    # A token tells who asked, and replies, only with the scope for it.
    issued = world.shop.app.identity.tokens.issue(
        "mara",
        by=OWNER_LOCAL,
        scopes=["dataset:read", "dataset:discover", "feedback:answer"],
        purpose="analytics",
    )
    world.people["keeper"] = Person(world.people["member"].app, issued.text)
    yield world
    world.close()


def ask(who):
    answer = who.send("POST", "/sql", json={"sql": "SELECT region FROM sales.orders"})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["rows"])


def test_usage_has_counts_for_all_and_names_for_its_owner(world):
    before = world.people["keeper"].get(f"{PRODUCT}/usage").json()
    rows = ask(world.people["analyst"]) + ask(world.people["filtered"])
    found = world.people["keeper"].get(f"{PRODUCT}/usage").json()
    assert found["queries"] == before["queries"] + 2
    # How a read ended is kept soon after: its rows may come later, never more of them.
    assert before["rows"] <= found["rows"] <= before["rows"] + rows
    assert {"user:ana", "user:fay"} <= {one["principal"] for one in found["consumers"]}
    assert found["agreement_count"] == 1
    assert [one["grantee"] for one in found["agreements"]] == ["user:fay"]
    for persona in ("outsider", "member"):
        told = world.people[persona].get(f"{PRODUCT}/usage")
        assert (told.json()["queries"], told.json()["people"]) == (
            found["queries"],
            found["people"],
        )
        assert (told.json()["consumers"], told.json()["agreements"]) == (None, None)
        assert "user:" not in told.text


def test_a_page_of_an_answer_is_no_question_of_its_own(world):
    keeper, who = world.people["keeper"], world.people["analyst"]
    before = keeper.get(f"{PRODUCT}/usage").json()["queries"]
    paged = {"sql": "SELECT region FROM sales.orders", "page_rows": 1}
    page = who.send("POST", "/sql", json=paged).json()
    for _ in range(3):
        page = who.get(page["next"].removeprefix("/api/v1")).json()
        assert len(page["rows"]) == 1
    assert keeper.get(f"{PRODUCT}/usage").json()["queries"] == before + 1


def test_what_is_hidden_has_no_usage_and_no_ratings(world):
    for name in ("usage", "ratings"):
        hidden = world.people["outsider"].get(f"/products/vault/words/{name}")
        absent = world.people["outsider"].get(f"/products/vault/wards/{name}")
        assert_canonical_error(hidden, 404, "not_found")
        assert hidden.json()["detail"].replace("words", "wards") == absent.json()["detail"]


def test_a_rating_is_given_after_a_query_and_answered_by_the_owner(world):
    fay, owner = world.people["filtered"], world.people["member"]
    body = {"stars": 2, "comment": "March is missing."}
    otto = world.people["outsider"]
    assert_canonical_error(otto.send("POST", f"{PRODUCT}/ratings", json=body), 403, "denied")
    ask(fay)
    for stars in (4, 2):
        sent = fay.send("POST", f"{PRODUCT}/ratings", json=body | {"stars": stars})
        assert sent.status_code == 204, sent.text
    found = otto.get(f"{PRODUCT}/ratings")
    assert (found.json()["count"], found.json()["stars"]) == (1, 2.0)
    assert "fay" not in found.text
    (given,) = fay.get(f"{PRODUCT}/ratings").json()["ratings"]
    assert given["is_own"]
    reply = f"{PRODUCT}/ratings/{given['id']}/reply"
    assert_canonical_error(fay.send("PUT", reply, json={"text": "me"}), 403, "denied")
    assert_canonical_error(owner.send("PUT", reply, json={"text": "soon"}), 403, "denied")
    replied = world.people["keeper"].send("PUT", reply, json={"text": "It is there now."})
    assert [one["reply"] for one in replied.json()["ratings"]] == ["It is there now."]
    for wrong in ({"stars": 6}, {"stars": True}, {"stars": 3, "who": "me"}, {}):
        refused = fay.send("POST", f"{PRODUCT}/ratings", json=wrong)
        assert_canonical_error(refused, 422, "request_invalid")
    assert fay.send("DELETE", f"{PRODUCT}/ratings").status_code == 204
    assert otto.get(f"{PRODUCT}/ratings").json()["count"] == 0


def test_terms_have_the_links_that_exist_for_the_asker(world):
    found = world.people["analyst"].get("/glossary").json()["terms"]
    assert [one["name"] for one in found] == ["address", "buyer", "margin", "word"]
    assert {one["name"]: [link["name"] for link in one["links"]] for one in found} == {
        "address": ["sales.orders.email"],
        "buyer": ["sales.orders.phone", "sales.orders.region", "sales.orders"],
        # Hidden, of a dataset that is hidden, and not there: all the same.
        "margin": [],
        "word": [],
    }
    assert {one["name"]: one["related"] for one in found} == {
        "address": [], "buyer": ["word"], "margin": [], "word": ["buyer"],
    }  # fmt: skip


def test_an_example_is_what_the_asker_may_see_one_in_clear_first(world):
    seen = world.people["analyst"].get("/glossary/CUSTOMER").json()
    assert seen["name"] == "buyer"
    assert seen["example"] == {
        "dataset": "sales.orders", "column": "region", "clearance": "clear", "values": ["EU", "KE"],
    }  # fmt: skip
    masked = world.people["analyst"].get("/glossary/address").json()["example"]
    assert masked["clearance"] == "masked"
    assert "canarymail" not in str(masked)
    assert world.people["outsider"].get("/glossary/buyer").json()["example"] is None


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_example_shows_what_is_hidden(world, persona):
    who = world.people[persona]
    told = "\n".join(who.get(f"/glossary/{term}").text for term in ("margin", "word", "address"))
    hidden = {"canarymargin", "canaryword"} | ({"canarymail"} if persona != "member" else set())
    if persona == "member":
        hidden -= {"canarymargin"}
    if persona == "filtered":
        hidden -= {"canarymail"}
    assert [word for word in hidden if word in told] == []


@pytest.mark.parametrize("name", ["speech/text", "speech%2Ftext"])
def test_a_term_with_a_stroke_has_a_page(world, name):
    assert world.people["analyst"].get(f"/glossary/{name}").json()["name"] == "word"


def test_there_is_no_such_term(world):
    refused = world.people["analyst"].get("/glossary/buyr")
    body = assert_canonical_error(refused, 404, "not_found")
    assert body["hint"] == "did you mean `buyer`?"
    assert_canonical_error(world.people["narrow"].get("/glossary"), 403, "denied")
