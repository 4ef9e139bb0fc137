"""Faults: what is wrong with one option, found by the part that knows the option."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.errors import Place


@dataclass(frozen=True, slots=True)
class OptionFault:
    """One option that is refused; `option` is its name, dotted below a mapping (`columns.a`).

    `place` is where in the option's own text the fault stands, for options that are texts, such as statements.
    """

    option: str
    message: str
    hint: str | None = None
    place: Place | None = field(default=None, repr=False)
