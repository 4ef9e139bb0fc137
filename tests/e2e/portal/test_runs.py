"""Runs, releases and what was set aside: from a broken month to the mended one."""

import re

import pytest
from harness import ANALYST, OWNER, check_accessible, settle
from playwright.sync_api import expect

from ghala.testing.demo.workspace import break_month, repair_month

LINES = "/quarantine/sales/order_lines"


@pytest.fixture
def owner(portal):
    """Return a page of the owner of sales, whose powers a test uses."""
    return portal.visit("/runs?product=sales/order_lines", by=OWNER)


def run_now(page, name, state):
    """Start a run, and wait until the page says how it ended, without being loaded again."""
    page.get_by_role("button", name=name).click()
    page.wait_for_url(re.compile("/runs/[0-9]"))
    expect(page.locator("h1")).to_contain_text("Run of sales/order_lines")
    expect(page.locator("header").get_by_text(state, exact=True).first).to_be_visible(
        timeout=60_000
    )
    settle(page)


def count(portal, sql):
    """Return what a question counts, asked by the owner."""
    with portal.client(OWNER) as client:
        answer = client.post("/sql", json={"sql": sql}).raise_for_status()
        return int(answer.json()["rows"][0][0])


def test_from_a_broken_month_to_the_mended_one(portal, owner, organisation):
    folder, page = organisation[0], owner
    lines = "SELECT count(*) FROM sales.order_lines"
    before = count(portal, lines)
    # The month comes broken: it is refused, consumers keep what they have, and an incident is open.
    break_month(folder)
    run_now(page, "Run it now", "refused")
    run = page.url.rsplit("/", 1)[1].partition("?")[0]
    expect(page.get_by_role("alert")).to_contain_text("rows broke the contract")
    page.get_by_role("tab", name="Checks").click()
    expect(page.get_by_role("row", name=re.compile("broken")).first).to_be_visible()
    assert count(portal, lines) == before
    listed = page.evaluate("fetch('/api/v1/incidents?state=open').then(answer => answer.json())")
    (incident,) = [one for one in listed["incidents"] if one["product"] == "sales/order_lines"]
    assert incident["cause"] == "contract_broken"
    # Meanwhile a record that could not be read is mended.
    page.get_by_role("link", name="Look at those of sales.order_lines").click()
    page.wait_for_url(f"**{LINES}?run={run}**")
    settle(page)
    page.get_by_role("button", name="Show what counts now").click()
    page.get_by_label("Why").select_option("out_of_range")
    settle(page)
    page.get_by_role("button", name=re.compile("^Look at ")).first.click()
    field = page.get_by_label("As it should be")
    field.fill(field.input_value().replace("-32,", "-28,"))
    page.get_by_role("button", name="Keep this edit").click()
    expect(page.get_by_role("button", name="Release 1 edited row")).to_be_enabled()
    # Sales exports the month again, and both come in together.
    repair_month(folder)
    page.get_by_role("button", name="Release 1 edited row").click()
    page.wait_for_url(re.compile("/runs/[0-9]"))
    expect(page.locator("header").get_by_text("published", exact=True).first).to_be_visible(
        timeout=60_000
    )
    after = count(portal, lines)
    assert after == before + 1
    found = page.evaluate(
        f"fetch('/api/v1/incidents/{incident['id']}').then(answer => answer.json())"
    )
    assert found["state"] == "resolved"
    page.goto(portal.url + LINES + "?state=released")
    settle(page)
    expect(page.get_by_text("released", exact=True).first).to_be_visible()


def test_a_run_shows_its_steps_as_graph_table_and_log(owner):
    page = owner
    page.locator("tbody").get_by_role("link").first.click()
    page.get_by_role("region", name=re.compile("steps of this run")).wait_for()
    expect(page.locator(".react-flow__node")).to_have_count(7)
    check_accessible(page)
    page.get_by_role("button", name="Show as a table").click()
    page.wait_for_url("**view=table**")
    expect(page.get_by_role("row", name=re.compile("^Check and publish"))).to_be_visible()
    page.get_by_role("tab", name="Log").click()
    expect(page.get_by_role("list", name="Log")).to_contain_text("checking and publishing")
    page.get_by_role("tab", name="Files").click()
    expect(page.get_by_role("table", name="Files")).to_contain_text("orders-")


def test_an_earlier_release_comes_back_and_goes_again(portal):
    page = portal.visit("/products/sales/order_lines?tab=releases", by=OWNER)
    page.goto(f"{portal.url}/releases/sales/order_lines/1")
    settle(page)
    page.get_by_role("tab", name="What changed").click()
    expect(page.get_by_text("It is the first release")).to_be_visible()
    page.get_by_role("button", name="Roll back to this").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("with the content of this one")
    expect(dialog.get_by_role("button", name="Roll back", exact=True)).to_be_disabled()
    dialog.get_by_label("Why").fill("a test of the portal")
    dialog.get_by_role("button", name="Roll back", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/1"), timeout=60_000)
    settle(page)
    expect(page.locator("main")).to_contain_text("a test of the portal")
    page.get_by_role("tab", name="What changed").click()
    expect(page.get_by_text("Rows removed").first).to_be_visible(timeout=60_000)
    # Everybody else reads on: the content of the release before is brought back.
    number = int(re.search(r"order_lines/(\d+)", page.url)[1])
    page.goto(f"{portal.url}/releases/sales/order_lines/{number - 1}")
    settle(page)
    page.get_by_role("button", name="Roll back to this").click()
    page.get_by_role("dialog").get_by_label("Why").fill("the test is over")
    page.get_by_role("button", name="Roll back", exact=True).click()
    page.wait_for_url(f"**/{number + 1}", timeout=60_000)


def test_who_does_not_own_the_rows_sees_how_many_and_why(portal):
    page = portal.visit("/quarantine/sales/customers", by=ANALYST)
    expect(page.get_by_role("table", name="Why rows wait")).to_be_visible()
    expect(page.get_by_text("The rows themselves are for those who own them")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Release"))).to_have_count(0)


def test_rows_are_given_up_with_the_keyboard_alone(portal):
    page = portal.visit("/quarantine/logistics/shipments", by="hans.fischer")
    first = page.get_by_role("checkbox", name=re.compile("^Choose ")).nth(1)
    first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Give 1 row up").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_label("Why").press_sequentially("a test parcel")
    page.keyboard.press("Enter")
    expect(page.get_by_text("given up", exact=True).first).to_be_visible()
    expect(page.get_by_text("a test parcel").first).to_be_visible()
