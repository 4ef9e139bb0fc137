import pytest
from sqlalchemy import delete, update

from ghala.model.audit import AuditEntry, AuditTag
from ghala.registry import audit, tables

ENTRY = AuditEntry(
    AuditTag.DATASET_READ, "owner:local", "administration", ("sales.orders",), {"rows": 3}
)


@pytest.fixture
def chain(registry):
    for _ in range(4):
        with registry.write() as connection:
            audit.append(connection, ENTRY)
    return registry


def test_an_untouched_chain_holds(chain):
    with chain.read() as connection:
        assert audit.first_break(connection) is None


def test_an_edited_entry_breaks_the_chain_there(chain):
    with chain.write() as connection:
        connection.execute(update(tables.audit).filter_by(number=2).values(principal="somebody"))
    with chain.read() as connection:
        assert audit.first_break(connection) == 2


def test_a_removed_entry_breaks_the_chain_after_it(chain):
    with chain.write() as connection:
        connection.execute(delete(tables.audit).filter_by(number=3))
    with chain.read() as connection:
        assert audit.first_break(connection) == 4
