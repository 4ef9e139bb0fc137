"""A small, correct workspace whose files tests replace one by one."""

from pathlib import Path

import pytest

from ghala.spec.finding import Findings
from ghala.spec.lint import lint_workspace
from ghala.spec.load import load_workspace
from ghala.spec.settings_file import load_settings

PRODUCT = "domains/sales/orders"
GOOD = {
    "ghala.yaml": "name: acme\nzones:\n  erp: landing\n",
    "landing/keep.txt": "",
    "domains/sales/domain.yaml": "owner: sales-team\n",
    f"{PRODUCT}/product.odps.yaml": """\
apiVersion: v1.0.0
kind: DataProduct
id: product-1
name: Orders
version: 1.0.0
status: active
domain: sales
outputPorts:
  - {name: orders, version: 1.0.0, contractId: contract-1}
""",
    f"{PRODUCT}/orders.odcs.yaml": """\
apiVersion: v3.2.0
kind: DataContract
id: contract-1
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - {name: id, logicalType: integer, required: true}
      - {name: amount, logicalType: number, physicalType: "decimal(12,2)"}
      - {name: note, logicalType: string}
""",
    f"{PRODUCT}/pipeline.yaml": """\
sources:
  export:
    type: csv
    files: raw/*.csv
    columns: {id: bigint, amount: "decimal(12,2)", note: varchar}
steps:
  - name: orders
    sql: transforms/orders.sql
    dataset: orders
""",
    f"{PRODUCT}/transforms/orders.sql": "SELECT * FROM export\n",
}


class Folder:
    """A workspace on disk; `known` are the options that its source check lets pass."""

    def __init__(self, root):
        self.root = root
        self.asked = []
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, "utf-8")
        return path

    def change(self, name, old, new):
        text = (self.root / name).read_text("utf-8")
        assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def check_source(self, source, zones):
        self.asked.append((source.name, dict(zones)))
        return ()

    def lint(self, **keywords):
        return lint_workspace(self.root, self.check_source, environment={}, **keywords)

    def found(self, **keywords):
        """Return all findings as `file:line:column code`, the file without its folders."""
        return [
            f"{Path(found.place.file).name}:{found.place.line}:{found.place.column} {found.code}"
            for found in self.lint(**keywords)
        ]

    def load(self):
        settings = load_settings(self.root, environment={})
        return load_workspace(self.root, settings, self.check_source)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "acme")


@pytest.fixture
def findings():
    return Findings()
