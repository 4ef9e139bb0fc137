"""Pages and figures that are made from the program are current."""

import subprocess
import sys

from tree import ROOT


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
