"""The keys of keyed hashes: one for each purpose, so that what was made for two purposes cannot be joined."""

from __future__ import annotations

import hmac
import secrets
import stat
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ghala.errors import CorruptError, StorageError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.lake.files import Disk

KEY_BYTES = 32


@dataclass(frozen=True)
class HashKeys:
    """Derives the keys from one random file, made when it is first needed, and readable by its owner alone.

    Whoever has the file can find out which value is behind a hash: it belongs into no backup that others read. When it
    is lost, hashes made before no longer fit those made after.
    """

    path: Path
    disk: Disk

    def of(self, purpose: str) -> bytes:
        """Return the key of a purpose.

        Raises:
            CorruptError: the file is not a key.
            UsageError: others can read it.
        """
        return hmac.digest(self._root_key, b"ghala keyed-hash\0" + purpose.encode(), "sha256")

    @cached_property
    def _root_key(self) -> bytes:
        if not self.path.exists():
            self._make()
        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            raise UsageError(
                f"others can read `{self.path.name}`, the key of keyed hashes",
                hint=f"chmod 600 {self.path}",
            )
        key = self.path.read_bytes()
        if len(key) != KEY_BYTES:
            raise CorruptError(
                f"`{self.path.name}` is not a key of {KEY_BYTES} bytes",
                hint="bring it back from a backup; a new one makes other hashes",
            )
        return key

    def _make(self) -> None:
        try:
            with self.disk.create(self.path) as stream:
                # Before the first byte is there to be read.
                self.path.chmod(0o600)
                stream.write(secrets.token_bytes(KEY_BYTES))
        except StorageError:
            # Another process was first: its key counts. What else the disk refused is still refused.
            if not self.path.exists():
                raise
