"""How somebody asks in the SQL workbench."""

import re

from harness import settle


def write(page, text):
    """Put a text into the editor in the place of what stands there."""
    page.get_by_role("textbox", name="SQL", exact=True).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def run(page, text):
    """Ask a text in the place of what stands there."""
    write(page, text)
    page.keyboard.press("Control+Enter")


def answered(page):
    """Wait for the line over an answer, and return it."""
    line = page.get_by_role("status").filter(has_text=re.compile(r"rows? in"))
    line.wait_for()
    settle(page)
    return line.inner_text()
