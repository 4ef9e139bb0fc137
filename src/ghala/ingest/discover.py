"""Finds a source's files: inside its folder, in a stable order."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from fnmatch import translate
from typing import TYPE_CHECKING

from ghala.errors import SourceError
from ghala.ingest.options import COMMON, option_values, pattern_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ghala.model.product import Source


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read; `name` is its path below the source's folder, with `/`: the cursor's key.

    `location` is where it really lies. A text, since a folder may have very many files that need no more than a look.
    """

    name: str
    location: str


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
    inside = _Inside(source, folder.resolve())
    found: dict[str, InputFile] = {}
    for pattern in values["files"]:
        if message := pattern_fault(pattern):
            raise SourceError(f"the source `{source.name}`: {message}", place=source.place)
        for name, is_link in _matches(folder, pattern):
            if name not in found and not _is_hidden(name, pattern):
                found[name] = InputFile(name, inside.location(name, is_link=is_link))
    if not found:
        shown = ", ".join(f"`{pattern}`" for pattern in values["files"])
        raise SourceError(
            f"the source `{source.name}` has no files: {shown} matches nothing in `{folder}`",
            hint="put the files there, or correct `files` in pipeline.yaml",
            place=source.place,
        )
    return tuple(found[name] for name in sorted(found))


def _matches(folder: Path, pattern: str) -> Iterator[tuple[str, bool]]:
    """Yield the files that a pattern matches, by their names below the folder, and whether each is a link."""
    if "/" in pattern or "**" in pattern:
        for path in folder.glob(pattern):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.is_symlink()
        return
    # The usual case; a folder of thousands of files is listed without asking for each of them.
    matches = re.compile(translate(pattern)).match
    with os.scandir(folder) as entries:
        for entry in entries:
            if matches(entry.name) and entry.is_file():
                yield entry.name, entry.is_symlink()


def _is_hidden(name: str, pattern: str) -> bool:
    if not name.startswith(".") and "/." not in name:
        return False
    return not any(part.startswith(".") for part in pattern.split("/"))


@dataclass(frozen=True, slots=True)
class _Inside:
    """Says where files lie, and refuses those outside the source's folder, whose real path is `root`."""

    source: Source
    root: Path
    _parents: dict[str, str] = field(default_factory=dict)

    def location(self, name: str, *, is_link: bool) -> str:
        """Return where a file really lies, by its name below the folder."""
        try:
            name.encode()
        except UnicodeEncodeError:
            raise SourceError(
                f"the source `{self.source.name}`: a file's name is not valid UTF-8",
                hint="rename the file",
                place=self.source.place,
            ) from None
        if is_link:
            return self._resolved(name)
        # Thousands of files lie in a few folders: each folder is resolved once.
        parent, _, last = name.rpartition("/")
        if parent not in self._parents:
            self._parents[parent] = self._resolved(parent)
        return f"{self._parents[parent]}/{last}"

    def _resolved(self, name: str) -> str:
        resolved = (self.root / name).resolve()
        if not resolved.is_relative_to(self.root):
            raise SourceError(
                f"the source `{self.source.name}`: `{name.rpartition('/')[2]}` is a link that leads out of its folder",
                hint="name the folder that it leads to as a landing zone in ghala.yaml",
                place=self.source.place,
            )
        return str(resolved)
