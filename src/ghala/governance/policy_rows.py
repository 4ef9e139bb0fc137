"""The rows that policies admit: all of a dataset, or those that tell of the domains of whoever asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghala.model.policy import Admission
from ghala.model.predicate import AnyOf, OneOf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_WRITTEN = re.compile(r"([a-z_][a-z0-9_]*) in context\.domains")


def parse_rows(text: str) -> str:
    """Return the column that an annotation `@rows("column in context.domains")` names.

    Raises:
        ValueError: it says something else.

    >>> parse_rows("domain in context.domains")
    'domain'
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"`{text[:80]}` is not `COLUMN in context.domains`")
    return found[1]


def admitted(
    clear: frozenset[str],
    columns: Iterable[str | None],
    domains: Collection[str],
    known: Collection[str],
) -> tuple[Admission, ...]:
    """Return what policies admit that let a dataset be read.

    Args:
        clear: the columns that policies make clear.
        columns: of each policy the column whose value must be one of `domains`, None where it admits all rows.
        domains: those that the teams of whoever asks own.
        known: the columns that the dataset has; a policy about another one admits nothing.

    >>> admitted(frozenset({"day"}), ["domain"], ["sales"], ["day", "domain"])[0].rows
    OneOf(column='domain', values=('sales',))
    >>> admitted(frozenset({"day"}), ["domain"], [], ["day", "domain"])
    ()
    """
    wanted = set(columns)
    if None in wanted:
        return (Admission(clear),)
    values = tuple(sorted(domains))
    rows = [OneOf(one, values) for one in sorted(filter(None, wanted)) if one in known and values]
    if not rows:
        return ()
    return (Admission(clear, rows[0] if len(rows) == 1 else AnyOf(tuple(rows))),)
