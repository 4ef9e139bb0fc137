"""Asking for what is not there, and reporting what is wrong: from the first word to the owner's answer."""

import re

from harness import ANALYST, OWNER, check_accessible, settle
from looks import check_looks

VIEWER = "baraka.mwangi"


def test_what_is_not_found_is_asked_for_voted_for_and_answered(portal):
    page = portal.visit("/demand/new?text=Supplier prices")
    page.get_by_label("What do you need it for?").fill("To see what discounts cost us.")
    page.get_by_role("button", name="Send").click()
    sheet = page.get_by_role("dialog", name="Supplier prices")
    sheet.get_by_role("button", name="Vote for “Supplier prices”, 1 vote").wait_for()
    check_accessible(page)
    check_looks(page)
    address = page.url
    other = portal.visit("/demand", by=VIEWER)
    vote = other.get_by_role("button", name=re.compile("Vote for “Supplier prices”"))
    vote.click()
    other.get_by_role("button", name="Vote for “Supplier prices”, 2 votes").wait_for()
    other.get_by_role("button", name="Vote for “Supplier prices”, 2 votes").click()
    other.get_by_role("button", name="Vote for “Supplier prices”, 1 vote").wait_for()
    owner = portal.visit(address.removeprefix(portal.url), by=OWNER, purpose="operations")
    owner.get_by_label("What becomes of it").select_option("declined")
    owner.get_by_label("What you say").fill("Suppliers do not let us show them.")
    owner.get_by_role("button", name="Answer", exact=True).click()
    owner.get_by_role("dialog").get_by_text("declined", exact=True).first.wait_for()
    page.reload()
    settle(page)
    page.get_by_role("dialog").get_by_text("Suppliers do not let us show them.").first.wait_for()


def test_who_asks_is_shown_what_is_there_already(portal):
    page = portal.visit("/demand/new")
    page.get_by_label("What is missing?").fill("weather and orders")
    page.get_by_role("link", name="Weather by region").wait_for()
    page.get_by_label("What is missing?").fill("orders")
    page.get_by_role("heading", name="Is it one of these?").wait_for()


class Steps:
    """Counts what somebody does: clicks, choices and texts that they write; addresses they do not type."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, role, name):
        self.count += 1
        self.page.get_by_role(role, name=name).first.click()
        settle(self.page)

    def choose(self, label, value):
        self.count += 1
        self.page.get_by_label(label, exact=True).select_option(value)

    def write(self, label, text):
        self.count += 1
        self.page.get_by_label(label, exact=True).fill(text)


def test_a_wrong_value_is_reported_and_the_answer_is_seen(portal):
    """Neither needs more than twelve steps from the home page, and no address is typed."""
    analyst = Steps(portal.visit("/", by=ANALYST))
    analyst.click("link", "Reported values")
    analyst.click("link", "Report a wrong value")
    analyst.choose("Dataset", "sales.orders")
    analyst.page.get_by_label("Column").locator("option[value=net_amount]").or_(
        analyst.page.get_by_label("Column").locator("option", has_text="net_amount")
    ).first.wait_for(state="attached")
    analyst.choose("Column", "net_amount")
    analyst.write("Which row?", "order SO-202401-000012")
    analyst.write("What does it say?", "It is a hundred times too large.")
    analyst.write("What should it say?", "Euros, not cents.")
    analyst.click("button", "Report it")
    analyst.page.wait_for_url(re.compile(r"/tickets/\w{12}$"))

    owner = Steps(portal.visit("/", by=OWNER, purpose="operations"))
    owner.click("link", "Reported values")
    owner.click("link", "It is a hundred times too large.")
    check_accessible(owner.page)
    check_looks(owner.page)
    owner.choose("What becomes of it", "answered")
    owner.write("What you say", "The amount of that order is right: it was a wholesale order.")
    owner.click("button", "Send the answer")
    owner.page.get_by_text("it was a wholesale order").wait_for()

    analyst.click("link", "Reported values")
    analyst.click("link", "It is a hundred times too large.")
    analyst.page.get_by_text("it was a wholesale order").wait_for()
    assert analyst.count <= 12
    assert owner.count <= 12

    analyst.page.get_by_label("What you have to add").fill("Thank you.")
    analyst.page.get_by_role("button", name="Send the reply").click()
    analyst.page.get_by_text("Thank you.").wait_for()
    analyst.page.get_by_role("button", name="Take the report back").click()
    analyst.page.get_by_text("taken back", exact=True).first.wait_for()
    assert analyst.page.get_by_role("button", name="Take the report back").count() == 0
