"""Names of domains, products and datasets, and the rule for what a name may be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ghala.model.keywords import KEYWORDS

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
RESERVED_DOMAINS = frozenset({"information_schema", "main", "system", "temp"})
_MAJOR_SUFFIX = re.compile(r"_v[0-9]+$")


def name_fault(name: str) -> str | None:
    """Return why `name` cannot be the name of a product or an environment; None if it can.

    >>> name_fault("orders")
    >>> name_fault("Order Lines")
    'use lower-case letters, digits and `_`, a letter first, at most 63 characters'
    >>> name_fault("orders_v2")
    'the suffix `_v2` is reserved for major versions'
    """
    if not IDENTIFIER.fullmatch(name):
        return "use lower-case letters, digits and `_`, a letter first, at most 63 characters"
    if suffix := _MAJOR_SUFFIX.search(name):
        return f"the suffix `{suffix.group()}` is reserved for major versions"
    return None


def sql_name_fault(name: str) -> str | None:
    """Return why `name` cannot be the name of a dataset, source or step, which SQL reads as it stands; None if it can.

    >>> sql_name_fault("orders")
    >>> sql_name_fault("order")
    '`order` is a keyword of SQL'
    """
    return f"`{name}` is a keyword of SQL" if name in KEYWORDS else name_fault(name)


def domain_fault(name: str) -> str | None:
    """Return why `name` cannot be a domain's name; None if it can.

    >>> domain_fault("system")
    '`system` is reserved'
    """
    if name in RESERVED_DOMAINS or name.startswith("pg_"):
        return f"`{name}` is reserved"
    return sql_name_fault(name)


@dataclass(frozen=True, slots=True, order=True)
class DatasetName:
    """`domain.dataset`, the name by which SQL knows a dataset."""

    domain: str
    dataset: str

    @classmethod
    def parse(cls, text: str) -> DatasetName:
        """Read `domain.dataset`, in any case.

        Raises:
            ValueError: the text is not two names joined by one dot.

        >>> DatasetName.parse("Sales.Orders")
        DatasetName(domain='sales', dataset='orders')
        """
        parts = text.lower().split(".")
        if len(parts) != 2 or not all(IDENTIFIER.fullmatch(part) for part in parts):  # noqa: PLR2004 - two parts
            raise ValueError(f"`{text}` is not a dataset name: write `domain.dataset`")
        return cls(*parts)

    def __str__(self) -> str:
        return f"{self.domain}.{self.dataset}"


@dataclass(frozen=True, slots=True, order=True)
class ProductName:
    """`domain/product`, the path of a product's folder below `domains/`."""

    domain: str
    product: str

    @classmethod
    def parse(cls, text: str) -> ProductName:
        """Read `domain/product`.

        Raises:
            ValueError: the text is not two names joined by one slash.

        >>> str(ProductName.parse("sales/orders"))
        'sales/orders'
        """
        parts = text.strip("/").split("/")
        if len(parts) != 2 or not all(IDENTIFIER.fullmatch(part) for part in parts):  # noqa: PLR2004 - two parts
            raise ValueError(f"`{text}` is not a product name: write `domain/product`")
        return cls(*parts)

    def __str__(self) -> str:
        return f"{self.domain}/{self.product}"
