"""Giving less than was asked for or agreed: fewer columns, fewer rows, less time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, UsageError
from ghala.governance.access_terms import narrower, read_rows, read_until
from ghala.governance.authorize import Asked
from ghala.governance.masks import default_mask
from ghala.model.predicate import columns_of
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ghala.governance.access_scope import AccessScope
    from ghala.model.predicate import Predicate
    from ghala.model.request import Request, Terms


def narrowed_terms(
    scope: AccessScope,
    request: Request,
    columns: Collection[str],
    rows: object,
    until: datetime | None,
) -> Terms:
    """Return what is left of what a request asks for; who decides may look at masked columns too.

    Raises:
        ConflictError: nothing promises the dataset any more.
        UsageError: something is no part of what was asked for, or rows are chosen by what must not be known.
    """
    asked = request.terms
    end = asked.until if until is None else read_until(until, as_time(scope.now_us()))
    if end > asked.until:
        raise UsageError(
            "this would be longer than was asked for", hint="approve it, then renew the agreement"
        )
    kept = fewer_columns(asked.columns, columns)
    less = fewer_rows(scope, request.dataset_id, asked.rows, rows)
    refuse_telling(scope, request.dataset_id, asked.columns, asked.rows, less)
    return replace(asked, columns=kept, rows=less, until=end)


def refuse_telling(
    scope: AccessScope,
    dataset_id: str,
    granted: frozenset[str],
    before: Predicate | None,
    after: Predicate | None,
) -> None:
    """Refuse rows that are chosen by a column which can be hidden: whom they are for reads how they are chosen.

    Raises:
        UsageError: they are, and it is neither granted, nor chosen by before.
    """
    promised = scope.definitions().by_id.get(dataset_id)
    if promised is None or after is None:
        return
    asked = Asked(promised[2].name, promised[2].columns)
    known = {
        one.name for one in scope.decider.described(asked).columns if default_mask(one) is not None
    }
    known |= granted | (set(columns_of(before)) if before else set())
    if untold := sorted(set(columns_of(after)) - known):
        raise UsageError(
            f"whoever this is for may not know of the column `{untold[0]}`, and would read it in the rows",
            hint="choose rows by another column",
        )


def fewer_columns(given: frozenset[str], names: Collection[str]) -> frozenset[str]:
    """Return those of some columns that stay; all if none is named.

    Raises:
        UsageError: one is not among them.

    >>> sorted(fewer_columns(frozenset({"id", "Email"}), ["EMAIL"]))
    ['Email']
    """
    if not names:
        return given
    known = {one.lower(): one for one in given}
    strange = [name for name in names if name.lower() not in known]
    if strange:
        raise UsageError(
            f"the column `{strange[0][:100]}` is no part of it",
            hint=f"its columns are {', '.join(sorted(given))}",
        )
    return frozenset(known[name.lower()] for name in names)


def fewer_rows(
    scope: AccessScope,
    dataset_id: str,
    given: Predicate | None,
    rows: object,
    *,
    only: frozenset[str] | None = None,
) -> Predicate | None:
    """Return the rows for which a predicate holds too; `only` are the columns at which it may look.

    Raises:
        ConflictError: nothing promises the dataset any more.
        UsageError: it is no predicate, or looks at what is not there.
    """
    if rows is None:
        return given
    promised = scope.definitions().by_id.get(dataset_id)
    if promised is None:
        raise ConflictError(
            "nothing promises this dataset any more", hint="what is agreed can be revoked"
        )
    dataset = promised[2]
    if only is not None:
        known = tuple(one for one in dataset.columns if one.name in only)
        dataset = replace(dataset, columns=known)
    return narrower(given, read_rows(dataset, rows))
