"""Options that several commands share, each with one name and one meaning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.cli.state import State

Command = TypeVar("Command", bound="Callable[..., Any]")


def _keep_workspace(
    context: click.Context, _parameter: click.Parameter, value: Path | None
) -> None:
    state: State = context.obj
    state.workspace = value


def _keep_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    state: State = context.obj
    state.as_json = value


def workspace_option(command: Command) -> Command:
    """Add `--workspace`; its value goes into the state, not to the command."""
    return click.option(
        "-w",
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="The workspace's folder.  [default: the nearest one with a ghala.yaml, from here upwards]",
        expose_value=False,
        is_eager=True,
        callback=_keep_workspace,
    )(command)


def _keep_server(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    state: State = context.obj
    state.server = value


def server_option(command: Command) -> Command:
    """Add `--server`; its value goes into the state, not to the command."""
    return click.option(
        "--server",
        metavar="URL",
        help="Ask a server instead of a workspace, with the token in `GHALA_TOKEN`.",
        expose_value=False,
        is_eager=True,
        callback=_keep_server,
    )(command)


def json_option(command: Command) -> Command:
    """Add `--json`; its value goes into the state, not to the command."""
    return click.option(
        "--json",
        is_flag=True,
        help="Print JSON, for programs.",
        expose_value=False,
        is_eager=True,
        callback=_keep_json,
    )(command)


def environment_option(command: Command) -> Command:
    """Add `--environment`."""
    return click.option(
        "-e",
        "--environment",
        default="prod",
        show_default=True,
        metavar="NAME",
        help="Where the releases are.",
    )(command)
