"""`ghala audit`: what was recorded, and whether it is still what was recorded."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.progress import Progress
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import count, read_moment
from ghala.errors import UsageError
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter, ReadOutcome
from ghala.model.moment import microseconds
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ghala.cli.state import State
    from ghala.model.audit_record import AuditRecord

Command = TypeVar("Command", bound="Callable[..., Any]")

_ANCHOR = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(
    cls=VerbGroup,
    short_help="Search, verify and export the audit.",
    epilog="""\b
Examples:
  ghala audit search --who user:amina --since 7d
  ghala audit verify
  ghala audit checkpoint --out anchor.json""",
)
def audit() -> None:
    """Search, verify and export the audit: who read and changed what, for which purpose, and how it ended."""


def _filters(command: Command) -> Command:
    for option in reversed(
        (
            click.option(
                "--who",
                metavar="PRINCIPAL",
                help="Who acted, or on whose behalf: `amina`, `service:loader`.",
            ),
            click.option("--dataset", metavar="NAME", help="About this dataset or other object."),
            click.option("--tag", metavar="TAG", help="What happened: `dataset:read`, …"),
            click.option("--purpose", metavar="PURPOSE", help="For which purpose."),
            click.option("--since", metavar="TIME", help="From then on: 2026-03-01, 2h, 7d."),
            click.option("--until", metavar="TIME", help="Before then."),
            click.option(
                "--outcome",
                type=click.Choice([one.value for one in ReadOutcome]),
                help="Reads that ended so.",
            ),
            click.option("--text", metavar="TEXT", help="Stands in objects or detail."),
            click.option(
                "--column", metavar="NAME", help="Reads that could show this column of --dataset."
            ),
        )
    ):
        command = option(command)
    return command


@audit.command(
    short_help="Find entries, newest first.",
    epilog="""\b
Examples:
  ghala audit search --dataset sales.orders --since 24h
  ghala audit search --dataset sales.customers --column email
  ghala audit search --tag dataset:read_denied --json
  ghala audit search --outcome interrupted""",
)
@_filters
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="At most so many.",
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def search(state: State, /, limit: int, **words: str | None) -> None:
    """Find entries of the audit, newest first.

    A read without an outcome is `interrupted`: its process ended first, or it still runs.
    """
    wanted = _wanted(words)
    connection = state.connection()
    if connection is not None:
        found = connection.audit(limit, **_sent(words))
    else:
        with state.app() as app:
            found = app.audit.search(wanted, limit, by=OWNER_LOCAL)
    if state.as_json:
        print_json(found)
    elif not found:
        say("nothing was recorded that fits")
    else:
        print_table(
            ["time (UTC)", "entry", "tag", "who", "purpose", "objects", "outcome"],
            [_row(one) for one in found],
        )
        if len(found) == limit:
            say(f"note: the newest {limit}; --limit shows more")


@audit.command(
    short_help="Check that nothing was changed.",
    epilog="""\b
Examples:
  ghala audit verify
  ghala audit verify --anchor /media/vault/anchor.json
\b
Exit codes: 0 every entry is as it was written, 1 one is not.""",
)
@click.option(
    "--anchor", type=_ANCHOR, metavar="FILE", help="What `ghala audit checkpoint --out` wrote."
)
@json_option
@server_option
@workspace_option
@click.pass_context
def verify(context: click.Context, anchor: Path | None) -> None:
    """Check every entry, and name the first that was changed, removed, moved or rewritten.

    Who can write the registry and sign with the workspace's key can rewrite all of it: only an anchor that was kept
    elsewhere shows that.
    """
    state: State = context.obj
    text = None if anchor is None else _text(anchor)
    connection = state.connection()
    if connection is None:
        with state.app() as app, Progress("verifying"):
            found = app.audit.verify(text, by=OWNER_LOCAL)
    elif text is not None:
        raise UsageError(
            "an anchor is compared on the machine of the workspace", hint="leave out `--server`"
        )
    else:
        with Progress("verifying"):
            found = connection.verify_audit()
    if state.as_json:
        print_json(found)
    else:
        for fault in found.faults:
            click.echo(fault.words)
        entries = f"{found.entries:,} {'entry' if found.entries == 1 else 'entries'}"
        kept = (
            f"{entries} in {count(found.chains, 'chain')}, {count(found.checkpoints, 'checkpoint')}"
        )
        anchored = "" if found.anchored is None else f", {found.anchored:,} of them anchored"
        say(f"{kept}{anchored}: " + ("NOT as written" if found.faults else "all as written"))
    if found.faults:
        context.exit(1)


@audit.command(
    short_help="Sign what was recorded until now.",
    epilog="""\b
