"""Text from outside, made safe to show on a terminal."""

from __future__ import annotations

import re

# C0 and C1 controls would move the cursor or colour the screen; the bidirectional ones make a line read as another.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(text: str) -> str:
    r"""Return text in which every control character is written out.

    >>> escaped("one\ntwo")
    'one\\ntwo'
    >>> escaped("\x1b[31mred")
    '\\x1b[31mred'
    """
    return _UNSAFE.sub(lambda match: _SHORT.get(match[0]) or _code(match[0]), text)


def escaped_bytes(raw: bytes) -> str:
    r"""Return bytes as UTF-8 text in which what is not text is written out.

    >>> escaped_bytes(b"caf\xc3\xa9,\xff\x00")
    'café,\\xff\\x00'
    """
    return escaped(raw.decode("utf-8", "backslashreplace"))


def _code(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}"  # noqa: PLR2004 - two hex digits
