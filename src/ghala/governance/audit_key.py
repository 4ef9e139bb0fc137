"""The key that signs audit checkpoints (Ed25519): who has its public half can tell that this workspace signed."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ghala.errors import CorruptError, StorageError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.lake.files import Disk

KEY_BYTES = 32


@dataclass(frozen=True)
class AuditKey:
    """One random file, made when it is first needed, and readable by its owner alone.

    Whoever has the file can sign in the workspace's name. When it is lost, a new one signs what comes after.
    """

    path: Path
    disk: Disk

    @property
    def is_there(self) -> bool:
        """Whether something was signed with it already."""
        return self.path.exists()

    @property
    def public(self) -> str:
        """The public half, as hexadecimal digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, text: str) -> str:
        """Return the signature of a text, as hexadecimal digits.

        Raises:
            CorruptError: the file is not a key.
            UsageError: others can read it.
        """
        return self._key.sign(text.encode()).hex()

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        if not self.path.exists():
            self._make()
        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            raise UsageError(
                f"others can read `{self.path.name}`, the key that signs audit checkpoints",
                hint=f"chmod 600 {self.path}",
            )
        content = self.path.read_bytes()
        if len(content) != KEY_BYTES:
            raise CorruptError(
                f"`{self.path.name}` is not a key of {KEY_BYTES} bytes",
                hint="bring it back from a backup; a new one makes other signatures",
            )
        return Ed25519PrivateKey.from_private_bytes(content)

    def _make(self) -> None:
        try:
            with self.disk.create(self.path) as stream:
                # Before the first byte is there to be read.
                self.path.chmod(0o600)
                stream.write(Ed25519PrivateKey.generate().private_bytes_raw())
        except StorageError:
            # Another process was first: its key counts. What else the disk refused is still refused.
            if not self.path.exists():
                raise


def is_signed(text: str, signature: str, public_key: str) -> bool:
    """Return whether a text was signed with the private half of a key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
