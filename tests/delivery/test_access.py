"""Asking for access over HTTP, and what is agreed: in force in every process within a second."""

import json
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from canonical import assert_canonical_error
from organisation import Server

import ghala
from ghala.errors import NotFoundError
from ghala.model.principal import OWNER_LOCAL
from ghala.testing import postgresql
from ghala.testing.people import PASSWORD
from ghala.testing.shop import SETTINGS, Shop
from ghala.testing.workspace import Table

ORDERS = Table(
    {
        "id": "bigint, primaryKey: true, required: true",
        "region": "varchar",
        "email": "varchar, tags: [pii.email]",
    }
)
ROWS = "id,region,email\n1,KE,one@example.org\n2,TZ,two@example.org\n"
QUESTION = {"sql": "SELECT id, region, email FROM sales.orders ORDER BY id"}
LONG = "SELECT count(*) FROM sales.orders, range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"
ALLOWED_S = 3.0
"""A second is promised, and printed is what it was; a machine that does much else may take longer."""
PAUSE = threading.Event()
EVERYBODY = """@id("acme.everybody-reads-orders") @reason("a test")
permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.orders");
"""
PATHS = (
    "/requests/{}",
    "/requests/{}/preview",
    "/agreements/{}",
    "/agreements/{}/history",
    "/agreements/{}/oaas",
)


@dataclass
class Office:
    """Two server processes on one registry."""

    servers: tuple[Server, Server]
    database: postgresql.Server

    def intents(self, who):
        """Return how many reads somebody has begun."""
        statement = f"SELECT count(*) FROM audit WHERE tag = 'dataset:read' AND principal = '{who}'"
        return self.database.sql(statement, "office")

    @contextmanager
    def signed_in(self, name, server=0, purpose="analytics"):
        with self.servers[server].client() as client:
            asked = {"name": name, "password": PASSWORD, "purpose": purpose}
            begun = client.post("/session", json=asked)
            assert begun.status_code == 201, begun.text
            client.headers["X-CSRF-Token"] = begun.json()["csrf"]
            yield client


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    try:
        database = postgresql.Server.start()
    except NotFoundError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"{error}; {error.hint}")
    with ExitStack() as stack:
        stack.callback(database.stop)
        folder = tmp_path_factory.mktemp("office") / "acme"
        url = database.make_database("office").replace(f":{database.password}@", "@")
        variables = {"GHALA_REGISTRY_PASSWORD": database.password}
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("GHALA_REGISTRY_PASSWORD", database.password)
        shop = Shop.open(folder, f"{SETTINGS}registry: {url}\n")
        shop.add("sales/orders", ORDERS, files="orders.csv")
        shop.put("orders.csv", ROWS)
        shop.publish("sales/orders")
        identity = shop.app.identity
        for name in ("amina", "ben", "carl"):
            identity.accounts.add(name, by=OWNER_LOCAL, password=PASSWORD)
        identity.teams.add("sales-team", by=OWNER_LOCAL)
        identity.teams.join("sales-team", "amina", by=OWNER_LOCAL)
        shop.app.close()
        servers = []
        for _ in range(2):
            servers.append(Server(folder, variables=variables))
            stack.callback(servers[-1].stop)
        yield Office(tuple(servers), database)


@pytest.fixture
def amina(office):
    """A member of the team that owns the orders, at the first server."""
    with office.signed_in("amina") as client:
        yield client


@pytest.fixture
def ben(office):
    """Somebody who asks, at the second server, and afterwards has nothing left of it."""
    with office.signed_in("ben", server=1) as client:
        yield client
        for one in client.get("/agreements", params={"state": "in_force"}).json()["agreements"]:
            revoke(client, one["id"])


def asked(**terms):
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    return {
        "dataset": "sales.orders",
        "columns": ["id", "email"],
        "purpose": "analytics",
        "until": until,
        "justification": "churn model",
    } | terms


def seconds_until(client, status):
    """Return how long it took from now until a question was answered with a status."""
    begun_s = time.monotonic()
    while (response := client.post("/sql", json=QUESTION)).status_code != status:
        assert time.monotonic() - begun_s < 10, response.text
    return time.monotonic() - begun_s, response


def approve(amina, request_id):
    decided = amina.post(f"/requests/{request_id}/decision", json={"is_approved": True})
    assert decided.status_code == 200, decided.text
    return decided.json()


def revoke(amina, agreement_id):
    revoked = amina.post(f"/agreements/{agreement_id}/revocation", json={"reason": "over"})
    assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")


