"""Hosts that a message may be sent to: addresses that are public, and those that an operator names."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_ALMOST_ADDRESS = re.compile(r"[0-9.]*|0[xX].*")
_PORT = re.compile(r"(?P<host>.*):(?P<port>[0-9]{1,5})")
_HIGHEST_PORT = 65_535
_GLOBAL_UNICAST = ip_network("2000::/3")
_TRANSLATED = ip_network("64:ff9b::/96")
_CARRIES_ANOTHER = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_RELAYED = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24")))
# It belongs to nobody but the machine's own host: a cloud's secrets may stand behind it.
_OF_CLOUDS = frozenset({IPv4Address("168.63.129.16")})


def is_public(address: str) -> bool:
    """Return whether a numeric address is one of the public internet, whatever form it hides in.

    >>> is_public("93.184.216.34"), is_public("2606:2800:220:1::1")
    (True, True)
    >>> [is_public(one) for one in ("127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fe80::1%eth0", "2130706433")]
    [False, False, False, False, False]
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is None:
            return _is_public_6(found)
        found = inner
    is_special = found.is_multicast or found.is_reserved or found in _OF_CLOUDS
    return found.is_global and not is_special and not any(found in one for one in _RELAYED)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the older address that a newer one stands for; None if it stands for itself."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _is_public_6(address: IPv6Address) -> bool:
    # Tunnels carry an older address to wherever they end: none is needed to reach what is public.
    carries = any(address in network for network in _CARRIES_ANOTHER)
    is_plain = address in _GLOBAL_UNICAST and address.scope_id is None
    return is_plain and address.is_global and not carries


def host_fault(text: str) -> str | None:
    """Return why a text cannot name hosts; None if it can.

    >>> [host_fault(text) for text in ("mail.acme.internal:25", "10.1.0.0/16", "[fd00::1]:443", "fd00::/8")]
    [None, None, None, None]
    >>> host_fault("https://chat.acme.example/")
    'is no host: write a name, an address or a network, and a port if only one shall do'
    """
    host, port = split_port(text)
    if port is not None and not 1 <= port <= _HIGHEST_PORT:
        return "has no port from 1 to 65535"
    try:
        ip_network(host, strict=False)
    except ValueError:
        if not _HOST.fullmatch(host) or _ALMOST_ADDRESS.fullmatch(host):
            return (
                "is no host: write a name, an address or a network, and a port if only one shall do"
            )
    return None


def split_port(text: str) -> tuple[str, int | None]:
    """Return a host without its port, and the port; None if it has none.

    >>> split_port("mail:25"), split_port("fd00::1"), split_port("[fd00::1]:25")
    (('mail', 25), ('fd00::1', None), ('fd00::1', 25))
    """
    found = _PORT.fullmatch(text)
    if found and (":" not in found["host"] or found["host"].endswith("]")):
        return found["host"].strip("[]"), int(found["port"])
    return text.strip("[]"), None
