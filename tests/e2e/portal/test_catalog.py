"""Finding: the catalog, its facets and its search."""

import re

from harness import settle
from playwright.sync_api import expect


def test_a_search_narrows_with_each_key_stroke_and_stays_in_the_address(portal):
    page = portal.visit("/catalog")
    page.get_by_role("searchbox").press_sequentially("custom", delay=20)
    page.get_by_role("link", name="Customers", exact=True).first.wait_for()
    assert "q=custom" in page.url
    page.get_by_label("Kind").select_option("column")
    page.wait_for_url("**kind=column**")
    found = page.get_by_role("region", name=re.compile("in all that there is"))
    expect(found.get_by_role("link").first).to_have_text(re.compile(r"\..*\."))
    names = found.get_by_role("link").all_inner_texts()
    assert all(name.count(".") == 2 for name in names)
    page.reload()
    settle(page)
    assert page.get_by_role("searchbox").input_value() == "custom"


def test_nothing_found_leads_to_asking_for_it(portal):
    page = portal.visit("/catalog?q=xylophone")
    expect(page.locator("main")).to_contain_text("Nothing is called “xylophone”")
    wish = page.get_by_role("link", name="Ask for this data")
    assert wish.get_attribute("href") == "/demand/new?text=xylophone"


def test_facets_narrow_and_count_in_the_address(portal):
    page = portal.visit("/catalog")
    facets = page.get_by_role("complementary", name="Narrow the list")
    domains = facets.get_by_role("group", name="Domain")
    domains.get_by_label(re.compile("^sales")).check()
    page.wait_for_url("**domain=sales**")
    expect(page.get_by_text("4 products", exact=True)).to_be_visible()
    rows = page.get_by_role("list", name="Catalog").get_by_role("listitem")
    expect(rows).to_have_count(4)
    # What is counted beside it is what would be left with it.
    open_to_me = facets.get_by_role("checkbox", name=re.compile("you have an agreement"))
    open_to_me.check()
    page.wait_for_url("**access=agreed**")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Orders")
    open_to_me.uncheck()
    domains.get_by_label(re.compile("^logistics")).check()
    page.wait_for_url("**domain=sales**logistics**")
    page.get_by_role("button", name="Show everything").click()
    page.wait_for_url("**/catalog")
    page.get_by_label("Order", exact=True).select_option("name")
    page.wait_for_url("**sort=name**")
    names = rows.locator("a.font-medium").all_inner_texts()
    assert len(names) > 4
    assert names == sorted(names, key=str.casefold)


def test_the_map_of_domains_leads_into_one(portal):
    page = portal.visit("/catalog")
    domains = page.get_by_role("navigation", name="Domains")
    domains.get_by_role("link", name=re.compile("^finance")).click()
    page.wait_for_url("**domain=finance**")
    rows = page.get_by_role("list", name="Catalog").get_by_role("listitem")
    expect(rows.first).to_contain_text("contract kept")


def test_from_the_catalog_to_the_meaning_of_a_column(portal):
    page = portal.visit("/catalog")
    page.get_by_role("link", name="Orders", exact=True).click()
    page.get_by_role("table").get_by_role("link", name="sales.orders", exact=True).click()
    page.get_by_role("heading", name="sales.orders", level=1).wait_for()
    row = page.get_by_role("row", name=re.compile("^ordered_on"))
    expect(row).to_contain_text("Day on which the customer ordered.")
