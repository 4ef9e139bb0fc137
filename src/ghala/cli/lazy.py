"""A group of commands that imports a command only when it runs, and words every error in one way."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.say import say_error, say_internal_error, say_os_error
from ghala.errors import GhalaError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERNAL_ERROR = 70
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group whose help needs no command's module. `commands_at` maps a name to (`module:attribute`, short help)."""

    def __init__(self, *, commands_at: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the table, not of the alphabet."""
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import and return a command; None if there is none of that name."""
        if cmd_name not in self.commands_at:
            return None
        module, _, attribute = self.commands_at[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the list of commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.commands_at.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and not args[0].startswith("-") and args[0] not in self.commands_at:
            from difflib import get_close_matches  # noqa: PLC0415 - only for this message

            close = get_close_matches(args[0], self.commands_at, 1)
            hint = (
                f"did you mean `ghala {close[0]}`?"
                if close
                else "`ghala --help` lists the commands"
            )
            raise UsageError(f"no command `{args[0]}`", hint=hint)
        return super().resolve_command(ctx, args)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the words before the command."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            _say_wrong_use(error)
            raise click.exceptions.Exit(error.exit_code) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong is worded here, so that nobody sees a stack trace."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except click.UsageError as error:
            _say_wrong_use(error)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            _forget_stdout()
            ctx.exit(0)
        except GhalaError as error:
            # A command that is not there fails before the options were read.
            say_error(error, as_json=bool(ctx.obj and ctx.obj.as_json))
            ctx.exit(error.exit_code)
        except OSError as error:
            say_os_error(error)
            ctx.exit(1)
        except Exception as error:  # noqa: BLE001 - the last place that can word it
            say_internal_error(error)
            ctx.exit(INTERNAL_ERROR)
        return result


def _say_wrong_use(error: click.UsageError) -> None:
    """Say what click found wrong, in the form of all other errors."""
    message = error.format_message().removesuffix(".")
    path = error.ctx.command_path if error.ctx else "ghala"
    say_error(UsageError(message[:1].lower() + message[1:], hint=f"`{path} --help` shows how"))


def _forget_stdout() -> None:
    """Let the interpreter's last flush go nowhere: whoever read stdout has seen enough."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except OSError:  # stdout is no real file, as in a test
        sys.stdout = io.StringIO()