def test_from_finding_to_reading_and_back(amina, ben):
    # Found, but not readable: the refusal says whom to ask.
    found = {one["name"]: one for one in ben.get("/datasets").json()["datasets"]}
    assert found["sales.orders"]["owner"] == "sales-team"
    denied = assert_canonical_error(ben.post("/sql", json=QUESTION), 403, "denied")
    assert denied["hint"] == "ask its owner, the team `sales-team`: POST /api/v1/requests"

    # Seen beforehand, on made-up rows.
    rows = {"column": "region", "in": ["KE"]}
    query = {"purpose": "analytics", "column": ["id", "email"], "rows": json.dumps(rows)}
    preview = ben.get("/datasets/sales/orders/preview", params=query).json()
    clearances = {one["name"]: one["clearance"] for one in preview["columns"]}
    assert clearances == {"id": "clear", "region": "masked", "email": "clear"}
    assert "one@example.org" not in str(preview)

    # Asked for, decided, in force.
    request = ben.post("/requests", json=asked(rows=rows)).json()
    assert (request["state"], request["rows"]) == ("requested", rows)
    waiting = amina.get("/requests", params={"state": "requested"}).json()["requests"]
    # What one may do with it differs by who looks.
    assert request | {"may": []} in [one | {"may": []} for one in waiting]
    same = amina.get(f"/requests/{request['id']}/preview").json()
    assert same["columns"] == preview["columns"]
    assert approve(amina, request["id"])["state"] == "approved"
    took_s, response = seconds_until(ben, 200)
    assert response.json()["rows"] == [[1, None, "one@example.org"]]
    assert took_s <= ALLOWED_S

    # Taken back: denied in the other process too.
    revoke(amina, request["id"])
    took_s, response = seconds_until(ben, 403)
    assert took_s <= ALLOWED_S
    told = ben.get(f"/agreements/{request['id']}/history").json()["history"]
    assert [one["event"] for one in told] == ["requested", "approved", "revoked"]


def test_both_processes_follow_again_and_again(amina, ben):
    for number in range(3):
        rows = {"column": "id", "is": "=", "value": str(number)}
        request = ben.post("/requests", json=asked(rows=rows)).json()
        approve(amina, request["id"])
        assert seconds_until(ben, 200)[0] <= ALLOWED_S
        assert seconds_until(amina, 200)[0] <= ALLOWED_S
        revoke(amina, request["id"])
        assert seconds_until(ben, 403)[0] <= ALLOWED_S


def test_what_runs_under_an_agreement_is_cut_with_it(office, amina, ben):
    """Asked at one process, revoked at the other."""
    request = ben.post("/requests", json=asked()).json()
    approve(amina, request["id"])
    seconds_until(ben, 200)
    before = office.intents("user:ben")
    with ThreadPoolExecutor(1) as apart:
        answer = apart.submit(ben.post, "/sql", json={"sql": LONG})
        deadline_s = time.monotonic() + 20
        while office.intents("user:ben") == before:
            assert time.monotonic() < deadline_s
        revoke(amina, request["id"])
        begun_s = time.monotonic()
        response = answer.result(20)
    assert time.monotonic() - begun_s <= ALLOWED_S
    assert_canonical_error(response, 403, "denied")


def test_a_stream_is_cut_while_it_is_sent_and_how_long_each_change_takes(amina, ben, capsys):
    """Rights change at one process; rows flow, or no longer do, at the other. The numbers are printed."""
    request = ben.post("/requests", json=asked()).json()
    approve(amina, request["id"])
    row_s, _ = seconds_until(ben, 200)
    large = {"sql": "SELECT repeat('x', 1000) AS t, i FROM sales.orders, range(20000) AS s(i)"}
    with ben.stream("POST", "/sql", json=large, headers={"Accept": "text/csv"}) as answer:
        assert answer.status_code == 200
        size, read = int(answer.headers["content-length"]), 0
        chunks = answer.iter_raw(65_536)
        read += len(next(chunks))
        revoke(amina, request["id"])
        begun_s = time.monotonic()
        with suppress(httpx.TransportError):
            for chunk in chunks:
                read += len(chunk)
                # A consumer that is no faster than this would read for ten seconds.
                PAUSE.wait(0.016)
        cut_s = time.monotonic() - begun_s
    denied_s, _ = seconds_until(ben, 403)
    with capsys.disabled():
        print(
            f"\n  two processes on PostgreSQL: approved → first row {row_s * 1000:.0f} ms, revoked → "
            f"stream cut {cut_s * 1000:.0f} ms (after {read / size:.0%} of {size / 1e6:.0f} MB), "
            f"denied {denied_s * 1000:.0f} ms later"
        )
    assert read < size
    assert max(row_s, cut_s, denied_s) <= ALLOWED_S


def test_a_policy_of_one_process_is_in_force_in_the_other(office, ben, tmp_path, capsys):
    """Applied from another copy of the workspace: the servers learn of it from the registry alone."""
    folder = tmp_path / "acme"
    shutil.copytree(
        office.servers[0].folder, folder, ignore=shutil.ignore_patterns(".ghala", "*.sock")
    )
    file = folder / "policies" / "own.cedar"
    file.parent.mkdir(exist_ok=True)
    seconds_until(ben, 403)
    with ghala.open(folder) as app:
        file.write_text(EVERYBODY)
        app.policies.apply(by=OWNER_LOCAL)
        allowed_s, _ = seconds_until(ben, 200)
        file.unlink()
        app.policies.apply(by=OWNER_LOCAL)
        denied_s, _ = seconds_until(ben, 403)
    with capsys.disabled():
        print(
            f"\n  two processes on PostgreSQL: policy applied → first row {allowed_s * 1000:.0f} ms, "
            f"taken back → denied {denied_s * 1000:.0f} ms"
        )
    assert max(allowed_s, denied_s) <= ALLOWED_S


