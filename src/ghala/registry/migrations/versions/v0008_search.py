"""What can be found, and what people looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# One index of words for each database: its rows have the numbers of the assets.
_WORDS = {
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE search_words USING fts5("
            "name, context, tags, description, facets, tokenize = \"ascii tokenchars '_'\", "
            "prefix = '1 2 3 4', detail = column, columnsize = 0)"
        ),
    ),
    "postgresql": (
        "CREATE TABLE search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX search_words_by_word ON search_words USING gin (words) WITH (fastupdate = off)",
    ),
}


def upgrade() -> None:
    """Make its tables; what can be found is written into them by whoever searches first."""
    op.create_table(
        "search_assets",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_index("search_assets_by_name", "search_assets", ["kind", "name"], unique=True)
    op.create_index("search_assets_by_source", "search_assets", ["source"])
    op.create_table(
        "search_sources",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "search_trigrams",
        sa.Column("trigram", sa.String, primary_key=True),
        sa.Column("word", sa.String, primary_key=True),
    )
    op.create_table(
        "search_misses",
        sa.Column("words", sa.String, primary_key=True),
        sa.Column("domain", sa.String, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
    )
    op.create_index("search_misses_by_time", "search_misses", ["last_at"])
    op.create_table(
        "ratings",
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("stars", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("rated_at", sa.BigInteger, nullable=False),
    )
    for statement in _WORDS[op.get_bind().dialect.name]:
        op.execute(statement)
