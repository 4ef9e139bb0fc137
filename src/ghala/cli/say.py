"""Talk for people, on stderr: errors, hints and notes, in one form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.escape import escaped
from ghala.errors import DeniedError

if TYPE_CHECKING:
    from ghala.errors import GhalaError


def say(text: str) -> None:
    """Tell the person something that is not data."""
    click.echo(text, err=True)


def say_note(text: str) -> None:
    """Tell the person something about the data that was printed."""
    say(f"note: {text}")


def say_error(error: GhalaError, *, as_json: bool = False) -> None:
    """Say what happened, where, and what to do."""
    if as_json:
        from ghala.model.plain import plain  # noqa: PLC0415 - only programs need it

        say(json.dumps({"error": plain(error)}))
        return
    if findings := error.evidence.get("findings"):
        _say_findings(findings)
        return
    say(f"error: {escaped(error.message)}")
    if error.place:
        say(f"  at {escaped(str(error.place))}")
    if isinstance(error, DeniedError):
        for reason in error.reasons:
            say(f"  because {escaped(reason)}")
    if error.hint:
        say(f"hint: {escaped(error.hint)}")


def _say_findings(findings: Any) -> None:
    """Say all that is wrong with the definitions, in the words of `ghala lint`."""
    from ghala.spec.finding import to_text  # noqa: PLC0415 - only this error needs it

    for line in to_text(findings).splitlines():
        say(escaped(line))


def say_os_error(error: OSError) -> None:
    """Say what the operating system refused."""
    name = f": {escaped(str(error.filename))}" if error.filename else ""
    say(f"error: {error.strerror or type(error).__name__}{name}")


def say_internal_error(error: Exception) -> None:
    """Say that Ghala itself is at fault; never the error's text, which may hold a cell value."""
    from ghala.settings import is_trace_wanted  # noqa: PLC0415 - settings are read only when they are needed

    if is_trace_wanted():
        import traceback  # noqa: PLC0415 - only for this message

        say("".join(traceback.format_exception(error)))
    say(f"error: internal error: {type(error).__name__}")
    say("hint: this is a fault in Ghala; `GHALA_TRACE=1` shows where, for a report")
