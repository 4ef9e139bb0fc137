"""CSV files: strict about quotes and field counts, so that nothing is guessed and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ghala.ingest.source import Option, OptionKind
from ghala.model.fault import OptionFault
from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.ingest.sources.csv_reader import CsvReader
    from ghala.model.product import SourceColumn

ENCODINGS = (
    "ascii",
    "cp1250",
    "cp1251",
    "cp1252",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "utf-8",
)
"""Encodings in which delimiters and line ends are the bytes that they are in ASCII."""


def csv_files() -> CsvFiles:
    """Return the source type `csv`."""
    return CsvFiles()


@dataclass(frozen=True, slots=True)
class CsvFiles:
    """The source type `csv`."""

    options: tuple[Option, ...] = (
        Option("delimiter", OptionKind.CHARACTER, ","),
        Option("quote", OptionKind.CHARACTER, '"', may_be_empty=True),
        Option("escape", OptionKind.CHARACTER, None),
        Option("header", OptionKind.FLAG, default=True),
        Option("encoding", OptionKind.TEXT, "utf-8", choices=ENCODINGS),
        Option("nulls", OptionKind.TEXTS, ("",)),
        Option("trim", OptionKind.FLAG, default=False),
        Option("skip_lines", OptionKind.COUNT, 0),
    )

    def faults(
        self, values: Mapping[str, Any], columns: Sequence[SourceColumn]
    ) -> Sequence[OptionFault]:
        """Return options that contradict each other, and columns that a flat file cannot have."""
        faults = []
        if values["delimiter"] == values["quote"]:
            faults.append(OptionFault("quote", "`quote` and `delimiter` must differ"))
        if values["escape"] is not None and values["escape"] == values["delimiter"]:
            faults.append(OptionFault("escape", "`escape` and `delimiter` must differ"))
        faults += [
            OptionFault(
                f"columns.{column.name}",
                f"a CSV file has no values of type {column.type.kind.value}",
                "read it as varchar, or from NDJSON",
            )
            for column in columns
            if column.type.kind in {Kind.LIST, Kind.STRUCT}
        ]
        return faults

    def reader(self, values: Mapping[str, Any], columns: Sequence[SourceColumn]) -> CsvReader:
        """Return a reader for one file."""
        # Whoever only checks options does without the libraries that read.
        from ghala.ingest.sources.csv_fields import Dialect  # noqa: PLC0415 - see above
        from ghala.ingest.sources.csv_reader import CsvReader  # noqa: PLC0415 - see above

        quote = values["quote"] or None
        escape = values["escape"] if values["escape"] != quote else None
        return CsvReader(
            Dialect(
                delimiter=values["delimiter"],
                quote=quote,
                escape=escape if quote else None,
                encoding=values["encoding"],
                nulls=tuple(values["nulls"]),
                is_trimmed=values["trim"],
            ),
            columns,
            has_header=values["header"],
            skipped_lines=values["skip_lines"],
        )
