"""What one looks at first: what waits, what is one's own, what changed and what is broken."""

import re

from harness import ADMINISTRATOR, ANALYST, OWNER, settle


def test_an_owner_sees_what_waits_and_what_is_theirs_and_goes_there(portal):
    page = portal.visit("/", by=OWNER)
    waiting = page.locator("section", has=page.get_by_role("heading", name="Waiting for you"))
    waiting.get_by_role("link", name=re.compile("baraka.mwangi asks.*sales.order_lines")).wait_for()
    mine = page.get_by_role("table", name="Your products")
    rows = mine.locator("tbody tr").all_inner_texts()
    assert {"Orders", "Customers"} <= {row.split("\n")[0] for row in rows}
    assert all(re.search("rules hold|broken|not checked|failed", row) for row in rows)
    mine.get_by_role("link", name="Orders", exact=True).click()
    page.wait_for_url("**/products/sales/orders")


def test_a_reader_sees_what_they_use_and_nothing_of_what_they_may_not_know(portal):
    with portal.client(ANALYST) as client:
        asked = {"sql": "SELECT count(*) AS months FROM finance.revenue_monthly"}
        client.post("/sql", json=asked).raise_for_status()
    page = portal.visit("/", by=ANALYST)
    used = page.get_by_role("table", name="What you use").inner_text()
    assert "finance/revenue" in used
    assert "sales/orders" in used
    assert "employees" not in page.locator("main").inner_text()


def test_a_newcomer_is_led_to_data_and_to_the_tour(portal):
    page = portal.visit("/", by=ADMINISTRATOR, width="phone")
    page.get_by_text("What would you like to know?").wait_for()
    assert page.get_by_role("link", name="three-minute tour").get_attribute("href") == "/learn"
    page.get_by_role("searchbox").fill("revenue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalog?q=revenue")
    settle(page)


def test_signing_in_leads_home(portal):
    page = portal.visit("/", by=None)
    page.get_by_label("Name", exact=True).fill(OWNER)
    page.get_by_label("Password", exact=True).fill(portal.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Home", level=1).wait_for()
    assert page.url == f"{portal.url}/"
