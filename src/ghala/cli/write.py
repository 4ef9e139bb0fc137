"""Answers as bytes: the forms for programs, and the table for eyes."""

from __future__ import annotations

import shutil
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

from ghala.cli.table import cell_text, lay_out, lines, rule
from ghala.model.form import Form
from ghala.query.forms import is_number, rows_of, text_of, write_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

SAMPLE_ROWS = 1_000
"""The table's column widths are decided from so many rows; a terminal gets no more than these."""
TERMINAL_ROWS = 200


def write(
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    form: str,
    stream: BinaryIO,
    *,
    is_terminal: bool,
) -> Iterator[str]:
    """Write an answer and yield what the reader should know about it; consume the iterator to its end."""
    if form in set(Form):
        write_form(schema, batches, Form(form), stream)
    else:
        yield from _write_table(schema, batches, stream, is_terminal=is_terminal)


def _write_table(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO, *, is_terminal: bool
) -> Iterator[str]:
    names = [cell_text(name) for name in schema.names]
    right = [is_number(field.type) for field in schema]
    rows = ([cell_text(text_of(value)) for value in row] for row in rows_of(batches))
    sample = list(islice(rows, TERMINAL_ROWS if is_terminal else SAMPLE_ROWS))
    layout = lay_out(
        names, sample, right, shutil.get_terminal_size().columns if is_terminal else None
    )
    shown = sample if is_terminal else chain(sample, rows)
    text = chain(lines(layout, [names]), [rule(layout)], lines(layout, shown))
    stream.writelines(line.encode("utf-8", "replace") + b"\n" for line in text)
    if layout.hidden:
        yield f"{len(layout.widths)} of {len(names)} columns fit; another `--format` shows all"
    if is_terminal and next(rows, None) is not None:
        yield f"the first {len(sample)} rows; another `--format` shows all"
