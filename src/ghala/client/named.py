"""Names in two parts, as paths of a server have them."""

from __future__ import annotations

from ghala.errors import NotFoundError


def split(name: str, separator: str) -> tuple[str, str]:
    """Return the two parts of a name.

    Raises:
        NotFoundError: it has no two parts.

    >>> split("sales/orders", "/")
    ('sales', 'orders')
    """
    first, found, second = name.partition(separator)
    if not (first and found and second):
        raise NotFoundError(f"`{name[:200]}` is no name", hint=f"like sales{separator}orders")
    return first, second
