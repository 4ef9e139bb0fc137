"""Rows that were kept out, as one works with them: each has an identity, and what became of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ghala.model.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ghala.model.contract import Dataset
    from ghala.model.names import ProductName
    from ghala.model.principal import Principal
    from ghala.model.types import DataType


class KeptOutState(StrEnum):
    """What became of a row that was kept out; keep sorted.

    An `open` one waits for somebody; a `fixed` one was edited and waits to be released; one that is `released` is in
    the data, as it was edited; one that is `discarded` will not be.
    """

    DISCARDED = "discarded"
    FIXED = "fixed"
    OPEN = "open"
    RELEASED = "released"


SOURCE, CHECK = "source", "check"
"""What keeps a row out: its source, which could not read it, or a check, whose rules it broke."""
_NESTED = frozenset({Kind.LIST, Kind.STRUCT})


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is kept out: a reason of ingest or the id of a rule, in words, and the column where it is one."""

    reason: str
    message: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a batch of rows was kept out: the last part of its file's name says by what, in every run alike."""

    environment: str
    product: ProductName
    name: str

    def record_id(self, file: str, record: int, raw: bytes) -> str:
        """Return the id of a record that could not be read: the same whenever the same bytes stand at the same place.

        >>> from ghala.model.names import ProductName
        >>> place = Place("prod", ProductName("sales", "orders"), "rows")
        >>> place.record_id("a.csv", 1, b"x") == place.record_id("a.csv", 1, b"x")
        True
        >>> place.record_id("a.csv", 1, b"x") == place.record_id("a.csv", 2, b"x")
        False
        """
        return self._id([file, record], raw)

    def row_id(self, values: Mapping[str, object], turn: int) -> str:
        """Return the id of a row that broke rules and that each run makes again, by its values.

        `turn` counts equal rows of a batch from 0.
        """
        told = json.dumps(dict(values), default=str, sort_keys=True, ensure_ascii=False)
        return self._id([turn], told.encode())

    def once_id(self, run_id: str, position: int) -> str:
        """Return the id of a row that broke rules and that no other run makes again, by its place in its batch.

        Equal rows of other runs are other rows.
        """
        return self._id([run_id, position], b"")

    def _id(self, parts: list[object], content: bytes) -> str:
        head = json.dumps([self.environment, str(self.product), self.name, *parts])
        return hashlib.sha256(head.encode() + b"\0" + content).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Repair:
    """What was decided about one row that was kept out.

    `path` is the batch that it was found in, `position` its place there. `fixed` has its new bytes: those of the
    record, or, of a row that broke rules, its changed values as JSON. `note` says why it was discarded, `fault` why the
    last run that tried to take it did not, `release` which release has it.
    """

    row: str
    place: Place
    kind: str
    path: str
    position: int
    state: KeptOutState
    at: datetime
    by: str
    file: str | None = None
    record: int | None = None
    fixed: bytes | None = field(default=None, repr=False)
    note: str | None = None
    fault: RowFault | None = None
    release: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that somebody wants to see released, by their ids."""

    rows: frozenset[str]
    by: Principal


def place_of(environment: str, product: ProductName, path: str) -> Place:
    """Return the place of a batch, of which `path` is its file below the quarantine's folder.

    >>> from ghala.model.names import ProductName
    >>> place_of("prod", ProductName("sales", "orders"), "run-1/sales.orders-0.parquet").name
    'sales.orders-0'
    """
    return Place(environment, product, PurePosixPath(path).name.removesuffix(".parquet"))


def run_of(path: str) -> str:
    """Return the run that kept out a batch, of which `path` is its file below the quarantine's folder.

    >>> run_of("run-1/sales.orders-0.parquet")
    'run-1'
    """
    return PurePosixPath(path).parts[0]


def can_edit(column_type: DataType) -> bool:
    """Return whether a value of a type can be edited as text."""
    return column_type.kind not in _NESTED


def edited_names(edits: Mapping[str, str | None], dataset: Dataset) -> set[str]:
    """Return which columns of a dataset are edited.

    Raises:
        KeyError: one that it does not have, or whose values cannot be edited as text.
    """
    can = {column.name for column in dataset.columns if can_edit(column.type)}
    if unknown := set(edits) - can:
        raise KeyError(min(unknown))
    return set(edits)
