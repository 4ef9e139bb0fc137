"""What the read door would refuse in a product's own statement, said beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import LimitError, QueryRefusedError
from ghala.model.fault import OptionFault
from ghala.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ghala.errors import Place
    from ghala.sql.parse import Statement


def check_sql(sql: str, reads: Collection[str] | None = None) -> Sequence[OptionFault]:
    """Return why a step's or a rule's statement would be refused; empty when it would not.

    `reads` names the only tables that it may read; what a step may read is planned with its product, not here.

    >>> [fault.message for fault in check_sql("SELECT 1")]
    []
    >>> [(fault.message, fault.place.column) for fault in check_sql("FROM s.o AT (VERSION => 3)")]
    [('AT is not for steps and rules', 8)]
    """
    try:
        return list(_faults(parse(sql), reads))
    except (LimitError, QueryRefusedError) as error:
        return [OptionFault("sql", error.message, error.hint, error.place)]


def table_places(sql: str) -> Mapping[str, Place]:
    """Return the tables that a statement reads, plain names or `domain.dataset`, each with where it stands.

    Raises:
        QueryRefusedError: it is no statement that the read door answers.
        LimitError: it is too long or too deep.

    >>> {name: str(place) for name, place in table_places("FROM a JOIN s.b USING (id)").items()}
    {'a': 'statement:1:6', 's.b': 'statement:1:15'}
    """
    statement = parse(sql)
    return {str(use): statement.place(use.offset) for use in sorted(statement.tables, key=str)}


def _faults(statement: Statement, reads: Collection[str] | None) -> Iterator[OptionFault]:
    if statement.is_listing:
        yield OptionFault("sql", "SHOW is not for steps and rules", "write one SELECT")
    for use in sorted(statement.tables, key=str):
        place = statement.place(use.offset)
        if use.table in statement.pins:
            hint = "leave it out: the release of an input is chosen when the run starts"
            yield OptionFault("sql", "AT is not for steps and rules", hint, place)
        elif reads is not None and str(use) not in reads:
            hint = f"it may read {', '.join(f'`{name}`' for name in sorted(reads))}"
            yield OptionFault("sql", f"`{use}` is not what this statement may read", hint, place)
