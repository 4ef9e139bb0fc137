"""The statements of this folder's files, and values in a form in which two engines' answers are the same."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
_CHANGED = {
    "BIGINT": "{0} * 3 + 7", "INTEGER": "{0} * 3 + 7", "DOUBLE": "{0} * 3 + 7", "VARCHAR": "reverse({0}) || 'x'",
    "DATE": "{0} + 400", "TIMESTAMP": "{0} + INTERVAL 400 DAY", "BOOLEAN": "NOT {0}", "DECIMAL": "-{0}",
}  # fmt: skip


def statements(name: str) -> list[str]:
    return [part.strip() for part in (HERE / name).read_text().split("%%")][1:]


def normal(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: normal(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [normal(inner) for inner in value]
    return value


def changed(column: str, kind: str) -> str | None:
    """Return SQL that gives a column other values throughout; None for a type that has no such SQL here.

    >>> changed("price", "DECIMAL(7,2)")
    '(-"price")::DECIMAL(7,2)'
    """
    made = _CHANGED.get(kind.partition("(")[0])
    return made and f"({made.format(chr(34) + column + chr(34))})::{kind}"
