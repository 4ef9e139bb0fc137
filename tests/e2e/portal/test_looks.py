"""That what must not be seen on a page is found where it is; test_shell.py looks for it on every page."""

from looks import LOOK

WRONG = {
    "clipped text": '<div style="width:40px;overflow:hidden;white-space:nowrap">A long text</div>',
    "clipped text without a title": (
        '<div style="width:40px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">A long text</div>'
    ),
    "text upon text": '<p style="margin:0">One</p><p style="margin:-14px 0 0">Other</p>',
    "raw float": "<p>261716.22000000937 EUR</p>",
    "raw time": "<p>2026-03-01T08:30:00Z</p>",
    "untranslated key": "<p>catalog.title</p>",
    "no words": '<p title="undefined">x</p>',
    "unfilled place": "<p>{count} rows</p>",
}
RIGHT = (
    '<div style="width:40px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis" title="A long text">'
    'A long text</div><div style="width:40px;overflow:auto;white-space:nowrap">A long text</div>'
    "<p>sales.orders</p><p>1,234.56</p><code>2026-03-01T08:30:00Z</code><p>Two</p><p>lines</p>"
)


def test_what_is_wrong_is_found_and_nothing_else(portal):
    page = portal.blank()
    for problem, html in WRONG.items():
        page.set_content(html)
        found = page.evaluate(LOOK, ["catalog.title"])
        assert [one.startswith(problem) for one in found] == [True], (problem, found)
    page.set_content(RIGHT)
    assert page.evaluate(LOOK, ["catalog.title"]) == []
