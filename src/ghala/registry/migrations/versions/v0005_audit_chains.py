"""One audit chain for each process that writes, and signed checkpoints over all of them."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make its tables."""
