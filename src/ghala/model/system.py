"""The built-in products of the reserved domain `system`: what Ghala itself records, as datasets."""

from __future__ import annotations

from ghala.model.names import DatasetName, ProductName

DOMAIN = "system"
AUDIT = DatasetName(DOMAIN, "audit")
USAGE = DatasetName(DOMAIN, "usage")
AUDIT_PRODUCT = ProductName(DOMAIN, "audit")
USAGE_PRODUCT = ProductName(DOMAIN, "usage")
ON_DEMAND = frozenset({AUDIT, USAGE})
"""What is published when somebody asks for it."""
PUBLISHED_EVERY_S = 900.0
"""How often a server publishes them, if there is anything new."""
CONTRACT_PREFIX = "ghala.system."
"""How the contracts of the built-in products begin their ids, and no other."""


def is_system(name: str) -> bool:
    """Return whether a product's or dataset's name is one of the domain `system`.

    >>> is_system("system.audit"), is_system("System/Usage"), is_system("sales.system")
    (True, True, False)
    """
    return name.lower().startswith((f"{DOMAIN}.", f"{DOMAIN}/"))
