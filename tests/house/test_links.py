"""Links between pages lead somewhere."""

import re

from tree import ROOT, files, listed, name

LINK = re.compile(
    r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\""
)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page):
    """Return the anchors that a page's headings make."""
    headings = re.findall(r"^#+ +(.*)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def test_links_resolve():
    broken = []
    for page in files(".md"):
        for groups in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            link = next(part for part in groups if part)
            if re.match(r"[a-z]+:", link):
                continue
            place, _, anchor = link.partition("#")
            target = (page.parent / place).resolve() if place else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{name(page)}: {link}")
    assert not broken, listed(broken)


def test_pages_that_are_named_in_the_code_exist():
    broken = [
        f"{name(path)}: {named}"
        for path in files(".py", ".toml", "")
        for named in re.findall(r"\bdocs/[\w/.-]+\.(?:md|svg)", path.read_text("utf-8", "replace"))
        if not (ROOT / named).exists()
    ]
    assert not broken, listed(broken)
