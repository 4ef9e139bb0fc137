"""Words of a text, as a search compares them: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_WORD = 64
_ASCII = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+|[A-Z]+")
_IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))  # fmt: skip
_LATIN = 0x300
"""Below this no character is a mark that belongs to the one before it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in its text."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order.

    >>> words_of("customerEmail, Größe; ÉTÉ 2024 (order_id)")
    ['customer', 'email', 'grosse', 'ete', '2024', 'order', 'id']
    >>> words_of("売上 x'; DROP TABLE")
    ['売', '上', 'x', 'drop', 'table']
    """
    if text.isascii():
        # Most texts are, and a catalog has very many of them.
        return [word[:LONGEST_WORD].lower() for word in _ASCII.findall(text)]
    return [word.text for word in placed_words(text)]


def placed_words(text: str) -> Iterator[Word]:
    """Yield the words of a text with their places."""
    if text.isascii():
        for found in _ASCII.finditer(text):
            yield Word(found.group()[:LONGEST_WORD].lower(), found.start(), found.end())
        return
    for start, end in _runs(text):
        word = _folded(text[start:end])[:LONGEST_WORD]
        if word:
            yield Word(word, start, end)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand: letters and digits with their marks; a change to upper case begins another."""
    classes = [_class(character) for character in text]
    position = 0
    for kind, group in groupby(classes):
        length = sum(1 for _ in group)
        if kind == "ideograph":
            # Such texts have no spaces: each character is a word, and all that are asked for must be there.
            yield from ((at, at + 1) for at in range(position, position + length))
        elif kind == "letter":
            yield from _split_case(text, position, position + length)
        position += length


def _split_case(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if (run := text[start:end]).isascii():
        yield from ((start + part.start(), start + part.end()) for part in _ASCII.finditer(run))
        return
    begin = start
    for at in range(start + 1, end):
        if text[at].isupper() and text[at - 1].islower():
            yield begin, at
            begin = at
    yield begin, end


def _class(character: str) -> str:
    code = ord(character)
    if any(low <= code <= high for low, high in _IDEOGRAPHS):
        return "ideograph"
    is_mark = code >= _LATIN and unicodedata.category(character).startswith("M")
    return "letter" if character.isalnum() or is_mark else "gap"


def _folded(text: str) -> str:
    """Return a word in one case and without marks; twice, since taking a mark away can leave upper case."""
    for _ in range(2):
        taken_apart = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(character for character in taken_apart if character.isalnum())
    return text
