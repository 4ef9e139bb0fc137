"""From finding to reading and back: asking for access, deciding, agreements."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from harness import OWNER, check_accessible, settle
from playwright.sync_api import expect
from steps import Steps
from workbench import answered, run

VIEWER = "baraka.mwangi"
CUSTOMERS = "sales.customers"
QUESTION = "SELECT name, city FROM sales.customers ORDER BY customer_id LIMIT 1"


def tick(page, name):
    return page.get_by_role("checkbox", name=name, exact=True)


def first_row(desk):
    """Ask for the first customer, and return what the grid shows of it."""
    run(desk, QUESTION)
    answered(desk)
    row = desk.get_by_role("grid", name="Answer").get_by_role("row").nth(1)
    return row.get_by_role("gridcell").all_inner_texts()


def test_from_finding_to_reading_and_back(portal):
    desk = portal.visit("/sql")
    run(desk, QUESTION)
    refusal = desk.get_by_role("link", name=f"Ask for {CUSTOMERS}").first
    refusal.wait_for()
    page = portal.visit("/catalog?q=customers")
    page.get_by_role("link", name="customers", exact=True).or_(
        page.get_by_role("link", name=CUSTOMERS, exact=True)
    ).first.click()
    page.get_by_role("heading", name=CUSTOMERS).wait_for()

    # Asking: what one would get is shown before anybody is asked.
    page.get_by_role("link", name="Request access").first.click()
    page.get_by_role("heading", name=f"Ask for access to {CUSTOMERS}").wait_for()
    settle(page)
    page.get_by_role("button", name="All", exact=True).click()
    tick(page, "customer_since").uncheck()
    would = page.get_by_role("table", name="Each column, now and then")
    expect(would.get_by_role("row", name=re.compile("^customer_since"))).to_contain_text("masked")
    expect(would.get_by_role("row", name=re.compile("^name"))).to_contain_text("clear")
    expect(page.get_by_text("team sales-operations, grace.nakato or a steward")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Why you need it").fill("which regions buy again")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_role("heading", name=f"Access to {CUSTOMERS}").wait_for()
    settle(page)
    expect(page.locator("main").get_by_role("status").first).to_contain_text("waiting")
    request = page.url.rsplit("/", 1)[1]

    # Deciding, in another browser; the page of whoever asked follows by itself.
    owner = portal.visit("/decide", by=OWNER, purpose="operations")
    owner.get_by_role("link", name=CUSTOMERS, exact=True).click()
    owner.get_by_text("which regions buy again").wait_for()
    settle(owner)
    check_accessible(owner)
    owner.get_by_role("checkbox", name="Approve less than was asked for").check()
    tick(owner, "city").uncheck()
    owner.get_by_label("Ends earlier").select_option("30")
    owner.get_by_role("button", name="Approve this part").click()
    expect(owner.get_by_role("link", name=CUSTOMERS, exact=True)).to_have_count(0)
    expect(page.locator("main").get_by_role("status").first).to_contain_text("approved")
    name, city = first_row(desk)
    assert (name not in {"", "empty"}, city) == (True, "empty")

    # Ending it.
    page.get_by_role("link", name="See the agreement").click()
    page.get_by_role("heading", name=f"Agreement about {CUSTOMERS}").wait_for()
    settle(page)
    assert "city" not in page.locator("main").inner_text().split("Columns")[1].split("Rows")[0]
    owner.goto(f"{portal.url}/agreements/{request}")
    settle(owner)
    check_accessible(owner)
    owner.get_by_role("button", name="End it now").click()
    owner.get_by_label("Reason").fill("the question is answered")
    owner.get_by_role("dialog").get_by_role("button", name="End it now").click()
    expect(owner.locator("main").get_by_role("status").first).to_contain_text("revoked")
    expect(page.locator("main").get_by_role("status").first).to_contain_text("revoked")
    run(desk, QUESTION)
    refusal.wait_for()


def test_customers_without_phone_numbers_take_few_steps(portal):
    page = portal.visit("/")
    with Steps(page) as steps:
        steps.click(
            page.get_by_role("navigation", name="Pages").get_by_role("link", name="Catalog")
        )
        steps.fill(page.get_by_role("searchbox", name="Search the catalog"), "customers")
        steps.choose(page.get_by_label("Kind"), "dataset")
        found = re.compile(r"^(sales\.)?customers$", re.IGNORECASE)
        steps.click(page.locator("main").get_by_role("link", name=found).first)
        steps.click(page.get_by_role("link", name="Request access").first)
        steps.click(page.get_by_role("button", name="All", exact=True))
        steps.fill(page.get_by_label("Why you need it"), "letters to customers")
        steps.click(page.get_by_role("button", name="Send the request"))
        page.get_by_role("heading", name=f"Access to {CUSTOMERS}").wait_for()
    settle(page)
    asked = page.locator("section").filter(
        has=page.get_by_role("heading", name="What is asked for")
    )
    assert "city" in asked.inner_text()
    assert "phone" not in asked.inner_text()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("main").get_by_role("status").first).to_contain_text("withdrawn")


def tab_to(page, name, role="link"):
    """Press Tab until something of that name has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("found => found.includes(document.activeElement)"):
            return
    pytest.fail(f"no Tab leads to {name}")


