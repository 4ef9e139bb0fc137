"""A workspace some of whose products are wrong: the mistakes of one must not keep the others from running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DefinitionError
from ghala.model.names import ProductName
from ghala.spec.finding import Findings, Level
from ghala.spec.load import DOMAINS, read_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.model.product import Workspace
    from ghala.settings import Settings
    from ghala.spec.finding import LintFinding
    from ghala.spec.load import SourceCheck

_PRODUCT_DEPTH = 3


def read_apart(
    root: Path, settings: Settings, check_source: SourceCheck
) -> tuple[Workspace, dict[ProductName, DefinitionError]]:
    """Return what can be understood of a workspace, and for each product with errors what is wrong with it.

    Raises:
        DefinitionError: something is wrong that belongs to no single product.
    """
    findings = Findings()
    workspace = read_workspace(root, settings, check_source, findings)
    by_product: dict[ProductName, list[LintFinding]] = {}
    for finding in findings.in_order():
        if finding.severity is not Level.ERROR:
            continue
        product = _product(finding)
        if product is None:
            findings.refuse()
        else:
            by_product.setdefault(product, []).append(finding)
    return workspace, {name: _error(name, found) for name, found in by_product.items()}


def _product(finding: LintFinding) -> ProductName | None:
    """Return the product in whose folder a finding lies; None if it lies elsewhere."""
    parts = finding.place.file.split("/") if finding.place else []
    if len(parts) <= _PRODUCT_DEPTH or parts[0] != DOMAINS:
        return None
    try:
        return ProductName.parse(f"{parts[1]}/{parts[2]}")
    except ValueError:
        return None


def _error(name: ProductName, found: list[LintFinding]) -> DefinitionError:
    first = found[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return DefinitionError(
        f"{name}: {first.message}{more}",
        hint="`ghala lint` shows all of them",
        place=first.place,
        findings=tuple(found),
    )
