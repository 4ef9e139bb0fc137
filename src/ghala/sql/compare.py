"""The statement that compares two releases of a dataset by its key. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.difference import ADDED, CHANGED, REMOVED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.names import DatasetName

_OLDER, _NEWER, _PAIRS, _THERE = "older_rows", "newer_rows", "row_pairs", "ghala_is_there"


def comparison(
    dataset: DatasetName,
    versions: tuple[int, int],
    key: Sequence[str],
    others: Sequence[str],
    samples: int,
) -> str:
    """Return a SELECT of the kind of difference, its number of rows, and the least keys of them as lists of texts.

    It names the dataset twice, in two releases, so whoever asks it sees of both what they may see.

    Args:
        dataset: the dataset.
        versions: the numbers of the older and of the newer release.
        key: the columns that name a row in both.
        others: columns of both that are compared.
        samples: how many keys of each kind at most.

    >>> from ghala.model.names import DatasetName
    >>> text = comparison(DatasetName("sales", "orders"), (1, 2), ["id"], ["amount"], 20)
    >>> text.count('FROM "sales"."orders" AT (VERSION => 1)'), text.count("FULL")
    (1, 1)
    """
    sides = [
        _side(dataset, version, (*key, *others)).subquery(name)
        for version, name in zip(versions, (_OLDER, _NEWER), strict=True)
    ]
    same_key = exp.and_(
        *(exp.EQ(this=_cell(_OLDER, name), expression=_cell(_NEWER, name)) for name in key)
    )
    pairs = (
        exp.select(
            exp.alias_(_difference(others), "difference"),
            exp.alias_(exp.Array(expressions=[_key_text(name) for name in key]), "row_key"),
        )
        .from_(sides[0])
        .join(sides[1], on=same_key, join_type="FULL")
    )
    difference = exp.column("difference")
    least = exp.Anonymous(
        this="min", expressions=[exp.column("row_key"), exp.Literal.number(samples)]
    )
    query = (
        exp.select(
            difference,
            exp.alias_(exp.Count(this=exp.Star()), "row_count"),
            exp.alias_(least, "row_keys"),
        )
        .from_(exp.to_table(_PAIRS))
        .where(exp.Not(this=exp.Is(this=difference.copy(), expression=exp.null())))
        .group_by(difference.copy())
        .with_(_PAIRS, as_=pairs)
    )
    return query.sql(dialect="duckdb")


def _side(dataset: DatasetName, version: int, columns: Sequence[str]) -> exp.Select:
    at = exp.HistoricalData(this="AT", kind="VERSION", expression=exp.Literal.number(version))
    table = exp.Table(
        this=exp.to_identifier(dataset.dataset, quoted=True),
        db=exp.to_identifier(dataset.domain, quoted=True),
        when=at,
    )
    named: list[exp.Expr] = [exp.column(name, quoted=True) for name in columns]
    return exp.select(*named, exp.alias_(exp.true(), _THERE)).from_(table)


def _difference(others: Sequence[str]) -> exp.Expr:
    differs = [
        exp.NullSafeNEQ(this=_cell(_OLDER, name), expression=_cell(_NEWER, name)) for name in others
    ]
    return exp.Case(
        ifs=[
            exp.If(this=_is_missing(_OLDER), true=exp.Literal.string(ADDED)),
            exp.If(this=_is_missing(_NEWER), true=exp.Literal.string(REMOVED)),
            *(
                [exp.If(this=exp.or_(*differs), true=exp.Literal.string(CHANGED))]
                if differs
                else []
            ),
        ]
    )


def _is_missing(side: str) -> exp.Expr:
    return exp.Is(this=exp.column(_THERE, table=side), expression=exp.null())


def _key_text(name: str) -> exp.Expr:
    either = exp.Coalesce(this=_cell(_NEWER, name), expressions=[_cell(_OLDER, name)])
    return exp.cast(either, exp.DataType.build("VARCHAR", dialect="duckdb"))


def _cell(side: str, name: str) -> exp.Column:
    return exp.column(name, table=side, quoted=True)