def test_a_request_is_sent_with_the_keyboard_alone(portal):
    page = portal.visit("/catalog", by=VIEWER)
    page.keyboard.press("Control+k")
    page.get_by_placeholder("Product, dataset").wait_for()
    page.keyboard.type("requests")
    page.get_by_role("option", name="Requests").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Requests").wait_for()
    tab_to(page, "Ask for access")
    page.keyboard.press("Enter")
    page.get_by_label("Dataset").wait_for()
    tab_to(page, "Dataset", "combobox")
    page.keyboard.type("sales.customers")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Ask for access to {CUSTOMERS}").wait_for()
    settle(page)
    tab_to(page, "city", "checkbox")
    page.keyboard.press("Space")
    tab_to(page, "Why you need it", "textbox")
    page.keyboard.type("where parcels go")
    tab_to(page, "Send the request", "button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Access to {CUSTOMERS}").wait_for()
    settle(page)
    tab_to(page, "Withdraw", "button")
    page.keyboard.press("Enter")
    expect(page.locator("main").get_by_role("status").first).to_contain_text("withdrawn")


def test_several_requests_are_refused_at_once(portal):
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    with portal.client(VIEWER) as client:
        for column in ("city", "name"):
            asked = {"dataset": CUSTOMERS, "columns": [column], "purpose": "analytics"}
            more = {"until": until, "justification": f"only {column}"}
            client.post("/requests", json=asked | more).raise_for_status()
    owner = portal.visit("/decide", by=OWNER, purpose="operations")
    for box in owner.get_by_role("checkbox", name=re.compile(f"Mark .* {CUSTOMERS}")).all():
        box.check()
    owner.get_by_role("button", name="Refuse").first.click()
    owner.get_by_role("dialog").get_by_label("Reason").fill("ask for both in one request")
    check_accessible(owner)
    owner.get_by_role("dialog").get_by_role("button", name="Refuse").click()
    expect(owner.get_by_role("link", name=CUSTOMERS, exact=True)).to_have_count(0)
    page = portal.visit("/requests", by=VIEWER)
    rows = page.get_by_role("row", name=re.compile(CUSTOMERS)).filter(has_text="refused")
    expect(rows).to_have_count(2)


def test_what_waits_is_counted_and_looked_at_again(portal):
    owner = portal.visit("/catalog", by=OWNER, purpose="operations")
    link = owner.get_by_role("link", name=re.compile("^Requests"))
    expect(link).to_contain_text(re.compile(r"\d waiting"))
    link.click()
    owner.get_by_role("link", name="To look at again").click()
    owner.get_by_text("Nothing is due").wait_for()
    settle(owner)
    check_accessible(owner)
