"""Explanations and simulations as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_table
from ghala.cli.escape import escaped
from ghala.cli.say import say, say_note
from ghala.cli.words import count, when
from ghala.model.policy import Clearance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ghala.model.explanation import ColumnReason, Explanation, PolicyReason, WordedPolicy
    from ghala.model.simulation import Change, Simulation


def say_explanation(found: Explanation) -> None:
    """Print a decision and everything that made it."""
    for line in _lines(found):
        click.echo(escaped(line))
    if found.may_read and found.columns:
        print_table(
            ["column", "seen", "because", "mask", "the mask is chosen by"],
            [
                [
                    one.name,
                    one.clearance.value,
                    ", ".join(_because(one)),
                    None if one.clearance is Clearance.CLEAR else one.mask or "hidden",
                    None if one.clearance is Clearance.CLEAR else one.mask_because,
                ]
                for one in found.columns
            ],
        )
    for note in found.unknown:
        say_note(note)


def say_policies(found: Sequence[WordedPolicy], *, is_written: bool) -> None:
    """Print policies in words, by what they are about."""
    by_action: dict[tuple[str, ...], list[WordedPolicy]] = {}
    for one in found:
        by_action.setdefault(one.actions, []).append(one)
    for actions in sorted(by_action):
        click.echo(escaped(", ".join(actions)))
        for one in by_action[actions]:
            click.echo(escaped(f"  {one.effect:<7}  {one.says}"))
            why = f"{one.reason}  " if one.reason else ""
            click.echo(escaped(f"           {why}({one.id})"))
            for line in one.text.splitlines() if is_written else ():
                click.echo(escaped(f"           | {line}"))


def _lines(found: Explanation) -> Iterator[str]:
    verb = "may read" if found.may_read else "may not read"
    yield f"{found.principal} {verb} {found.dataset} for {found.purpose}, through {found.endpoint}"
    if not found.is_enabled:
        yield "  the account cannot be used: nobody signs in with it"
    yield f"  at         {when(found.at)}"
    applied = when(found.policies_applied_at)
    since = f"in force since {applied}" if applied else "of the files; never put in force"
    yield f"  policies   {found.policy_version[:12]}, {since}"
    yield f"  teams      {', '.join(found.teams) or 'none'}"
    not_taken = f" (not taken: {', '.join(found.not_taken)})" if found.not_taken else ""
    yield f"  roles      {', '.join(found.roles) or 'none'}{not_taken}"
    yield f"  owners     {', '.join(found.owners) or 'nobody is on record'}"
    yield f"  discovers  {'yes' if found.may_discover else 'no'}"
    yield from _policies(found.discover)
    if found.may_discover and not found.discover:
        yield "    because whoever may read it knows it"
    yield f"  reads      {'yes' if found.may_read else 'no'}"
    yield from _policies(found.read)
    for one in found.agreements:
        rows = "all rows" if one.rows is None else f"rows where {one.rows}"
        columns = ", ".join(one.columns) or "no column"
        yield f"    agreement {one.id} with {one.grantee}, until {when(one.until)}: {columns}; {rows}"
    if not found.may_read:
        for reason in found.reasons:
            yield f"    because {reason}"


def _policies(found: Iterable[PolicyReason]) -> Iterator[str]:
    for one in found:
        yield f"    {one.effect} {one.id} ({one.place})" + (f": {one.reason}" if one.reason else "")


def _because(column: ColumnReason) -> Iterator[str]:
    for one in column.policies:
        yield f"{one.effect} {one.id}"
    for agreement in column.agreements:
        yield f"agreement {agreement}"
    if not column.policies and not column.agreements:
        yield "nothing gives it"


def say_simulation(found: Simulation) -> None:
    """Print who gains and who loses."""
    for change in found.changes:
        for line in _change(change):
            click.echo(escaped(line))
    days = (found.until - found.since).days
    say(f"{count(found.queries, 'question')} of {count(days, 'day')}")
    if found.skipped:
        say_note(f"{found.skipped} of them are about accounts or datasets that are no longer there")
    losers = sum(change.loses for change in found.changes)
    if not found.changes:
        say("nobody gains or loses anything")
    else:
        say(f"{losers} with losses, {len(found.changes) - losers} with gains only")


def _change(change: Change) -> Iterator[str]:
    sign = "-" if change.loses else "+"
    yield (
        f"{sign} {change.principal}, {change.dataset}, for {change.purpose}, through "
        f"{change.endpoint}: {count(change.queries, 'question')}"
    )
    if change.before != change.after:
        yield f"    {'answered, then denied' if change.before else 'denied, then answered'}"
        for reason in change.reasons:
            yield f"    because {reason}"
    if change.rows:
        yield f"    rows are {change.rows}"
    for one in change.lost:
        yield f"    - {one.name}: {one.before}, then {one.after}"
    for one in change.gained:
        yield f"    + {one.name}: {one.before}, then {one.after}"
