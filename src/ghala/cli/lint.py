"""`ghala lint`: every finding about the definitions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.escape import escaped
from ghala.cli.options import json_option, workspace_option
from ghala.cli.say import say
from ghala.spec.finding import Level, to_json, to_text
from ghala.spec.sarif import to_sarif

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Check every definition of the workspace, running nothing.",
    epilog="""\b
Examples:
  ghala lint
  ghala lint --format sarif > lint.sarif
\b
Exit codes: 0 no error (there may be warnings), 1 an error was found.""",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="How to print the findings.",
)
@json_option
@workspace_option
@click.pass_context
def lint(context: click.Context, form: str) -> None:
    """Check every definition of the workspace: all findings at once, each with its file, line and column."""
    state: State = context.obj
    findings = state.findings()
    if form == "sarif":
        from importlib.metadata import version  # noqa: PLC0415 - only this format needs it

        click.echo(to_sarif(findings, version("ghala")))
    elif form == "json" or state.as_json:
        click.echo(to_json(findings))
    else:
        *lines, count = to_text(findings).splitlines()
        for line in lines:
            click.echo(escaped(line))
        say(count)
    if any(finding.severity is Level.ERROR for finding in findings):
        context.exit(1)
