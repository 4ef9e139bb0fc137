"""Where a registry on PostgreSQL is, read from its URL; a password never leaves this value by being shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ghala.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMES = ("postgresql", "postgresql+pg8000")
_HINT = "write `postgresql://ACCOUNT@HOST/DATABASE`, and the password in `GHALA_REGISTRY_PASSWORD`"


class TlsMode(StrEnum):
    """How much the connection must prove, in PostgreSQL's own words; keep sorted."""

    DISABLE = "disable"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"


@dataclass(frozen=True, slots=True)
class Address:
    """A database of a PostgreSQL server; `host` is a folder where the server is met at a Unix socket."""

    account: str
    host: str
    port: int
    database: str
    tls: TlsMode
    certificate: str | None = None
    connect_s: float = 10.0
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a URL with the parameters that PostgreSQL's own tools know: host, sslmode, sslrootcert, connect_timeout.

        >>> Address.parse("postgresql://ghala:s3cret@127.0.0.1/acme")
        Address(account='ghala', host='127.0.0.1', port=5432, database='acme', tls=<TlsMode.PREFER: 'prefer'>, \
certificate=None, connect_s=10.0)
        >>> Address.parse("postgresql://ghala@db.example/acme").tls.value
        'verify-full'
        >>> Address.parse("postgresql://ghala@/acme?host=/run/postgresql").socket
        '/run/postgresql/.s.PGSQL.5432'

        Raises:
            UsageError: it is none, or names something that Ghala does not know.
        """
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            # Without the cause: where a password was not escaped, a piece of it stands in the parser's message.
            raise UsageError("the registry's URL cannot be read", hint=_HINT) from None
        if url.drivername not in SCHEMES:
            raise UsageError("the registry's URL names a driver that is not Ghala's", hint=_HINT)
        parameters = {key: value for key, value in url.query.items() if isinstance(value, str)}
        if unknown := sorted(
            set(url.query) - {"connect_timeout", "host", "sslmode", "sslrootcert"}
        ):
            raise UsageError(
                f"the registry's URL has a parameter that Ghala does not know: `{unknown[0][:40]}`",
                hint="known are `host`, `sslmode`, `sslrootcert` and `connect_timeout`",
            )
        if not url.username:
            raise UsageError("the registry's URL names no account", hint=_HINT)
        host = parameters.get("host") or url.host or "localhost"
        return cls(
            account=url.username,
            host=host,
            port=url.port or 5432,
            database=url.database or url.username,
            tls=_tls(parameters, host),
            certificate=parameters.get("sslrootcert"),
            connect_s=_seconds(parameters),
            password=str(url.password or ""),
        )

    @property
    def socket(self) -> str | None:
        """The path of the server's Unix socket; None if it is met over the network."""
        return f"{self.host}/.s.PGSQL.{self.port}" if self.host.startswith("/") else None

    def __str__(self) -> str:
        return self.socket or f"{self.host}:{self.port}"


def _tls(parameters: Mapping[str, str], host: str) -> TlsMode:
    text = parameters.get("sslmode")
    if text is None:
        # Whoever sits on the wire to another machine must not be able to pass for its server.
        return TlsMode.PREFER if _is_here(host) else TlsMode.VERIFY_FULL
    try:
        return TlsMode(text)
    except ValueError:
        raise UsageError(
            f"`sslmode` cannot be `{text[:40]}`", hint=f"use one of {', '.join(TlsMode)}"
        ) from None


def _is_here(host: str) -> bool:
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _seconds(parameters: Mapping[str, str]) -> float:
    text = parameters.get("connect_timeout", "10")
    if not text.isdecimal() or int(text[:9]) == 0:
        raise UsageError("`connect_timeout` is a number of whole seconds, at least 1")
    return float(text[:9])
