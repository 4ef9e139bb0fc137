"""Guides: pages of documentation whose code blocks run, in order, in one folder.

What a page can say, on the line before a block:

* `<!-- file: domains/sales/domain.yaml -->`: the block is this file's content, whatever its language;
* `<!-- skip: reason -->`: the block is only read.

A `console` block has commands (`$ ghala run`) and what they print. A command must exit with 0, or with what its comment
says (`$ ghala lint  # exit 1`); each printed line of the page must come, in order, where `…` stands for anything. A
`python` block is a program. All else is only read.
"""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

TIMEOUT_S = 120
_BLOCK = re.compile(
    r"(?:^[ ]*<!--[ ]*(?P<verb>file|skip):[ ]*(?P<object>[^\n]*?)[ ]*-->[ ]*\n\s*)?"
    r"^(?P<indent>[ ]*)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_QUOTED = re.compile(r"\"[^\"$`]*\"|'[^']*'")
_SHELL = re.compile(r"[|<>&;`$]")
_EXIT = re.compile(r"#\s*exit (\d+)\s*$")


class GuideError(AssertionError):
    """A page says what is not so."""


@dataclass(frozen=True, slots=True)
class Block:
    """One code block: `file` is set when it is a file's content; `line` is that of its first line in the page."""

    language: str
    text: str
    line: int
    file: str | None = None
    is_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a `console` block, and the lines that the page says it prints."""

    text: str
    expected: tuple[str, ...]
    exit_code: int


def blocks(page: str) -> Iterator[Block]:
    r"""Find the code blocks of a Markdown page.

    >>> [(block.language, block.file, block.text) for block in blocks("<!-- file: a.csv -->\n```csv\nid\n```\n")]
    [('csv', 'a.csv', 'id\n')]
    """
    for found in _BLOCK.finditer(page):
        indent = found["indent"]
        text = "".join(
            line.removeprefix(indent) for line in found["text"].splitlines(keepends=True)
        )
        verb, line = found["verb"], page.count("\n", 0, found.start("text")) + 1
        file = found["object"] if verb == "file" else None
        yield Block(found["language"], text, line, file, is_skipped=verb == "skip")


def commands(text: str) -> Iterator[Command]:
    r"""Find the commands of a `console` block.

    >>> list(commands("$ ghala lint  # exit 1\n1 error\n"))
    [Command(text='ghala lint  # exit 1', expected=('1 error',), exit_code=1)]
    """
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    for part in parts[1:]:
        command, _, printed = part.partition("\n")
        code = _EXIT.search(command)
        lines = tuple(line for line in printed.splitlines() if line.strip())
        yield Command(command, lines, int(code[1]) if code else 0)


def follow(page: Path, folder: Path, environment: Mapping[str, str]) -> int:
    """Do what a page says in a folder, and return how many blocks were used.

    `environment` is that of the programs: they find `ghala` by its PATH.

    Raises:
        GuideError: a command exits or prints otherwise than the page says.
    """
    place, used = folder, 0
    for block in blocks(page.read_text("utf-8")):
        if block.is_skipped:
            continue
        where = f"{page.name}:{block.line}"
        if block.file:
            target = place / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
        elif block.language == "console":
            for command in commands(block.text):
                place = _do(command, place, environment, where)
        elif block.language == "python":
            _demand(_ran([sys.executable, "-c", block.text], place, environment), (), 0, where)
        else:
            continue
        used += 1
    return used


def _do(command: Command, place: Path, environment: Mapping[str, str], where: str) -> Path:
    """Run one command and return the folder in which the next one runs."""
    words = shlex.split(command.text, comments=True)
    if words[:1] == ["cd"]:
        return place / words[1]
    if words[:1] == ["ghala"] and not _SHELL.search(_QUOTED.sub("", command.text)):
        done = _ghala(words, place)
    else:
        done = _ran(["bash", "-euo", "pipefail", "-c", command.text], place, environment)
    _demand(done, command.expected, command.exit_code, f"{where}: `{command.text}`")
    return place


def _ghala(words: Sequence[str], place: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in this process: it starts in seconds, and a page has many commands."""
    printed = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    code: object = 0
    with chdir(place), redirect_stdout(printed), redirect_stderr(printed):
        try:
            cli(words[1:], prog_name="ghala")
        except SystemExit as stop:
            code = stop.code
    printed.seek(0)
    return subprocess.CompletedProcess(words, code if isinstance(code, int) else 0, printed.read())


def _ran(
    words: Sequence[str], place: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the project's own pages, run for its own tests
        words,
        cwd=place,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def _demand(
    done: subprocess.CompletedProcess[str], expected: Sequence[str], exit_code: int, where: str
) -> None:
    if done.returncode != exit_code:
        raise GuideError(f"{where} exits with {done.returncode}, not {exit_code}:\n{done.stdout}")
    if missing := first_missing(expected, done.stdout.splitlines()):
        raise GuideError(f"{where} does not print {missing!r}:\n{done.stdout}")


def first_missing(expected: Sequence[str], printed: Sequence[str]) -> str | None:
    """Return the first expected line that does not come in its turn; None if all do.

    White space counts as one blank and `…` stands for anything; lines in between do not matter.

    >>> first_missing(["published  release 1 in … s"], ["start", "published release 1 in 0.2 s"])
    >>> first_missing(["b", "a"], ["a", "b"])
    'a'
    """
    rest = iter(printed)
    for line in expected:
        pieces = [re.escape(" ".join(piece.split())) for piece in line.split("…")]
        pattern = re.compile(r"\s*" + r".*".join(pieces).replace(r"\ ", r"\s+") + r"\s*")
        if not any(pattern.fullmatch(candidate) for candidate in rest):
            return line
    return None
