"""Which form of an answer a request accepts."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ghala.delivery.http.errors import NotAcceptableError
from ghala.model.form import Form

MEDIA_TYPES = MappingProxyType(
    {
        "application/json": Form.JSON,
        "text/csv": Form.CSV,
        "application/vnd.apache.arrow.stream": Form.ARROW,
        "application/vnd.apache.parquet": Form.PARQUET,
    }
)
SUFFIXES = MappingProxyType({Form.ARROW: "arrows", Form.CSV: "csv", Form.PARQUET: "parquet"})
_BINARY = {"schema": {"type": "string", "format": "binary"}}
FORMS: dict[str, Any] = {
    name: _BINARY for name, form in MEDIA_TYPES.items() if form is not Form.JSON
}
"""The forms beside JSON, for the description of the API."""
_LIKE_JSON = frozenset({"*/*", "application/*"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """The form of an answer; `is_guarded`: no cell of it can be a formula of a spreadsheet."""

    media_type: str
    form: Form
    is_guarded: bool = True


def accepted_form(accept: str | None) -> Accepted:
    """Return the form that an `Accept` header likes best; JSON if it does not say.

    `text/csv; cells=raw` is for programs: its cells stand as they are.

    Raises:
        NotAcceptableError: it names none of them.

    >>> accepted_form("text/csv;q=0.5, application/vnd.apache.parquet").form.value
    'parquet'
    >>> accepted_form("*/*").form.value
    'json'
    >>> accepted_form("text/csv").is_guarded, accepted_form("text/csv; cells=raw").is_guarded
    (True, False)
    """
    best: tuple[float, str, bool] | None = None
    for part in (accept or "*/*").split(","):
        name, _, parameters = part.strip().lower().partition(";")
        media_type = "application/json" if name.strip() in _LIKE_JSON else name.strip()
        media_type = "text/csv" if media_type == "text/*" else media_type
        quality = _quality(parameters)
        if media_type in MEDIA_TYPES and quality > (best[0] if best else 0):
            best = (quality, media_type, "cells=raw" not in parameters.replace(" ", "").split(";"))
    if best is None:
        raise NotAcceptableError(
            "the answer does not come in such a form", hint=f"use {', '.join(MEDIA_TYPES)}"
        )
    return Accepted(best[1], MEDIA_TYPES[best[1]], best[2])


def _quality(parameters: str) -> float:
    for part in parameters.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
