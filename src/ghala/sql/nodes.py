"""The closed list of syntax that a consumer's statement may use: a node that is not here is refused."""

from __future__ import annotations

from sqlglot import exp

_STRUCTURE = """
CTE Cube Describe Distinct Except Fetch Filter From Group GroupingSets Having Intersect Join Lateral
Limit LimitOptions Offset Order Ordered Pivot PivotAlias Qualify Rollup Select Star Subquery
Summarize Table TableAlias TableSample Tuple Union UnpivotColumns Values Where Window WindowSpec
With WithinGroup
"""

_EXPRESSIONS = """
Add Alias All Any ArrayContainsAll ArrayOverlaps AtTimeZone Between BitwiseAnd BitwiseLeftShift
BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor Boolean Bracket ByteString Column ColumnDef
Comprehension DPipe DataType DataTypeParam Distance Div Dot EQ Escape GT GTE Glob ILike Identifier
IgnoreNulls In IntDiv Interval Is JSONKeyValue JSONPath JSONPathKey JSONPathRecursive JSONPathRoot
JSONPathSubscript JSONPathWildcard Kwarg LT LTE Lambda Like Literal Mod Mul NEQ National Neg Not
Null NullSafeEQ NullSafeNEQ Paren PositionalColumn PropertyEQ RawString RespectNulls SimilarTo Slice
Sub Var
"""

_SYNTAX_FUNCTIONS = """
Abs And AnyValue ApproxQuantile ArgMax ArgMin Array ArrayConcat ArrayContainedBy ArrayContains
ArrayContainsAll ArrayOverlaps Case Cast Cbrt Ceil Chr Coalesce Collate Concat CurrentCatalog
CurrentDate CurrentSchema CurrentTime CurrentTimestamp CurrentUser Exists Explode Extract Factorial
Floor GroupConcat If IntDiv IsNan JSONExtract JSONExtractScalar JSONObject Localtime Localtimestamp
LogicalAnd LogicalOr Map Max MD5 Min Or Overlay PercentileCont PercentileDisc Pow Quantile
RegexpILike RegexpLike RegexpFullMatch SessionUser Sqrt StartsWith StrPosition Struct Substring
TimestampFromParts ToMap Trim TryCast Unnest
"""

SYNTAX_NAMES = frozenset(
    {
        "cast",
        "coalesce",
        "columns",
        "date",
        "exists",
        "extract",
        "grouping",
        "grouping_id",
        "ifnull",
        "percentile_cont",
    }
    | {"percentile_disc", "try", "try_cast"}
)
"""Names that look like functions and are syntax for the engine."""


def _classes(names: str) -> frozenset[type]:
    return frozenset(getattr(exp, name) for name in names.split())


NODES = _classes(_STRUCTURE) | _classes(_EXPRESSIONS)
"""Every node that is not a function call."""

SYNTAX_FUNCTIONS = _classes(_SYNTAX_FUNCTIONS)
"""Functions that syntax stands for (`x::DATE`, `a AND b`); calls by name are checked by name instead."""

REFUSED_KEYWORDS: dict[str, str] = {
    "ALTER": "publish through a pipeline",
    "ATTACH": "read datasets by their names: `domain.dataset`",
    "CALL": "only one SELECT-like statement is answered",
    "CHECKPOINT": "only one SELECT-like statement is answered",
    "COPY": "to write the result to a file, use `ghala sql --output`",
    "CREATE": "use a CTE: `WITH name AS (SELECT …) SELECT …`",
    "DELETE": "publish through a pipeline",
    "DETACH": "only one SELECT-like statement is answered",
    "DROP": "publish through a pipeline",
    "EXECUTE": "send the statement itself",
    "EXPLAIN": "a plan would show what policies hide",
    "EXPORT": "to write the result to a file, use `ghala sql --output`",
    "IMPORT": "read datasets by their names: `domain.dataset`",
    "INSERT": "publish through a pipeline",
    "INSTALL": "extensions are not available",
    "LOAD": "extensions are not available",
    "MERGE": "publish through a pipeline",
    "PRAGMA": "settings belong to the workspace: see ghala.yaml",
    "PREPARE": "send the statement itself",
    "RESET": "settings belong to the workspace: see ghala.yaml",
    "SET": "settings belong to the workspace: see ghala.yaml",
    "TRUNCATE": "publish through a pipeline",
    "UPDATE": "publish through a pipeline",
    "USE": "name datasets in full: `domain.dataset`",
    "VACUUM": "only one SELECT-like statement is answered",
}
"""Statements that people try, and what to do instead."""
