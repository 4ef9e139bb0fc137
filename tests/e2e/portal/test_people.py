"""People: users, teams and tokens, which administrators keep; and one's own account."""

import re

import pytest
from harness import ANALYST, check_accessible, settle
from playwright.sync_api import expect

import ghala
from ghala.errors import NotSignedInError

ADMINISTRATOR = "johan.smit"
REVENUE = "SELECT count(*) AS months FROM finance.revenue_monthly"


@pytest.fixture
def office(portal):
    """Return the page of people, as an administrator sees it who has taken the role."""
    page = portal.visit("/people", by=ADMINISTRATOR, purpose="administration", own=True)
    take, users = (
        page.get_by_role("button", name="Take the role"),
        page.get_by_role("table", name="Users"),
    )
    take.or_(users).first.wait_for()
    if take.is_visible():
        take.click()
        page.get_by_label("Why").fill("a new colleague")
        page.get_by_role("dialog").get_by_role("button", name="Take the role").click()
    users.wait_for()
    settle(page)
    return page


def shown_secret(page):
    """Return the secret that a dialog shows once, as its button copies it."""
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Copy: ")).click()
    page.get_by_text("Copied").wait_for(state="attached")
    return page.evaluate("navigator.clipboard.readText()")


def test_an_administrator_adds_somebody_whose_token_works(portal, office):
    check_accessible(office)
    office.get_by_role("button", name="Add somebody").click()
    office.get_by_label("Name", exact=True).fill("zuri.achieng")
    check_accessible(office)
    office.get_by_role("button", name="Add", exact=True).click()
    office.get_by_text("shown now and never again").wait_for()
    password = shown_secret(office)
    office.get_by_role("button", name="Go to the page").click()
    office.get_by_role("heading", name="zuri.achieng").wait_for()
    settle(office)
    office.get_by_label("Add to a team").select_option("market-insights")
    office.get_by_role("link", name="market-insights").wait_for()
    check_accessible(office)

    page = portal.visit("/account", by=None)
    page.get_by_label("Name", exact=True).fill("zuri.achieng")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("radio", name=re.compile("^analytics")).check()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="My account").wait_for()
    settle(page)
    page.get_by_role("button", name="New token").click()
    page.get_by_label("What is it for?").fill("a notebook")
    check_accessible(page)
    page.get_by_role("button", name="Issue the token").click()
    page.get_by_text("never shown again").wait_for()
    token = shown_secret(page)
    answer = ghala.connect(portal.url, token=token).sql(REVENUE).arrow()
    assert answer["months"][0].as_py() > 0

    office.get_by_role("button", name="Disable").click()
    office.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(office.get_by_role("button", name="Enable")).to_be_visible()
    with pytest.raises(NotSignedInError):
        ghala.connect(portal.url, token=token)


def test_a_service_gets_a_token_that_is_revoked(portal, office):
    office.get_by_role("button", name="Add somebody").click()
    office.get_by_label("Kind").last.select_option("service")
    office.get_by_label("Name", exact=True).fill("figures")
    office.get_by_label("Who answers for it").fill("johan.smit")
    office.get_by_role("button", name="Add", exact=True).click()
    office.get_by_role("button", name="Go to the page").click()
    office.get_by_role("heading", name="figures").wait_for()
    office.get_by_role("button", name="New token").click()
    office.get_by_label("What is it for?").fill("a dashboard")
    office.get_by_label("Purpose").select_option("reporting")
    office.get_by_role("button", name="Issue the token").click()
    office.get_by_text("never shown again").wait_for()
    token = shown_secret(office)
    assert ghala.connect(portal.url, token=token).purpose == "reporting"
    office.get_by_role("button", name="Done").click()
    office.get_by_role("button", name="Revoke").click()
    office.get_by_text("revoked", exact=True).wait_for()
    with pytest.raises(NotSignedInError):
        ghala.connect(portal.url, token=token)


def test_people_are_found_and_teams_change(office):
    office.get_by_role("searchbox", name="Search people").fill("group-finance")
    office.wait_for_url("**q=group-finance**")
    expect(office.locator("tbody tr")).to_have_count(1)
    office.get_by_role("tab", name="Teams").click()
    office.get_by_role("button", name="Add a team").click()
    office.get_by_label("Name", exact=True).fill("reading-room")
    office.get_by_role("button", name="Add", exact=True).click()
    office.get_by_role("heading", name="reading-room").wait_for()
    office.get_by_label("Add a member").fill(ANALYST)
    office.get_by_role("button", name="Add", exact=True).click()
    office.get_by_role("link", name=ANALYST).wait_for()
    check_accessible(office)
    office.get_by_role("button", name=f"Remove {ANALYST}").click()
    office.get_by_text("Nobody is in this team yet").wait_for()
    office.get_by_role("button", name="Remove the team").click()
    office.get_by_role("dialog").get_by_role("button", name="Remove the team").click()
    office.get_by_role("table", name="Teams").wait_for()
    expect(office.get_by_role("link", name="reading-room")).to_have_count(0)


def test_whoever_may_not_see_people_sees_their_own_teams(portal):
    page = portal.visit("/people")
    page.get_by_text("kept by administrators").wait_for()
    page.get_by_role("link", name="market-insights").click()
    page.get_by_role("heading", name="market-insights").wait_for()
    settle(page)
    assert ANALYST in page.locator("main").inner_text()


def test_ones_own_sessions_end_one_by_one(portal):
    page = portal.visit("/account", own=True)
    other = portal.visit("/catalog", own=True)
    page.reload()
    settle(page)
    sessions = page.get_by_role("table", name="Sessions")
    buttons = sessions.get_by_role("button", name="End")
    left = buttons.count()
    # The newest comes first.
    buttons.first.click()
    expect(buttons).to_have_count(left - 1)
    other.reload()
    other.wait_for_url("**/sign-in**")
    page.reload()
    settle(page)
    page.get_by_text("this one", exact=True).wait_for()
