"""The example organisation's workspace on disk: definitions that ship with Ghala, and files that are made."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError, UsageError
from ghala.testing.demo.silos import write_good_months, write_last_month

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from ghala.testing.demo.defects import FileTally

LARGEST_SCALE = 1_000
"""A hundred million order lines; 100 is what the demo is meant for."""
_SCALE_FILE = "scale.json"


def make_workspace(target: Path, *, scale: float) -> tuple[FileTally, ...]:
    """Make the example organisation in `target`, with 23 good months; the same bytes for the same scale.

    Scale 1 is 100,000 order lines; all that grows with the trade grows with it.

    Returns:
        What was written into each file of the departments, and what is wrong with it.

    Raises:
        UsageError: `target` exists and is not empty, or the scale is impossible.
    """
    if not 0 < scale <= LARGEST_SCALE:
        raise UsageError(
            "the demo has no such scale", hint=f"choose one above 0 and up to {LARGEST_SCALE}"
        )
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"`{target}` is there already and not empty",
            hint="name a folder that does not exist yet",
        )
    _copy(files("ghala.testing.demo") / "workspace", target)
    landing = target / "landing"
    tallies = write_good_months(landing, scale)
    (landing / _SCALE_FILE).write_text(json.dumps({"scale": scale}) + "\n", encoding="utf-8")
    return tallies


def break_month(target: Path) -> tuple[FileTally, ...]:
    """Let the 24th month arrive: from all departments, but the export of sales breaks its contract."""
    return write_last_month(target / "landing", _scale(target), is_broken=True)


def repair_month(target: Path) -> tuple[FileTally, ...]:
    """Let sales export the 24th month again, as it should have been; nobody else's files change."""
    return write_last_month(target / "landing", _scale(target), is_broken=False)


def _scale(target: Path) -> float:
    try:
        return float(
            json.loads((target / "landing" / _SCALE_FILE).read_text(encoding="utf-8"))["scale"]
        )
    except FileNotFoundError as error:
        raise NotFoundError(
            f"`{target}` is not a workspace of the demo", hint="make one: ghala demo"
        ) from error


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
