"""Runs migrations on the connection that `registry.migrate` hands over; there is no other way in."""

from alembic import context

from ghala.registry import tables
from ghala.registry.collate import collate

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    transactional_ddl=True,
)
context.run_migrations()
collate(context.get_context())
