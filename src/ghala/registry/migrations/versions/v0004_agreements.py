"""Requests for access, what was decided, and the agreements that are in force."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make its tables."""
