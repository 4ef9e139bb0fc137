"""Requests that come again because their answer got lost: done once, answered alike, for a day."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, UsageError
from ghala.governance.administration import US
from ghala.registry import repeats
from ghala.registry.registry import now_us as clock_us
from ghala.registry.repeats import Repeat

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry

KEPT_S = 24 * 3600
LONGEST_KEY = 200
LONGEST_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one request, and nobody else answers it; `answer` or `forget` it."""

    registry: Registry
    principal: str
    key_sha256: str
    repeat: Repeat

    def answer(self, status: int, media_type: str | None, body: bytes | None) -> None:
        """Keep the answer; a body that is None, or too long to keep, is answered no second time."""
        kept = body if body is not None and len(body) <= LONGEST_BODY else None
        answered = replace(self.repeat, status=status, media_type=media_type, body=kept)
        with self.registry.write() as connection:
            repeats.answer(connection, self.principal, self.key_sha256, answered)

    def forget(self) -> None:
        """Forget it: nothing was changed, so that it may be tried again."""
        with self.registry.write() as connection:
            repeats.forget(connection, self.principal, self.key_sha256)


@dataclass(frozen=True, slots=True)
class Repeats:
    """The requests of one registry that came with a key."""

    registry: Registry
    now_us: Callable[[], int] = clock_us

    def claim(self, principal: Principal, key: str, request: bytes) -> Claim | Repeat:
        """Return the right to answer a request, or the answer that it had when it came before.

        Raises:
            UsageError: the key is no key, or came with another request.
            ConflictError: its first copy is still being answered, broke off, or its answer cannot be told again.
        """
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            raise UsageError(
                f"a key has 1 to {LONGEST_KEY} printable characters", hint="use a random UUID"
            )
        now_us = self.now_us()
        who = f"{principal.id} {principal.purpose}"
        key_sha256 = hashlib.sha256(key.encode()).hexdigest()
        # With the key, which is not kept: a request can hold a password.
        fresh = Repeat(hmac.digest(key.encode(), request, "sha256").hex(), now_us)
        with self.registry.write() as connection:
            repeats.forget_old(connection, now_us - KEPT_S * US)
            found = repeats.find(connection, who, key_sha256)
            if found is None:
                repeats.add(connection, who, key_sha256, fresh)
                return Claim(self.registry, who, key_sha256, fresh)
        if found.request_sha256 != fresh.request_sha256:
            raise UsageError(
                "this key came with another request", hint="use a new key for every change"
            )
        if found.status is None:
            raise ConflictError(
                "the first request with this key has no answer yet, or broke off",
                hint="try again in a moment; if it stays, look whether the change was made",
            )
        if found.body is None:
            raise ConflictError(
                "the request was done, and its answer is told once only",
                hint="look at what was changed",
            )
        return found
