"""`ghala search` and `ghala demand` beside a workspace."""

import json

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State

GLOSSARY = """terms:
  - term: churn
    meaning: A customer who has not ordered for 90 days.
    synonyms: [attrition]
    links: [sales.orders]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a command line in a small workspace."""
    folder = tmp_path_factory.mktemp("search") / "acme"

    def call(*words):
        return CliRunner().invoke(cli, words, obj=State(), prog_name="ghala")

    assert call("init", str(folder)).exit_code == 0
    (folder / "glossary.yaml").write_text(GLOSSARY)
    return lambda *words: call(*words, "-w", str(folder))


def test_what_is_defined_is_found_without_a_server(run):
    lines = run("search", "ordres", "--kind", "dataset").stdout.splitlines()
    assert lines[0].split() == ["dataset", "sales.orders", "(sales-team)"]
    (term,) = json.loads(run("search", "attrition", "--json").stdout)
    assert (term["name"], term["links"]) == ("churn", ["sales.orders"])
    assert "see sales.orders" in run("search", "churn").stdout


def test_filters_are_options(run):
    assert run("search", "orders", "--tag", "pii").stdout == ""
    assert run("search", "orders", "--domain", "sales", "--limit", "1").stdout.startswith("product")


@pytest.mark.parametrize(
    ("option", "given", "meant"),
    [("--domain", "slaes", "sales"), ("--owner", "sales-taem", "sales-team")],
)
def test_a_filter_with_a_typing_error_says_so_and_is_no_demand(run, option, given, meant):
    refused = run("search", "qwertyuiop", option, given)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"did you mean `{meant}`?" in refused.stderr
    assert "qwertyuiop" not in run("demand", "list").stdout


def test_what_is_not_found_is_demand(run):
    nothing = run("search", "zebra", "stripes")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "nothing is called like `zebra stripes`" in nothing.stderr
    assert "stripes zebra" in run("demand", "list").stdout
    wishes = json.loads(run("demand", "list", "--json").stdout)
    assert "stripes zebra" in {one["words"] for one in wishes["misses"]}


def test_no_words_are_no_search(run):
    assert run("search").exit_code == 2
    assert run("demand").exit_code == 2


def test_terms_are_shown_with_what_they_speak_of(run):
    assert run("glossary", "list").stdout.splitlines()[-1].split()[0] == "churn"
    shown = run("glossary", "show", "Attrition").stdout
    assert "see sales.orders" in shown
    (term,) = json.loads(run("glossary", "list", "--json").stdout)
    assert term["example"] is None
    assert json.loads(run("glossary", "show", "churn", "--json").stdout)["name"] == "churn"
    refused = run("glossary", "show", "chrun")
    assert (refused.exit_code, "did you mean `churn`?" in refused.stderr) == (2, True)


def test_usage_and_ratings_begin_empty_and_are_given_by_users(run):
    assert "0 queries of 0 users" in run("usage", "sales/orders").stdout
    assert json.loads(run("usage", "sales/orders", "--json").stdout)["consumers"] == []
    assert "nobody rated it yet" in run("rating", "show", "sales/orders").stderr
    refused = run("rating", "give", "sales/orders", "4")
    assert (refused.exit_code, "users who read them" in refused.stderr) == (1, True)
    assert run("rating", "reply", "sales/orders", "0" * 12, "hm").exit_code == 2
    assert run("rating", "withdraw", "sales/orders").exit_code == 0
    assert run("usage", "sales/nothing").exit_code == 2


def test_the_glossary_is_linted(run):
    assert run("lint").exit_code == 0
