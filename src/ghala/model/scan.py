"""Physical scans: which files hold a dataset's rows, grouped by how those files are laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ghala.model.types import DataType


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """How one logical column is read from the files of one layout.

    `stored_name` is the column's name in the files, None if they do not have it (then it is NULL). `members` maps a
    struct's fields in the same way, in the order of the logical type; empty when the stored struct is read as it is.
    """

    name: str
    type: DataType
    stored_name: str | None
    members: tuple[ColumnSource, ...] = ()


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files of one physical layout, and how each logical column is read from them."""

    files: tuple[Path, ...]
    columns: tuple[ColumnSource, ...]


@dataclass(frozen=True, slots=True)
class PhysicalScan:
    """Everything that is needed to read one state of a dataset; no group means no rows.

    `columns` has names and types of the state's own schema, in order.
    """

    columns: tuple[tuple[str, DataType], ...]
    groups: tuple[FileGroup, ...]
    row_count: int


def plain_scan(
    columns: Sequence[tuple[str, DataType]], files: Sequence[tuple[Path, int]]
) -> PhysicalScan:
    """Return how to read files, each with its number of rows, that were written with exactly these columns."""
    sources = tuple(ColumnSource(name, data_type, name) for name, data_type in columns)
    paths = tuple(path for path, rows in files if rows)
    groups = (FileGroup(paths, sources),) if paths else ()
    return PhysicalScan(tuple(columns), groups, sum(rows for _, rows in files))
