"""What is said of rows that were kept out, with their values, for those alone who may see them; and that it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ghala.governance.audit import entry
from ghala.model.audit import AuditTag
from ghala.model.quarantine import CHECK, can_edit
from ghala.query.kept_row import LONGEST_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.audit import AuditEntry
    from ghala.model.contract import Dataset
    from ghala.model.names import ProductName
    from ghala.model.principal import Principal
    from ghala.query.discover import Facts
    from ghala.query.kept_row import Found


def facts(one: Found, why_not: str | None) -> Facts:
    """Return a row with its reason, its values and what became of it, ready for JSON."""
    row, repair = one.row, one.repair
    is_check = row.batch.kind == CHECK
    fixed = None if repair is None else repair.fixed
    return {
        "id": row.id,
        "kind": row.batch.kind,
        "run": row.batch.run_id,
        "step": row.batch.step,
        "kept_out_at": row.batch.created_at,
        "file": row.file,
        "record": row.record,
        "line": row.line,
        "reasons": list(row.reasons),
        "column": row.column,
        "message": row.message,
        "raw": None if row.raw is None else text(row.raw[:LONGEST_SHOWN], encoding_of(one)),
        "is_whole": row.raw is None
        or (len(row.raw) <= LONGEST_SHOWN and not written_out(row.raw, encoding_of(one))),
        "values": values(one) if is_check else None,
        "state": one.state.value,
        "fixed_raw": None if fixed is None or is_check else text(fixed, encoding_of(one)),
        "fixed_values": json.loads(fixed) if fixed is not None and is_check else None,
        "refused": None
        if repair is None or repair.fault is None
        else {
            "reason": repair.fault.reason,
            "column": repair.fault.column,
            "message": repair.fault.message,
        },
        "note": None if repair is None else repair.note,
        "release": None if repair is None else repair.release,
        "changed_at": None if repair is None else repair.at,
        "changed_by": None if repair is None else repair.by,
        "why_not": why_not,
    }


def values(one: Found) -> list[Facts]:
    """Return the values of a row that broke rules, as text, in the order of the contract."""
    found = one.row.values or {}
    return [
        {
            "column": column.name,
            "type": str(column.type).lower(),
            "value": _shown(found.get(column.name)),
            "can_edit": can_edit(column.type),
        }
        for column in one.dataset.columns
    ]


def encoding_of(one: Found) -> str:
    """Return the encoding of the files that a row comes from."""
    sources = one.product.pipeline.sources if one.product.pipeline else ()
    options = next((source.options for source in sources if source.name == one.row.batch.step), {})
    return str(options.get("encoding", "utf-8"))


def text(raw: bytes, encoding: str = "utf-8") -> str:
    r"""Return the bytes of a record as text; what is none is written out.

    >>> text(b"a\xff")
    'a\\xff'
    """
    return raw.decode(encoding, "backslashreplace")


def written_out(raw: bytes, encoding: str = "utf-8") -> dict[str, int]:
    r"""Return what `text` writes for bytes that are no text, and how often it stands there as text besides.

    >>> written_out(rb"a\xff" + b"\xff\xfe")
    {'\\xfe': 0, '\\xff': 1}
    """
    shown, plain = text(raw, encoding), raw.decode(encoding, "ignore")
    codes = (f"\\x{byte:02x}" for byte in sorted(set(raw)))
    return {code: plain.count(code) for code in codes if shown.count(code) > plain.count(code)}


def _shown(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict | list):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)


def read_entry(
    by: Principal, product: ProductName, shown: Sequence[Dataset], environment: str, rows: int
) -> AuditEntry:
    """Return what is recorded when somebody is shown rows that were kept out, which have all columns in clear."""
    datasets = {
        str(one.name): {"columns": [column.name for column in one.columns]} for one in shown
    }
    detail = {"environment": environment, "rows": rows, "datasets": datasets}
    return entry(AuditTag.QUARANTINE_READ, by, (str(product), *sorted(datasets)), detail)
