"""One audit chain for each process that writes, and signed checkpoints over all of them."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_BATCH = 5000


def upgrade() -> None:
    """Make its tables. What was recorded before becomes chain 0, with its hashes as they were: nothing is made good."""
    op.rename_table("audit", "audit_before")
    op.create_table(
        "audit",
        sa.Column("chain", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("tag", sa.String, nullable=False),
        sa.Column("principal", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("read_id", sa.String(32), nullable=False, server_default=""),
        sa.Column("objects", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "audit_chains",
        sa.Column("chain", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("writer", sa.String(32), nullable=False, unique=True),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signed_number", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
    )
    _move()
    op.create_index("audit_by_time", "audit", ["at", "chain", "number"])
    op.create_index("audit_by_read", "audit", ["read_id"])
    op.drop_table("audit_before")


def _move() -> None:
    columns = ("number", "at", "tag", "principal", "purpose", "objects", "detail")
    hashes = ("previous_sha256", "sha256")
    json_columns = {"objects", "detail"}
    before = sa.table(
        "audit_before",
        *(sa.column(name, sa.JSON if name in json_columns else None) for name in columns + hashes),
    )
    after = sa.table("audit", *map(sa.column, ("chain", *columns, "read_id", *hashes)))
    connection, last, first = op.get_bind(), None, None
    query = sa.select(before).order_by(before.c.number).limit(_BATCH)
    while rows := connection.execute(
        query if last is None else query.where(before.c.number > last.number)
    ).all():
        connection.execute(
            sa.insert(after),
            [
                {
                    **{name: getattr(row, name) for name in columns + hashes},
                    "chain": 0,
                    "objects": _canonical(row.objects),
                    "detail": _canonical(row.detail),
                    "read_id": str(row.detail.get("read_id", ""))[:32],
                }
                for row in rows
            ],
        )
        first, last = first or rows[0], rows[-1]
    if first is not None and last is not None:
        chains = sa.table(
            "audit_chains",
            *map(sa.column, ("chain", "writer", "begun_at", "number", "sha256", "signed_number")),
        )
        op.bulk_insert(
            chains,
            [
                {
                    "chain": 0,
                    "writer": "before there were chains",
                    "begun_at": first.at,
                    "number": last.number,
                    "sha256": last.sha256,
                    "signed_number": 0,
                }
            ],
        )


def _canonical(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()
