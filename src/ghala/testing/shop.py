"""A small organisation for tests: one opened workspace, whose products and files each test adds as it needs them."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import ghala
from ghala.model.names import DatasetName
from ghala.model.principal import OWNER_LOCAL
from ghala.model.purpose import PRODUCTION
from ghala.registry import releases
from ghala.registry.registry import open_registry
from ghala.sql.scan import scan_query
from ghala.testing.workspace import Table, write_product, write_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.app import App
    from ghala.lake.files import Disk
    from ghala.model.outcome import RunOutcome

PROFILED = (
    "zones: {in: landing}\nengine: {threads: 1, memory_mb: 1024}\nruns: {lease_s: 60, wait_s: 60}\n"
)
SETTINGS = f"{PROFILED}profiles: {{sample_rows: 0}}\n"
"""Without profiles, which take a third of the time of a small release; `PROFILED` makes them, as users have it."""
ORDERS = Table({"id": "bigint, primaryKey: true, required: true", "amount": "decimal(12,2)"})


@cache
def _empty_registry() -> bytes:
    """Return the file of a registry with its tables: migrations take longer than most tests."""
    with TemporaryDirectory() as folder:
        open_registry(None, Path(folder)).close()
        return (Path(folder) / "registry.db").read_bytes()


def write_registry(folder: Path) -> None:
    """Write an empty registry of its own id, as the first process that opens the workspace would make it."""
    folder.mkdir(exist_ok=True)
    path = folder / "registry.db"
    path.write_bytes(_empty_registry())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE epoch SET registry_id = ?", (uuid.uuid4().hex,))


@dataclass(slots=True)
class Shop:
    """A workspace with the landing zone `in`, and the app that has it open."""

    folder: Path
    app: App

    @classmethod
    def open(cls, folder: Path, settings: str = SETTINGS, *, disk: Disk | None = None) -> Shop:
        """Write an empty workspace into a folder and open it."""
        write_workspace(folder, settings)
        (folder / "landing").mkdir()
        if "registry:" not in settings and "storage:" not in settings:
            write_registry(folder / ".ghala")
        return cls(folder, ghala.open(folder, disk=disk))

    def reopen(self) -> App:
        """Close the workspace and open it again, as the next process would find it."""
        self.app.close()
        self.app = ghala.open(self.folder)
        return self.app

    def put(self, name: str, text: str) -> Path:
        """Put a file into the landing zone."""
        path = self.folder / "landing" / name
        path.write_text(text)
        return path

    def add(
        self,
        product: str = "sales/orders",
        table: Table = ORDERS,
        *,
        files: str = "*.csv",
        materialisation: str = "append",
        on_fail: str = "block",
    ) -> Path:
        """Add a product of one dataset of its own name, landed from CSV files."""
        name = product.split("/")[1]
        return write_product(
            self.folder,
            product,
            {name: table},
            f"sources:\n  rows: {{type: csv, zone: in, files: '{files}'}}\nsteps:\n"
            f"  - {{name: land, source: rows, dataset: {name}, materialisation: {materialisation}, "
            f"on_fail: {on_fail}}}\n",
        )

    def add_query(
        self,
        product: str,
        table: Table,
        sql: str,
        *,
        inputs: tuple[str, ...] = (),
        materialisation: str = "replace",
    ) -> Path:
        """Add a product of one dataset of its own name, made by one statement."""
        name = product.split("/")[1]
        return write_product(
            self.folder,
            product,
            {name: table},
            f"steps:\n  - {{name: make, sql: transforms/make.sql, dataset: {name}, "
            f"materialisation: {materialisation}}}\n",
            transforms={"make.sql": sql + "\n"},
            inputs=inputs,
        )

    def agree(
        self,
        dataset: str,
        product: str,
        columns: tuple[str, ...] = ("*",),
        *,
        rows: object = None,
    ) -> str:
        """Let a product read a dataset of another one, and return the agreement's id."""
        requests = self.app.access.requests
        asked = requests.request(
            dataset,
            by=OWNER_LOCAL,
            purpose=PRODUCTION.name,
            until=datetime.now(UTC) + timedelta(days=30),
            justification="a test",
            columns=columns,
            grantee=f"product:{product}",
            rows=rows,
        )
        requests.decide(asked.id, by=OWNER_LOCAL, is_approved=True)
        return asked.id

    def run(
        self,
        product: str = "sales/orders",
        *,
        environment: str = "prod",
        wait_s: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> RunOutcome:
        """Run one product and return how it ended."""
        return self.app.run([product], environment=environment, wait_s=wait_s, progress=progress)[0]

    def publish(self, product: str = "sales/orders", *, environment: str = "prod") -> int:
        """Run one product, which must publish, and return its release's number."""
        outcome = self.run(product, environment=environment)
        if outcome.error is not None:
            raise outcome.error
        if outcome.release is None:
            raise AssertionError(f"{product} published nothing")
        return outcome.release.number

    def stored(
        self, dataset: str = "sales.orders", *, environment: str = "prod"
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a dataset's current release, sorted, read past the read door and its worker."""
        name = DatasetName.parse(dataset)
        with self.app._registry.read() as connection:  # noqa: SLF001 - looks at what is stored
            pin = releases.current(connection, environment, [name])[name]
        scan = self.app._scans.of(pin.dataset.metadata_location, pin.dataset.snapshot_id)  # noqa: SLF001 - likewise
        with self.app._engine.session() as session:  # noqa: SLF001 - likewise
            return sorted(session.rows(scan_query(scan).sql(dialect="duckdb")), key=repr)
