"""Who somebody is at an identity provider."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make its tables."""
