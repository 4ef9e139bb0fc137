"""Small workspaces for tests, written as a user would write them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset to promise: each column's facts as lines of ODCS under its name, and quality rules likewise.

    `columns` maps a name to its `physicalType`, optionally followed by `, key: value` pairs, as in
    `"bigint, primaryKey: true, required: true"`.
    """

    columns: Mapping[str, str]
    quality: Sequence[str] = ()
    extra: Sequence[str] = field(default_factory=tuple)


def write_workspace(root: Path, settings: str = "") -> Path:
    """Write an empty workspace; `settings` are further lines of ghala.yaml."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "ghala.yaml").write_text(f"name: test\n{settings}")
    return root


def write_product(
    root: Path,
    name: str,
    tables: Mapping[str, Table],
    pipeline: str,
    *,
    transforms: Mapping[str, str] | None = None,
    inputs: Sequence[str] = (),
) -> Path:
    """Write a product folder with one contract; `inputs` are the products whose contracts its input ports name."""
    domain, product = name.split("/")
    folder = root / "domains" / domain / product
    (folder / "transforms").mkdir(parents=True, exist_ok=True)
    (folder.parent / "domain.yaml").write_text(f"owner: {domain}-team\ndescription: Tests.\n")
    ports = "".join(
        f"  - {{name: {port.replace('/', '_')}, version: 1.0.0, contractId: {contract_id(port)}}}\n"
        for port in inputs
    )
    (folder / "product.odps.yaml").write_text(
        "apiVersion: v1.0.0\nkind: DataProduct\n"
        f"id: {contract_id(name + '#product')}\nname: {product}\nversion: 1.0.0\nstatus: active\ndomain: {domain}\n"
        "description: {purpose: A product of a test.}\n"
        f"outputPorts:\n  - {{name: {product}, version: 1.0.0, contractId: {contract_id(name)}}}\n"
        + (f"inputPorts:\n{ports}" if ports else "")
        + f"team: {{name: {domain}-team}}\n"
    )
    lines = [
        "apiVersion: v3.2.0", "kind: DataContract", f"id: {contract_id(name)}", f"name: {product}",
        "version: 1.0.0", "status: active", f"domain: {domain}", "schema:",
    ]  # fmt: skip
    for table, facts in tables.items():
        lines += [f"  - name: {table}", f"    id: {table}_object", "    logicalType: object"]
        lines += [f"    {line}" for line in facts.extra]
        lines += ["    properties:"]
        for column, described in facts.columns.items():
            physical, more = _split(described)
            lines += [f"      - name: {column}", f"        physicalType: {physical}"]
            lines += [f"        logicalType: {_logical(physical)}"]
            lines += [f"        {part}" for part in more]
        if facts.quality:
            lines += ["    quality:", *(f"      - {{{rule}}}" for rule in facts.quality)]
    (folder / f"{product}.odcs.yaml").write_text("\n".join(lines) + "\n")
    (folder / "pipeline.yaml").write_text(pipeline)
    for path, text in (transforms or {}).items():
        (folder / "transforms" / path).write_text(text)
    return folder


def contract_id(name: str) -> str:
    """Return the contract id that a test product has."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _split(described: str) -> tuple[str, list[str]]:
    """Split `decimal(12,2), required: true` at the commas that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(described):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append(described[start:position].strip())
            start = position + 1
    parts.append(described[start:].strip())
    return parts[0], parts[1:]


def _logical(physical: str) -> str:
    kinds = {
        "bigint": "integer", "integer": "integer", "int": "integer", "varchar": "string", "double": "number",
        "date": "date", "timestamp": "timestamp", "timestamptz": "timestamp", "boolean": "boolean",
        "time": "time", "uuid": "string",
    }  # fmt: skip
    return "number" if physical.startswith("decimal") else kinds[physical]
