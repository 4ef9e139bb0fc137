"""Finds a source's files: inside its folder, in a stable order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ghala.errors import SourceError
from ghala.ingest.options import COMMON, option_values, pattern_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ghala.model.product import Source


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read; `name` is its path below the source's folder, with `/`: the cursor's key."""

    name: str
    path: Path


def find_files(source: Source, zones: Mapping[str, Path], folder: Path) -> tuple[InputFile, ...]:
    """Return the files that a source's patterns match, each once, sorted by name.

    As in a shell, `*` does not match a name that begins with a dot: half-written files hide so.

    Raises:
        SourceError: the folder is not there, nothing matches, or a match leads out of the folder.
    """
    values = option_values(source.options, COMMON)
    if values["zone"] is not None:
        if values["zone"] not in zones:
            raise SourceError(
                f"the source `{source.name}` names an unknown landing zone",
                hint="name it in ghala.yaml, `zones`",
                place=source.place,
            )
        folder = zones[values["zone"]]
    if not folder.is_dir():
        raise SourceError(
            f"the folder of the source `{source.name}` is not there: `{folder}`",
            hint="make it, or correct `zones` in ghala.yaml",
            place=source.place,
        )
    root = folder.resolve()
    parents: dict[Path, Path] = {}
    found: dict[str, InputFile] = {}
    for pattern in values["files"]:
        if message := pattern_fault(pattern):
            raise SourceError(f"the source `{source.name}`: {message}", place=source.place)
        for name, path in _matches(folder, pattern):
            if name not in found and not _is_hidden(name, pattern):
                found[name] = InputFile(name, _inside(path, root, source, parents))
    if not found:
        shown = ", ".join(f"`{pattern}`" for pattern in values["files"])
        raise SourceError(
            f"the source `{source.name}` has no files: {shown} matches nothing in `{folder}`",
            hint="put the files there, or correct `files` in pipeline.yaml",
            place=source.place,
        )
    return tuple(found[name] for name in sorted(found))


def _matches(folder: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    """Yield the files that a pattern matches, each with its name below the folder."""
    if "/" in pattern or "**" in pattern:
        for path in folder.glob(pattern):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path
        return
    # The usual case; a folder of thousands of files is listed without asking for each of them.
    with os.scandir(folder) as entries:
        for entry in entries:
            if fnmatchcase(entry.name, pattern) and entry.is_file():
                yield entry.name, folder / entry.name


def _is_hidden(name: str, pattern: str) -> bool:
    asked = {part for part in pattern.split("/") if part.startswith(".")}
    return not asked and any(part.startswith(".") for part in name.split("/"))


def _inside(path: Path, root: Path, source: Source, parents: dict[Path, Path]) -> Path:
    if path.is_symlink():
        resolved = path.resolve()
    else:
        # Thousands of files lie in a few folders: each folder is resolved once.
        parent = parents.get(path.parent) or parents.setdefault(path.parent, path.parent.resolve())
        resolved = parent / path.name
    if not resolved.is_relative_to(root):
        raise SourceError(
            f"the source `{source.name}`: `{path.name}` is a link that leads out of its folder",
            hint="name the folder that it leads to as a landing zone in ghala.yaml",
            place=source.place,
        )
    try:
        path.name.encode()
    except UnicodeEncodeError:
        raise SourceError(
            f"the source `{source.name}`: a file's name is not valid UTF-8",
            hint="rename the file",
            place=source.place,
        ) from None
    return resolved
