"""Under which names the server is reached: which `Host` and `Origin` are ours, and which cookie a browser takes."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from ghala.errors import UsageError

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
SECURE_COOKIE, PLAIN_COOKIE = "__Host-ghala", "ghala"
"""Browsers take a `__Host-` cookie over HTTPS only, so plain HTTP on this machine has a name of its own."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the server is reached. A name that is not ours is refused: it may be an attacker's that points here."""

    url: str
    hosts: frozenset[str]
    origins: frozenset[str]
    is_behind_proxy: bool = False

    @classmethod
    def of(cls, host: str, port: int, public_url: str | None = None) -> Origin:
        """Return the origin of a server that listens on an address.

        Raises:
            UsageError: others reach it, and nobody said under which name; or the public URL is none.

        >>> made = Origin.of("127.0.0.1", 8321)
        >>> made.url, made.is_host("LOCALHOST:8321"), made.is_host("evil.example:8321")
        ('http://127.0.0.1:8321', True, False)
        >>> Origin.of("127.0.0.1", 8321, "https://data.acme.example/").is_host("data.acme.example")
        True
        """
        public = None if public_url is None else _public(public_url)
        if public is None and not is_loopback(host):
            raise UsageError(
                f"`{host}` is reached by others, and nothing says under which name",
                hint="set `server.public_url`, like `https://data.acme.example`",
            )
        hosts = {f"{name}:{port}" for name in LOOPBACK_NAMES}
        hosts |= set(LOOPBACK_NAMES) if port == _DEFAULT_PORTS["http"] else set()
        origins = {f"http://{name}" for name in hosts}
        if public is not None:
            scheme, names = public
            hosts |= names
            origins |= {f"{scheme}://{name}" for name in names}
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{port}" if public_url is None else public_url.rstrip("/")
        return cls(
            url, frozenset(hosts), frozenset(origins), public is not None and is_loopback(host)
        )

    def is_host(self, header: str) -> bool:
        """Return whether a `Host` header names this server."""
        return header.lower() in self.hosts

    def is_own(self, origin: str) -> bool:
        """Return whether an `Origin` header names a page of this server."""
        return origin.lower() in self.origins

    def is_secure(self, scheme: str, host: str) -> bool:
        """Return whether a cookie is marked as secure: always, but for plain HTTP on this machine."""
        is_local = (
            host.lower().rsplit(":", 1)[0] in LOOPBACK_NAMES or host.lower() in LOOPBACK_NAMES
        )
        return scheme == "https" or not is_local


def is_loopback(host: str) -> bool:
    """Return whether an address is reached from this machine alone.

    >>> is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _public(url: str) -> tuple[str, set[str]]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_bare = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not is_bare:
        raise UsageError(
            "`server.public_url` is not the address of a server",
            hint="write the scheme and the name, like `https://data.acme.example`",
        )
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = _DEFAULT_PORTS[parts.scheme]
    names = {f"{name}:{port or default}"}
    return parts.scheme, names | ({name} if (port or default) == default else set())
