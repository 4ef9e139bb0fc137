"""Lineage: level by level, along a column, as a table, and what changes with a dataset."""

import re

from harness import OWNER, check_accessible, settle
from playwright.sync_api import expect


def nodes(page):
    """Return the names of what is drawn."""
    page.locator(".react-flow__node-shown").first.wait_for()
    return set(page.locator(".react-flow__node-shown a").all_inner_texts())


def test_a_lineage_opens_level_by_level(portal):
    page = portal.visit("/lineage", by=OWNER, purpose="operations")
    page.get_by_role("link", name="sales.orders", exact=True).click()
    settle(page)
    first = nodes(page)
    assert {"sales.orders", "sales.order_lines"} <= first
    assert "sales.goods" not in first
    page.get_by_role(
        "button", name=re.compile("more datasets? that sales.order_lines comes from")
    ).click()
    page.wait_for_url("**up=sales.order_lines**")
    expect(page.locator(".react-flow__node-shown", has_text="sales.goods")).to_be_visible()
    assert nodes(page) > first
    check_accessible(page)
    page.reload()
    settle(page)
    assert "sales.goods" in nodes(page)
    page.get_by_role("button", name="Hide again what sales.order_lines comes from").click()
    expect(page.locator(".react-flow__node-shown", has_text="sales.goods")).to_have_count(0)


def test_arrow_keys_go_along_the_lines(portal):
    page = portal.visit("/lineage/sales/orders", by=OWNER, purpose="operations")
    page.locator(".react-flow__node-shown a", has_text="sales.orders").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.textContent") == "sales.order_lines"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") != "sales.order_lines"


def test_a_column_is_followed_in_every_view(portal):
    page = portal.visit("/lineage/sales/orders", by=OWNER, purpose="operations")
    page.get_by_label("Follow a column").select_option("net_amount")
    page.wait_for_url("**column=net_amount**")
    page.get_by_role("tab", name="Columns").click()
    node = page.locator(".react-flow__node-shown", has_text="sales.order_lines")
    expect(node).to_contain_text("net_amount")
    check_accessible(page)
    page.get_by_role("tab", name="Table").click()
    row = page.get_by_role(
        "row", name=re.compile(r"sales\.order_lines\.net_amount sales\.orders\.net_amount")
    )
    assert "its values are used" in row.inner_text()
    page.get_by_role("tab", name="Products").click()
    assert {"sales/orders", "sales/order_lines"} <= nodes(page)


def test_what_changes_with_a_dataset_is_listed_with_its_owners(portal):
    page = portal.visit("/lineage/sales/order_lines?view=impact", by=OWNER, purpose="operations")
    row = page.get_by_role("row", name=re.compile("sales.orders"))
    assert "sales-operations" in row.inner_text()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export CSV").click()
    lines = saved.value.path().read_text().splitlines()
    assert lines[0] == '"dataset","product","owner","steps"'
    assert '"sales.orders","sales/orders","sales-operations","1"' in lines


def test_what_one_may_not_know_of_is_not_there(portal):
    page = portal.visit("/lineage/people/staff")
    assert "There is nothing here" in page.locator("main").inner_text()
