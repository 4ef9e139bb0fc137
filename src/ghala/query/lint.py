"""What the read door would refuse in a statement, said beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import LimitError, QueryRefusedError
from ghala.model.fault import OptionFault
from ghala.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_sql(sql: str) -> Sequence[OptionFault]:
    """Return why a step's statement would be refused; empty when it would not.

    >>> [fault.message for fault in check_sql("SELECT 1")]
    []
    """
    try:
        parse(sql)
    except (LimitError, QueryRefusedError) as error:
        where = f"line {error.place.line}: " if error.place and error.place.line else ""
        return [OptionFault("sql", f"{where}{error.message}", error.hint)]
    return []
