"""Faults: what is wrong with one option, found by the part that knows the option."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OptionFault:
    """One option that is refused; `option` is its name, dotted below a mapping (`columns.a`)."""

    option: str
    message: str
    hint: str | None = None
