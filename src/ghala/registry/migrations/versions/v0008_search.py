"""What can be found, and what people looked for."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make its tables."""
