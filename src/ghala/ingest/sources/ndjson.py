"""NDJSON files: the source type and its options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghala.ingest.source import Option, OptionKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.ingest.sources.ndjson_reader import NdjsonReader
    from ghala.model.fault import OptionFault
    from ghala.model.product import SourceColumn


def ndjson_files() -> NdjsonFiles:
    """Return the source type `ndjson`."""
    return NdjsonFiles()


@dataclass(frozen=True, slots=True)
class NdjsonFiles:
    """The source type `ndjson`. `nulls` are strings that mean NULL; an empty string is a value unless listed."""

    options: tuple[Option, ...] = (Option("nulls", OptionKind.TEXTS, ()),)

    def faults(
        self, values: Mapping[str, Any], columns: Sequence[SourceColumn]
    ) -> Sequence[OptionFault]:
        """Return nothing: there is nothing to contradict."""
        del values, columns
        return ()

    def reader(self, values: Mapping[str, Any], columns: Sequence[SourceColumn]) -> NdjsonReader:
        """Return a reader for one file."""
        # Whoever only checks options does without the libraries that read.
        from ghala.ingest.sources.ndjson_reader import NdjsonReader  # noqa: PLC0415 - see above

        return NdjsonReader(tuple(columns), frozenset(values["nulls"]))
