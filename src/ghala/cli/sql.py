"""`ghala sql`: a question, and its answer in the form that is wanted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

import click

from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.progress import Progress
from ghala.cli.say import say_note
from ghala.errors import UsageError

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.result import Result as ServerResult
    from ghala.query.result import Result

FORMATS = ("arrow", "csv", "json", "ndjson", "parquet", "table")
BINARY = ("arrow", "parquet")


@click.command(
    short_help="Ask a question in SQL.",
    epilog="""\b
Examples:
  ghala sql "SELECT status, count(*) FROM sales.orders GROUP BY ALL"
  ghala sql -f question.sql --format csv > answer.csv
  ghala sql "FROM sales.orders" -o orders.parquet
  echo "SELECT 1" | ghala sql
  ghala sql --server https://data.acme.example "FROM sales.orders"
  ghala sql "SELECT count(*) FROM sales.orders AT (VERSION => 3)"
\b
Formats:
  table    for eyes: cut to the terminal, NULL visible
  csv      NULL is nothing, an empty text is ""; cells stand as they are, so a
           spreadsheet may take one that starts with = for a formula
  json     one array; decimals are strings, so that no digit is lost
  ndjson   one object a line, likewise
  parquet  one zstd Parquet file
  arrow    an Arrow IPC stream""",
)
@click.argument("text", required=False, metavar="[SQL]")
@click.option(
    "-f",
    "--file",
    "source",
    type=click.File("r", "utf-8"),
    metavar="FILE",
    help="Read the question from a file.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="The answer's form.  [default: that of the output file's suffix, else table]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the answer to a file; it appears only when it is whole.",
)
@click.option(
    "--timeout-s",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Stop after so long.",
)
@click.option(
    "--limit",
    "row_limit",
    type=click.IntRange(1),
    metavar="ROWS",
    help="Refuse an answer with more rows.",
)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def sql(  # noqa: PLR0917 - one parameter an option
    state: State,
    text: str | None,
    source: TextIO | None,
    form: str | None,
    output: Path | None,
    timeout_s: float | None,
    row_limit: int | None,
    environment: str,
) -> None:
    """Ask a question in SQL: one SELECT over released datasets, given as SQL, in a file, or on stdin.

    It is answered through the read door: from the current releases, or from those that AT (VERSION => n) names, and
    recorded in the audit chain.
    """
    question = _question(text, source)
    form = form or ("json" if state.as_json else _form_of(output))
    if form in BINARY and output is None and sys.stdout.isatty():
        raise UsageError(
            f"`{form}` is not for a terminal", hint="name a file with `-o`, or redirect stdout"
        )
    with (
        state.asked() as asked,
        Progress("asking"),
        asked.sql(
            question, environment=environment, timeout_s=timeout_s, row_limit=row_limit
        ) as result,
    ):
        if output is None:
            _print(result, form)
        else:
            _write(result, form, output)


def _question(text: str | None, source: TextIO | None) -> str:
    if text is not None and source is not None:
        raise UsageError("there are two questions", hint="give SQL or `-f FILE`, not both")
    if source is not None:
        question = source.read()
    elif text is not None and text != "-":
        question = text
    elif sys.stdin.isatty():
        raise UsageError(
            "there is no question", hint='ghala sql "SELECT 1", or `-f FILE`, or SQL on stdin'
        )
    else:
        question = sys.stdin.read()
    if not question.strip():
        raise UsageError("the question is empty", hint='try: ghala sql "SELECT 1"')
    return question


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
