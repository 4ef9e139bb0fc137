"""What one looks at first, the domains, and how the server stands: each says only what its asker may know."""

import pytest
from canonical import assert_canonical_error
from click.testing import CliRunner
from organisation import Server, make_organisation
from test_people import Person

import ghala
from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.client import connect
from ghala.model.principal import OWNER_LOCAL

HIDDEN = ("hr", "salaries", "who")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "acme"
    tokens = make_organisation(folder)
    with ghala.open(folder) as app:
        issued = app.identity.tokens.issue(
            "zoe", by=OWNER_LOCAL, scopes=["dataset:read", "dataset:discover"], purpose="analytics"
        )
        app.incidents.open("sales/orders", "amounts are in cents", by=OWNER_LOCAL)
        app.incidents.open("hr/salaries", "salaries are late", by=OWNER_LOCAL)
    server = Server(folder)
    yield server, tokens | {"zoe": issued.text}
    server.stop()


@pytest.fixture
def asks(own):
    server, tokens = own

    def call(name, path, **sent):
        with server.client(headers={"Authorization": f"Bearer {tokens[name]}"}) as client:
            answer = client.request("POST" if "json" in sent else "GET", path, **sent)
            assert answer.status_code == 200, answer.text
            return answer.json()

    return call


def names(products):
    return [one["name"] for one in products]


def test_owners_see_their_products_and_what_is_wrong_with_them(asks):
    home = asks("amina", "/home")
    assert names(home["mine"]) == ["sales/customers", "sales/orders"]
    assert (home["mine_total"], home["used_total"], home["is_changed_of_all"]) == (2, 0, False)
    assert {one["product"] for one in home["changed"]} == set(names(home["mine"]))
    (incident,) = home["broken"]["incidents"]
    assert (incident["product"], incident["title"]) == ("sales/orders", "amounts are in cents")


def test_a_reader_sees_what_they_read_once_they_read_it(asks):
    before = asks("ben", "/home")
    assert (before["mine"], before["used"], before["broken"]["incidents"]) == ([], [], [])
    # Nothing is theirs yet: what others made may be of use.
    assert before["is_changed_of_all"]
    assert set(names(before["changed"][:0])) == set()
    assert {one["product"] for one in before["changed"]} == {
        "market/rates",
        "sales/customers",
        "sales/orders",
    }
    asks("ben", "/sql", json={"sql": "SELECT count(*) FROM market.rates"})
    after = asks("ben", "/home")
    assert names(after["used"]) == ["market/rates"]
    assert [one["product"] for one in after["changed"]] == ["market/rates"]
    assert after["waiting"] == []


@pytest.mark.parametrize("path", ["/home", "/domains"])
def test_what_may_not_be_discovered_is_not_there(asks, path):
    for name in ("ben", "zoe"):
        text = str(asks(name, path))
        assert not [word for word in HIDDEN if f"'{word}" in text]
    nothing = asks("narrow", path)
    assert not [value for value in nothing.values() if isinstance(value, list) and value]


def test_domains_say_what_they_are_and_how_much_of_them_one_may_see(asks):
    found = {one["name"]: one for one in asks("amina", "/domains")["domains"]}
    sales = found["sales"]
    assert (sales["owner"], sales["is_mine"], sales["products"]) == ("sales-team", True, 2)
    assert sales["released_at"]
    assert not found["market"]["is_mine"]


def test_how_the_server_stands_is_for_administrators(own):
    server, tokens = own
    with server.client() as client:
        zoe = Person(client, "zoe")
        for path in ("/settings", "/health/findings"):
            assert_canonical_error(client.get(path), 403, "denied")
        zoe.take("administrator")
        shown = client.get("/settings").json()
        found = {one["key"]: one for one in shown["settings"]}
        assert (found["engine.threads"]["value"], found["engine.threads"]["source"]) == (1, "file")
        assert found["limits.query_s"]["source"] == "default"
        assert shown["versions"]["ghala"]
        assert 0 < shown["free_bytes"] <= shown["total_bytes"]
        findings = client.get("/health/findings").json()
        assert findings["is_fine"]
        assert {"registry", "space", "audit chain"} <= {one["name"] for one in findings["findings"]}
        asked = {"scopes": ["metrics:read"], "purpose": "analytics", "roles": ["administrator"]}
        token = zoe.send("POST", "/tokens", asked | {"label": "watch", "minutes": 5}).json()["text"]
        # A program with the role sees the same, and so does the command line.
        connection = connect(server.url, token=token)
        assert connection.settings()["settings"] == shown["settings"]
        assert connection.findings() == findings["findings"]
        for verb in ("doctor", "settings"):
            called = CliRunner(env={"GHALA_TOKEN": token}).invoke(
                cli, [verb, "--server", server.url], obj=State()
            )
            assert called.exit_code == 0, called.stderr
            assert "engine.threads" in called.stdout or "fine   registry" in called.stdout
    with server.client(headers={"Authorization": f"Bearer {tokens['watch']}"}) as client:
        assert_canonical_error(client.get("/settings"), 403, "denied")
