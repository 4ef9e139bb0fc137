"""Every set of policies that was ever in force, with its time."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make its tables."""
