"""A consumer's text to one SELECT-like statement: what it reads and calls, or why it is refused.

This is the first of two witnesses; the engine's own parser must agree before anything runs
(`sql/witness.py`).
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from ghala.errors import LimitError, Place, QueryRefusedError
from ghala.sql import functions, schemas
from ghala.sql.at import Pin, Pinned, resolve_at
from ghala.sql.dialect import tokens_of, trees_of
from ghala.sql.listing import CATALOG, SCHEMA
from ghala.sql.mentioned import mentioned
from ghala.sql.nodes import NODES, REFUSED_KEYWORDS, SYNTAX_FUNCTIONS, SYNTAX_NAMES
from ghala.sql.place import STATEMENT, place_at
from ghala.sql.repeatable import is_repeatable
from ghala.sql.shape import shape_of
from ghala.sql.taken import domain_of, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


MAX_CHARACTERS = 262_144
MAX_TOKENS = 50_000
MAX_DEPTH = 100
MAX_BRACKETS = 2_000
_OPENING = frozenset({TokenType.L_BRACE, TokenType.L_BRACKET, TokenType.L_PAREN})
_CLOSING = frozenset({TokenType.R_BRACE, TokenType.R_BRACKET, TokenType.R_PAREN})
_TOP = (exp.Describe, exp.Pivot, exp.Query, exp.Summarize, exp.Values)
_FROM_FUNCTIONS = "in FROM, read datasets (`domain.dataset`), subqueries, VALUES, unnest, range or generate_series"
# What the parser raises, instead of its own error, for some texts that are no statement, such as `SHOW ALL` alone.
_STUMBLES = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
_PARAMETER = "write the value into the statement"

# It warns, with the text, of statements that are refused below: that goes nowhere unless the program wants it.
logging.getLogger("sqlglot").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class TableUse:
    """A table that a statement names and does not define itself; lower-case, `domain` is None for a plain name."""

    domain: str | None
    table: str
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.domain}.{self.table}" if self.domain else self.table

    @property
    def in_engine(self) -> str:
        """The name by which the engine knows it."""
        return f"{schema_of(self.domain)}.{self.table}" if self.domain else self.table


@dataclass(frozen=True, slots=True)
class Statement:
    """One SELECT-like statement.

    `text` is what the engine gets: the user's own, `written`, but for resolved AT clauses. `names`
    has every table name as it stands in the text, those of CTEs included: what the engine's parser
    must have found as well. `mentioned` has all names in it; None where it may read columns that it
    does not name. `shape` is a hash of what it shares with statements that differ in plain values
    alone: a long text shall not fill the memory.
    """

    text: str
    written: str
    tables: frozenset[TableUse]
    names: frozenset[str]
    functions: frozenset[str]
    pins: Mapping[str, Pin]
    is_listing: bool
    pinned: Pinned
    mentioned: frozenset[str] | None = None
    shape: bytes = field(default=b"", repr=False)
    is_repeatable: bool = False

    @property
    def listings(self) -> frozenset[str]:
        """The tables of `information_schema` that are read."""
        return frozenset(use.table for use in self.tables if use.domain == SCHEMA)

    @property
    def datasets(self) -> frozenset[TableUse]:
        """The tables without those of `information_schema`."""
        return frozenset(use for use in self.tables if use.domain != SCHEMA)

    def place(self, offset: int, origin: Place = STATEMENT) -> Place:
        """Return where a character of `text` stands in what the user wrote."""
        return place_at(self.written, self.pinned.offset_as_written(offset), origin)


@lru_cache(maxsize=512)
def parse(text: str, origin: Place = STATEMENT) -> Statement:
    """Read one SELECT-like statement.

    Raises:
        QueryRefusedError: the text is no such statement, or uses what the read door does not have.
        LimitError: the text is too long or too deep.

    >>> sorted(map(str, parse("WITH a AS (FROM sales.orders) FROM a JOIN b USING (id)").tables))
    ['b', 'sales.orders']
    """
    if len(text) > MAX_CHARACTERS:
        raise LimitError(f"the statement is longer than {MAX_CHARACTERS:,} characters")
    if "\0" in text or not _is_unicode(text):
        raise QueryRefusedError("the statement is not plain text", hint="send UTF-8", place=origin)
    try:
        tokens = tokens_of(text)
        _measure(tokens)
        _check_keyword(text, tokens, origin)
        pinned = resolve_at(text, tokens, origin)
        trees = trees_of(pinned.text)
        if schemas.may_name(tokens):
            edits = [edit for tree in trees if tree for edit in schemas.renamed(tree, pinned.pins)]
            pinned = pinned.also(text, edits)
            trees = trees_of(pinned.text)
    except SqlglotError as error:
        raise _syntax_refusal(text, error, origin) from None
    except RecursionError:
        raise LimitError("the statement is nested too deeply") from None
    except _STUMBLES:
        raise _syntax_refusal(text, SqlglotError(), origin) from None
    statements = [tree for tree in trees if tree is not None]
    if len(statements) != 1:
        raise QueryRefusedError(
            "there is no statement" if not statements else "there is more than one statement",
            hint="send exactly one SELECT-like statement",
            place=origin,
        )
    if pinned.text != text:
        tokens = tokens_of(pinned.text)
    return _Reader(text, pinned, origin, tokens).read(statements[0])


@dataclass(frozen=True, slots=True)
class _Reader:
    written: str
    pinned: Pinned
    origin: Place
    tokens: Sequence[Token]

    def read(self, tree: exp.Expr) -> Statement:
        is_listing = isinstance(tree, exp.Show)
        if is_listing or (isinstance(tree, exp.Command) and str(tree.this).upper() == "SHOW"):
            self.check_listing(tree)
        elif not isinstance(tree, _TOP):
            raise self.refusal(tree, "this is not a SELECT-like statement", _TRY_SELECT)
        tables: set[TableUse] = set()
        names: set[str] = set()
        called: set[str] = set()
        for node in () if is_listing else tree.walk():
            if isinstance(node, exp.Func):
                called.add(self.function(node) or "")
            elif type(node) not in NODES:
                raise self.unknown(node)
            elif not isinstance(node, exp.Table):
                self.check_clause(node)
            elif (use := self.table(node)) is not None:
                names.add(f"{CATALOG}.{use.in_engine}" if node.catalog else use.in_engine)
                if use.domain is not None or not _is_cte(node, use.table):
                    tables.add(use)
        return Statement(
            text=self.pinned.text,
            written=self.written,
            tables=frozenset(tables),
            names=frozenset(names),
            functions=frozenset(called - {""}),
            pins=self.pinned.pins,
            is_listing=is_listing,
            pinned=self.pinned,
            mentioned=None if is_listing else mentioned(tree),
            shape=self.shape(),
            is_repeatable=is_repeatable(self.pinned.text, self.tokens),
        )

    def shape(self) -> bytes:
        text = self.pinned.text
        return hashlib.sha256((shape_of(text, self.tokens) or text).encode()).digest()

    def check_listing(self, tree: exp.Expr) -> None:
        extra = any(value for key, value in tree.args.items() if key != "this")
        if not isinstance(tree, exp.Show) or extra or str(tree.this).upper() != "TABLES":
            raise self.refusal(tree, "only SHOW TABLES is known", "to see columns, use DESCRIBE")

    def function(self, node: exp.Func) -> str | None:
        """Return the name of a called function, None for syntax that sqlglot keeps as a function."""
        if "start" not in node.meta:
            if isinstance(node, exp.Anonymous) or type(node) not in SYNTAX_FUNCTIONS:
                raise self.unknown(node)
            return None
        name = self.pinned.text[node.meta["start"] : node.meta["end"] + 1].strip('"`').lower()
        if name in SYNTAX_NAMES or _is_list_of_rows(node):
            return None
        if name not in functions.ALLOWED:
            likely = functions.closest_function(name)
            raise self.refusal(
                node,
                f"the function `{name}` is not available",
                f"did you mean `{likely}`?"
                if likely
                else "docs/reference/sql.md lists the functions",
            )
        if name in functions.SIZED:
            self.check_size(node, name)
        return name

    def check_size(self, node: exp.Func, name: str) -> None:
        if isinstance(node.parent, exp.Table | exp.Lateral):
            return  # as a table it is made row by row
        for literal in node.find_all(exp.Literal):
            if not literal.is_string and _number(literal.this) > functions.MAX_SIZE:
                raise LimitError(
                    f"`{name}` would make a value of more than {functions.MAX_SIZE:,} parts",
                    hint="as a table, `FROM range(…)` has no such limit",
                    place=self.place(literal),
                )

    def table(self, node: exp.Table) -> TableUse | None:
        """Return the named table, None for a function in FROM that is allowed there."""
        if isinstance(node.this, exp.Func):
            name = self.function(node.this) or type(node.this).__name__.lower()
            if name not in functions.TABLE_FUNCTIONS or node.args.get("db"):
                raise self.refusal(node.this, f"`{name}` may not stand in FROM", _FROM_FUNCTIONS)
            return None
        if not isinstance(node.this, exp.Identifier):
            raise self.unknown(node)
        if node.catalog and node.catalog.lower() != CATALOG:
            raise self.refusal(node.this, "a name has at most two parts", "write `domain.dataset`")
        if node.args.get("when") or node.args.get("version") or node.args.get("changes"):
            raise self.refusal(
                node.this, "this AT clause was not understood", "see docs/reference/sql.md"
            )
        offset = int(node.this.meta.get("start", 0))
        domain = node.args.get("db")
        schema = domain_of(domain.name.lower()) if domain else None
        return TableUse(schema, node.name.lower(), offset)

    def check_clause(self, node: exp.Expr) -> None:
        if isinstance(node, exp.Describe | exp.Summarize) and not isinstance(
            node.this, exp.Table | exp.Query | exp.Pivot | exp.Values
        ):
            raise self.refusal(node, "only datasets and queries are described", _TRY_SELECT)
        if isinstance(node, exp.Select) and (node.args.get("into") or node.args.get("locks")):
            raise self.refusal(node, "SELECT INTO and FOR UPDATE are not answered", _TRY_SELECT)
        if isinstance(node, exp.Pivot) and not node.args.get("unpivot"):
            wanted = [*node.expressions, *(node.args.get("fields") or [])]
            simplified = node.args.get("using") is not None or node.parent is None
            if any(not isinstance(field, exp.In) for field in wanted if simplified):
                raise self.refusal(
                    node,
                    "PIVOT needs the values that become columns",
                    "write `ON column IN ('a', 'b')`",
                )

    def unknown(self, node: exp.Expr) -> QueryRefusedError:
        if isinstance(node, exp.Parameter | exp.Placeholder | exp.SessionParameter):
            return self.refusal(node, "parameters and variables are not available", _PARAMETER)
        if isinstance(node, exp.HistoricalData):
            return self.refusal(
                node, "this AT clause was not understood", "see docs/reference/sql.md"
            )
        what = node.key.upper().replace("_", " ")
        return self.refusal(node, f"`{what}` is not known to the read door", _TRY_SELECT)

    def refusal(self, node: exp.Expr, message: str, hint: str) -> QueryRefusedError:
        return QueryRefusedError(message, hint=hint, place=self.place(node))

    def place(self, node: exp.Expr) -> Place:
        starts = (int(part.meta["start"]) for part in node.walk() if "start" in part.meta)
        offset = self.pinned.offset_as_written(min(starts, default=0))
        return place_at(self.written, offset, self.origin)


_TRY_SELECT = "send one SELECT, WITH, FROM, VALUES, PIVOT, SUMMARIZE, DESCRIBE or SHOW TABLES"


def _is_list_of_rows(node: exp.Func) -> bool:
    """Whether it is `ARRAY(SELECT …)`, which the engine knows as syntax."""
    return isinstance(node, exp.Array) and [
        isinstance(one, exp.Query) for one in node.expressions
    ] == [True]


def _is_cte(table: exp.Table, name: str) -> bool:
    """Whether a plain name means a CTE that is visible where it stands."""
    child: exp.Expr = table
    for parent in _ancestors(table):
        if isinstance(parent, exp.With):
            visible = _before(parent, child)
            if parent.args.get("recursive") and isinstance(child, exp.CTE):
                visible.append(child)
            if any(cte.alias.lower() == name for cte in visible):
                return True
        else:
            defined = parent.args.get("with_")
            if (
                isinstance(defined, exp.With)
                and defined is not child
                and any(cte.alias.lower() == name for cte in defined.expressions)
            ):
                return True
        child = parent
    return False


def _before(ctes: exp.With, child: exp.Expr) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for cte in ctes.expressions:
        if cte is child:
            break
        found.append(cte)
    return found


def _ancestors(node: exp.Expr) -> Iterator[exp.Expr]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _measure(tokens: Sequence[Token]) -> None:
    """Refuse what would exhaust a recursive parser, before one sees it."""
    depth = deepest = brackets = 0
    for token in tokens:
        if token.token_type in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
            brackets += token.token_type is TokenType.L_BRACKET
        elif token.token_type in _CLOSING:
            depth -= 1
    if len(tokens) > MAX_TOKENS or deepest > MAX_DEPTH or brackets > MAX_BRACKETS:
        raise LimitError(
            "the statement is too large",
            hint=f"at most {MAX_TOKENS:,} words, {MAX_DEPTH} nested brackets and {MAX_BRACKETS:,} `[`",
        )


def _check_keyword(text: str, tokens: Sequence[Token], origin: Place) -> None:
    for position, token in enumerate(tokens):
        is_first = position == 0 or tokens[position - 1].token_type is TokenType.SEMICOLON
        hint = REFUSED_KEYWORDS.get(token.text.upper()) if is_first else None
        if hint and token.token_type not in {TokenType.IDENTIFIER, TokenType.STRING}:
            raise QueryRefusedError(
                f"{token.text.split()[0].upper()} is not answered here",
                hint=hint,
                place=place_at(text, token.start, origin),
            )


def _syntax_refusal(text: str, error: SqlglotError, origin: Place) -> QueryRefusedError:
    place, message = origin, "the statement is not SQL that the read door knows"
    if isinstance(error, ParseError) and error.errors:
        first = error.errors[0]
        line, column, near = first.get("line"), first.get("col"), str(first.get("highlight") or "")
        if isinstance(line, int) and isinstance(column, int):
            # sqlglot gives the column of the last character of the word, counted from 1.
            lines = text.split("\n")
            start = sum(len(part) + 1 for part in lines[: line - 1]) + max(
                0, column - max(1, len(near))
            )
            place = place_at(text, min(start, len(text)), origin)
        if near and "\n" not in near:
            message = f"syntax error near `{near[:40]}`"
    return QueryRefusedError(
        message, hint="docs/reference/sql.md shows what is accepted", place=place
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(text: str) -> float:
    try:
        return float(text.replace("_", ""))
    except ValueError:
        return float("inf")
