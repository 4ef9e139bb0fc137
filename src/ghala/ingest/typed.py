"""Gives batches of text their types: plain values by Arrow's quick casts, all others by the engine's exact ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from ghala.errors import QueryError, StepError
from ghala.ingest.cast import accepted_pattern, strict_cast
from ghala.ingest.explain import explain
from ghala.ingest.fault import Fault
from ghala.ingest.plain import has_plain_form, slow_values
from ghala.lake.parquet import arrow_schema
from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ghala.engines.duckdb import Session
    from ghala.ingest.source import Batch
    from ghala.model.product import SourceColumn

_TABLE = "ghala_texts"
_ROWS_OF_A_PIECE = 256
_NESTED = frozenset({Kind.LIST, Kind.STRUCT})


@dataclass(frozen=True, slots=True)
class Typed:
    """The records of a batch, of the input file with that index: rows that fit their types, and faults, in order.

    The rows come in pieces: cutting out the few that are refused costs less than copying all others.

    `byte_count` is the size of the rows as text.
    """

    file: int
    rows: tuple[pa.RecordBatch, ...]
    faults: tuple[Fault, ...]
    byte_count: int


@dataclass(frozen=True, slots=True)
class _Cast:
    """A column as its type, NULL where a text is refused; `failed` is given where that NULL does not show it."""

    values: pa.Array
    failed: pa.Array | None = None


@dataclass(frozen=True)
class Caster:
    """Casts the batches of one landing. It uses its session in whatever thread calls it, one at a time."""

    session: Session
    columns: Sequence[SourceColumn]
    field_ids: Mapping[str, object] | None
    _queries: dict[tuple[int, ...], str] = field(default_factory=dict, repr=False)

    @cached_property
    def schema(self) -> pa.Schema:
        """The typed columns, with their field ids."""
        columns = [(column.name, column.type) for column in self.columns]
        return arrow_schema(columns, self.field_ids)

    def typed(self, file: int, batch: Batch) -> Typed:
        """Return a batch's records as typed rows and faults.

        Raises:
            LimitError: the engine ran out of memory.
        """
        casts = self._casts(batch.texts)
        arrays = [cast.values for cast in casts]
        rows = pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        kept, faults = (rows,), batch.faults
        failed = [_failed(*pair) for pair in zip(batch.texts.columns, casts, strict=True)]
        if wrong := [mask for mask in failed if mask is not None]:
            refused = np.logical_or.reduce(wrong)
            kept = _without(rows, refused)
            uncast = self._faults(batch, np.flatnonzero(refused), failed)
            faults = tuple(sorted([*faults, *uncast], key=lambda fault: fault.record.number))
        return Typed(file, kept, faults, batch.texts.nbytes)

    def _casts(self, texts: pa.RecordBatch) -> list[_Cast]:
        casts: dict[int, _Cast] = {}
        slow: dict[int, NDArray[np.bool_]] = {}
        exact = []
        masks = slow_values(texts, self.columns)
        for place, (column, mask) in enumerate(zip(self.columns, masks, strict=True)):
            text = texts.column(place)
            if column.type.kind is Kind.VARCHAR:
                casts[place] = _Cast(text)
            elif (values := self._plain(place, text, mask)) is None:
                exact.append(place)
            else:
                casts[place] = _Cast(values)
                if mask is not None and _may_cast(text.filter(pa.array(mask)), column):
                    slow[place] = mask
        casts |= self._exact(texts, exact)
        if slow:
            rows = pa.array(np.logical_or.reduce([*slow.values()]))
            for place, cast in self._exact(texts.filter(rows), list(slow)).items():
                casts[place] = _Cast(_replaced(casts[place].values, rows, cast.values))
        return [casts[place] for place in range(len(self.columns))]

    def _plain(self, place: int, text: pa.Array, slow: NDArray[np.bool_] | None) -> pa.Array | None:
        """Return a column by the quick cast, NULL where a value is slow; None if it is not for the quick cast.

        It refuses a batch for one value out of range. Which one that is, the exact casts tell.
        """
        if not has_plain_form(self.columns[place]):
            return None
        if slow is not None:
            text = pc.if_else(pa.array(slow), pa.scalar(None, pa.string()), text)
        try:
            return pc.cast(text, self.schema.field(place).type)
        except pa.ArrowInvalid:
            return None

    def _exact(self, texts: pa.RecordBatch, places: Sequence[int]) -> dict[int, _Cast]:
        """Return some columns by the exact casts."""
        if not places:
            return {}
        names = [f"c{place}" for place in places]
        table = pa.Table.from_arrays([texts.column(place) for place in places], names=names)
        nested = self._nested(places)
        self.session.register(_TABLE, table)
        try:
            typed = self.session.table(self._query(tuple(places))).combine_chunks()
        except QueryError as error:
            # Its own words could show a value.
            raise StepError(
                "the engine could not cast the records",
                hint="this is a fault of Ghala; please report it",
            ) from error
        finally:
            self.session.unregister(_TABLE)
        return {
            place: _Cast(
                _whole(typed[f"v{place}"]).cast(self.schema.field(place).type),
                _whole(typed[f"f{place}"]) if place in nested else None,
            )
            for place in places
        }

    def _nested(self, places: Sequence[int]) -> list[int]:
        return [place for place in places if self.columns[place].type.kind in _NESTED]

    def _query(self, places: tuple[int, ...]) -> str:
        if places not in self._queries:
            casts = {
                place: strict_cast(exp.column(f"c{place}"), self.columns[place]) for place in places
            }
            self._queries[places] = (
                exp.select(
                    *(exp.alias_(casts[place].value, f"v{place}") for place in places),
                    *(
                        exp.alias_(casts[place].failed, f"f{place}")
                        for place in self._nested(places)
                    ),
                )
                .from_(_TABLE)
                .sql(dialect="duckdb")
            )
        return self._queries[places]

    def _faults(
        self,
        batch: Batch,
        rows: NDArray[np.int64],
        failed: Sequence[NDArray[np.bool_] | None],
    ) -> list[Fault]:
        faults = []
        for row in rows.tolist():
            found = [
                (column.name, *explain(text[row].as_py(), column))
                for column, text, mask in zip(
                    self.columns, batch.texts.columns, failed, strict=True
                )
                if mask is not None and mask[row]
            ]
            message = "; ".join(f"`{name}` {words}" for name, _, words in found)
            name, reason, _ = found[0]
            faults.append(Fault(batch.positions.at(row), reason, message, name))
        return faults


def _replaced(values: pa.Array, rows: pa.Array, others: pa.Array) -> pa.Array:
    if not pa.types.is_decimal64(values.type):
        return pc.replace_with_mask(values, rows, others)
    units = pc.replace_with_mask(values.view(pa.int64()), rows, others.view(pa.int64()))
    return units.view(values.type)


def _failed(text: pa.Array, cast: _Cast) -> NDArray[np.bool_] | None:
    """Return which texts were refused; None if none was."""
    if cast.failed is None and cast.values.null_count == text.null_count:
        return None
    mask = cast.failed
    if mask is None:
        mask = pc.and_(pc.is_valid(text), pc.is_null(cast.values))
    found: NDArray[np.bool_] = mask.to_numpy(zero_copy_only=False)
    return found if found.any() else None


def _without(rows: pa.RecordBatch, refused: NDArray[np.bool_]) -> tuple[pa.RecordBatch, ...]:
    places = np.flatnonzero(refused)
    if len(places) * _ROWS_OF_A_PIECE > len(rows):
        return (rows.filter(pa.array(~refused)),)
    edges = [-1, *places.tolist(), len(rows)]
    return tuple(
        rows.slice(before + 1, after - before - 1)
        for before, after in pairwise(edges)
        if after - before > 1
    )


def _may_cast(texts: pa.Array, column: SourceColumn) -> bool:
    """Return whether the exact casts might take one of some texts: most that are wrong do not even look right."""
    pattern = accepted_pattern(column)
    if pattern is None:
        return True
    return bool(pc.any(pc.match_substring_regex(texts, rf"\A(?:{pattern})\z")).as_py())


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
