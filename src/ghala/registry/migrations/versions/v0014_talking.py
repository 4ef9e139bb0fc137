"""What people tell each other about data."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make its tables."""
    op.create_table(
        "votes",
        sa.Column("about", sa.String, primary_key=True),
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("voted_at", sa.BigInteger, nullable=False),
    )
    _make_tickets()
    _make_wishes()
    _make_queries()
    op.create_table(
        "read_counts",
        sa.Column("dataset", sa.String, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("principal", sa.String, primary_key=True),
        sa.Column("reads", sa.BigInteger, nullable=False),
    )
    op.create_index("read_counts_by_principal", "read_counts", ["principal", "dataset"])
    op.create_table(
        "counted_chains",
        sa.Column("chain", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )


def _make_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("dataset_id", sa.String, nullable=False),
        sa.Column("dataset", sa.String, nullable=False),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("column", sa.String),
        sa.Column("release", sa.Integer),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("expected", sa.Text, nullable=False),
        sa.Column("opened_by", sa.String, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("mended_in", sa.Integer),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
    )
    op.create_index("tickets_by_dataset", "tickets", ["dataset_id", "opened_at"])
    op.create_index("tickets_by_opener", "tickets", ["opened_by", "opened_at"])
    op.create_table(
        "ticket_events",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("ticket", sa.String(12), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ticket_events_by_ticket", "ticket_events", ["ticket", "number"])


def _make_wishes() -> None:
    op.create_table(
        "wishes",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("domain", sa.String, nullable=False),
        sa.Column("wished_by", sa.String, nullable=False),
        sa.Column("wished_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("roadmap_item", sa.String),
        sa.Column("dataset", sa.String),
        sa.Column("merged_into", sa.String(12)),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
    )
    op.create_index("wishes_by_words", "wishes", ["words"])
    op.create_index("wishes_by_state", "wishes", ["state", "wished_at"])
    op.create_table(
        "wish_events",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("wish", sa.String(12), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("wish_events_by_wish", "wish_events", ["wish", "number"])


def _make_queries() -> None:
    op.create_table(
        "saved_queries",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("sql", sa.Text, nullable=False),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("shared_with", sa.String, nullable=False),
        sa.Column("reads", sa.JSON, nullable=False),
        sa.Column("saved_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("run_count", sa.BigInteger, nullable=False),
        sa.Column("last_run_at", sa.BigInteger),
    )
    op.create_index("saved_queries_by_name", "saved_queries", ["owner", "name"], unique=True)
    op.create_index("saved_queries_by_sharing", "saved_queries", ["shared_with"])
    op.create_table(
        "saved_query_datasets",
        sa.Column("dataset", sa.String, primary_key=True),
        sa.Column("query", sa.String(12), primary_key=True),
    )
    op.create_table(
        "asked_statements",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("sql", sa.Text, nullable=False),
    )
    op.create_index("asked_statements_by_account", "asked_statements", ["account", "number"])
