"""Passwords: which are good enough, and how they are kept: as argon2id hashes with the parameters that OWASP names."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from ghala.governance.common_passwords import COMMON_PASSWORDS

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 1000
"""Longer ones would let a stranger make us hash megabytes."""
_FEWEST_CHARACTERS = 5
_SHORTEST_NAME = 3
"""A shorter name stands in many good passwords by chance."""


def password_fault(password: str, name: str) -> str | None:
    """Return why a password is not good enough for the account of that name; None if it is.

    >>> password_fault("tall ships sail", "amina")
    >>> password_fault("short", "amina")
    'it has fewer than 12 characters'
    >>> password_fault("Amina-is-the-boss", "amina")
    "it contains the account's name"
    >>> password_fault("P a s s w o r d 1234", "amina")
    'it is one of the most common ones'
    """
    text = _normal(password)
    folded = text.casefold()
    plain = "".join(character for character in folded if character.isalnum())
    if len(text) < MINIMUM_LENGTH:
        return f"it has fewer than {MINIMUM_LENGTH} characters"
    if len(text) > MAXIMUM_LENGTH:
        return f"it has more than {MAXIMUM_LENGTH} characters"
    if len(name) >= _SHORTEST_NAME and name.casefold() in folded:
        return "it contains the account's name"
    if folded in COMMON_PASSWORDS or plain in COMMON_PASSWORDS:
        return "it is one of the most common ones"
    if len(set(folded)) < _FEWEST_CHARACTERS:
        return f"it has fewer than {_FEWEST_CHARACTERS} different characters"
    return None


class Passwords:
    """Hashes and checks passwords.

    The default is what OWASP's Password Storage Cheat Sheet recommends for argon2id: 19 MiB, two passes, one lane.
    Tests pass less.
    """

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2, lanes: int = 1) -> None:
        self._memory_kib = memory_kib
        self._passes = passes
        self._lanes = lanes

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher  # noqa: PLC0415 - it takes 40 ms to load, and few commands need it

        return PasswordHasher(self._passes, self._memory_kib, self._lanes)

    @cached_property
    def _nobodys(self) -> str:
        """The hash of a password that nobody knows."""
        return self.hashed(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """Return the hash of a password, with its salt and parameters."""
        return self._hasher.hash(_bytes(password))

    def fits(self, password: str, hashed: str | None) -> bool:
        """Return whether a password has this hash; for None the answer is no, and takes as long."""
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as above

        # Made also when it is not needed: or the first answer about a stranger would take longer than all others.
        nobodys = self._nobodys
        if len(password) > MAXIMUM_LENGTH:
            password, hashed = "", None
        try:
            return self._hasher.verify(hashed or nobodys, _bytes(password)) and hashed is not None
        except (InvalidHashError, VerificationError):
            return False

    def is_outdated(self, hashed: str) -> bool:
        """Return whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)


def _normal(password: str) -> str:
    # The same keys give other bytes on other systems where letters have accents.
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    # What is no text comes from a terminal that speaks another encoding: it is wrong then, not a fault of ours.
    return _normal(password).encode("utf-8", "surrogatepass")
