"""What columns are about: what the contract says now and, for an old release, what its own said; the stricter holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ghala.governance.authorize import Asked
from ghala.model.classification import Classification, strictest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.contract import Column
    from ghala.spec.kept import Definitions

_KNOWN = frozenset(Classification)


def described(asked: Asked, definitions: Definitions) -> Asked:
    """Return what is asked for with what is said of its columns; all of the contract's where none are named.

    A column of the current release is what the contract says now. One of an old release carries the tags of both its
    own contract and today's, and the stricter classification. A column that neither names is restricted.
    """
    found = definitions.datasets.get(asked.name)
    promised = {} if found is None else _by_name(found[2].columns)
    if not asked.columns:
        return Asked(asked.name, tuple(promised.values()))
    own = _by_name(asked.own_terms or ())
    columns = (_with_terms(one, promised.get(one.name), own.get(one.name)) for one in asked.columns)
    return Asked(asked.name, tuple(columns))


def _with_terms(column: Column, today: Column | None, own: Column | None) -> Column:
    if own is None and column is today and column.classification in _KNOWN and not column.tags:
        return column  # most columns, and there are very many
    terms = [one for one in (today, own) if one is not None]
    return replace(
        column,
        classification=strictest(one.classification for one in terms),
        tags=tuple(dict.fromkeys(tag for one in terms for tag in one.tags)),
    )


def _by_name(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    return {column.name: column for column in columns}
