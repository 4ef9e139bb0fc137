"""A connection: what one can ask of a server with a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ghala.client.faults import ServerError
from ghala.client.result import Result
from ghala.client.transport import Transport
from ghala.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

ARROW = "application/vnd.apache.arrow.stream"
PROD = "prod"

Facts = dict[str, Any]
"""Plain values, as the server's JSON has them."""


def connect(
    url: str,
    *,
    token: str,
    purpose: str | None = None,
    timeout_s: float = 60.0,
    verify: bool | str | Path = True,
) -> Connection:
    """Connect to a server, and find out at once whether it is there and takes the token.

    Args:
        url: what `ghala up` prints.
        token: a personal or service token; it goes to this server only, and into no text of ours.
        purpose: what the data is for; a token has one purpose, and another one is refused here.
        timeout_s: how long the server may be silent.
        verify: False trusts any certificate; a path is a file of the authorities that are trusted.

    Raises:
        NotSignedInError: the server does not take the token.
        UnreachableError: there is no server.
        UsageError: the address, the token or the purpose are not right.
    """
    transport = Transport.to(url, token, timeout_s=timeout_s, verify=verify)
    who = _mapping(transport.get("me"))
    stated = str(who.get("purpose", ""))
    if purpose is not None and purpose != stated:
        raise UsageError(
            f"the token is for `{stated}`, not for `{purpose[:80]}`",
            hint="issue one for this purpose: ghala token issue --purpose",
        )
    return Connection(transport, str(who.get("id", "")), stated)


@dataclass(frozen=True, slots=True)
class Connection:
    """Asks one server as `principal`, for `purpose`. It holds nothing open between two questions."""

    transport: Transport
    principal: str
    purpose: str

    def sql(
        self,
        text: str,
        *,
        environment: str = PROD,
        timeout_s: float | None = None,
        row_limit: int | None = None,
    ) -> Result:
        """Ask one question in SQL; it is answered whole or not at all. See `Result` for the forms of its answer."""
        question: dict[str, object] = {"sql": text, "environment": environment}
        if row_limit is not None:
            question["limit"] = row_limit

        return Result(
            lambda: self.transport.send(
                "POST", "/sql", accept=ARROW, body=question, timeout_s=timeout_s
            )
        )

    def products(self, environment: str = PROD) -> list[Facts]:
        """Return the products of which one may discover a dataset."""
        return _list(self.transport.get("products", environment=environment), "products")

    def product(self, name: str, environment: str = PROD) -> Facts:
        """Return the product `domain/product`.

        Raises:
            NotFoundError: there is none of that name, as far as one may know.
        """
        return _mapping(self.transport.get("products", *_split(name, "/"), environment=environment))

    def datasets(self, environment: str = PROD) -> list[Facts]:
        """Return the datasets that one may discover."""
        return _list(self.transport.get("datasets", environment=environment), "datasets")

    def dataset(self, name: str, environment: str = PROD) -> Facts:
        """Return the dataset `domain.dataset`: its columns, and how one may read them.

        Raises:
            NotFoundError: there is none of that name, as far as one may know.
        """
        return _mapping(self.transport.get("datasets", *_split(name, "."), environment=environment))

    def releases(self, product: str | None = None, environment: str = PROD) -> list[Facts]:
        """Return releases, newest first: of all products, or of one."""
        found = self.transport.get("releases", product=product, environment=environment)
        return _list(found, "releases")

    def search(
        self,
        text: str,
        *,
        kind: str | None = None,
        domain: str | None = None,
        owner: str | None = None,
        tag: str | None = None,
        limit: int = 20,
    ) -> list[Facts]:
        """Return what can be found by some words, the best first."""
        narrowed = {"kind": kind, "domain": domain, "owner": owner, "tag": tag}
        return _list(self.transport.get("search", q=text, limit=limit, **narrowed), "results")

    def rate(self, product: str, stars: int, comment: str = "") -> None:
        """Say what one thinks of the product `domain/product`: 1 to 5 stars."""
        domain, name = _split(product, "/")
        path = f"/products/{quote(domain, safe='')}/{quote(name, safe='')}/ratings"
        self.transport.post(path, {"stars": stars, "comment": comment})

    def demand(self, limit: int = 50) -> Facts:
        """Return what people looked for in vain, were denied, and think of products."""
        return _mapping(self.transport.get("demand", limit=limit))


def _split(name: str, separator: str) -> tuple[str, str]:
    first, found, second = name.partition(separator)
    if not (first and found and second):
        raise NotFoundError(f"`{name[:200]}` is no name", hint=f"like sales{separator}orders")
    return first, second


def _mapping(value: object) -> Facts:
    if not isinstance(value, dict):
        raise ServerError("the server answered something else than was asked for")
    return value


def _list(value: object, key: str) -> list[Facts]:
    found = _mapping(value).get(key)
    if not isinstance(found, list):
        raise ServerError("the server answered something else than was asked for")
    return found
