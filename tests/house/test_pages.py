"""Pages and figures that are made from the program are current."""

import re
import subprocess
import sys

from tree import ROOT, SOURCE, listed


def test_made_pages_are_current():
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev" / "docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


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
