"""The forms in which an answer comes."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """The forms of an answer; keep sorted."""

    ARROW = "arrow"
    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"
