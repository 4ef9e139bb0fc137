"""Governance, settings and notifications: who may see what, who saw what, and how the server stands."""

import re

from harness import (
    ADMINISTRATOR,
    ANALYST,
    AUDITOR,
    OWNER,
    STEWARD,
    check_accessible,
    settle,
)
from playwright.sync_api import expect


def test_an_auditor_asks_who_saw_a_column(portal):
    with portal.client(ANALYST) as client:
        asked = {"sql": "SELECT max(net_amount) AS most FROM sales.orders"}
        client.post("/sql", json=asked).raise_for_status()
    page = portal.visit("/governance?tab=saw", by=AUDITOR, own=True)
    page.get_by_label("Dataset").fill("sales.orders")
    page.get_by_label("Column").fill("net_amount")
    page.get_by_role("button", name="List who saw it").click()
    # Without the role, the page says which one it is, and is the way to it.
    page.get_by_text("This needs the role of auditor or administrator").wait_for()
    page.get_by_role("button", name="Take a role").first.click()
    page.get_by_role("dialog").get_by_label("Why").fill("the quarterly review")
    page.get_by_role("button", name="Take the role").click()
    portal.taken.append((AUDITOR, "auditor"))
    people = page.get_by_role("table", name="Who saw it")
    row = people.get_by_role("row", name=re.compile("^amina.otieno"))
    assert "in clear" in row.inner_text()
    assert "column=net_amount" in page.url
    check_accessible(page)
    # Nobody read the phone numbers by themselves: other columns are other answers.
    page.goto(f"{portal.url}/governance?tab=saw&dataset=sales.orders&column=no_such_column")
    settle(page)
    page.get_by_text("Nobody saw sales.orders.no_such_column").wait_for()


def test_an_auditor_searches_the_record_and_sees_that_it_is_whole(portal):
    page = portal.visit("/governance?tab=audit", by=AUDITOR, role="auditor")
    page.get_by_text("nothing was changed").wait_for()
    page.get_by_label("What happened").select_option("agreement:approved")
    page.get_by_label("Dataset").fill("sales.orders")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.wait_for_url(re.compile("what=agreement"))
    settle(page)
    rows = page.locator("tbody tr").all_inner_texts()
    assert rows
    assert all("approved access" in row and "sales.orders" in row for row in rows)
    link = page.get_by_role("link", name="Export as a file").get_attribute("href")
    exported = page.request.get(portal.url + link)
    assert exported.ok
    assert len(exported.text().splitlines()) == len(rows)
    check_accessible(page)


def test_why_names_the_policies_and_agreements_that_decide(portal):
    page = portal.visit("/governance?tab=why&dataset=sales.orders", by=ANALYST)
    page.get_by_text("amina.otieno may read sales.orders for the purpose analytics.").wait_for()
    page.get_by_role("link", name=re.compile("with market-insights, until")).wait_for()
    page.get_by_label("Dataset").fill("sales.customers")
    page.get_by_role("button", name="Explain").click()
    page.get_by_text("amina.otieno may know that sales.customers is there").wait_for()
    page.get_by_role("link", name="Ask for access").wait_for()
    # About others one asks the owner, or takes a role that one has.
    page.goto(f"{portal.url}/governance?tab=why&dataset=sales.orders&who=baraka.mwangi")
    page.get_by_text("This needs the role of").wait_for()
    page.goto(f"{portal.url}/governance?tab=why&dataset=people.employees")
    page.get_by_text("there is no dataset").wait_for()


def test_an_owner_sees_who_reads_and_which_data_is_personal(portal):
    page = portal.visit("/governance?tab=who&dataset=sales.customers&column=name", by=OWNER)
    table = page.get_by_role("table", name="Who")
    assert "hans.fischer" in table.inner_text()
    page.get_by_role("tab", name="Personal data").click()
    page.get_by_role("button", name=re.compile("^sales, pii.email")).click()
    page.wait_for_url("**tag=pii.email**")
    shown = page.get_by_role("table", name="Personal data").locator("tbody tr").all_inner_texts()
    assert shown
    assert all("pii.email" in row for row in shown)


def test_a_simulation_tells_who_would_lose_and_changes_nothing(portal):
    with portal.client(ANALYST) as client:
        asked = {"sql": "SELECT count(*) AS months FROM finance.revenue_monthly"}
        client.post("/sql", json=asked).raise_for_status()
    page = portal.visit("/governance?tab=simulate", by=STEWARD, role="steward")
    version = in_force(page, portal)
    text = page.get_by_label("Policies in Cedar").first
    assert "pwani.figures-are-read" in text.input_value()
    text.fill("")
    page.get_by_role("button", name="Simulate", exact=True).click()
    page.get_by_text("somebody would see less").wait_for()
    row = page.get_by_role(
        "row", name=re.compile("amina.otieno.*finance.revenue_monthly", re.DOTALL)
    )
    assert "could no longer read it" in row.first.inner_text()
    check_accessible(page)
    page.get_by_role("button", name="As it is in force").click()
    text.press("End")
    text.press_sequentially("permit (")
    page.get_by_role("button", name="Simulate", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert in_force(page, portal) == version
    with portal.client(ANALYST) as client:
        client.post("/sql", json=asked).raise_for_status()


def in_force(page, portal):
    return page.request.get(f"{portal.url}/api/v1/policies").json()["version"]


def test_policies_are_told_in_words(portal):
    page = portal.visit("/governance", by=STEWARD, role="steward", width="phone")
    page.get_by_text("figures over months are for everybody who works here").first.wait_for()
    page.get_by_text("As it is written").first.click()
    page.get_by_text("permit (").first.wait_for()
    check_accessible(page)


def test_the_keyboard_reaches_every_tab_and_asks(portal):
    page = portal.visit("/governance?tab=purposes", by=ANALYST)
    page.get_by_role("tab", name="Purposes").focus()
    for name in ("Simulate", "Who saw it", "Who", "Why"):
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("tab", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Why", selected=True).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("sales.orders")
    page.keyboard.press("Enter")
    page.get_by_text("amina.otieno may read sales.orders").wait_for()


def test_an_administrator_sees_how_the_server_stands(portal):
    page = portal.visit("/settings?tab=health", by=ADMINISTRATOR, role="administrator")
    page.get_by_text("All is fine.").or_(
        page.get_by_text("Something needs a hand.")
    ).first.wait_for()
    assert "Audit chain" in page.locator("main").inner_text()
    check_accessible(page)
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Where from").select_option("file")
    table = page.get_by_role("table", name="Settings")
    assert "zones.sales" in table.inner_text()
    check_accessible(page)
    page.get_by_role("tab", name="Channels").click()
    page.get_by_text("There are no channels").wait_for()
    check_accessible(page)


def test_a_token_for_curl_is_shown_once_and_works(portal):
    page = portal.visit("/settings", by=ANALYST)
    page.get_by_label("What it is for").fill("my notebook")
    page.get_by_role("button", name="Make a token").click()
    shown = page.get_by_text("export GHALA_TOKEN=").inner_text()
    token = re.search("ghala_[A-Za-z0-9_]+", shown)[0]
    found = page.request.get(
        f"{portal.url}/api/v1/home", headers={"Authorization": f"Bearer {token}"}
    )
    assert found.ok
    page.reload()
    settle(page)
    assert "ghala_" not in page.locator("main").inner_text()


def test_what_was_told_leads_to_what_it_is_about(portal):
    page = portal.visit("/notifications", by=OWNER)
    page.get_by_role("link", name="Somebody asks for access").first.click()
    page.wait_for_url("**/requests/*")
