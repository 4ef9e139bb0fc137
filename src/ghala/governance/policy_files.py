"""The policies of a workspace: `policies/*.cedar` beside the built-in ones, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError, NotFoundError, Place
from ghala.governance.cedar import Policies, PolicyFile, policy_faults

if TYPE_CHECKING:
    from pathlib import Path

POLICIES_FOLDER = "policies"
MAX_BYTES = 1_000_000
"""The size of one file; more is no policy that a person wrote."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of the policies without their being read: another stamp, another set perhaps."""

    files: tuple[tuple[str, int, int, int], ...]
    newest_ns: int

    def has_rested(self, now_s: float, seconds: float) -> bool:
        """Return whether the last change lies so long back that nobody is still writing."""
        return not now_s - seconds < self.newest_ns / 1e9 <= now_s


def policy_stamp(root: Path) -> Stamp:
    """Return the stamp of a workspace's policies: the folder and each file, by name, inode, size and time."""
    found = []
    folder = root / POLICIES_FOLDER
    # Where the folder is missing, it is perhaps about to come back: the one above says when it went.
    for path in (folder if folder.is_dir() else root, *_paths(root)):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append(
            (path.name, stat.st_ino, stat.st_size, max(stat.st_mtime_ns, stat.st_ctime_ns))
        )
    return Stamp(tuple(found), max((one[3] for one in found), default=0))


def read_policies(root: Path) -> Policies:
    """Return the policies that hold in a workspace.

    Raises:
        DefinitionError: a file is not readable, or a policy in it is wrong.
    """
    return Policies.of([_read(path, root) for path in _paths(root)])


def read_policy_folder(folder: Path) -> Policies:
    """Return the policies of another folder than that of a workspace, as if they were its.

    Raises:
        DefinitionError: a file is not readable, or a policy in it is wrong.
        NotFoundError: the folder has no policies.
    """
    paths = sorted(folder.glob("*.cedar"))
    if not paths:
        raise NotFoundError(
            f"there is no file `*.cedar` in {folder}", hint="name a folder like `policies`"
        )
    files = [_read(path, folder) for path in paths]
    return Policies.of([PolicyFile(f"{POLICIES_FOLDER}/{file.name}", file.text) for file in files])


def check_policies(root: Path) -> tuple[DefinitionError, ...]:
    """Return everything that is wrong with the policies of a workspace, each with its place."""
    faults: list[DefinitionError] = []
    files: list[PolicyFile] = []
    for path in _paths(root):
        try:
            files.append(_read(path, root))
        except DefinitionError as error:
            faults.append(error)
    return (*faults, *policy_faults(files))


def _paths(root: Path) -> list[Path]:
    return sorted(root.glob(f"{POLICIES_FOLDER}/*.cedar"))


def _read(path: Path, root: Path) -> PolicyFile:
    name = path.relative_to(root).as_posix()
    if not path.resolve().is_relative_to(root.resolve()):
        raise DefinitionError("this symlink leads out of the workspace", place=Place(name))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8")
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'I/O error'}"
        raise DefinitionError(message, place=Place(name)) from error
    except UnicodeDecodeError as error:
        raise DefinitionError("the file is not UTF-8", place=Place(name)) from error
    if len(content) > MAX_BYTES:
        raise DefinitionError(f"larger than {MAX_BYTES:,} bytes", place=Place(name))
    return PolicyFile(name, text)
