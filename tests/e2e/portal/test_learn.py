"""Learning: tours through the real pages, lessons with real answers, and the words of this organisation."""

import re

from harness import ANALYST, check_accessible, settle
from looks import check_looks
from playwright.sync_api import expect


def test_a_tour_leads_through_the_pages_by_keyboard_and_stays_in_the_address(portal):
    page = portal.visit("/learn")
    page.get_by_role("button", name="Start the tour: Find and understand").press("Enter")
    panel = page.get_by_role("region", name="Tour: Find and understand")
    seen = []
    for step in range(1, 6):
        panel.get_by_text(f"Step {step} of 5").wait_for()
        page.wait_for_url(re.compile(f"tour=viewer&step={step}"))
        settle(page)
        seen.append(page.url.split("?")[0].removeprefix(portal.url))
        # Each step is where the keyboard is.
        assert page.evaluate("document.activeElement.tagName") == "H2"
        assert page.get_by_text("There is nothing here").count() == 0
        if step < 5:
            panel.get_by_role("button", name="Next").press("Enter")
    assert seen[0] == "/catalog"
    assert seen[1].startswith("/products/")
    assert seen[2].startswith("/datasets/")
    page.reload()
    panel.get_by_text("Step 5 of 5").wait_for()
    # It leads nowhere before it is known where to.
    expect(panel.get_by_role("button", name="Back")).to_be_enabled()
    panel.get_by_role("button", name="Back").press("Enter")
    page.wait_for_url(re.compile("step=4"))
    page.go_back()
    page.wait_for_url(re.compile("step=5"))
    panel.get_by_role("button", name="That was all").press("Enter")
    page.wait_for_url(f"{portal.url}/learn")
    panel.wait_for(state="detached")


def test_a_page_in_a_tour_keeps_it_and_is_as_accessible_as_without(portal):
    page = portal.visit("/catalog?tour=analyst&step=1")
    panel = page.get_by_role("region", name="Tour: From a question to an answer")
    panel.wait_for()
    check_accessible(page)
    check_looks(page)
    page.get_by_role("searchbox").fill("orders")
    page.wait_for_url(re.compile(r"q=orders"))
    assert "tour=analyst" in page.url
    panel.get_by_role("button", name="End the tour").click()
    panel.wait_for(state="detached")
    assert "tour" not in page.url
    assert "q=orders" in page.url


def test_lessons_teach_on_real_data(portal):
    page = portal.visit("/learn?lesson=sql")
    for name in ("Look at some rows", "Choose columns", "Count", "Count by something", "Narrow it"):
        answer = page.get_by_role("region", name=f"The answer: {name}", exact=True)
        answer.locator("tbody tr").first.wait_for()
    assert page.get_by_role("alert").count() == 0
    page.goto(f"{portal.url}/learn?lesson=contract")
    settle(page)
    page.get_by_text("How confidential").wait_for()
    page.get_by_text(re.compile(r"\d+ of \d+ rules were kept")).wait_for()


def test_a_term_has_an_example_from_the_data_and_leads_to_others(portal):
    page = portal.visit("/glossary", by=ANALYST)
    page.get_by_role("searchbox").fill("sales channel")
    page.get_by_role("link", name=re.compile("^channel")).click()
    term = page.get_by_role("article", name="channel")
    for value in ("partner", "shop", "web"):
        term.get_by_text(value, exact=True).wait_for()
    assert "term=channel" in page.url
    term.get_by_role("link", name="order", exact=True).click()
    page.get_by_role("article", name="order").wait_for()
