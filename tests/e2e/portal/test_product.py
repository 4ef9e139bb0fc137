"""A product: who is behind it, whether it can be trusted, and how to use it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from harness import ANALYST, settle
from playwright.sync_api import expect

ORDERS = "/products/sales/orders"
MOST_STEPS = 12


def test_whether_it_can_be_trusted_and_who_owns_it_is_learnt_in_few_steps(portal):
    steps = []

    def step(what, do):
        steps.append(what)
        do()

    page = portal.visit("/")
    step("catalog", page.get_by_role("link", name="Catalog").first.click)
    box = page.get_by_role("searchbox", name="Search the catalog")
    step("search", lambda: box.fill("revenue"))
    product = page.get_by_role("list", name="Catalog").get_by_role("link", name="Revenue")
    step("open", product.first.click)
    page.get_by_role("heading", name="Revenue", level=1).wait_for()
    settle(page)
    main = page.locator("main")
    expect(main).to_contain_text("looked after by group-finance")
    expect(main.get_by_text(re.compile(r"^(\d+) of \1 kept$")).first).to_be_visible()
    step("quality", page.get_by_role("tab", name="Quality").click)
    expect(
        page.get_by_role("img", name=re.compile(r"Kept in (\d+) of \1 checks?\.")).first
    ).to_be_visible()
    assert len(steps) <= MOST_STEPS


def test_people_limits_and_documentation_are_told(portal):
    page = portal.visit(ORDERS)
    people = page.locator("section", has=page.get_by_role("heading", name="People"))
    expect(people).to_contain_text("Grace Nakato")
    expect(people.get_by_role("link", name="#sales-data")).to_have_attribute(
        "href", "https://pwani.example/chat/sales-data"
    )
    expect(page.get_by_text("Amounts are in the currency of the market")).to_be_visible()
    page.get_by_role("tab", name="Documentation").click()
    page.wait_for_url("**tab=documentation**")
    expect(page.get_by_text("made from the released")).to_be_visible()


def test_a_vote_for_what_is_to_come_is_given_and_taken_back(portal):
    page = portal.visit(f"{ORDERS}?tab=roadmap")
    vote = page.get_by_role("button", name="Vote for Status of the order")
    expect(vote).to_have_attribute("aria-pressed", "false")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_contain_text("1")
    page.reload()
    settle(page)
    expect(vote).to_have_attribute("aria-pressed", "true")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "false")


def test_what_it_is_made_from_is_drawn_and_listed(portal):
    page = portal.visit(f"{ORDERS}?tab=lineage")
    expect(page.locator(".react-flow__node").first).to_be_visible()
    listed = page.locator("section", has=page.get_by_role("heading", name="As a list"))
    expect(listed).to_contain_text("Made from sales.order_lines")
    whole = listed.get_by_role("link", name="All about sales.orders")
    assert whole.get_attribute("href") == "/lineage/sales/orders"


def test_a_statement_is_copied_to_be_pasted(portal):
    page = portal.visit(f"{ORDERS}?tab=use")
    page.get_by_role("button", name="Copy: SQL").click()
    page.get_by_text("Copied").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == "SELECT * FROM sales.orders LIMIT 10"


@pytest.fixture
def token(portal):
    """Return a token of the analyst, as somebody would issue it to use a snippet."""
    wanted = {"scopes": ["dataset:read"], "purpose": "analytics", "label": "snippets", "days": 1}
    with portal.client(ANALYST) as client:
        return client.post("/tokens", json=wanted).raise_for_status().json()["text"]


def test_each_snippet_does_what_it_says(portal, token, tmp_path):
    page = portal.visit(f"{ORDERS}?tab=use")
    texts = dict(
        zip(
            page.locator("main h2").all_inner_texts(),
            page.locator("main pre").all_inner_texts(),
            strict=True,
        )
    )
    assert set(texts) == {"SQL", "Python", "curl", "Command line"}
    programs = str(Path(sys.executable).parent)
    variables = {
        "PATH": os.pathsep.join([programs, os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "GHALA_TOKEN": token,
        "NO_PROXY": "*",
    }

    def run(*command):
        ran = subprocess.run(
            command,
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    (tmp_path / "snippet.py").write_text(texts["Python"])
    assert "order_id: string" in run(sys.executable, "snippet.py")
    for name in ("curl", "Command line"):
        lines = run("bash", "-c", texts[name]).splitlines()
        assert lines[0].replace('"', "").startswith("order_id,ordered_on")
        assert len(lines) == 11
    with httpx.Client(base_url=f"{portal.url}/api/v1", trust_env=False, timeout=30) as client:
        answer = client.post(
            "/sql", json={"sql": texts["SQL"]}, headers={"Authorization": f"Bearer {token}"}
        )
    assert answer.raise_for_status().json()["row_count"] == 10
