"""An exception from a check says which check, and why."""

import io
import re
import tokenize

from tree import files, listed, name

NOQA = re.compile(r"#\s*(?:ruff: )?noqa\b")
EXCUSED_NOQA = re.compile(r"#\s*(?:ruff: )?noqa: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)* - \S.{4,}")
IGNORE = re.compile(r"#\s*type:\s*ignore\b")
EXCUSED_IGNORE = re.compile(r"#\s*type: ignore\[[\w, -]+\]\s*# \S.{4,}")
FILE_WIDE = re.compile(r"#\s*(?:mypy: ignore-errors|pylint:|flake8:)")


def comments(path):
    """Yield (line number, comment) of a Python file that may have an excuse."""
    text = path.read_text("utf-8")
    if not any(pattern.search(text) for pattern in (NOQA, IGNORE, FILE_WIDE)):
        return  # to read it word for word takes a hundred times as long
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_every_excuse_has_its_reason():
    bare = []
    for path in files(".py"):
        for line, comment in comments(path):
            if (
                (NOQA.search(comment) and not EXCUSED_NOQA.search(comment))
                or (IGNORE.search(comment) and not EXCUSED_IGNORE.search(comment))
                or FILE_WIDE.search(comment)
            ):
                bare.append(f"{name(path)}:{line}: {comment}")
    assert not bare, listed(bare)
