"""What an engine says about a failure, as it goes from a worker to its parent, which does not load the engine."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

NOT_IMPLEMENTED = "Not implemented"


@dataclass(frozen=True, slots=True)
class Fault:
    """What the engine says about a failure; `message` may hold cell values and is never shown as it is."""

    kind: str
    message: str
    position: int | None = None
    subtype: str = ""


def fault_of(error: BaseException) -> Fault:
    """Read an error that the engine raised, whichever way it came out of it.

    >>> fault_of(OSError('Conversion Error: {"exception_type":"Conversion","exception_message":"x","position":"8"}'))
    Fault(kind='Conversion', message='x', position=8, subtype='')
    """
    if isinstance(error, NotImplementedError):
        # Ours, not the engine's: what the worker cannot hand over as it is, for instance a type.
        return Fault(NOT_IMPLEMENTED, "")
    text = str(error)
    _, brace, rest = text.partition("{")
    facts: dict[str, Any] = {}
    with suppress(ValueError):
        found = json.loads(brace + rest)
        facts = found if isinstance(found, dict) else {}
    position = str(facts.get("position", ""))
    kind = str(facts.get("exception_type") or "")
    if not kind and isinstance(error, MemoryError):
        kind = "Out of Memory"
    return Fault(
        kind=kind or text.partition(" Error:")[0].strip()[:40],
        message=str(facts.get("exception_message") or text.partition("Error:")[2].strip()),
        position=int(position) if position.isdecimal() else None,
        subtype=str(facts.get("error_subtype", "")),
    )
