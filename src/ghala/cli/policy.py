"""`ghala policy`: what policies there are, what is in force, and what they decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.explained import say_explanation, say_policies, say_simulation
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say, say_note
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import count, read_moment, when
from ghala.errors import UsageError
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State


@click.group(
    cls=VerbGroup,
    short_help="Check, test, apply and explain policies.",
    epilog="""\b
Examples:
  ghala policy check
  ghala policy why amina sales.orders.email
  ghala policy simulate --days 30""",
)
def policy() -> None:
    """Check, test and apply the policies of `policies/*.cedar`, and explain what they decide."""


@policy.command(short_help="Check the policies.", epilog="\b\nExample:\n  ghala policy check")
@json_option
@workspace_option
@click.pass_obj
def check(state: State) -> None:
    """Check every policy, list them, and say whether they are what is in force."""
    with state.app() as app:
        found, current = app.policies.check(), app.policies.sets.current()
    is_applied = current is not None and current.version == found.version
    policies = list(found.policies.values())
    if state.as_json:
        listed = [
            {"id": one.id, "effect": _effect(one.permits), "reason": one.reason, "place": one.place}
            for one in policies
        ]
        answer = {"version": found.version, "in_force": current, "is_applied": is_applied}
        print_json({**answer, "policies": listed})
        return
    print_table(
        ["policy", "effect", "reason", "place"],
        [[one.id, _effect(one.permits), one.reason or None, str(one.place)] for one in policies],
    )
    if is_applied:
        say(f"all of them are in force, as version {found.version[:12]}")
        return
    say_note("these files are not what is in force")
    say("hint: `ghala policy apply` puts them in force; `ghala up` does so with ones that are new")


@policy.command(
    short_help="Say the policies in words.",
    epilog="""\b
