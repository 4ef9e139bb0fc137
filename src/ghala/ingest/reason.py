"""Why a record was quarantined: a closed vocabulary, with the words for people."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a record did not become a row; keep sorted."""

    BLANKS = "blanks"
    CARRIAGE_RETURN = "carriage_return"
    DUPLICATE_KEY = "duplicate_key"
    ENCODING = "encoding"
    FIELD_COUNT = "field_count"
    INVALID_JSON = "invalid_json"
    LEADING_ZERO = "leading_zero"
    NOT_AN_OBJECT = "not_an_object"
    NUL = "nul"
    OUT_OF_RANGE = "out_of_range"
    PLACES = "places"
    QUOTE_IN_FIELD = "quote_in_field"
    QUOTE_UNCLOSED = "quote_unclosed"
    RECORD_COUNT = "record_count"
    TEXT_AFTER_QUOTE = "text_after_quote"
    TOO_LONG = "too_long"
    TYPE = "type"
    UNKNOWN_MEMBER = "unknown_member"


MESSAGES = {
    Reason.CARRIAGE_RETURN: "a line end of another kind than the file's stands outside quotes",
    Reason.DUPLICATE_KEY: "an object names the same member twice",
    Reason.ENCODING: "bytes that are no text in the declared encoding",
    Reason.INVALID_JSON: "the line is not valid JSON",
    Reason.NOT_AN_OBJECT: "the line is JSON, but not an object",
    Reason.NUL: "a NUL byte or character",
    Reason.QUOTE_IN_FIELD: "a quote inside a field that does not begin with one",
    Reason.QUOTE_UNCLOSED: "a quote that is not closed on its line, nor well-formed over more lines",
    Reason.RECORD_COUNT: "a repaired record has to be one record, no more and no less",
    Reason.TEXT_AFTER_QUOTE: "text between a closing quote and the next delimiter",
    Reason.TOO_LONG: "the record is longer than 16 MiB; only its beginning is kept here, all of it in the raw copy",
}
"""What to say where the reason alone decides it; the others are worded where they are found."""
