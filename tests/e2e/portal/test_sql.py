"""The workbench: questions over what one may read, answers of any size, saved queries and one's own history."""

import re
from urllib.parse import parse_qs, urlsplit

from harness import ANALYST, OWNER, check_accessible, settle
from playwright.sync_api import expect
from steps import Steps
from workbench import answered, run, write

REVENUE = """SELECT month, country, sum(revenue_eur) AS revenue
FROM finance.revenue_monthly
GROUP BY month, country
ORDER BY month, country"""
MILLION = "SELECT range AS n, range * 2 AS twice FROM range(1000000)"
ENDLESS = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"


def test_a_question_is_completed_asked_drawn_and_taken_away(portal):
    page = portal.visit("/sql")
    write(page, "SELECT country, sum(revenue_eur) AS revenue\nFROM finance.rev")
    page.keyboard.press("Control+Space")
    page.get_by_role("option", name="revenue_monthly").click()
    page.keyboard.insert_text("\nGROUP BY country ORDER BY country")
    page.keyboard.press("Control+Enter")
    assert answered(page)
    grid = page.get_by_role("grid", name="Answer")
    assert grid.get_by_role("columnheader").all_inner_texts() == ["country", "revenue"]
    assert "finance.revenue_monthly, release" in page.locator("main").inner_text()
    check_accessible(page)
    page.get_by_role("tab", name="Chart").click()
    page.get_by_role("figure", name="revenue by country").locator("svg").wait_for()
    page.get_by_label("Mark").select_option("line")
    page.wait_for_url("**mark=line**")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name=re.compile("CSV")).click()
    lines = saved.value.path().read_text().splitlines()
    assert lines[0] == "country,revenue"
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="JSON").click()
    assert saved.value.path().read_text().count('"country"') == len(lines) - 1
    # Tabs, their texts and how their answers are looked at are kept.
    page.reload()
    settle(page)
    page.get_by_role("figure", name="revenue by country").locator("svg").wait_for()
    assert "finance.revenue_monthly" in page.get_by_role("textbox", name="SQL").inner_text()


def test_a_million_rows_scroll_without_being_loaded(portal):
    page = portal.visit("/sql")
    asked = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/answer?" in request.url else 0
    )
    run(page, MILLION)
    assert answered(page).startswith("1,000,000 rows")
    grid = page.get_by_role("grid", name="Answer")
    assert grid.get_attribute("aria-rowcount") == "1000001"
    grid.focus()
    page.keyboard.press("Control+End")
    grid.get_by_text("999,999", exact=True).wait_for()
    grid.get_by_text("1,999,998", exact=True).wait_for()
    grid.evaluate("element => { element.scrollTop = element.scrollHeight / 2 }")
    grid.get_by_text(re.compile(r"^(499|500),\d{3}$")).first.wait_for()
    grid.evaluate(
        """async element => {
            for (let place = 0; place < 200; place++) {
                element.scrollTop = element.scrollHeight * place / 200;
                await new Promise(requestAnimationFrame);
            }
        }"""
    )
    grid.get_by_text(re.compile(r"^99\d,\d{3}$")).first.wait_for()
    rows = sum(int(parse_qs(urlsplit(url).query)["page_rows"][0]) for url in asked)
    assert rows < 50_000


def test_what_is_refused_says_where_and_what_to_ask_for(portal):
    page = portal.visit("/sql")
    run(page, "SELECT country,\n  nonsense\nFROM finance.revenue_monthly")
    alert = page.get_by_role("alert")
    alert.get_by_text("Line 2, column 3").wait_for()
    expect(page.locator(".cm-lintRange-error")).to_have_text("nonsense")
    run(page, "SELECT customer_id, country FROM sales.customers")
    ask = page.get_by_role("link", name="Ask for sales.customers").first
    ask.wait_for()
    wanted = parse_qs(urlsplit(ask.get_attribute("href")).query)
    assert wanted["dataset"] == ["sales.customers"]
    assert set(wanted["columns"][0].split(",")) == {"customer_id", "country"}
    check_accessible(page)