Examples:
  ghala audit checkpoint
  ghala audit checkpoint --out /media/vault/anchor-2026-03-01.json""",
)
@click.option(
    "--out", type=_NEW_FILE, metavar="FILE", help="Write an anchor over all chains there."
)
@json_option
@workspace_option
@click.pass_obj
def checkpoint(state: State, out: Path | None) -> None:
    """Sign the last entry of each chain, so that none before it can be changed without being found.

    Keep the file where whoever administers the registry cannot change it.
    """
    with state.app() as app:
        made = app.audit.checkpoint()
        text = None if out is None else app.audit.anchor(by=OWNER_LOCAL)
    if out is not None and text is not None:
        _write_new(out, text)
    if state.as_json:
        print_json({"checkpoint": made, "anchor": None if out is None else str(out)})
        return
    if made is None:
        say("nothing was recorded since the last checkpoint")
    else:
        click.echo(f"checkpoint {made.number}: {made.sha256}")
        say(f"signed with the key {made.public_key}")
    if out is not None:
        say(f"anchor: {out}")


@audit.command(
    short_help="Print entries for other programs.",
    epilog="""\b
Examples:
  ghala audit export > audit.jsonl
  ghala audit export --format ocsf --since 24h --out events.jsonl""",
)
@_filters
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "ocsf"]),
    default="jsonl",
    show_default=True,
    help="Entries as they are kept, or as events of OCSF 1.3.",
)
@click.option("--out", type=_NEW_FILE, metavar="FILE", help="Write there, not to stdout.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def export(state: State, /, form: str, out: Path | None, **words: str | None) -> None:
    """Print entries as JSON, one a line, oldest first."""
    wanted = _wanted(words)
    connection = state.connection()
    if connection is not None:
        _write_lines(connection.audit_lines(form, **_sent(words)), out)
    else:
        with state.app() as app:
            _write_lines(app.audit.lines(wanted, form, by=OWNER_LOCAL), out)


def _write_lines(lines: Iterable[str], out: Path | None) -> None:
    if out is None:
        for line in lines:
            click.echo(line)
        return
    try:
        with out.open("x", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise _unwritable(out, error) from error


def _wanted(words: dict[str, str | None]) -> AuditFilter:
    tag, outcome = words["tag"], words["outcome"]
    if tag is not None and tag not in set(AuditTag):
        close = get_close_matches(tag, list(AuditTag), 1)
        hint = f"did you mean `{close[0]}`?" if close else "`ghala audit search` shows tags"
        raise UsageError(f"`{tag}` is no tag of the audit", hint=hint)
    return AuditFilter(
        who=_who(words["who"]),
        dataset=words["dataset"],
        tag=tag,
        purpose=words["purpose"],
        since_us=_time(words["since"]),
        until_us=_time(words["until"]),
        outcome=None if outcome is None else ReadOutcome(outcome),
        text=words["text"],
        column=words["column"],
    )


def _sent(words: dict[str, str | None]) -> dict[str, object]:
    """Return the same as a server takes it."""
    times = {key: words[key] for key in ("since", "until")}
    moments = {key: text and read_moment(text).isoformat() for key, text in times.items()}
    return {**words, **moments, "who": _who(words["who"])}


def _who(name: str | None) -> str | None:
    """Return a principal's id; a name alone is a user's."""
    return name if name is None or ":" in name else f"user:{name}"


def _time(text: str | None) -> int | None:
    return None if text is None else microseconds(read_moment(text))


def _row(one: AuditRecord) -> list[object]:
    outcome = None if one.outcome is None else one.outcome.value
    if one.rows is not None:
        outcome = f"{outcome}, {count(one.rows, 'row')}"
    who = one.principal
    if behalf := one.detail.get("on_behalf_of"):
        who = f"{who} for {behalf}"
    return [
        f"{one.at:%F %T}",
        f"{one.chain}.{one.number}",
        one.tag,
        who,
        one.purpose,
        ", ".join(one.objects) or None,
        outcome,
    ]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"`{path}` is no anchor: it is no text") from error


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> UsageError:
    if isinstance(error, FileExistsError):
        hint = "choose another name, or remove it first"
        return UsageError(f"`{path}` is there already", hint=hint)
    return UsageError(f"cannot write `{path}`: {error.strerror}", hint="choose another place")