def test_lists_come_in_pages(amina, ben):
    made = []
    for number in range(5):
        rows = {"column": "id", "is": "=", "value": f"9{number}"}
        made.append(ben.post("/requests", json=asked(rows=rows)).json()["id"])
    for one in made[:3]:
        approve(amina, one)
    for path, state, expected in (
        ("requests", "requested", made[:2:-1]),
        ("agreements", "in_force", made[2::-1]),
    ):
        found, after = [], {}
        while True:
            query = {"state": state, "limit": 2, "dataset": "sales.orders"} | after
            page = ben.get(f"/{path}", params=query).json()
            assert len(page[path]) <= 2
            found += [one["id"] for one in page[path]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert found == expected
        wrong = ben.get(f"/{path}", params={"after": "1.x'"})
        assert_canonical_error(wrong, 400, "usage")
    for one in made[3:]:
        ben.post(f"/requests/{one}/withdrawal")


def test_an_agreement_is_narrowed_renewed_and_shown(amina, ben):
    request = ben.post("/requests", json=asked(columns=["id", "region", "email"])).json()
    approve(amina, request["id"])
    path = f"/agreements/{request['id']}"
    narrowed = amina.post(f"{path}/narrowing", json={"columns": ["id"]}).json()
    assert narrowed["columns"] == ["id"]
    until = (datetime.now(UTC) + timedelta(days=200)).isoformat()
    renewed = amina.post(f"{path}/renewal", json={"until": until}).json()
    assert datetime.fromisoformat(renewed["until"]) == datetime.fromisoformat(until)
    assert renewed["reassess_at"]
    assert amina.post(f"{path}/reassessment", json={}).json()["state"] == "in_force"
    assert ben.get(path).json()["columns"] == ["id"]
    listed = ben.get("/agreements", params={"state": "in_force", "dataset": "sales.orders"}).json()
    assert [one["id"] for one in listed["agreements"]] == [request["id"]]
    document = ben.get(f"{path}/oaas").json()
    assert (document["kind"], document["consumer"]) == ("AccessAgreement", {"userId": "ben"})
    assert amina.get("/agreements/suggestions").json() == {"suggestions": []}
    assert_canonical_error(ben.post(f"{path}/renewal", json={"until": until}), 403, "denied")
    revoke(ben, request["id"])


def test_what_one_may_not_know_of_is_not_there(office, ben):
    request = ben.post("/requests", json=asked(columns=["region"])).json()
    with office.signed_in("carl") as carl:
        for path in PATHS:
            seen = [carl.get(path.format(one)) for one in (request["id"], "000000000000")]
            problems = [assert_canonical_error(one, 404, "not_found") for one in seen]
            words = [(one["detail"], one["hint"], one["reasons"]) for one in problems]
            assert words[0] == words[1]
        assert carl.get("/requests").json() == {"requests": [], "next": None}
        wrong = carl.post("/requests", json=asked(dataset="sales.nothing"))
        assert_canonical_error(wrong, 404, "not_found")
        decision = carl.post(f"/requests/{request['id']}/decision", json={"is_approved": True})
        assert_canonical_error(decision, 404, "not_found")
    own = ben.post(f"/requests/{request['id']}/decision", json={"is_approved": True})
    assert_canonical_error(own, 403, "denied")
    withdrawn = ben.post(f"/requests/{request['id']}/withdrawal")
    assert withdrawn.json()["state"] == "withdrawn"
    assert_canonical_error(ben.post(f"/requests/{request['id']}/withdrawal"), 409, "conflict")


@pytest.mark.parametrize(
    ("terms", "status", "code"),
    [
        ({"columns": []}, 422, "request_invalid"),
        ({"columns": ["x"]}, 400, "usage"),
        ({"purpose": "spying"}, 400, "usage"),
        ({"until": "tomorrow"}, 422, "request_invalid"),
        ({"until": "2020-01-01T00:00:00Z"}, 400, "usage"),
        ({"rows": {"column": "id", "is": "=", "value": "x"}}, 400, "usage"),
        ({"rows": {"column": "region", "is": "=", "value": "\0"}}, 400, "usage"),
        ({"grantee": "team:sales-team"}, 403, "denied"),
        ({"sql": "DROP TABLE orders"}, 422, "request_invalid"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(ben, terms, status, code):
    assert_canonical_error(ben.post("/requests", json=asked(**terms)), status, code)


def test_a_preview_takes_rows_as_json(ben):
    wrong = ben.get("/datasets/sales/orders/preview", params={"purpose": "analytics", "rows": "{"})
    assert_canonical_error(wrong, 400, "usage")
    missing = ben.get("/datasets/sales/nothing/preview", params={"purpose": "analytics"})
    assert_canonical_error(missing, 404, "not_found")
