"""Our Iceberg catalog: its pointers are the registry's current releases, and only a promotion moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pyiceberg.catalog import MetastoreCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table

from ghala.lake.fileio import ROOT, LakeFileIO, location_of, read_metadata
from ghala.model.names import DatasetName

if TYPE_CHECKING:
    from pathlib import Path

    from pyiceberg.io import FileIO
    from pyiceberg.typedef import Identifier, Properties


class Pointers(Protocol):
    """Where every dataset points now: paths of metadata files below the lake's root."""

    def all(self) -> dict[DatasetName, str]:
        """Return the current metadata file of every released dataset."""


class LakeCatalog(MetastoreCatalog):
    """A read-only Iceberg catalog over the current releases of one environment.

    Everything that would change a table is refused: data is published through a product's pipeline, where its contract
    is checked.
    """

    def __init__(self, root: Path, pointers: Pointers) -> None:
        super().__init__("ghala", **{ROOT: str(root)})
        self._root = root
        self._pointers = pointers

    def load_table(self, identifier: str | Identifier) -> Table:
        """Return a dataset as its current release has it."""
        domain, dataset = self.identifier_to_database_and_table(identifier, NoSuchTableError)
        location = self._pointers.all().get(DatasetName(domain, dataset))
        if location is None:
            raise NoSuchTableError(f"no release of {domain}.{dataset}")
        return _load(self, (domain, dataset), location_of(location), self._load_file_io())

    def list_namespaces(self, namespace: str | Identifier = ()) -> list[Identifier]:
        """Return the domains that have released anything."""
        return (
            []
            if namespace
            else [(domain,) for domain in sorted({n.domain for n in self._pointers.all()})]
        )

    def list_tables(self, namespace: str | Identifier) -> list[Identifier]:
        """Return the released datasets of a domain."""
        domain = self.identifier_to_database(namespace)
        return sorted((n.domain, n.dataset) for n in self._pointers.all() if n.domain == domain)

    def load_namespace_properties(self, namespace: str | Identifier) -> Properties:  # noqa: ARG002 - the signature of Iceberg
        """Return nothing: a domain's facts stand in its files."""
        return {}

    def list_views(self, namespace: str | Identifier) -> list[Identifier]:  # noqa: ARG002 - the signature of Iceberg
        """Return no views."""
        return []

    def view_exists(self, identifier: str | Identifier) -> bool:  # noqa: ARG002 - the signature of Iceberg
        """Return that there is no view."""
        return False

    def _load_file_io(self, properties: Properties = {}, location: str | None = None) -> FileIO:  # noqa: ARG002, B006 - likewise
        return LakeFileIO(self.properties)

    def _refuse(self, *_arguments: Any, **_options: Any) -> Any:
        raise PermissionError("Ghala's catalog is read-only: publish through a product's pipeline")

    commit_table = create_table = create_table_transaction = drop_table = purge_table = _refuse
    rename_table = register_table = create_namespace = drop_namespace = _refuse
    update_namespace_properties = load_view = drop_view = create_view = register_view = _refuse


def _load(catalog: LakeCatalog, identifier: Identifier, location: str, io: FileIO) -> Table:
    return Table(identifier, read_metadata(io, location), location, io, catalog)
