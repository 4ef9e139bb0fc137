"""What a server answers is what a workspace would: results, lists and errors."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

import ghala
from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.client.faults import PROBLEM_TYPE, ServerError, UnreachableError, error_of
from ghala.errors import (
    DeniedError,
    GhalaError,
    NotFoundError,
    NotSignedInError,
    QueryRefusedError,
    UsageError,
)
from ghala.model.policy import Clearance

TOKEN = "ghala_" + "0" * 12 + "_" + "1" * 49
RATES = [(1, 1.5), (2, 2.5), (3, 3.5)]
SQL = "SELECT id, rate FROM market.rates ORDER BY id"


def test_one_connects_as_the_tokens_owner_for_its_purpose(connect):
    made = connect("ben", purpose="analytics")
    assert (made.principal, made.purpose) == ("user:ben", "analytics")
    with pytest.raises(UsageError, match="`analytics`, not for `marketing`"):
        connect("ben", purpose="marketing")


def test_an_answer_comes_in_every_form(connect):
    made = connect("ben")
    assert made.sql(SQL).rows() == RATES
    assert made.sql(SQL).arrow().column_names == ["id", "rate"]
    assert made.sql(SQL).pandas()["rate"].tolist() == [1.5, 2.5, 3.5]
    assert made.sql(SQL).polars().rows() == RATES
    with made.sql(SQL) as result:
        assert result.schema.names == ["id", "rate"]
        assert sum(batch.num_rows for batch in result.batches()) == 3
    with pytest.raises(RuntimeError, match="answered once"):
        result.rows()
    with pytest.raises(RuntimeError, match="inside"):
        made.sql(SQL).schema  # noqa: B018 - what is asked for is the error


def test_policies_come_in_words(connect):
    found = {one.id: one for one in connect("watch").policies()}
    assert found["ghala.public-is-read"].says.startswith("Everybody discovers")
    own = found["acme.analysts-read-customers"]
    assert own.reason == "analysts count customers"
    assert own.text.startswith('@id("acme.analysts-read-customers")')
    assert own.place.file == "policies/own.cedar"
    with pytest.raises(DeniedError):
        connect("ben").policies()


def test_the_map_of_personal_data_has_what_one_may_know(connect):
    found = connect("ben").tags.map(domain="sales")
    assert ("sales.customers", "email") in [(one["dataset"], one["column"]) for one in found]
    assert "margin" not in [one["column"] for one in found]
    with pytest.raises(DeniedError):
        connect("ben").tags.declarations()


def test_lists_have_what_one_may_discover(connect):
    made = connect("ben")
    assert {one["name"] for one in made.datasets()} == {
        "market.rates",
        "sales.customers",
        "sales.orders",
    }
    assert made.products()[0]["name"] == "market/rates"
    assert made.dataset("market.rates")["rows"] == 3
    assert made.product("sales/customers")["purpose"] == "A product of a test."
    assert [one["number"] for one in made.releases("market/rates")] == [1]


def test_errors_are_those_of_a_workspace(connect):
    made = connect("ben")
    with pytest.raises(NotFoundError) as missing:
        made.sql("SELECT * FROM sales.ordrs").rows()
    assert missing.value.hint == "did you mean `sales.orders`?"
    with pytest.raises(QueryRefusedError):
        made.sql("DROP TABLE market.rates").rows()
    with pytest.raises(DeniedError) as denied:
        made.sql("SELECT * FROM sales.orders").rows()
    assert denied.value.reasons
    assert "sales-team" in denied.value.hint
    with pytest.raises(NotFoundError):
        made.dataset("hr.salaries")
    for name in ("rates", "", "market/", "market/rates/x"):
        with pytest.raises(NotFoundError):
            made.dataset(name)
    with pytest.raises(UsageError):
        made.sql(SQL, row_limit=0).rows()


def test_a_wrong_token_is_refused_and_in_no_text(served):
    server, _ = served
    with pytest.raises(NotSignedInError) as refused:
        ghala.connect(server.url, token=TOKEN)
    seen = repr(refused.value) + str(refused.value.evidence) + str(refused.value.__cause__)
    assert "11111" not in seen


def test_a_connection_does_not_show_its_token(connect, served):
    assert served[1]["ben"][6:] not in repr(connect("ben"))


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("ftp://x", TOKEN, "address"),
        ("http://", TOKEN, "address"),
        ("https://u:p@x", TOKEN, "address"),
        ("http://x:port", TOKEN, "address"),
        ("http://data.example", TOKEN, "in the clear"),
        ("https://data.example", "", "no token"),
        ("https://data.example", "a\r\nb", "no token"),
    ],
)
def test_what_cannot_be_a_server_is_refused_before_anything_is_sent(url, token, said):
    with pytest.raises(UsageError, match=said):
        ghala.connect(url, token=token)


def test_a_server_that_is_not_there_says_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UnreachableError, match="cannot be reached"):
        ghala.connect(f"http://127.0.0.1:{port}", token=TOKEN)


def test_a_server_that_is_silent_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UnreachableError, match=r"within 0\.1 s"):
            ghala.connect(url, token=TOKEN, timeout_s=0.1)


class Other(BaseHTTPRequestHandler):
    """Something that is no Ghala: it sends everybody on, and notes who came with what."""

    seen = None
    location = ""

    def do_GET(self):
        Other.seen.append((self.path, self.headers.get("Authorization")))
        self.send_response(302 if self.path.endswith("/me") else 200)
        self.send_header("Location", self.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def test_the_token_follows_no_redirect():
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        Other.seen, Other.location = [], f"{url}/elsewhere"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(ServerError, match="302"):
                ghala.connect(url, token=TOKEN)
        finally:
            server.shutdown()
            thread.join()
    assert [path for path, _ in Other.seen] == ["/api/v1/me"]


def test_every_code_of_a_server_is_an_error_of_ours():
    for kind in (NotFoundError, QueryRefusedError, NotSignedInError):
        body = b'{"code": "%s", "detail": "x", "hint": "y", "reasons": ["z"]}' % kind.code.encode()
        raised = error_of(400, PROBLEM_TYPE, body)
        assert (type(raised), raised.hint, raised.evidence["reasons"]) == (kind, "y", ("z",))
    assert isinstance(error_of(422, PROBLEM_TYPE, b'{"code": "new"}'), UsageError)
    assert isinstance(error_of(500, PROBLEM_TYPE, b'{"code": "internal"}'), ServerError)
    for body in (b"", b"[]", b"{", b"\xff"):
        assert isinstance(error_of(502, PROBLEM_TYPE, body), ServerError)


def test_search_rating_and_demand_go_the_same_way(connect):
    made = connect("ben")
    # The index is written while the server answers already.
    for _ in range(200):
        if found := made.search("custmers", kind="dataset"):
            break
        threading.Event().wait(0.05)
    assert found[0]["name"] == "sales.customers"
    with pytest.raises(DeniedError, match="may not rate"):
        made.rate("sales/customers", 4, "fine")
    made.sql("SELECT count(*) FROM sales.customers").rows()
    made.rate("sales/customers", 4, "fine")
    assert made.talk.ratings("sales/customers")["stars"] == 4
    assert made.talk.usage("sales/customers")["people"] == 1
    made.talk.withdraw_rating("sales/customers")
    assert made.talk.ratings("sales/customers")["count"] == 0
    assert made.talk.terms() == []
    with pytest.raises(DeniedError):
        made.demand()


@pytest.fixture
def shell(served, monkeypatch):
    """Run a command line against the server, as Ben or with another token, or without one."""
    server, tokens = served

    def call(*words, whose="explained"):
        if whose:
            monkeypatch.setenv("GHALA_TOKEN", tokens[whose])
        else:
            monkeypatch.delenv("GHALA_TOKEN", raising=False)
        return CliRunner().invoke(
            cli, [*words, "--server", server.url], obj=State(), prog_name="ghala"
        )

    return call


def test_commands_ask_a_server(shell):
    assert shell("sql", SQL, "--format", "csv").stdout == "id,rate\n1,1.5\n2,2.5\n3,3.5\n"
    assert "market/rates" in shell("list").stdout
    assert "rows: 3" in shell("show", "market.rates").stdout
    assert "current" in shell("releases", "market/rates").stdout
    assert "market.rates.rate\n" in shell("lineage", "market.rates").stdout
    assert "may not read" in shell("policy", "why", "me", "sales.orders").stdout
    assert "user:ben" in shell("audit", "search", "--who", "ben", whose="watch").stdout
    assert shell("audit", "verify", whose="watch").stderr.endswith("all as written\n")
    assert json.loads(shell("audit", "export", whose="watch").stdout.splitlines()[0])
    assert "user:ben" in shell("policy", "who", "market.rates", whose="watch").stdout
    assert "sales.customers" in shell("search", "customers").stdout
    assert "market/rates" in shell("runs", "list", "market/rates").stdout
    assert (
        json.loads(shell("quality", "market.rates", "--json").stdout)["dataset"] == "market.rates"
    )
    assert "fine" in shell("status").stdout
    assert "no service level" in shell("status", "market.rates").stderr
    assert shell("incident", "list").stderr == "there are no incidents\n"
    assert "may not manage" in shell("incident", "open", "market/rates", "--title", "x").stderr
    refused = shell("demand", "list")
    assert (refused.exit_code, "demand:read" in refused.stderr) == (1, True)
    for words in (("list", "--json"), ("releases", "--json"), ("search", "rates", "--json")):
        assert shell(*words).stdout.startswith("[")


def test_commands_about_releases_ask_a_server(shell, connect):
    assert "1.5" in shell("profile", "market.rates").stdout
    assert "histogram of value" in shell("profile", "market.rates", "--column", "rate").stdout
    assert "0 %" in shell("profile", "market.rates", "--column", "rate", "--series").stdout
    assert "is_current: true" in shell("releases", "market/rates", "--number", "1").stdout
    first = shell("diff", "market.rates")
    assert (first.exit_code, "before release 1" in first.stderr) == (2, True)
    denied = shell("rollback", "market/rates", "--to", "1", "--reason", "a test")
    assert (denied.exit_code, "product:roll_back" in denied.stderr) == (1, True)
    assert connect("ben").profile("market.rates", column="rate")["rows"] == 3


def test_queries_are_kept_at_a_server(connect, shell):
    queries = connect("ben").queries
    queries.save("rates", SQL)
    kept = queries.save("rates", SQL, description="all of them", shared_with="everybody")
    assert [one["id"] for one in connect("amina").queries.all("market.rates")] == [kept["id"]]
    assert connect("amina").queries.run(kept["id"]).arrow().num_rows == 3
    assert shell("query", "run", "rates", "--format", "csv").stdout.startswith("id,rate\n1,1.5")
    assert "all of them" in shell("query", "show", "rates").stdout
    assert shell("query", "share", "rates", "--with", "nobody").exit_code == 0
    assert connect("amina").queries.all() == []
    assert SQL in shell("query", "history").stdout
    assert shell("query", "history", "--forget").exit_code == 0
    assert queries.history() == []
    assert shell("query", "delete", "rates").exit_code == 0
    with pytest.raises(NotFoundError):
        queries.find("rates")


def test_commands_about_what_was_kept_out_ask_a_server(shell, connect):
    assert "quarantined: 0" in shell("quarantine", "rows", "market.rates").stdout
    row = "0" * 32
    for words in (
        ("fix", "market.rates", row, "--raw", "KE,1.0"),
        ("discard", "market.rates", row, "--reason", "a test"),
        ("release", "market.rates", row),
    ):
        refused = shell("quarantine", *words)
        assert (refused.exit_code, "product:run" in refused.stderr) == (1, True)
    assert connect("ben").quarantine.rows("market.rates")["may_repair"] is False


def test_what_only_a_workspace_knows_is_not_asked_of_a_server(shell, tmp_path):
    for words, said in (
        (("lineage", "market.rates", "--steps"), "for a workspace"),
        (("policy", "simulate"), "--policies DIR"),
        (("policy", "simulate", "--policies", str(tmp_path)), "has no policies"),
    ):
        result = shell(*words)
        assert (result.exit_code, said in result.stderr) == (2, True)


def test_a_command_that_fails_at_the_server_fails_here(shell):
    denied = shell("sql", "SELECT * FROM sales.orders")
    assert denied.exit_code == 1
    assert "because" in denied.stderr
    both = shell("list", "-w", "/")
    assert (both.exit_code, "not to both" in both.stderr) == (2, True)
    nothing = shell("list", whose=None)
    assert (nothing.exit_code, "GHALA_TOKEN" in nothing.stderr) == (2, True)


def test_no_error_of_the_client_is_a_stack_trace():
    assert issubclass(ServerError, GhalaError)
    assert issubclass(UnreachableError, GhalaError)


def test_lineage_and_explanations_are_those_of_a_workspace(connect):
    made = connect("explained")
    graph = made.lineage("market.rates.rate")
    assert (graph.dataset, graph.columns, graph.is_recorded) == ("market.rates", ("rate",), True)
    mine = made.why("market.rates.rate")
    assert (mine.principal, mine.may_read, mine.columns[0].clearance) == (
        "user:ben", True, Clearance.CLEAR,
    )  # fmt: skip
    with pytest.raises(DeniedError):
        made.who("market.rates")


def test_the_audit_can_be_read_from_outside(connect):
    made = connect("watch")
    found = made.audit(limit=3, tag="dataset:read", since="2020-01-01T00:00:00Z")
    assert {one.tag for one in found} == {"dataset:read"}
    lines = [json.loads(line) for line in made.audit_lines()]
    assert len(lines) > len(found)
    assert made.verify_audit().faults == ()
    assert made.audit(limit=1200)[-1].number == 1


def test_a_change_of_policies_is_simulated_from_outside(connect):
    connect("ben").sql("SELECT id FROM sales.customers").rows()
    simulated = connect("watch").simulate({"own.cedar": ""}, days=1)
    assert simulated.has_losers
    assert {change.dataset.domain for change in simulated.changes} <= {"market", "sales", "hr"}


def test_access_is_asked_for_at_a_server(shell):
    words = ("--purpose", "analytics", "--column", "id", "--why", "to count")
    made = shell("access", "request", "sales.orders", *words, whose="asking")
    assert made.exit_code == 0, made.stderr
    number = made.stdout.split(":")[0]
    assert "waits for a decision" in made.stderr
    listed = json.loads(shell("access", "list", "--json", whose="asking").stdout)
    assert [(one["id"], one["grantee"]) for one in listed["requests"]] == [(number, "user:ben")]
    assert "to count" in shell("access", "show", number, whose="asking").stdout
    assert "requested" in shell("access", "history", number, whose="asking").stdout
    assert shell("access", "withdraw", number, whose="asking").stdout == f"{number}: withdrawn\n"
    refused = shell("access", "request", "sales.orders", *words, whose="ben")
    assert (refused.exit_code, "agreement:request" in refused.stderr) == (1, True)
    assert shell("access", "show", "nothing", whose="asking").exit_code == 2
