"""How far runs are, and what became of promises: checks, service levels, incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make its tables and columns."""
    op.add_column("runs", sa.Column("started_by", sa.String))
    op.add_column("runs", sa.Column("error_code", sa.String))
    op.add_column("runs", sa.Column("hint", sa.Text))
    op.create_index("runs_by_state", "runs", ["state"])
    _running()
    _promising()
    _incidents()
    _carry_over_checks()


def _running() -> None:
    op.create_table(
        "run_steps",
        sa.Column("run_id", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("reads", sa.JSON, nullable=False),
        sa.Column("dataset", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("began_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("rows_in", sa.BigInteger),
        sa.Column("rows_out", sa.BigInteger),
        sa.Column("quarantined", sa.BigInteger),
    )
    op.create_table(
        "run_lines",
        sa.Column("run_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )


def _promising() -> None:
    op.create_table(
        "dataset_checks",
        sa.Column("run_id", sa.String, primary_key=True),
        sa.Column("dataset_id", sa.String, primary_key=True),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("dataset", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("release", sa.BigInteger),
        sa.Column("report", sa.JSON, nullable=False),
    )
    columns = ["environment", "dataset_id", "at"]
    op.create_index("dataset_checks_by_dataset", "dataset_checks", columns)
    op.create_table(
        "level_starts",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("dataset_id", sa.String, primary_key=True),
        sa.Column("level", sa.String, primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "level_misses",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("dataset_id", sa.String, primary_key=True),
        sa.Column("level", sa.String, primary_key=True),
        sa.Column("since_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("until_s", sa.BigInteger, nullable=False),
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("dataset_ids", sa.JSON, nullable=False),
        sa.Column("run_id", sa.String),
        sa.Column("open_key", sa.String, unique=True),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("opened_by", sa.String, nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger),
        sa.Column("acknowledged_by", sa.String),
        sa.Column("resolved_at", sa.BigInteger),
        sa.Column("resolved_by", sa.String),
    )
    columns = ["environment", "product", "opened_at"]
    op.create_index("incidents_by_product", "incidents", columns)
    op.create_index("incidents_by_time", "incidents", ["environment", "opened_at"])
    op.create_table(
        "incident_events",
        sa.Column("incident", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )


def _carry_over_checks() -> None:
    """Take the reports of earlier runs over, of the datasets whose identity a release knows."""
    connection = op.get_bind()
    runs = sa.table(
        "runs", *(sa.column(name) for name in ("id", "environment", "release", "finished_at")),
        sa.column("reports", sa.JSON),
    )  # fmt: skip
    named = sa.table(
        "release_datasets",
        *(sa.column(name) for name in ("environment", "domain", "dataset", "dataset_id", "number")),
    )
    checks = sa.table(
        "dataset_checks",
        *(sa.column(name) for name in ("run_id", "dataset_id", "environment", "dataset")),
        *(sa.column(name) for name in ("at", "release")),
        sa.column("report", sa.JSON),
    )
    ids = {
        (row.environment, f"{row.domain}.{row.dataset}"): row.dataset_id
        for row in connection.execute(sa.select(named).order_by(named.c.number))
    }
    ended = sa.select(runs).where(runs.c.finished_at.is_not(None)).order_by(runs.c.finished_at)
    rows = [
        {
            "run_id": run.id,
            "dataset_id": ids[run.environment, report["dataset"]],
            "environment": run.environment,
            "dataset": report["dataset"],
            "at": run.finished_at,
            "release": run.release,
            "report": report,
        }
        for run in connection.execute(ended)
        for report in run.reports or ()
        if (run.environment, report["dataset"]) in ids
    ]
    if rows:
        connection.execute(sa.insert(checks), rows)
