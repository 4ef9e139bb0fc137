"""Finding and understanding: the catalog, products and datasets."""

import re

from harness import settle


def test_a_search_narrows_with_each_key_stroke_and_stays_in_the_address(portal):
    page = portal.visit("/catalog")
    page.get_by_role("searchbox").press_sequentially("custom", delay=20)
    page.get_by_role("link", name="Customers", exact=True).first.wait_for()
    assert "q=custom" in page.url
    page.get_by_label("Kind").select_option("column")
    page.wait_for_url("**kind=column**")
    settle(page)
    names = page.locator("main li a").all_inner_texts()
    assert names
    assert all(name.count(".") == 2 for name in names)
    page.reload()
    settle(page)
    assert page.get_by_role("searchbox").input_value() == "custom"


def test_nothing_found_says_what_becomes_of_the_search(portal):
    page = portal.visit("/catalog?q=xylophone")
    assert "Nothing is called “xylophone”" in page.locator("main").inner_text()


def test_products_are_narrowed_and_sorted_in_the_address(portal):
    page = portal.visit("/catalog")
    page.get_by_label("Domain").select_option("sales")
    page.wait_for_url("**domain=sales**")
    page.get_by_role("button", name="Product").click()
    page.wait_for_url("**sort=name**")
    rows = page.locator("tbody tr").all_inner_texts()
    assert len(rows) == 4
    assert [row.split()[0] for row in rows] == sorted(row.split()[0] for row in rows)


def test_from_the_catalog_to_the_meaning_of_a_column(portal):
    page = portal.visit("/catalog")
    page.get_by_role("link", name="Orders", exact=True).click()
    page.get_by_role("link", name="sales.orders", exact=True).click()
    page.get_by_role("heading", name="sales.orders").wait_for()
    row = page.get_by_role("row", name=re.compile("^ordered_on"))
    assert "Day on which the customer ordered." in row.inner_text()


def test_a_statement_is_copied_to_be_pasted(portal):
    page = portal.visit("/products/sales/orders?tab=use")
    page.get_by_role("button", name="Copy: SQL").click()
    page.get_by_text("Copied").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == "SELECT * FROM sales.orders LIMIT 10"
