"""The products that Ghala brings along: folders like a workspace's own, in the reserved domain `system`."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ghala.errors import DefinitionError
from ghala.model.product import Domain, Product
from ghala.model.system import AUDIT_PRODUCT, DOMAIN, USAGE_PRODUCT
from ghala.spec.finding import Findings, Level
from ghala.spec.folder import define, list_files, read_file
from ghala.spec.product import understand

if TYPE_CHECKING:
    from ghala.model.names import ProductName
    from ghala.model.product import Workspace

OWNER = "system"
"""The team that owns the domain: nobody can be a member of it, since its name is reserved."""
FOLDER = Path(__file__).parent / DOMAIN
_DESCRIPTION = "What Ghala itself records: who read and changed what."


@lru_cache(maxsize=1)
def built_in() -> tuple[Domain, tuple[Product, ...]]:
    """Return the domain `system` with its products, each after those that it reads.

    Raises:
        DefinitionError: the installation is damaged.
    """
    products = tuple(_product(name) for name in (AUDIT_PRODUCT, USAGE_PRODUCT))
    return Domain(DOMAIN, OWNER, _DESCRIPTION), products


def _product(name: ProductName) -> Product:
    findings, folder = Findings(), FOLDER / name.product
    paths = list_files(folder, FOLDER, findings)
    read = {file: read_file(path, FOLDER, findings) for file, path in paths.items()}
    files = {file: content for file, content in read.items() if content is not None}
    place = f"{DOMAIN} (built in)/{name.product}"
    found = understand(tuple(files.items()), place, DOMAIN)
    findings.extend(found.findings)
    parts = found.parts
    wrong = [one for one in findings if one.severity is Level.ERROR]
    if parts is None or not found.is_complete or wrong:
        raise DefinitionError(
            f"the built-in product {name} cannot be read",
            hint="install Ghala again",
            findings=tuple(findings),
        )
    return Product(
        name=name,
        id=parts.id,
        title=parts.title,
        version=parts.version,
        status=parts.status,
        owner=OWNER,
        contracts=found.contracts,
        pipeline=found.pipeline,
        inputs=tuple(dict.fromkeys(port.contract_id for port in parts.inputs)),
        definition=define(files),
        folder=folder,
        purpose=parts.purpose,
        tags=parts.tags,
        place=parts.place,
    )


def with_built_in(workspace: Workspace) -> Workspace:
    """Return a workspace with the built-in products after its own.

    Raises:
        DefinitionError: the installation is damaged.
    """
    domain, products = built_in()
    return replace(
        workspace,
        domains=(*workspace.domains, domain),
        products=(*workspace.products, *products),
    )
