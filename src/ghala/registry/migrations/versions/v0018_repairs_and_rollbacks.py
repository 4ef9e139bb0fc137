"""A row that broke rules and that no other run makes again is known by its run and its place there."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_REPAIRS = sa.table(
    "quarantine_repairs",
    *(
        sa.column(name)
        for name in (
            "row", "environment", "product", "place", "kind", "path", "position", "file", "record",
            "state", "fixed", "note", "reason", "message", "fault_column", "release", "at",
            "principal",
        )
    ),
)  # fmt: skip
_RELEASES = sa.table(
    "quarantine_releases", sa.column("row"), sa.column("ended_by"), sa.column("fixed")
)
_RUNS = sa.table("runs", sa.column("id"), sa.column("state"), sa.column("rolls_back"))
_STEPS = sa.table(
    "run_steps",
    sa.column("run_id"),
    sa.column("position"),
    sa.column("kind"),
    sa.column("reads", sa.JSON),
)
_OF_A_RELEASE = "release "


def upgrade() -> None:
    """Give what was decided about rows of runs that published the ids that those rows have now, and keep edits.

    Runs that rolled back say so.
    """
    op.add_column("quarantine_releases", sa.Column("fixed", sa.LargeBinary))
    connection = op.get_bind()
    _rename_rows(connection)
    edit = sa.select(_REPAIRS.c.fixed).where(_REPAIRS.c.row == _RELEASES.c.row).scalar_subquery()
    in_data = _RELEASES.c.ended_by.is_(None)
    connection.execute(sa.update(_RELEASES).where(in_data).values(fixed=edit))
    op.add_column("runs", sa.Column("rolls_back", sa.BigInteger))
    first = (_STEPS.c.position == 0) & (_STEPS.c.kind == "publish")
    for run_id, reads in connection.execute(
        sa.select(_STEPS.c.run_id, _STEPS.c.reads).where(first)
    ).all():
        # Of any other run it would be a step that is published, whose name has no blank.
        if reads and reads[0].startswith(_OF_A_RELEASE):
            number = int(reads[0].removeprefix(_OF_A_RELEASE))
            one = _RUNS.c.id == run_id
            connection.execute(sa.update(_RUNS).where(one).values(rolls_back=number))
    op.create_table(
        "made_anew",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("dataset", sa.String, primary_key=True),
        sa.Column("release", sa.BigInteger, primary_key=True, autoincrement=False),
    )
    op.create_index("asked_statements_by_time", "asked_statements", ["asked_at"])
    op.create_index("saved_query_datasets_by_query", "saved_query_datasets", ["query"])


def _rename_rows(connection: sa.Connection) -> None:
    published = sa.select(_RUNS.c.state).where(_RUNS.c.state == "published")
    rows = connection.execute(sa.select(_REPAIRS).where(_REPAIRS.c.kind == "check")).mappings()
    for row in rows.all():
        run_id = row["path"].split("/")[0]
        if connection.execute(published.where(_RUNS.c.id == run_id)).first() is None:
            continue
        made = _id(row, run_id)
        connection.execute(sa.insert(_REPAIRS).values(**{**row, "row": made}))
        if row["fixed"] is None:
            # Given up. Where each run makes the dataset anew, it is found again by its values.
            continue
        old = _REPAIRS.c.row == row["row"]
        connection.execute(sa.delete(_REPAIRS).where(old))
        taken = sa.update(_RELEASES).where(_RELEASES.c.row == row["row"])
        connection.execute(taken.values(row=made))


def _id(row: sa.RowMapping, run_id: str) -> str:
    head = [row["environment"], row["product"], row["place"], run_id, row["position"]]
    return hashlib.sha256(json.dumps(head).encode() + b"\0").hexdigest()[:32]
