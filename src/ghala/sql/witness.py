"""What the engine itself read in a statement, and whether that is what `parse` read.

The engine's tree (`json_serialize_sql`) must name the same tables and only allowed functions; its
unoptimised plan over empty tables must scan nothing else. Everything unknown is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ghala.errors import QueryRefusedError
from ghala.sql import functions
from ghala.sql.listing import CATALOG
from ghala.sql.tree import read_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ghala.sql.parse import Statement

_EXPRESSIONS = frozenset(
    {"BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT"}
    | {"FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY"}
    | {"TYPE", "WINDOW"}
)
_SOURCES = frozenset(
    {"BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SHOW_REF", "SUBQUERY"}
    | {"TABLE_FUNCTION"}
)
_QUERIES = frozenset(
    {"CTE_NODE", "RECURSIVE_CTE_NODE", "SELECT_NODE", "SET_OPERATION_NODE"}
    | {"DISTINCT_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER"}
)
_SHOWS = frozenset({"DESCRIBE", "SUMMARY"})
_LEAVES = frozenset(
    {"CHUNK_GET", "COLUMN_DATA_GET", "CTE_SCAN", "DELIM_GET", "DUMMY_SCAN", "EMPTY_RESULT"}
    | {"EXPRESSION_GET", "GENERATE_SERIES", "RANGE", "REC_CTE_SCAN", "UNNEST"}
)
_SCAN = "SEQ_SCAN"
_MAIN = "main"
# Calls that the engine's tree makes out of syntax.
_FROM_SYNTAX = frozenset({"unpivot_list"})
_PART = re.compile(r'"(?:[^"]|"")*"|[^."]+')
_UNKNOWN_HINT = "write the statement in another way, and report it: the two parsers must agree"


def agree(statement: Statement, tree: str, plan: str, readable: Collection[str]) -> None:
    """Check that the engine read the same statement, and would scan only `readable` names.

    `tree` and `plan` are the engine's own, as JSON; `readable` has `domain.table`, or a plain name
    for a table of the statement's own step.

    Raises:
        QueryRefusedError: it read something else, or something that is not known.
    """
    document = read_json(tree)
    if document.get("error") or len(document.get("statements", ())) != 1:
        raise _disagreement("the engine does not read it as one statement")
    names: set[str] = set()
    for node in _walk(document["statements"][0]):
        _check_node(node, names)
    if names != statement.names:
        raise _disagreement("it may read other tables than it shows")
    scanned = set(_scanned(read_json(plan)))
    if not scanned <= {name.lower() for name in readable}:
        raise _disagreement("it would scan other tables than it shows")


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, dict):
            yield current
            pending.extend(current.values())
        elif isinstance(current, list):
            pending.extend(current)


def _check_node(node: dict[str, Any], names: set[str]) -> None:
    if "class" in node:
        _check_expression(node)
        return
    kind = node.get("type")
    if not isinstance(kind, str) or not kind.isupper():
        return
    if "query_location" in node and "alias" in node:
        _check_source(node, kind, names)
    elif kind.endswith(("_NODE", "_MODIFIER")) and kind not in _QUERIES:
        raise _disagreement(f"`{kind}` is not known")


def _check_expression(node: dict[str, Any]) -> None:
    if node["class"] not in _EXPRESSIONS:
        raise _disagreement(f"`{node['class']}` is not known")
    name = node.get("function_name")
    if name is None:
        return
    lowered = str(name).lower()
    if not any(
        lowered in known for known in (functions.ALLOWED, functions.OPERATORS, _FROM_SYNTAX)
    ):
        likely = functions.closest_function(lowered)
        raise QueryRefusedError(
            f"the function `{lowered}` is not available",
            hint=f"did you mean `{likely}`?" if likely else "docs/reference/sql.md lists them",
        )
    needed = functions.BOUNDED.get(lowered)
    if needed is not None and len(node.get("arguments", ())) != needed:
        # What the engine takes instead are the smallest and the largest value of all rows, also of hidden ones.
        raise QueryRefusedError(
            f"`{lowered}` needs its bounds", hint=f"write `{lowered}(value, smallest, largest)`"
        )


def _check_source(node: dict[str, Any], kind: str, names: set[str]) -> None:
    if kind not in _SOURCES:
        raise _disagreement(f"`{kind}` is not known")
    if kind == "BASE_TABLE":
        catalog = str(node.get("catalog_name") or "").lower()
        if catalog not in {"", CATALOG} or node.get("at_clause"):
            raise _disagreement("a table's name has more parts than it shows")
        parts = [catalog, node.get("schema_name"), node.get("table_name")]
        names.add(".".join(str(part).lower() for part in parts if part))
    elif kind == "TABLE_FUNCTION":
        function = node.get("function") or {}
        if str(function.get("function_name", "")).lower() not in functions.TABLE_FUNCTIONS:
            raise _disagreement("a function in FROM is not known")
    elif kind == "SHOW_REF" and (node.get("show_type") not in _SHOWS or not node.get("query")):
        raise QueryRefusedError(
            "only DESCRIBE and SUMMARIZE of a query or dataset can be part of a statement",
            hint="to list datasets, send SHOW TABLES alone",
        )


def _scanned(plan: Any) -> Iterator[str]:
    for node in _walk(plan):
        if "children" not in node or node["children"]:
            continue
        name = node.get("name")
        if name == _SCAN:
            table = str((node.get("extra_info") or {}).get("Table", "")).lower()
            parts = [_plain(part) for part in _PART.findall(table)]
            if len(parts) != 3:  # noqa: PLR2004 - catalog, schema, table
                raise _disagreement("it scans something without a name")
            yield parts[2] if parts[1] == _MAIN else f"{parts[1]}.{parts[2]}"
        elif name not in _LEAVES:
            raise _disagreement("it would read something that is no dataset")


def _plain(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part


def _disagreement(why: str) -> QueryRefusedError:
    return QueryRefusedError(f"the statement has an unknown shape: {why}", hint=_UNKNOWN_HINT)
