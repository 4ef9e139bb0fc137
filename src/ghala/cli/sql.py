"""`ghala sql`: a question, and its answer in the form that is wanted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

import click

from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.progress import Progress
from ghala.cli.results import answer_options, chosen_form, give
from ghala.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.cli.state import State


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
@answer_options
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
    chosen = chosen_form(state, form, output)
    with (
        state.asked() as asked,
        Progress("asking"),
        asked.sql(
            question, environment=environment, timeout_s=timeout_s, row_limit=row_limit
        ) as result,
    ):
        give(result, chosen, output)


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
