"""A door without a hidden value: as many rows in the files, and the same ones hidden, but as copies of visible rows.

What such a door does, no hidden value brings about. The engine plans by the number of a file's rows, all of them, so
that a door over the visible rows alone may go another way.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from canary import COLUMNS, table_of

from ghala.model.policy import Admission, Decision
from ghala.model.predicate import AllOf, AnyOf, Not, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from canary import Persona, Row, Seen

    from ghala.governance.authorize import Asked
    from ghala.model.predicate import Predicate

FENCE = "fence_"
"""Before the name of what a filter reads: a column of its own, of the stored values, that no statement may name."""


def decoys(persona: Persona, stored: Mapping[str, list[Row]]) -> dict[str, pa.Table]:
    """Return what a persona may see of each release, masked already, with visible rows in the place of hidden ones."""
    tables = {}
    for release, its_rows in stored.items():
        table = release.partition("@")[0]
        if table not in persona.sees:
            continue
        visible = cycle(persona.rows_of(table, its_rows))
        shown = [(persona.rows_of(table, [row]) or [next(visible, {})])[0] for row in its_rows]
        made = table_of(table, persona.columns_of(table), shown)
        whole = table_of(table, list(COLUMNS[table]), its_rows)
        for column in sorted(_read_by(persona.sees[table])):
            made = made.append_column(FENCE + column, whole[column])
        tables[release] = made
    return tables


def _read_by(seen: Seen) -> set[str]:
    return {
        column for rule in seen.rules if rule.predicate for column in columns_of(rule.predicate)
    }


def fenced(predicate: Predicate) -> Predicate:
    """Return the same condition over the columns of the fence."""
    if isinstance(predicate, AllOf | AnyOf):
        return replace(predicate, predicates=tuple(map(fenced, predicate.predicates)))
    if isinstance(predicate, Not):
        return Not(fenced(predicate.predicate))
    return replace(predicate, column=FENCE + predicate.column)


class DecoyPolicy:
    """Shows what a persona may see of its decoys: all columns but the fence, of the rows that are no copies."""

    def __init__(self, persona: Persona) -> None:
        self.persona = persona

    def decide(self, _principal, _action, asked: Sequence[Asked], *, prepared=frozenset()):  # noqa: ARG002 - the door names it
        return tuple(self.one(str(dataset.name), dataset) for dataset in asked)

    def one(self, table: str, asked: Asked) -> Decision:
        seen = self.persona.sees.get(table)
        if seen is None:
            return Decision(asked.name, is_allowed=False, reasons=("no agreement",))
        columns = frozenset(self.persona.columns_of(table))
        predicates = [rule.predicate and fenced(rule.predicate) for rule in seen.rules]
        admissions = tuple(Admission(columns, predicate) for predicate in predicates)
        return Decision(asked.name, is_allowed=True, admissions=admissions)
