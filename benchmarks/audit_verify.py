"""Case: an audit of many entries is verified, in SQLite."""

from __future__ import annotations

import sys
from pathlib import Path

from clock import Clock

_AT_ONCE = 5000


def setup(folder: Path, count: int) -> None:
    """Record `count` reads, as the read door records them."""
    from ghala.model.audit import AuditEntry, AuditTag
    from ghala.registry import audit
    from ghala.registry.registry import open_registry

    detail = {
        "read_id": "4f" * 16,
        "statement_sha256": "ab" * 32,
        "environment": "prod",
        "datasets": {
            "sales.orders": {
                "release": 17,
                "columns": ["order_id", "region", "amount", "ordered_on"],
                "masked": ["email"],
                "reasons": ["allowed by policy ghala.public-is-read: the dataset is public"],
            }
        },
        "endpoint": "rest",
        "policy_version": "cd" * 32,
        "credential": "token:4fT0pXbq81Zc",
    }
    entry = AuditEntry(AuditTag.DATASET_READ, "user:amina", "analytics", ("sales.orders",), detail)
    registry = open_registry(None, folder)
    for _ in range(count // _AT_ONCE):
        with registry.write() as connection:
            audit.append_all(connection, [entry] * _AT_ONCE)
    registry.close()


def ours(folder: Path, _count: int) -> None:
    """Verify all of them."""
    from ghala.registry.audit_check import check_entries
    from ghala.registry.registry import open_registry

    registry = open_registry(None, folder)
    with registry.read() as connection, Clock() as clock:
        checked = check_entries(connection)
        clock.facts["entries"] = checked.entries
    registry.close()
    if checked.faults:
        raise SystemExit(checked.faults[0].words)


if __name__ == "__main__":
    side, where, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    setup(where, number) if side == "setup" else ours(where, number)
