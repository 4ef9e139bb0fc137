"""Folders: the definition files below a product folder, and the hash that names their content."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from ghala.errors import Place
from ghala.model.product import Definition
from ghala.spec.finding import FindingCode
from ghala.spec.yaml import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ghala.model.product import Source
    from ghala.spec.finding import Findings

SUFFIXES = (".json", ".md", ".py", ".sql", ".yaml", ".yml")
"""What belongs to a definition; a `.json` file that a source reads is data and does not."""

_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules"})


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path, with all symlinks followed, lies in a folder or is it."""
    return path.resolve().is_relative_to(folder.resolve())


def place_of(path: Path, root: Path) -> Place:
    """Return a whole file or folder as a place, relative to the workspace."""
    return Place(path.relative_to(root).as_posix())


def list_files(folder: Path, root: Path, findings: Findings) -> dict[str, Path]:
    """Return the definition files below a folder by relative path; no symlink to a folder is followed."""
    found: dict[str, Path] = {}
    for name, entry in _walk(folder, root, findings):
        path = folder / name
        if entry.is_symlink() and not is_inside(path, folder):
            message = "this symlink leads out of the product folder"
            findings.error(FindingCode.FILE_OUTSIDE, place_of(path, root), message)
        elif not name.isprintable():
            message = "a file's name is not text that can be shown"
            findings.error(FindingCode.FILE_UNREADABLE, place_of(folder, root), message)
        elif entry.is_file():
            # `is_file` follows links: a pipe or a device that would never end is none.
            found[name] = path
    return dict(sorted(found.items()))


def read_file(path: Path, root: Path, findings: Findings) -> bytes | None:
    """Return a definition file's bytes; None with a finding if that is not possible."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'I/O error'}"
        findings.error(FindingCode.FILE_UNREADABLE, place_of(path, root), message)
        return None
    if len(content) > MAX_BYTES:
        message = f"larger than {MAX_BYTES:,} bytes: it is not read"
        # What is only kept beside the definitions may be large; what is read may not be skipped.
        is_read = path.name.endswith((".sql", ".yaml", ".yml"))
        add = findings.error if is_read else findings.warning
        add(FindingCode.FILE_TOO_LARGE, place_of(path, root), message)
        return None
    return content


def read_if_there(path: Path, root: Path, findings: Findings) -> bytes | None:
    """Return the bytes of a file that a workspace need not have; None if it has none, or with a finding."""
    if not path.is_file():
        return None
    if not is_inside(path, root):
        message = "this symlink leads out of the workspace"
        findings.error(FindingCode.FILE_OUTSIDE, place_of(path, root), message)
        return None
    return read_file(path, root, findings)


def define(files: Mapping[str, bytes]) -> Definition:
    """Return files as a definition: the hash is over each path and content, each after its length.

    >>> define({"a.sql": b"SELECT 1"}).sha256[:12]
    '09605857047e'
    """
    digest = sha256()
    ordered = dict(sorted(files.items()))
    for name, content in ordered.items():
        for part in (name.encode(), content):
            # Without the length, a file's end could pass for the next file's beginning.
            digest.update(b"%d:" % len(part))
            digest.update(part)
    return Definition(digest.hexdigest(), MappingProxyType(ordered))


def data_pattern(sources: Iterable[Source]) -> re.Pattern[str]:
    """Return what matches the paths that a product's own sources read as data.

    >>> from ghala.model.product import Source
    >>> pattern = data_pattern([Source("events", "ndjson", {"files": "events/**/*.json"})])
    >>> bool(pattern.fullmatch("events/2026/11/a.json")), bool(pattern.fullmatch("tests/a.json"))
    (True, False)
    """
    globs: list[str] = []
    for source in sources:
        files = source.options.get("files")
        # A landing zone is another folder: what its patterns say is not about this one.
        if "zone" not in source.options:
            globs += [files] if isinstance(files, str) else files if isinstance(files, list) else []
    return re.compile("|".join(_as_regex(str(text)) for text in globs) or r"(?!)")


def _as_regex(text: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[!?[^\]/]+\])", text.removeprefix("./"))
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    translated = []
    for part in parts:
        if part.startswith("[") and part.endswith("]") and len(part) > 2:  # noqa: PLR2004 - the two brackets
            inner = re.sub(r"([\\\[\]^])", r"\\\1", part[1:-1].removeprefix("!"))
            translated.append(f"[{'^' if part[1] == '!' else ''}{inner}]")
        else:
            translated.append(known.get(part) or re.escape(part))
    return "(?:" + "".join(translated) + ")"


def _walk(
    folder: Path, root: Path, findings: Findings, prefix: str = ""
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the relative path and entry of everything that is called like a definition file."""
    try:
        with os.scandir(folder / prefix) as found:
            entries = list(found)
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'I/O error'}"
        findings.error(FindingCode.FILE_UNREADABLE, place_of(folder / prefix, root), message)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _SKIPPED_FOLDERS:
                yield from _walk(folder, root, findings, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIXES):
            yield prefix + entry.name, entry
