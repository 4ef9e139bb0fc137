"""A webhook: a notification as JSON, signed, to one address that is never left for another."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMEOUT_S = 10.0
LARGEST_ANSWER = 10_000
_GOOD = range(200, 300)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return how a receiver knows that a body comes from here, and when it was sent.

    It is the HMAC-SHA256 of the timestamp, a full stop and the body, under the channel's `secret`.

    >>> signature("secret", 1_800_000_000, b"{}")[:19]
    'v1=bb7079132825ac79'
    """
    signed = f"{timestamp}.".encode() + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def body_of(message: Mapping[str, object]) -> bytes:
    """Return what is posted."""
    return json.dumps(message, sort_keys=True, ensure_ascii=False).encode()


def address_fault(url: str, is_allowed: Callable[[str, int], bool]) -> str | None:
    """Return why an address cannot be posted to; None if it can. `is_allowed` knows hosts that an operator named.

    >>> address_fault("https://hooks.example.org/x", lambda host, port: False)
    >>> address_fault("http://hooks.example.org/x", lambda host, port: False)
    'its address is not one of https, and its host is not in `notifications.allowed_hosts`'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        return "its address is none"
    if parts.username is not None or parts.password is not None:
        return "its address has a name or a password in it; give the channel a `secret`"
    if parts.scheme == "https" or is_allowed(host, port or 80):
        return None
    return "its address is not one of https, and its host is not in `notifications.allowed_hosts`"


def post(url: str, message: Mapping[str, object], secret: str | None) -> str | None:
    """Post a message, and return why the receiver does not have it; None if it has."""
    body, timestamp = body_of(message), int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "ghala",
        "Ghala-Notification": str(message["id"]),
        "Ghala-Timestamp": str(timestamp),
    }
    if secret:
        headers["Ghala-Signature"] = signature(secret, timestamp, body)
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - `address_fault` looked
    try:
        with _OPENER.open(request, timeout=TIMEOUT_S) as response:
            response.read(LARGEST_ANSWER)
            status = response.status
    except urllib.error.HTTPError as error:
        with error:
            status = error.code
    except (OSError, ValueError):
        # What it says may hold the address.
        return "the receiver cannot be reached"
    return None if status in _GOOD else f"the receiver answered {status}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A receiver that sends us elsewhere is not the one that was named."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


# Without proxies: the guard sees the address of a proxy, and not where it goes from there.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
