"""Which form of an answer a request accepts."""

from __future__ import annotations

from types import MappingProxyType

from ghala.delivery.http.errors import NotAcceptableError
from ghala.query.forms import Form

MEDIA_TYPES = MappingProxyType(
    {
        "application/json": Form.JSON,
        "text/csv": Form.CSV,
        "application/vnd.apache.arrow.stream": Form.ARROW,
        "application/vnd.apache.parquet": Form.PARQUET,
    }
)
SUFFIXES = MappingProxyType({Form.ARROW: "arrows", Form.CSV: "csv", Form.PARQUET: "parquet"})
_LIKE_JSON = frozenset({"*/*", "application/*"})


def accepted_form(accept: str | None) -> tuple[str, Form]:
    """Return the media type and form that an `Accept` header likes best; JSON if it does not say.

    Raises:
        NotAcceptableError: it names none of them.

    >>> accepted_form("text/csv;q=0.5, application/vnd.apache.parquet")[1].value
    'parquet'
    >>> accepted_form("*/*")[1].value
    'json'
    """
    best: tuple[float, str] | None = None
    for part in (accept or "*/*").split(","):
        name, _, parameters = part.strip().lower().partition(";")
        media_type = "application/json" if name.strip() in _LIKE_JSON else name.strip()
        media_type = "text/csv" if media_type == "text/*" else media_type
        quality = _quality(parameters)
        if media_type in MEDIA_TYPES and quality > (best[0] if best else 0):
            best = (quality, media_type)
    if best is None:
        raise NotAcceptableError(
            "the answer does not come in such a form", hint=f"use {', '.join(MEDIA_TYPES)}"
        )
    return best[1], MEDIA_TYPES[best[1]]


def _quality(parameters: str) -> float:
    for part in parameters.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
