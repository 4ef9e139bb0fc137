"""What the HTTP API remembers between requests: idempotency keys and long questions."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make its tables."""
