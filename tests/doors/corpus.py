"""The statements of this folder's files, and values in a form in which two engines' answers are the same."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


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
