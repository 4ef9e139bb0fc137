"""The ids of events: places in what happened, sealed, since their numbers count what the reader may not know."""

from __future__ import annotations

import binascii
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.principal import Principal

_BYTES = 8


@dataclass(frozen=True, slots=True)
class EventIds:
    """Seals and opens ids; `key_of` gives the key of one principal."""

    key_of: Callable[[str], bytes]

    def seal(self, number: int, principal: Principal) -> str:
        """Return the id of a place; the same place has another one each time.

        >>> from ghala.model.principal import OWNER_LOCAL
        >>> ids = EventIds(lambda who: who.encode())
        >>> ids.open(ids.seal(7, OWNER_LOCAL), OWNER_LOCAL), ids.open("7", OWNER_LOCAL)
        (7, None)
        """
        key, once = self._key(principal), secrets.token_bytes(_BYTES)
        hidden = once + _mixed(number.to_bytes(_BYTES), key, once)
        return urlsafe_b64encode(hidden + _proof(key, hidden)).decode()

    def open(self, text: str, principal: Principal) -> int | None:
        """Return the place that an id names; None if it was not sealed here for this principal."""
        try:
            sealed = urlsafe_b64decode(text)
        except (binascii.Error, ValueError):
            return None
        key, hidden, proof = self._key(principal), sealed[: 2 * _BYTES], sealed[2 * _BYTES :]
        if not hmac.compare_digest(_proof(key, hidden), proof):
            return None
        return int.from_bytes(_mixed(hidden[_BYTES:], key, hidden[:_BYTES]))

    def _key(self, principal: Principal) -> bytes:
        return self.key_of(f"events {principal.id} {principal.on_behalf_of}")


def _mixed(number: bytes, key: bytes, once: bytes) -> bytes:
    pad = hmac.digest(key, b"pad" + once, "sha256")
    return bytes(one ^ other for one, other in zip(number, pad, strict=False))


def _proof(key: bytes, hidden: bytes) -> bytes:
    return hmac.digest(key, b"proof" + hidden, "sha256")[:_BYTES]
