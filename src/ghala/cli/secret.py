"""Secrets that people type: from the terminal without echo or from stdin, never from the words of a command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")


def password_option(command: Command) -> Command:
    """Add `--password-stdin`."""
    return click.option(
        "--password-stdin",
        "from_stdin",
        is_flag=True,
        help="Read the password from the next line of stdin; without this, the terminal asks.",
    )(command)


def read_secret(what: str, *, from_stdin: bool, confirm: bool = False) -> str:
    """Return a secret: the next line of stdin, or what the person types, twice where it is new.

    Words of a command stand in the shell's history and in the list of processes: there is no way to give it there.
    """
    if from_stdin:
        line = sys.stdin.readline()
        if not line.strip("\r\n"):
            raise UsageError(f"there is no {what} on stdin", hint="one line each")
        return line.rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError(
            f"there is no terminal to ask for the {what}",
            hint="give it on stdin: `--password-stdin`",
        )
    typed: str = click.prompt(
        what.capitalize(), hide_input=True, confirmation_prompt=confirm, err=True
    )
    return typed
