"""What pages name is there; that made pages are current, `make check` says."""

import re

from tree import ROOT, SOURCE, listed


def test_the_readme_shows_how_to_start():
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_files_that_the_pages_name_exist():
    missing = []
    for page in ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/concepts/words.md"):
        named = re.findall(r"`([a-z_]+(?:/[a-z_]+)+\.py)`", (ROOT / page).read_text("utf-8"))
        missing += [
            f"{page}: {file}"
            for file in named
            if not (SOURCE / file).exists() and not (ROOT / file).exists()
        ]
    assert not missing, listed(missing)
