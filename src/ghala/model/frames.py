"""A whole answer as people want it: rows, or a data frame of pandas or Polars, made of an Arrow table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from ghala.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa


class Frames(ABC):
    """The forms of a whole answer."""

    @abstractmethod
    def arrow(self) -> pa.Table:
        """Return all rows as an Arrow table."""

    def rows(self) -> list[tuple[Any, ...]]:
        """Return all rows as Python values."""
        return to_rows(self.arrow())

    def pandas(self) -> Any:
        """Return all rows as a pandas data frame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return to_pandas(self.arrow())

    def polars(self) -> Any:
        """Return all rows as a Polars data frame.

        Raises:
            MissingExtraError: Polars is not installed.
            UsageError: two columns have one name, which Polars does not take.
        """
        return to_polars(self.arrow())


def to_rows(table: pa.Table) -> list[tuple[Any, ...]]:
    """Return all rows as Python values.

    >>> import pyarrow as pa
    >>> to_rows(pa.table({"id": [1, 2], "name": ["a", None]}))
    [(1, 'a'), (2, None)]
    """
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def to_pandas(table: pa.Table) -> Any:
    """Return all rows as a pandas data frame.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas  # noqa: F401, ICN001, PLC0415 - an extra, and asked for by name only here
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "a data frame needs pandas", hint="pip install 'ghala[pandas]'"
        ) from error
    return table.to_pandas()


def to_polars(table: pa.Table) -> Any:
    """Return all rows as a Polars data frame.

    Raises:
        MissingExtraError: Polars is not installed.
        UsageError: two columns have one name, which Polars does not take.
    """
    try:
        import polars as pl  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "a data frame needs Polars", hint="pip install 'ghala[polars]'"
        ) from error
    names = table.schema.names
    if twins := [name for number, name in enumerate(names) if name in names[:number]]:
        raise UsageError(
            f"two columns are called `{twins[0]}`, which Polars does not take",
            hint="give one of them another name: AS",
        )
    return pl.from_arrow(table)
