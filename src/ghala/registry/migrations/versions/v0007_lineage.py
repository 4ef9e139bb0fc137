"""Where the columns of each release come from, and what was declared about them."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make its tables."""
