"""What tests of repaired rows ask about one dataset, and how they release its rows."""

from ghala.testing.workspace import Table

HEADER = "id,amount\n"
ORDERS = Table(
    {"id": "bigint, primaryKey: true, required: true", "amount": "decimal(12,2), required: true"}
)
STATES = ("open", "fixed", "released", "discarded")
DATASET = "sales.orders"


def page(shop, **asked):
    """Return what is kept out, which is in one state each."""
    found = shop.app.kept_out(DATASET, **asked)
    assert found["quarantined"] == sum(found[state] for state in STATES)
    return found


def only(shop, **asked):
    """Return the one row that is kept out."""
    (row,) = page(shop, **asked)["rows"]
    return row


def release(shop, rows=None):
    """Release edited rows, all of them or some, and return the run's outcome."""
    outcome = shop.app.release_rows(DATASET, rows)
    if outcome.error is not None:
        raise outcome.error
    return outcome
