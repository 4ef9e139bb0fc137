"""Understanding a dataset: its contract, how it is kept, its values, and what one may see of it."""

import re

from harness import OWNER, check_accessible, settle
from playwright.sync_api import expect

ORDERS = "/datasets/sales/orders"


def test_the_contract_is_readable_with_examples_as_one_may_see_them(portal):
    page = portal.visit(ORDERS)
    row = page.get_by_role("row", name=re.compile("^order_id"))
    for words in ("Order number.", "key", "filled in", "internal", "clear"):
        expect(row).to_contain_text(words)
    expect(row).to_contain_text(re.compile(r"SO-\d{6}-\d{6}"))
    expect(page.get_by_text("You may read it")).to_be_visible()
    links = {
        "Query it": "/sql?sql=SELECT",
        "Where it comes from": "/lineage/sales/orders",
        "Report a wrong value": "/tickets/new?dataset=sales.orders",
    }
    for name, begin in links.items():
        href = page.locator("header").get_by_role("link", name=name).get_attribute("href")
        assert href.startswith(begin)


def test_a_column_opens_with_its_values_rules_and_past(portal):
    page = portal.visit(ORDERS)
    page.get_by_role("button", name="net_amount").click()
    page.wait_for_url("**column=net_amount**")
    sheet = page.get_by_role("dialog", name="net_amount")
    chart = sheet.get_by_role("figure", name=re.compile("rows are spread over the values"))
    expect(chart).to_be_visible()
    sheet.get_by_role("button", name="Show as a table").first.click()
    expect(sheet.get_by_role("columnheader", name="Value")).to_be_visible()
    rules = sheet.get_by_role("region", name="Rules about it")
    expect(rules.get_by_role("img", name=re.compile("Kept in")).first).to_be_visible()
    expect(sheet).to_contain_text("Middle")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"orders$"))
    page.get_by_role("tab", name="Values").click()
    page.wait_for_url("**tab=profile**")
    bars = page.get_by_role("img", name=re.compile("rows are spread"))
    expect(bars.first).to_be_visible()


def test_a_broken_month_stays_in_the_strip_of_its_rule(portal):
    page = portal.visit("/datasets/sales/order_lines?tab=quality", by=OWNER)
    strip = page.get_by_role("img", name=re.compile(r"Kept in \d of \d checks\. Last broken"))
    expect(strip.first).to_be_visible()
    levels = page.get_by_role("region", name="Service levels")
    expect(levels).to_contain_text("How often a release comes")
    expect(levels).to_contain_text(re.compile(r"left of"))


def test_two_releases_are_compared_by_their_address(portal):
    page = portal.visit("/datasets/sales/order_lines?tab=releases", by=OWNER)
    page.get_by_role("button", name="Show what changed").click()
    page.wait_for_url("**from=1&to=2**")
    page.get_by_label("Count rows that differ too").check()
    page.wait_for_url("**rows=yes**")
    expect(page.get_by_text(re.compile(r"rows? (is|are) new\."))).to_be_visible()
    url = page.url
    page.goto(url)
    settle(page)
    expect(page.get_by_text(re.compile(r"rows? (is|are) new\."))).to_be_visible()


def test_who_may_not_read_learns_whose_it_is_and_how_to_ask(portal):
    page = portal.visit("/catalog")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{portal.url}/datasets/sales/customers")
    settle(page)
    closed = page.get_by_role("region", name="You may not read it yet")
    expect(closed).to_contain_text("sales-operations")
    ask = closed.get_by_role("link", name="Request access")
    assert ask.get_attribute("href") == "/requests/new?dataset=sales.customers"
    expect(page.get_by_role("tab", name="Values")).to_have_count(0)
    assert not [url for url in asked if url.endswith("/sql") or "/profile" in url]


def test_masked_columns_show_no_value_in_clear(portal):
    page = portal.visit("/datasets/sales/customers", by="hans.fischer", purpose="operations")
    row = page.get_by_role("row", name=re.compile("^email"))
    if row.count():
        expect(row).not_to_contain_text("clear")
    expect(page.get_by_role("row", name=re.compile("^country"))).to_contain_text("clear")
    assert "@example.org" not in page.locator("main").inner_text()


def test_the_owner_declares_what_a_column_does_not_carry_on(portal):
    page = portal.visit("/datasets/people/headcount?tab=tags", by="wambui.kamau")
    declared = page.get_by_role("listitem").filter(has_text="does not carry on pii.salary")
    declared.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="What mean_monthly_salary_eur does not carry on").click()
    dialog = page.get_by_role("dialog")
    check_accessible(page)
    dialog.get_by_label("pii.salary").check()
    dialog.get_by_label("Why").fill("means over large groups")
    dialog.get_by_role("button", name="Declare").click()
    expect(dialog).to_have_count(0)
    expect(declared.filter(has_text="means over large groups")).to_contain_text("wambui.kamau")
