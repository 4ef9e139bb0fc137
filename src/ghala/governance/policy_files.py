"""The policies of a workspace: `policies/*.cedar` beside the built-in ones, checked as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DefinitionError, Place
from ghala.governance.cedar import Policies, PolicyFile, policy_faults

if TYPE_CHECKING:
    from pathlib import Path

POLICIES_FOLDER = "policies"
MAX_BYTES = 1_000_000
"""The size of one file; more is no policy that a person wrote."""


def read_policies(root: Path) -> Policies:
    """Return the policies that hold in a workspace.

    Raises:
        DefinitionError: a file is not readable, or a policy in it is wrong.
    """
    return Policies.of([_read(path, root) for path in _paths(root)])


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
