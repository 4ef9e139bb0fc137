"""DuckDB's dialect where sqlglot reads less than the engine: tokens are put in a form that it reads the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot.dialects.duckdb import DuckDB
from sqlglot.tokenizer_core import Token, TokenType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp


class _Dialect(DuckDB):
    """DuckDB's, where names may also stand in backticks."""

    class Tokenizer(DuckDB.Tokenizer):
        IDENTIFIERS: ClassVar[list[str | tuple[str, str]]] = ['"', "`"]


_DIALECT = _Dialect()
_PIVOTS = frozenset({TokenType.PIVOT, TokenType.UNPIVOT})
_QUERIES = frozenset({TokenType.FROM, TokenType.SELECT})
_MODIFIERS = frozenset({TokenType.FETCH, TokenType.LIMIT, TokenType.OFFSET, TokenType.ORDER_BY})
_JOINS = frozenset({TokenType.CROSS, TokenType.OUTER})
_RENAMED = {"apply": "list_apply", "reduce": "list_reduce"}
"""Functions that sqlglot reads as another engine's, and another name of each; their place tells the written one."""


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text."""
    return list(_DIALECT.tokenize(text))


def trees_of(text: str) -> list[exp.Expr | None]:
    """Return the statements of a text.

    >>> from sqlglot import exp
    >>> (tree,) = trees_of("PIVOT a.b ON c IN (1) USING sum(apply([d], lambda x: x)[1]) ORDER BY 1 LIMIT 2")
    >>> isinstance(tree, exp.Select), [str(table) for table in tree.find_all(exp.Table)]
    (True, ['a.b'])
    """
    return list(_DIALECT.parser().parse(_ordered_pivots(_renamed(tokens_of(text))), text))


def _renamed(tokens: Sequence[Token]) -> list[Token]:
    """Give functions a name under which they are calls like any other."""
    result = list(tokens)
    for index in range(len(tokens) - 1):
        token = tokens[index]
        name = _RENAMED.get(token.text.lower())
        is_call = tokens[index + 1].token_type is TokenType.L_PAREN
        is_join = index > 0 and tokens[index - 1].token_type in _JOINS
        if name and is_call and not is_join and token.token_type is not TokenType.STRING:
            result[index] = _at(token, TokenType.VAR, name)
    return result


def _ordered_pivots(tokens: Sequence[Token]) -> list[Token]:
    """Make `FROM (PIVOT …) ORDER BY …` of `PIVOT … ORDER BY …`: the same query, and one that sqlglot reads."""
    result: list[Token] = []
    opened: list[int | None] = [None]  # at each depth: where a PIVOT of its own began in `result`
    queries = [False]  # at each depth: whether a query began, whose part a PIVOT would be
    for token in tokens:
        kind = token.token_type
        if kind is TokenType.L_PAREN:
            opened.append(None)
            queries.append(False)
        elif kind is TokenType.R_PAREN and len(opened) > 1:
            opened.pop()
            queries.pop()
        elif kind is TokenType.SEMICOLON:
            opened, queries = [None], [False]
        elif kind in _QUERIES:
            queries[-1] = True
        elif kind in _PIVOTS and not queries[-1]:
            opened[-1] = len(result)
        elif kind in _MODIFIERS and (start := opened[-1]) is not None:
            first = result[start]
            result[start:start] = [
                _at(first, TokenType.FROM, "FROM"),
                _at(first, TokenType.L_PAREN, "("),
            ]
            result.append(_at(result[-1], TokenType.R_PAREN, ")"))
            opened[-1] = None
        result.append(token)
    return result


def _at(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end, [])
