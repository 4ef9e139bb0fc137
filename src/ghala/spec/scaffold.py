"""Scaffold: a new workspace with one small product that runs as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from ghala.errors import StorageError, UsageError
from ghala.model.names import IDENTIFIER

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = """\
name: @name@
# Everything that Ghala stores: the registry, the lake, copies of raw files, quarantined rows.
storage: .ghala
# Folders outside the products from which sources may read, by name:
# zones:
#   erp: /srv/landing/erp
"""

_DOMAIN = """\
owner: sales-team
description: Everything about what is sold.
"""

_PRODUCT = """\
# Open Data Product Standard: what the product is for, who owns it, what it delivers.
apiVersion: v1.0.0
kind: DataProduct
id: @product_id@
name: Orders
version: 1.0.0
status: active
domain: sales
description:
  purpose: Orders as they were placed, one row per order.
  usage: Read the dataset `sales.orders` with SQL.
outputPorts:
  - name: orders
    type: tables
    version: 1.0.0
    contractId: @contract_id@
team:
  name: sales-team
"""

_CONTRACT = """\
# Open Data Contract Standard: what consumers can rely on. A release that breaks it is not published.
apiVersion: v3.2.0
kind: DataContract
id: @contract_id@
name: orders
version: 1.0.0
status: active
domain: sales
description:
  purpose: One row per order.
schema:
  - id: orders
    name: orders
    logicalType: object
    description: One row per order.
    properties:
      - {name: order_id, logicalType: integer, primaryKey: true, required: true}
      - {name: customer, logicalType: string, required: true, logicalTypeOptions: {minLength: 1}}
      - {name: ordered_on, logicalType: date, required: true}
      - name: status
        logicalType: string
        required: true
        enum: [{value: placed}, {value: shipped}, {value: cancelled}]
      - name: amount
        description: Gross, in euros.
        logicalType: number
        physicalType: decimal(12,2)
        logicalTypeOptions: {minimum: 0}
        customProperties:
          # Rows that break a rule of this column are moved out instead of holding the release back.
          - {property: ghala.onFail, value: quarantine}
    quality:
      - {id: some_orders, type: library, metric: rowCount, mustBeGreaterThan: 0}
      - id: no_future_orders
        type: sql
        query: SELECT count(*) FROM ${object} WHERE ordered_on > current_date
        mustBe: 0
"""

_PIPELINE = """\
# How the datasets are made: sources are read, then steps run in this order.
sources:
  orders_export:
    type: csv
    files: raw/orders-*.csv
    columns:
      order_id: bigint
      customer: varchar
      ordered_on: date
      status: varchar
      amount: decimal(12,2)
steps:
  - name: orders
    sql: transforms/orders.sql
    dataset: orders
"""

_SQL = """\
-- One SELECT. It may read this product's sources and earlier steps by their names.
SELECT order_id, trim(customer) AS customer, ordered_on, lower(status) AS status, amount
FROM orders_export
"""

_RAW = """\
order_id,customer,ordered_on,status,amount
1,Asha,2026-01-05,Shipped,19.90
2,Juma,2026-01-05,Shipped,250.00
3,Neema,2026-01-06,Cancelled,12.50
4,Asha,2026-01-07,Shipped,7.25
5,Baraka,2026-01-08,Placed,99.00
"""

_README = """\
# Orders

One row per order, from the exports in `raw/`.

    ghala lint
    ghala run sales/orders
    ghala sql "SELECT status, sum(amount) FROM sales.orders GROUP BY status"
"""

_PRODUCT_FOLDER = "domains/sales/orders"
_FILES = {
    ".gitignore": ".ghala/\n",
    "ghala.yaml": _SETTINGS,
    "domains/sales/domain.yaml": _DOMAIN,
    f"{_PRODUCT_FOLDER}/README.md": _README,
    f"{_PRODUCT_FOLDER}/orders.odcs.yaml": _CONTRACT,
    f"{_PRODUCT_FOLDER}/pipeline.yaml": _PIPELINE,
    f"{_PRODUCT_FOLDER}/product.odps.yaml": _PRODUCT,
    f"{_PRODUCT_FOLDER}/raw/orders-2026-01.csv": _RAW,
    f"{_PRODUCT_FOLDER}/transforms/orders.sql": _SQL,
}
_MAY_BE_THERE = frozenset({".git"})


def init_workspace(target: Path, name: str) -> list[Path]:
    """Write a small, complete workspace into a new or empty folder and return its files.

    Raises:
        UsageError: the name cannot be one, or the folder has something in it; nothing was written.
        StorageError: the disk refused.
    """
    if not IDENTIFIER.fullmatch(name.replace("-", "_")):
        raise UsageError(
            f"`{name}` cannot be a workspace's name",
            hint="use lower-case letters, digits, `_` and `-`, a letter first: --name acme",
        )
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file", hint="name a folder")
    if target.is_dir() and {path.name for path in target.iterdir()} - _MAY_BE_THERE:
        raise UsageError(f"{target} is not empty", hint="name a new or empty folder")
    values = {"@name@": name, "@product_id@": str(uuid4()), "@contract_id@": str(uuid4())}
    written = []
    try:
        for relative, text in _FILES.items():
            path = target / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            for placeholder, value in values.items():
                text = text.replace(placeholder, value)  # noqa: PLW2901 - filled in step by step
            # "x": whatever appeared since the look into the folder is not overwritten either.
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            written.append(path)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already", hint="name a new or empty folder") from error
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or 'I/O error'}") from error
    return written
