"""A statement without its plain literals: what two statements share that differ in values alone.

The engine reads both with the same tree but for those values, so what its parser said of one counts for the other. A
text in which the two lexers could see a literal at different places has no shape.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType

from ghala.sql.dialect import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot.tokenizer_core import Token

_UNSURE = re.compile(r"[\\$`#]|--|/\*|[^\x00-\x7f]")
"""Escapes, quotes of other kinds, comments and further alphabets: there a text is compared as it is."""
_PLAIN = (
    # Longer ones are of another kind for the engine's parser.
    (TokenType.NUMBER, re.compile(r"[0-9]{1,9}"), "0"),
    (TokenType.NUMBER, re.compile(r"[0-9]{1,9}\.[0-9]{1,9}"), "0.0"),
    (TokenType.STRING, re.compile(r"'[A-Za-z0-9_.: ]*(?:-[A-Za-z0-9_.: ]+)*'"), "''"),
)
_BEFORE, _AFTER = frozenset(" \t\r\n(,[=<>+*/-"), frozenset(" \t\r\n),];=<>+*/-")


def shape_of(text: str, tokens: Sequence[Token] | None = None) -> str | None:
    """Return a statement's shape; None if it counts for itself alone. `tokens` are those of the text, if known.

    >>> shape_of("SELECT id FROM a.b WHERE id = 17 AND day >= DATE '2024-02-29'")
    "SELECT id FROM a.b WHERE id = 0 AND day >= DATE ''"
    >>> shape_of("SELECT E'a', 1 -- one")
    """
    if _UNSURE.search(text):
        return None
    return "".join(_pieces(text, tokens_of(text) if tokens is None else tokens))


def _pieces(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    done = 0
    for token in tokens:
        if (instead := _instead(text, token)) is not None:
            yield text[done : token.start]
            yield instead
            done = token.end + 1
    yield text[done:]


def _instead(text: str, token: Token) -> str | None:
    """Return what stands for a token that is a plain literal; None for every other token."""
    for kind, form, instead in _PLAIN:
        if token.token_type is kind and form.fullmatch(text, token.start, token.end + 1):
            stands_alone = (token.start == 0 or text[token.start - 1] in _BEFORE) and (
                token.end + 1 == len(text) or text[token.end + 1] in _AFTER
            )
            return instead if stands_alone else None
    return None
