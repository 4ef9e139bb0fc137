"""What a source type is, and the values that pass between it and the landing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    from ghala.ingest.fault import Fault
    from ghala.ingest.records import Positions
    from ghala.model.fault import OptionFault
    from ghala.model.product import SourceColumn


class OptionKind(StrEnum):
    """What an option's value looks like in YAML; keep sorted."""

    CHARACTER = "character"
    COUNT = "count"
    FLAG = "flag"
    TEXT = "text"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a source type. `choices` closes a TEXT; a CHARACTER may be empty if its `default` may be.

    `default` is the value that the type sees when the option is absent, already in its Python form.
    """

    name: str
    kind: OptionKind
    default: object = None
    choices: tuple[str, ...] = ()
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of a file, in order: those that parse as rows of text, the others as faults.

    `texts` has one column per source column, in that order: a string (null for NULL), and for structs and lists the
    same shape with strings as leaves. Row `i` of it is the record `positions.at(i)`. `unread` names what some of the
    records have and no column takes.
    """

    texts: pa.RecordBatch
    positions: Positions
    faults: tuple[Fault, ...] = ()
    unread: frozenset[str] = frozenset()


class FileRefusedError(Exception):
    """A file cannot be read as what it is declared to be: none of its records are taken. The text says why."""


class RecordReader(Protocol):
    """Reads one file. It gets every byte of it once, in order, in blocks that may cut records anywhere.

    What it does not yield as a row it must yield as a fault: rows plus faults are the records of the file.
    """

    def feed(self, block: bytes, *, is_last: bool) -> Iterator[Batch]:
        """Take the next block and yield what is now complete.

        Raises:
            FileRefusedError: only before the first batch is yielded.
        """
        ...


class SourceType(Protocol):
    """One kind of source, such as CSV files; stateless, so that one instance serves all sources.

    `options` are its own, beside `zone` and `files`, which the landing understands for all types.
    """

    @property
    def options(self) -> tuple[Option, ...]:
        """What a source of this type may say."""
        ...

    def faults(
        self, values: Mapping[str, object], columns: Sequence[SourceColumn]
    ) -> Sequence[OptionFault]:
        """Return what is wrong between options, or between options and columns; each alone is right already."""
        ...

    def reader(self, values: Mapping[str, object], columns: Sequence[SourceColumn]) -> RecordReader:
        """Return a reader for one file; `values` has every option, absent ones with their defaults."""
        ...
