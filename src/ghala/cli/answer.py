"""What commands print on stdout: JSON for programs, tables and outlines for people."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import click

from ghala.cli.table import cell_text, table
from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def terminal_width() -> int | None:
    """Return the width of the terminal that shows stdout; None when stdout goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_json(value: object) -> None:
    """Print any value of the model as JSON."""
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def print_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a small table; None shows as `-`, since nothing here is a cell of anybody's data."""
    shown = [["-" if value is None else value for value in row] for row in rows]
    for line in table(header, shown, terminal_width()):
        click.echo(line)


def print_outline(value: Mapping[str, object]) -> None:
    """Print nested plain values as an outline; a list of mappings becomes a table."""
    for line in outline(value):
        click.echo(line)


def outline(value: Mapping[str, object], indent: str = "") -> Iterator[str]:
    """Return the lines of an outline.

    >>> list(outline({"name": "sales/orders", "port": {"id": 1}, "tags": ["a", "b"], "none": None}))
    ['name: sales/orders', 'port:', '  id: 1', 'tags: a, b', 'none: -']
    """
    for key, item in value.items():
        match item:
            case {}:
                yield f"{indent}{key}:"
                yield from outline(item, indent + "  ")
            case [{}, *_]:
                yield f"{indent}{key}:"
                yield from _rows([part for part in item if isinstance(part, dict)], indent + "  ")
            case list():
                yield f"{indent}{key}: {', '.join(cell_text(part) for part in item) or '-'}"
            case None | "":
                yield f"{indent}{key}: -"
            case _:
                yield f"{indent}{key}: {cell_text(item)}"


def _rows(items: Sequence[dict[str, object]], indent: str) -> Iterator[str]:
    header = list(dict.fromkeys(key for item in items for key in item))
    rows = [[_flat(item.get(key)) for key in header] for item in items]
    width = terminal_width()
    for line in table(header, rows, width - len(indent) if width else None):
        yield indent + line


def _flat(value: object) -> object:
    if value is None or value == "" or value in ([], {}):
        return "-"
    if isinstance(value, list) and not any(isinstance(part, (list, dict)) for part in value):
        return ", ".join(str(part) for part in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value
