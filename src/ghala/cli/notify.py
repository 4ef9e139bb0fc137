"""`ghala notify`: what people are told, through which channels, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import json_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import count, when
from ghala.model.notification import DeliveryState
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.model.notification import ChannelStatus, Delivery

_NO_CHANNELS = "hint: name one in `notifications.channels` of ghala.yaml"


@click.group(
    cls=VerbGroup,
    short_help="Show, test and send what people are told.",
    epilog="""\b
Examples:
  ghala notify channels
  ghala notify test sales-mail
  ghala notify list --state dead""",
)
def notify() -> None:
    """Show, test and send what people are told: failed runs, broken contracts, requests for access and decisions."""


@notify.command(short_help="List channels.", epilog="\b\nExample:\n  ghala notify channels")
@json_option
@workspace_option
@click.pass_obj
def channels(state: State) -> None:
    """List the channels of the settings, and whether this process can use them; never their addresses."""
    with state.app() as app:
        found = app.notifications.statuses(by=OWNER_LOCAL)
    if state.as_json:
        print_json(found)
    elif not found:
        say("there are no channels")
        say(_NO_CHANNELS)
    else:
        header = ["channel", "tells", "about", "to", "fault"]
        print_table(header, [_channel(one) for one in found])


@notify.command(
    "list",
    short_help="List notifications and what became of them.",
    epilog="\b\nExamples:\n  ghala notify list\n  ghala notify list --state dead --json",
)
@click.option(
    "--state",
    "wanted",
    type=click.Choice([one.value for one in DeliveryState]),
    help="Those that are so.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 500),
    default=50,
    show_default=True,
    help="At most so many.",
)
@json_option
@workspace_option
@click.pass_obj
def list_deliveries(state: State, wanted: str | None, limit: int) -> None:
    """List notifications on their way to their channels, newest first.

    One that waits is tried again; a dead one was given up.
    """
    with state.app() as app:
        found = app.notifications.deliveries(by=OWNER_LOCAL, state=wanted, limit=limit)
    if state.as_json:
        print_json(found)
    elif not found:
        say("nothing is or was on its way")
    else:
        header = ["number", "kind", "about", "channel", "state", "tries", "since", "fault"]
        print_table(header, [_delivery(one) for one in found])


@notify.command(
    short_help="Send a test through a channel.",
    epilog="""\b
Example:
  ghala notify test sales-mail
\b
Exit codes: 0 it was sent, 1 it was not.""",
)
@click.argument("channel")
@json_option
@workspace_option
@click.pass_context
def test(context: click.Context, channel: str) -> None:
    """Send a test through a channel, and say how it went."""
    state: State = context.obj
    with state.app() as app:
        fault = app.notifications.test(channel, by=OWNER_LOCAL)
    if state.as_json:
        print_json({"channel": channel, "fault": fault})
    elif fault is None:
        click.echo(f"{channel}: sent")
    else:
        click.echo(f"{channel}: not sent: {escaped(fault)}")
    if fault is not None:
        context.exit(1)


@notify.command(
    short_help="Send now what is due.",
    epilog="""\b
Example:
  ghala notify send
\b
Exit codes: 0 all that was tried was sent, 1 something was not.""",
)
@click.option(
    "--within-s",
    type=click.FloatRange(1, 3600),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="How long at most.",
)
@json_option
@workspace_option
@click.pass_context
def send(context: click.Context, within_s: float) -> None:
    """Send what is due, as `ghala up` does by itself, and `ghala run` at its end."""
    state: State = context.obj
    with state.app() as app:
        has_channels = bool(app.settings.channels)
        app.notifications.keep_up()
        told = app.notifications.deliver(within_s=within_s)
    if state.as_json:
        print_json(told)
    else:
        if not has_channels:
            say("there are no channels")
            say(_NO_CHANNELS)
        click.echo(f"{count(told.delivered, 'notification')} sent, {told.failed} not")
        if told.failed:
            say_note("what was not sent is tried again later: ghala notify list")
    if told.failed:
        context.exit(1)


@notify.command(
    short_help="Try a dead notification again.",
    epilog="\b\nExample:\n  ghala notify retry 12",
)
@click.argument("number", type=click.IntRange(1))
@json_option
@workspace_option
@click.pass_obj
def retry(state: State, number: int) -> None:
    """Let a notification that was given up be tried again, by its number in `ghala notify list`."""
    with state.app() as app:
        changed = app.notifications.retry(number, by=OWNER_LOCAL)
    if state.as_json:
        print_json(changed)
    else:
        click.echo(f"{changed.number} to {changed.channel}: {changed.state}")


def _channel(one: ChannelStatus) -> list[object]:
    return [
        one.name,
        ", ".join(one.kinds) or "everything",
        ", ".join(one.domains) or "all domains",
        ", ".join(one.to) or "whoever reads it",
        escaped(one.fault) if one.fault else None,
    ]


def _delivery(one: Delivery) -> list[object]:
    about = one.notification.product or ", ".join(one.notification.datasets)
    return [
        one.number,
        one.notification.kind,
        about,
        one.channel,
        one.state,
        one.attempts,
        when(one.created_at),
        escaped(one.fault) if one.fault else None,
    ]
