"""A command that has verbs of its own: `ghala user add`."""

from __future__ import annotations

import click

from ghala.errors import UsageError


class VerbGroup(click.Group):
    """Lists its verbs in the order in which they were added, and asks for one where there is none."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the verbs in the order in which people meet them."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words after the command."""
        if not args and not ctx.resilient_parsing:
            raise UsageError(
                f"`{ctx.command_path}` needs a verb: {', '.join(self.commands)}",
                hint=f"`{ctx.command_path} --help` says what each does",
            )
        return super().parse_args(ctx, args)