Examples:
  ghala policy words
  ghala policy words --cedar
  ghala policy words --server https://data.acme.example""",
)
@click.option("--cedar", "is_written", is_flag=True, help="Also as they are written.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def words(state: State, is_written: bool) -> None:  # noqa: FBT001 - click
    """Say what the policies in force permit and forbid: a sentence for each, by what it lets people do.

    A policy says its own sentence with `@says("…")`; of others, whom and what they are about is said, with their
    conditions. A server says it to auditors, stewards and administrators who have taken their role.
    """
    connection = state.connection()
    if connection is not None:
        found = connection.policies()
    else:
        with state.app() as app:
            found = tuple(app.policies.in_words())
    if state.as_json:
        print_json(found)
    else:
        say_policies(found, is_written=is_written)


@policy.command(
    short_help="Run the tests of the policies.",
    epilog="""\b
Example:
  ghala policy test
\b
Exit codes: 0 all passed, 1 a test failed.""",
)
@json_option
@workspace_option
@click.pass_context
def test(context: click.Context) -> None:
    """Run `policies/tests.yaml` over the policies of the files: what is expected beside what is found."""
    state: State = context.obj
    with state.app() as app:
        outcomes = app.policies.test()
    failed = [one for one in outcomes if not one.passed]
    if state.as_json:
        print_json([{**plain(one), "passed": one.passed} for one in outcomes])
    for one in () if state.as_json else outcomes:
        click.echo(f"{'passed' if one.passed else 'FAILED'}  {one.name}")
        if one.differences:
            click.echo(f"  at {one.place}")
        for difference in one.differences:
            click.echo(f"  - {difference.what}: {difference.expected}")
            click.echo(f"  + {difference.what}: {difference.found}")
    if not outcomes:
        say("there are no tests")
        say("hint: write policies/tests.yaml; docs/guides/policies.md shows how")
    elif not state.as_json:
        say(f"{count(len(outcomes), 'test')}, {len(failed)} failed")
    context.exit(1 if failed else 0)


@policy.command(
    short_help="Put the policies in force.", epilog="\b\nExample:\n  ghala policy apply"
)
@click.option("--untested", is_flag=True, help="Also if a test of them fails.")
@json_option
@workspace_option
@click.pass_obj
def apply(state: State, untested: bool) -> None:  # noqa: FBT001 - click
    """Put the policies of the files in force, for every server on this registry."""
    with state.app() as app:
        applied = app.policies.apply(by=OWNER_LOCAL, is_tested=not untested)
    if state.as_json:
        print_json(applied)
    else:
        click.echo(f"{applied.version[:12]}: in force since {when(applied.applied_at)}")


@policy.command(short_help="List what was in force.", epilog="\b\nExample:\n  ghala policy history")
@json_option
@workspace_option
@click.pass_obj
def history(state: State) -> None:
    """List the sets of policies that were in force, newest first."""
    with state.app() as app:
        sets = app.policies.sets.history()
    if state.as_json:
        print_json(sets)
    elif not sets:
        say("no policies were put in force yet: those of the files count")
    else:
        print_table(
            ["number", "version", "in force since", "applied by"],
            [[one.number, one.version[:12], when(one.applied_at), one.applied_by] for one in sets],
        )


_purpose_option = click.option(
    "--purpose", metavar="NAME", help="For which purpose.  [default: analytics]"
)
_endpoint_option = click.option(
    "--endpoint", metavar="NAME", default="rest", show_default=True, help="Through which way in."
)


@policy.command(
    short_help="Explain a decision.",
    epilog="""\b
Examples:
  ghala policy why amina sales.orders
  ghala policy why service:loader sales.orders.email --purpose operations
  ghala policy why amina sales.orders --at 2026-05-01T12:00:00Z
  ghala policy why me sales.orders --server https://data.acme.example""",
)
@click.argument("user", metavar="USER")
@click.argument("target", metavar="DATASET[.COLUMN]")
@_purpose_option
@_endpoint_option
@click.option(
    "--at", metavar="TIME", help="As it was decided then: 2026-05-01, 2h, 7d.  [default: now]"
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def why(  # noqa: PLR0917 - click gives them by name
    state: State, user: str, target: str, purpose: str | None, endpoint: str, at: str | None
) -> None:
    """Explain how a user, a service or an agent reads a dataset or one column, with every reason.

    With --at, by the policies, agreements, contracts, teams and roles of that time. A server explains to everybody how
    they read themselves, as USER `me`.
    """
    moment = None if at is None else read_moment(at)
    connection = state.connection()
    if connection is not None:
        who = None if user == "me" else user
        explained = connection.why(target, user=who, purpose=purpose, endpoint=endpoint, at=moment)
    else:
        with state.app() as app:
            explained = app.policies.explainer.why(
                user, target, by=OWNER_LOCAL, purpose=purpose, endpoint=endpoint, at=moment
            )
    if state.as_json:
        print_json(explained)
    else:
        say_explanation(explained)


@policy.command(
    short_help="List who sees a dataset.",
    epilog="""\b
Examples:
  ghala policy who sales.orders
  ghala policy who sales.orders.email --purpose analytics""",
)
@click.argument("target", metavar="DATASET[.COLUMN]")
@click.option("--purpose", metavar="NAME", help="For one purpose.  [default: each]")
@_endpoint_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def who(state: State, target: str, purpose: str | None, endpoint: str) -> None:
    """List everybody who may read a dataset or sees a column, clear or masked, and through what."""
    connection = state.connection()
    if connection is not None:
        readers = connection.who(target, purpose=purpose, endpoint=endpoint)
    else:
        with state.app() as app:
            readers = app.policies.readers.who(
                target, by=OWNER_LOCAL, purpose=purpose, endpoint=endpoint
            )
    if state.as_json:
        print_json(readers)
    elif not readers:
        say("nobody")
    else:
        print_table(
            ["who", "for", "clear", "masked", "rows", "through"],
            [
                [
                    one.principal + (f" as {one.if_taken} (not taken)" if one.if_taken else ""),
                    ", ".join(one.purposes),
                    ", ".join(one.clear) or None,
                    ", ".join(one.masked) or None,
                    "some" if one.some_rows else "all",
                    ", ".join(one.through),
                ]
                for one in readers
            ],
        )


@policy.command(
    short_help="Replay what was asked by changed policies.",
    epilog="""\b
Examples:
  ghala policy simulate --days 30
  ghala policy simulate --days 7 --policies ../draft/policies
\b
Exit codes: 0 nobody loses anything, 1 somebody does.""",
)
@click.option("--days", type=int, default=7, show_default=True, metavar="N", help="How far back.")
@click.option(
    "--policies",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The changed policies.  [default: those of the workspace's files]",
)
@json_option
@server_option
@workspace_option
@click.pass_context
def simulate(context: click.Context, days: int, folder: Path | None) -> None:
    """Replay the questions of the last days: who would gain or lose rows, columns and answers.

    What was asked is decided by the policies in force and by the changed ones.
    """
    state: State = context.obj
    connection = state.connection()
    if connection is None:
        with state.app() as app:
            changed = app.policies.check(folder)
            simulated = app.policies.simulator.simulate(changed, days=days, by=OWNER_LOCAL)
    elif folder is None:
        raise UsageError(
            "a server has no changed policies", hint="name their folder: --policies DIR"
        )
    else:
        simulated = connection.simulate(_texts(folder), days=days)
    if state.as_json:
        print_json({**plain(simulated), "has_losers": simulated.has_losers})
    else:
        say_simulation(simulated)
    context.exit(1 if simulated.has_losers else 0)


def _texts(folder: Path) -> dict[str, str]:
    paths = sorted(folder.glob("*.cedar"))
    try:
        texts = {path.name: path.read_text("utf-8") for path in paths}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the policies of `{folder}` cannot be read") from error
    if not texts:
        raise UsageError(f"`{folder}` has no policies", hint="they are files NAME.cedar")
    return texts


def _effect(permits: bool) -> str:  # noqa: FBT001 - what is said in a word
    return "permit" if permits else "forbid"