def test_a_question_that_takes_long_is_stopped(portal):
    page = portal.visit("/sql")
    run(page, ENDLESS)
    page.get_by_text(re.compile("^Running for")).wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped").wait_for()
    expect(page.get_by_role("button", name="Run")).to_be_enabled()
    left = page.evaluate(
        "fetch('/api/v1/questions').then(answer => answer.json()).then(found => found.questions)"
    )
    assert [one for one in left if one["state"] in {"running", "waiting"}] == []


def test_the_tree_has_what_one_may_read_and_puts_it_into_the_text(portal):
    page = portal.visit("/sql")
    page.get_by_role("button", name="finance.revenue_monthly", exact=True).click()
    page.get_by_role("button", name=re.compile("^revenue_eur")).wait_for()
    page.get_by_role("button", name="Actions for finance.revenue_monthly").click()
    page.get_by_role("menuitem", name="Show the first 100 rows").click()
    answered(page)
    page.get_by_role("button", name="Actions for finance.revenue_monthly").click()
    page.get_by_role("menuitem", name="As of a release").click()
    page.get_by_role("button", name=re.compile("^Release 1$")).click()
    expect(page.get_by_role("textbox", name="SQL")).to_contain_text("AT (VERSION => 1)")
    page.get_by_text(re.compile("more datasets? that you may ask for")).click()
    expect(page.get_by_role("link", name="sales.customers").first).to_be_visible()


def test_queries_are_saved_shared_and_remembered(portal):
    page = portal.visit("/sql?sql=SELECT%20country%20FROM%20finance.revenue_monthly")
    page.get_by_role("button", name="Run").click()
    answered(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Name").fill("Countries")
    page.get_by_label("Share with").select_option("everybody")
    check_accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("tab", name="Countries").wait_for()
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name=re.compile("SELECT country FROM")).first.wait_for()

    other = portal.visit("/sql?panel=history", by=OWNER)
    assert "SELECT country FROM" not in other.locator("main").inner_text()
    other.get_by_role("tab", name="Saved").click()
    other.get_by_role("button", name=re.compile("^Countries")).click()
    other.get_by_role("button", name="Run").click()
    answered(other)
    assert other.get_by_role("button", name="Delete Countries").count() == 0

    page.get_by_role("tab", name="Saved").click()
    page.get_by_role("button", name="Delete Countries").click()
    page.get_by_text("There are no saved queries yet").wait_for()
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Forget all").click()
    page.get_by_text("You have not asked anything yet").wait_for()


def test_the_workbench_fits_a_phone(portal):
    page = portal.visit("/sql", width="phone", by=ANALYST)
    run(page, REVENUE)
    answered(page)
    check_accessible(page)


def ask(steps, text):
    """Go from the home page to the workbench, and ask a question there."""
    steps.click(steps.page.get_by_role("link", name="SQL", exact=True).first)
    steps.click(steps.page.get_by_role("textbox", name="SQL", exact=True))
    steps.page.keyboard.insert_text(text)
    steps.taken.append("type the question")
    steps.press("Control+Enter")
    answered(steps.page)


def test_monthly_revenue_by_country_is_found_in_few_steps(portal):
    page = portal.visit("/")
    with Steps(page) as steps:
        ask(steps, REVENUE)
    heads = page.get_by_role("grid", name="Answer").get_by_role("columnheader").all_inner_texts()
    assert heads == ["month", "country", "revenue"]


def test_orders_per_month_are_drawn_in_few_steps(portal):
    page = portal.visit("/")
    with Steps(page) as steps:
        ask(
            steps,
            "SELECT date_trunc('month', ordered_on) AS month, count(*) AS orders\n"
            "FROM sales.orders GROUP BY ALL ORDER BY month",
        )
        steps.click(page.get_by_role("tab", name="Chart"))
        steps.choose(page.get_by_label("Mark"), "bar")
        page.get_by_role("figure", name="orders by month").locator("svg").wait_for()
        steps.click(page.get_by_role("button", name="Show as a table"))
    rows = page.get_by_role("table", name="orders by month").get_by_role("row")
    assert rows.count() > 12
