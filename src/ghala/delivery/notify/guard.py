"""The guard of the process that tells people: it connects to public addresses, and to those that an operator named.

It looks at the address itself, at the moment of connecting and below every library: a redirect, a name that means
another address by now, or an address in a strange form gets no further than the address that was meant all along.
"""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from ghala.model.host import is_public, split_port

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network

_CONNECTS = frozenset({"socket.connect", "socket.sendmsg", "socket.sendto"})
_REFUSED = frozenset(
    {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn"}
    | {"socket.bind", "subprocess.Popen"}
)
"""What no message needs: some services of the library would start programs of this machine."""


class RefusedError(OSError):
    """The guard let nothing through."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The networks that are not public and may be reached all the same, each at one port or at all (None)."""

    places: tuple[tuple[IPv4Network | IPv6Network, int | None], ...] = ()

    @classmethod
    def of(cls, hosts: Iterable[str]) -> Allowed:
        """Return the places of some hosts; a name is asked for once, and means what it means now."""
        places: list[tuple[IPv4Network | IPv6Network, int | None]] = []
        for text in hosts:
            host, port = split_port(text)
            try:
                places.append((ip_network(host, strict=False), port))
            except ValueError:
                places += [(network, port) for network in _networks_of(host)]
        return cls(tuple(places))

    def has(self, host: str, port: int) -> bool:
        """Return whether a numeric address may be reached at a port.

        >>> allowed = Allowed.of(["10.1.0.0/16", "127.0.0.1:25"])
        >>> allowed.has("10.1.2.3", 443), allowed.has("127.0.0.1", 25), allowed.has("127.0.0.1", 80)
        (True, True, False)
        """
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network and wanted in {None, port} for network, wanted in self.places)


@dataclass(slots=True)
class Guard:
    """Stands at every connection of this process. `refused` are the addresses that it refused."""

    allowed: Allowed
    refused: list[str] = field(default_factory=list)

    def install(self) -> None:
        """Stand guard from now on; nothing in this process can take it away again."""
        sys.addaudithook(self._look)

    def check(self, address: object) -> None:
        """Let a socket's address pass that is public or allowed.

        Raises:
            RefusedError: it is neither, or not a numeric one.
        """
        host, port = _parts(address)
        if host is not None and (is_public(host) or self.allowed.has(host, port)):
            return
        self.refused.append("an address that is no number" if host is None else host)
        raise RefusedError("the address is not public")

    def _look(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in _CONNECTS:
            if len(arguments) > 1 and arguments[1] is not None:
                self.check(arguments[1])
        elif event in _REFUSED:
            raise RefusedError(f"{event} is not for this process")


def _parts(address: object) -> tuple[str | None, int]:
    """Return host and port of a socket's address; None as the host if it has none, such as a path."""
    match address:
        case (str(host), int(port), *_):
            return host, port
        case _:
            return None, 0


def _networks_of(host: str) -> list[IPv4Network | IPv6Network]:
    found: list[IPv4Network | IPv6Network] = []
    # A name that means nothing allows nothing.
    with suppress(OSError, UnicodeError):
        for *_, place in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM):
            with suppress(ValueError):
                found.append(ip_network(str(place[0]).partition("%")[0]))
    return found
