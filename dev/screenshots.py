"""Make pictures of every page of the portal, in both themes and three widths: `dev/screenshots.py [FOLDER] [WORD]`.

They go to `docs/screenshots`, or to FOLDER; with WORD only those of pages whose name has it. The pages are those of the
tests (`PAGES` of tests/e2e/portal/harness.py), over the example organisation.
"""

from __future__ import annotations

import base64
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
SCREENSHOTS = ROOT / "docs" / "screenshots"
THEMES = ("light", "dark")
QUALITY = 55
"""Of WebP: text is sharp, and a page has about 25 kB."""
LARGEST_MB = 12.0
DRAWN = """document.fonts.ready.then(() => new Promise((drawn) =>
  requestAnimationFrame(() => requestAnimationFrame(drawn))))"""


def main(arguments: list[str]) -> int:
    sys.path[:0] = [str(TESTS / "e2e" / "portal"), str(TESTS / "delivery")]
    import harness  # noqa: PLC0415 - its folder is known only now
    from organisation import Server  # noqa: PLC0415 - likewise
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is something to draw

    folder = Path(arguments[0]).resolve() if arguments else SCREENSHOTS
    word = arguments[1] if len(arguments) > 1 else ""
    chromium = harness.chromium()
    if chromium is None:
        sys.stderr.write(
            "error: chromium is not installed\nhint: apt-get install chromium-headless-shell\n"
        )
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: page for name, page in harness.PAGES.items() if word in name}
    with tempfile.TemporaryDirectory() as place:
        organisation = Path(place) / "pwani"
        password = harness.make_organisation(organisation)
        server = Server(organisation)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=harness.FLAGS)
                portal = harness.Portal(browser, server.url.removesuffix("/api/v1"), password)
                for name, (path, who) in wanted.items():
                    sys.stderr.write(f"{name}\n")
                    _draw(harness, portal, folder / _stem(name), portal.visit(path, by=who))
        finally:
            server.stop()
    if not word:
        _forget(folder, {_stem(name) for name in harness.PAGES})
    megabytes = sum(one.stat().st_size for one in folder.glob("*.webp")) / 1e6
    sys.stderr.write(f"{megabytes:.1f} MB in {folder}\n")
    if megabytes > LARGEST_MB:
        sys.stderr.write(f"error: that is more than {LARGEST_MB:.0f} MB\nhint: lower QUALITY\n")
        return 1
    return 0


def _draw(harness: Any, portal: Any, target: Path, page: Any) -> None:
    """Make the pictures of one page, which was loaded once."""
    session = page.context.new_cdp_session(page)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        for width, pixels in harness.WIDTHS.items():
            page.set_viewport_size({"width": pixels, "height": 900})
            harness.settle(page)
            page.evaluate(DRAWN)
            # The browser writes WebP itself; Playwright knows other formats only.
            made = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
            path = target.with_name(f"{target.name}.{width}.{theme}.webp")
            path.write_bytes(base64.b64decode(made["data"]))
    page.context.close()
    portal.contexts.clear()


def _stem(name: str) -> str:
    """Return the beginning of the names of a page's pictures.

    >>> _stem("catalog, nothing found")
    'catalog-nothing-found'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _forget(folder: Path, stems: set[str]) -> None:
    """Remove pictures of pages that are no more."""
    for path in folder.glob("*.webp"):
        if path.name.partition(".")[0] not in stems:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
