"""How many rows reads gave, and what the owners of products reply to ratings."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def upgrade() -> None:
    """Add the columns; every rating that is there gets an id."""
    op.add_column(
        "read_counts", sa.Column("rows", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column("ratings", sa.Column("id", sa.String(12), nullable=False, server_default=""))
    op.add_column("ratings", sa.Column("reply", sa.Text, nullable=False, server_default=""))
    op.add_column("ratings", sa.Column("replied_at", sa.BigInteger))
    known = sa.table("ratings", sa.column("product"), sa.column("account"), sa.column("id"))
    connection = op.get_bind()
    for product, account in connection.execute(sa.select(known.c.product, known.c.account)).all():
        made = "".join(secrets.choice(_LETTERS) for _ in range(12))
        one = (known.c.product == product) & (known.c.account == account)
        connection.execute(sa.update(known).where(one).values(id=made))
