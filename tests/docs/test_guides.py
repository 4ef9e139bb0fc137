"""Every guide does what it says."""

import os
import sys
from pathlib import Path

import pytest

from ghala.testing.guide import GuideError, follow

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides").glob("*.md"))


def environment(folder):
    """Return the environment of somebody who has just installed Ghala."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GHALA_")}
    scripts = str(Path(sys.executable).parent)
    return {
        **kept,
        "PATH": os.pathsep.join([scripts, kept.get("PATH", "")]),
        "PYTHONPATH": str(folder),
        "COLUMNS": "120",
    }


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_does_what_it_says(guide, tmp_path):
    assert follow(guide, tmp_path, environment(tmp_path)) > 0


def test_a_page_that_is_wrong_is_found_out(tmp_path):
    page = tmp_path / "page.md"
    for text in (
        "```console\n$ echo one\ntwo\n```\n",
        "```console\n$ false\n```\n",
        "```console\n$ true  # exit 1\n```\n",
        "```python\nassert 1 == 2\n```\n",
    ):
        page.write_text(text)
        with pytest.raises(GuideError):
            follow(page, tmp_path, environment(tmp_path))


def test_blocks_are_written_run_and_skipped(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: data/a.csv -->\n```csv\nid\n1\n```\n"
        "```console\n$ cd data\n$ cat a.csv\nid\n…\n```\n"
        "```python\nassert open('a.csv').read() == 'id\\n1\\n'\n```\n"
        "<!-- skip: needs a server -->\n```console\n$ false\n```\n"
        "```text\nonly read\n```\n",
    )
    assert follow(page, tmp_path, environment(tmp_path)) == 3
