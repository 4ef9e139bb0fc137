"""The engine's failures in words of the user's own text: never cell values, paths, filters or generated SQL."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from ghala.engines.fault import NOT_IMPLEMENTED
from ghala.errors import GhalaError, LimitError, QueryError, QueryRefusedError

if TYPE_CHECKING:
    from ghala.engines.fault import Fault
    from ghala.errors import Place


class QueryFault(StrEnum):
    """Why an accepted statement failed, for programs; keep sorted."""

    CONVERSION = "conversion"
    ENGINE = "engine"
    FILE = "file"
    INPUT = "input"
    INTERRUPTED = "interrupted"
    MEMORY = "memory"
    RANGE = "range"
    ROWS = "rows"
    STATEMENT = "statement"
    TIME = "time"
    WORKER = "worker"


SIGNAL = "ghala:"
"""Begins what Ghala's own SQL around a statement stops with; no function that a statement may use can say that."""

_TIME = "maximum execution time"
_TYPES = re.compile(
    r" to ((?:U?INT(?:8|16|32|64|128)|DECIMAL\(\d+,\s?\d+\)|DATE|TIME|TIMESTAMP|TIMESTAMP WITH TIME ZONE"
    r"|BOOL|BOOLEAN|DOUBLE|FLOAT|UUID|INTERVAL|BIGINT|INTEGER|HUGEINT|SMALLINT|TINYINT|BLOB|BIT))(?= when casting|$)"
)
# A view has no `rowid`, the empty table that stood for it has one.
_MISSING = re.compile(r'Referenced column "[^"]*" not found in FROM clause!')
_MADE_SCHEMA = re.compile(r"\b(information_schema|system)@")
"""What stands in a text for a schema that the engine has itself."""
_TOO_DEEP = "Max expression depth limit"
_MANY_ROWS = "More than one row returned by a subquery"
_TEXTS: dict[str, tuple[QueryFault, str, str | None]] = {
    "Binder": (QueryFault.STATEMENT, "the statement does not fit the datasets", None),
    "Catalog": (QueryFault.STATEMENT, "the statement names what is not there", None),
    "Conversion": (
        QueryFault.CONVERSION,
        "a value could not be converted",
        "TRY_CAST gives NULL instead",
    ),
    "Division by Zero": (QueryFault.RANGE, "a number was divided by zero", None),
    "IO": (QueryFault.FILE, "a file of a dataset could not be read", "check it: ghala verify"),
    "Invalid Input": (QueryFault.INPUT, "a function was given a value that it cannot use", None),
    "Mismatch Type": (QueryFault.CONVERSION, "a value has another type than it needs", None),
    NOT_IMPLEMENTED: (
        QueryFault.STATEMENT,
        "the engine cannot do this yet",
        "cast the column to a simpler type, such as VARCHAR",
    ),
    "Out of Range": (
        QueryFault.RANGE,
        "a number is out of the range of its type",
        "cast to a wider type first",
    ),
    "Permission": (QueryFault.FILE, "the statement may not open this", None),
}


def refusal(fault: Fault, place: Place | None) -> GhalaError:
    r"""Word a failure to bind over empty tables: only the user's text and visible columns can be in it.

    >>> from ghala.engines.fault import Fault
    >>> str(refusal(Fault("Binder", 'Referenced column "idd" not found!\nCandidate bindings: "id"'), None))
    'Referenced column "idd" not found! Candidate bindings: "id"'
    """
    if (
        fault.kind not in {"Binder", "Catalog", "Parser", "Syntax", NOT_IMPLEMENTED}
        or not fault.message
    ):
        return failure(fault, place)
    if fault.message.startswith(_TOO_DEEP):
        return LimitError("the statement is nested too deeply", reason=QueryFault.STATEMENT)
    lines = [line.strip() for line in fault.message.split("\n")]
    lines = lines[: lines.index("")] if "" in lines else lines
    message = lines[0]
    if len(lines) > 1 and lines[1].startswith(("Candidate bindings", "Did you mean")):
        message = f"{message} {lines[1]}"
    message = _MADE_SCHEMA.sub(r"\1", message)
    return QueryRefusedError(message, place=place, reason=QueryFault.STATEMENT)


def failure(fault: Fault, place: Place | None) -> GhalaError:
    """Word a failure of a statement that ran: by its kind alone, since the engine's message may hold cell values.

    >>> from ghala.engines.fault import Fault
    >>> str(failure(Fault("Conversion", "Could not convert string 'Ann' to DATE when casting from x"), None))
    'a value could not be converted to DATE'
    """
    if fault.kind == "INTERRUPT":
        if _TIME in fault.message:
            return too_slow(None)
        return QueryError("the query was stopped", reason=QueryFault.INTERRUPTED)
    if fault.kind == "Out of Memory":
        return too_large()
    if fault.kind == "Binder" and (missing := _MISSING.match(fault.message)):
        return QueryRefusedError(missing.group(), place=place, reason=QueryFault.STATEMENT)
    reason, message, hint = _TEXTS.get(
        fault.kind, (QueryFault.ENGINE, "the engine could not finish the query", None)
    )
    if reason is QueryFault.CONVERSION and (target := _TYPES.search(fault.message)):
        message = f"{message} to {target.group(1)}"
    if fault.message.startswith(_MANY_ROWS):
        message, hint = (
            "a subquery that stands for one value has more rows",
            "add LIMIT 1 or an aggregate",
        )
    evidence = {"signal": fault.message} if fault.message.startswith(SIGNAL) else {}
    return QueryError(message, hint=hint, place=place, reason=reason, **evidence)


def too_slow(limit_s: float | None) -> LimitError:
    """Word the end of a query that took too long."""
    after = f" of {limit_s:g} s" if limit_s is not None else ""
    return LimitError(
        f"the query reached its time limit{after}",
        hint="ask for less, or raise `limits.query_s` in ghala.yaml",
        reason=QueryFault.TIME,
    )


def too_large() -> LimitError:
    """Word the end of a query that took too much memory."""
    return LimitError(
        "the query needs more memory than it may use",
        hint="read fewer columns or rows, or raise `engine.memory_mb` in ghala.yaml",
        reason=QueryFault.MEMORY,
    )


def worker_died() -> QueryError:
    """Word the death of a worker."""
    return QueryError(
        "the process that ran the query ended before it was done",
        hint="try again; if it ends every time, the query may need more memory than there is",
        reason=QueryFault.WORKER,
    )
