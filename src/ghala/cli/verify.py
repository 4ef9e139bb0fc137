"""`ghala verify`: is every stored file still what was released?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, workspace_option
from ghala.cli.progress import Progress
from ghala.cli.say import say

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.command(
    short_help="Compare every stored file with what was released.",
    epilog="""\b
Examples:
  ghala verify
  ghala verify sales/orders --json
\b
Exit codes: 0 every file is what was released, 1 a file is not.""",
)
@click.argument("name", required=False, metavar="[DOMAIN/PRODUCT]")
@json_option
@workspace_option
@click.pass_context
def verify(context: click.Context, name: str | None) -> None:
    """Compare every file of every kept release with what was released, byte for byte by its hash."""
    state: State = context.obj
    with state.app() as app, Progress("verifying"):
        verification = app.verify(name)
    if state.as_json:
        print_json(verification)
    else:
        if verification.faults:
            print_table(
                ["file", "dataset", "product", "release", "fault"],
                [
                    [fault.path, fault.dataset, fault.product, fault.release, fault.message]
                    for fault in verification.faults
                ],
            )
        say(
            f"{verification.files:,} files ({verification.byte_count:,} bytes) of {verification.releases:,} releases: "
            + (f"{len(verification.faults):,} faults" if verification.faults else "all as released")
        )
    if verification.faults:
        context.exit(1)
