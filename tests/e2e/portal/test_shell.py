"""Signing in, the frame around the pages, and what holds on every page."""

import re

import pytest
from harness import ANALYST, AUDITOR, PAGES, WIDTHS, check_accessible, settle
from looks import check_looks
from playwright.sync_api import expect


def fill_in(page, password, name=ANALYST):
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


OF_PLACES = [
    "aria-hidden-focus",
    "button-name",
    "link-name",
    "scrollable-region-focusable",
    "target-size",
]
"""What axe may find on a phone that it did not find on the desk: names of what is there alone, and where things are."""


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_and_look_as_they_should(standing, name):
    """Loaded once: the other theme differs in colours alone, other widths in what is where."""
    path, who = PAGES[name]
    page = standing(path, who)
    check_accessible(page)
    check_looks(page)
    page.emulate_media(color_scheme="dark")
    page.locator("html.dark").wait_for(state="attached")
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    check_accessible(page, rules=["color-contrast"])
    for width in ("tablet", "phone"):
        page.set_viewport_size({"width": WIDTHS[width], "height": 900})
        settle(page)
        check_looks(page)
    check_accessible(page, rules=OF_PLACES)


def test_a_deep_link_is_kept_while_one_signs_in(portal):
    page = portal.visit("/products/sales/orders?tab=releases", by=None)
    assert "/sign-in" in page.url
    fill_in(page, "not the password")
    assert "not_signed_in" not in page.get_by_role("alert").inner_text()
    fill_in(page, portal.password)
    page.wait_for_url("**/products/sales/orders?tab=releases")
    page.get_by_role("heading", name="Orders", exact=True, level=1).wait_for()
    expect(page).to_have_title(re.compile("^Orders · "))
    settle(page)
    assert page.get_by_role("tab", selected=True).inner_text() == "Releases"


def test_nobody_is_sent_to_another_site_by_signing_in(portal):
    page = portal.visit("/sign-in?to=//evil.example/catalog", by=None)
    fill_in(page, portal.password)
    page.wait_for_url(f"{portal.url}/")


def test_signing_out_ends_the_session_in_other_windows_too(portal):
    page = portal.visit("/catalog", own=True)
    other = page.context.new_page()
    other.goto(f"{portal.url}/catalog")
    settle(other)
    page.get_by_role("button", name=re.compile("amina")).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    other.get_by_role("link", name="Orders", exact=True).click()
    other.wait_for_url("**/sign-in?to=*")


def test_the_theme_is_kept(portal):
    page = portal.visit("/catalog")
    assert background(page) == "rgb(251, 251, 250)"
    page.get_by_role("button", name=re.compile("amina")).click()
    page.get_by_text("Dark", exact=True).click()
    page.reload()
    settle(page)
    assert background(page) == "rgb(15, 20, 18)"


def background(page):
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def test_swahili_is_there(portal):
    page = portal.visit("/catalog")
    page.get_by_role("button", name=re.compile("amina")).click()
    page.get_by_text("Kiswahili", exact=True).click()
    page.get_by_role("heading", name="Katalogi").wait_for()
    assert page.locator("html").get_attribute("lang") == "sw"
    check_accessible(page)


def test_everything_is_found_from_everywhere_by_keyboard_alone(portal):
    page = portal.visit("/catalog")
    page.keyboard.press("Control+k")
    page.get_by_placeholder("Product, dataset").wait_for()
    page.keyboard.type("order_lines")
    page.get_by_role("option", name=re.compile("sales.order_lines")).first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("order_lines"))
    settle(page)
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    page.get_by_placeholder("Product, dataset").wait_for(state="detached")


def test_the_first_tab_stop_leads_past_the_navigation(portal):
    page = portal.visit("/catalog")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "page"


def test_the_phone_has_the_navigation_in_a_sheet(portal):
    page = portal.visit("/products/sales/orders", width="phone")
    assert not page.get_by_role("link", name="Catalog").first.is_visible()
    page.get_by_role("button", name="Open the list of pages").click()
    check_accessible(page)
    page.get_by_role("link", name="Catalog").click()
    page.wait_for_url("**/catalog")
    settle(page)
    assert not page.get_by_role("dialog").is_visible()


def test_a_role_is_taken_for_a_time_and_given_back(portal):
    page = portal.visit("/catalog", by=AUDITOR, own=True)
    page.get_by_role("button", name=re.compile("esther")).click()
    page.get_by_role("button", name="Take a role").click()
    check_accessible(page)
    page.get_by_label("Why").fill("the quarterly review")
    page.get_by_role("button", name="Take the role").click()
    page.get_by_role("button", name=re.compile("esther.*auditor", re.DOTALL)).click()
    page.get_by_role("button", name="Take a role").click()
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("No role").or_(page.get_by_label("Why")).first.wait_for()
    page.get_by_role("button", name="Give it back").wait_for(state="detached")


def test_the_server_cannot_be_reached(portal):
    page = portal.visit("/products/sales/orders")
    page.get_by_role("link", name="Catalog").click()
    page.get_by_role("link", name="Order lines", exact=True).wait_for()
    page.context.set_offline(True)
    page.get_by_role("link", name="Order lines", exact=True).click()
    page.get_by_role("alert").get_by_text("The server cannot be reached").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("heading", name="Order lines").wait_for()
