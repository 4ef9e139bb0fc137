"""Cursors: where the next page of a kept answer begins, signed for one principal and purpose."""

from __future__ import annotations

import binascii
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.principal import Principal

_PLACE = struct.Struct(">16sQI")
_SIGNATURE_BYTES = 16


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page begins: the question, its first row, how many rows."""

    question: str
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Cursors:
    """Signs and reads cursors; `key_of` gives the key of one principal and purpose."""

    key_of: Callable[[str], bytes]

    def sign(self, place: PagePlace, principal: Principal) -> str:
        """Return the text of a cursor; what it means is nobody's but the server's.

        >>> from ghala.model.principal import OWNER_LOCAL
        >>> cursors = Cursors(lambda who: who.encode())
        >>> text = cursors.sign(PagePlace("0" * 32, 10, 5), OWNER_LOCAL)
        >>> cursors.read(text, OWNER_LOCAL).start
        10
        """
        packed = _PLACE.pack(bytes.fromhex(place.question), place.start, place.count)
        return urlsafe_b64encode(packed + self._signature(packed, principal)).rstrip(b"=").decode()

    def read(self, text: str, principal: Principal) -> PagePlace:
        """Return what a cursor says.

        Raises:
            NotFoundError: it was not signed here for this principal and purpose.
        """
        try:
            signed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            signed = b""
        packed, signature = signed[: _PLACE.size], signed[_PLACE.size :]
        fits = hmac.compare_digest(self._signature(packed, principal), signature)
        # The alphabet leaves some bits of the last character open: one cursor has one text.
        is_exact = urlsafe_b64encode(signed).rstrip(b"=").decode() == text
        if not (fits and is_exact) or len(packed) != _PLACE.size:
            raise NotFoundError("there is no such page", hint="ask again from the first page")
        question, start, count = _PLACE.unpack(packed)
        return PagePlace(question.hex(), start, count)

    def _signature(self, packed: bytes, principal: Principal) -> bytes:
        key = self.key_of(f"{principal.id} {principal.on_behalf_of} {principal.purpose}")
        return hmac.digest(key, packed, "sha256")[:_SIGNATURE_BYTES]
