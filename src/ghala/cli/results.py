"""Answers of questions, printed or written in the form that somebody chose."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from ghala.cli.say import say_note
from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.cli.state import State
    from ghala.client.result import Result as ServerResult
    from ghala.query.result import Result

    Command = TypeVar("Command", bound="Callable[..., Any]")

FORMATS = ("arrow", "csv", "json", "ndjson", "parquet", "table")
BINARY = frozenset({"arrow", "parquet"})


def answer_options(command: Command) -> Command:
    """Add the options that say how an answer is given: `--format`, `--output`, `--timeout-s` and `--limit`."""
    options = (
        click.option(
            "--format",
            "form",
            type=click.Choice(FORMATS),
            help="The answer's form.  [default: that of the output file's suffix, else table]",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Write the answer to a file; it appears only when it is whole.",
        ),
        click.option(
            "--timeout-s",
            type=click.FloatRange(0, min_open=True),
            metavar="SECONDS",
            help="Stop after so long.",
        ),
        click.option(
            "--limit",
            "row_limit",
            type=click.IntRange(1),
            metavar="ROWS",
            help="Refuse an answer with more rows.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def chosen_form(state: State, form: str | None, output: Path | None) -> str:
    """Return the form of an answer.

    Raises:
        UsageError: a terminal cannot show it.
    """
    chosen = form or ("json" if state.as_json else _form_of(output))
    if chosen in BINARY and output is None and sys.stdout.isatty():
        raise UsageError(
            f"`{chosen}` is not for a terminal", hint="name a file with `-o`, or redirect stdout"
        )
    return chosen


def give(result: Result | ServerResult, form: str, output: Path | None) -> None:
    """Print an answer, or write it to a file."""
    if output is None:
        _print(result, form)
    else:
        _write(result, form, output)


def _form_of(output: Path | None) -> str:
    suffix = output.suffix.lstrip(".").lower() if output else ""
    return suffix if suffix in FORMATS else "table"


def _print(result: Result | ServerResult, form: str) -> None:
    from ghala.cli.write import write  # noqa: PLC0415 - loads Arrow, which the app has loaded by now

    stream = sys.stdout.buffer
    for note in write(
        result.schema, result.batches(), form, stream, is_terminal=sys.stdout.isatty()
    ):
        stream.flush()
        say_note(note)


def _write(result: Result | ServerResult, form: str, output: Path) -> None:
    from ghala.cli.write import write  # noqa: PLC0415 - likewise

    # Beside the target and renamed, so that a failed question leaves no half answer under the name that was asked for.
    partial = output.with_name(f".{output.name}.partial")
    try:
        stream: BinaryIO
        with partial.open("wb") as stream:
            for note in write(result.schema, result.batches(), form, stream, is_terminal=False):
                say_note(note)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
