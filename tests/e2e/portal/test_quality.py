"""Whether data is as it was promised: how all of it stands, and incidents from their beginning to their end."""

import re

import pytest
from harness import OWNER, check_accessible, settle
from playwright.sync_api import expect


def test_all_datasets_stand_with_the_worst_first_and_narrow_in_the_address(portal):
    page = portal.visit("/quality")
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text(re.compile("as promised|late|failed|broken"))
    page.get_by_label("Domain").select_option("finance")
    page.wait_for_url("**domain=finance**")
    expect(page.locator("tbody tr").first).to_contain_text("finance.")
    page.get_by_label("State").select_option("broken")
    page.wait_for_url("**state=broken**")
    expect(page.get_by_text("No dataset stands so")).to_be_visible()
    page.get_by_role("tab", name="Service levels").click()
    page.wait_for_url("**tab=levels**")
    expect(page.locator("tbody tr").first).to_contain_text(re.compile("left of|allowed|It holds"))


def test_a_broken_month_is_told_from_its_beginning_to_its_end(portal):
    page = portal.visit("/quality?tab=incidents", by=OWNER)
    page.get_by_label("Show those that are over, too").check()
    page.wait_for_url("**incidents=all**")
    page.get_by_role("link", name=re.compile("order_lines broke its contract")).first.click()
    page.get_by_role("heading", name=re.compile("broke its contract"), level=1).wait_for()
    settle(page)
    main = page.locator("main")
    for words in ("It began", "It is over", "Rows broke the contract", "sales.order_lines"):
        expect(main).to_contain_text(words)
    # What is made from the lines, and who reads it.
    expect(main).to_contain_text("sales.orders")
    assert page.get_by_role("link", name="Show the run").get_attribute("href").startswith("/runs/")
    check_accessible(page)


@pytest.fixture
def incident(portal):
    """Return the id of an incident that its owner has just opened."""
    opened = {"product": "sales/orders", "title": "Totals look odd", "text": "Since this morning."}
    with portal.client(OWNER) as client:
        return client.post("/incidents", json=opened).raise_for_status().json()["id"]


def test_an_incident_is_taken_care_of_and_its_readers_see_it(portal, incident):
    page = portal.visit(f"/incidents/{incident}", by=OWNER)
    page.get_by_role("button", name="I take care of it").click()
    expect(page.locator("main header").first).to_contain_text("taken care of")
    page.get_by_label("What users should know").fill("The export is being repaired.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_label("What users should know")).to_have_value("")
    reader = portal.visit(f"/incidents/{incident}")
    expect(reader.locator("main")).to_contain_text("The export is being repaired.")
    expect(reader.get_by_label("What users should know")).to_have_count(0)
    page.get_by_label("What users should know").fill("Repaired, all totals are right.")
    page.get_by_role("button", name="It is over").click()
    expect(page.locator("main")).to_contain_text("Repaired, all totals are right.")
    expect(page.get_by_label("What users should know")).to_have_count(0)
