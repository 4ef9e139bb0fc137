"""Releases and the latency that contracts promise: what one is judged by, and when its incident ends."""

from datetime import UTC, datetime, timedelta

import pytest

from ghala.model.principal import OWNER_LOCAL
from ghala.quality import profile
from ghala.testing.shop import PROFILED, Shop
from ghala.testing.workspace import Table


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "shop", PROFILED)
    yield shop
    shop.app.close()


def put(shop, name, *hours_ago):
    """Put a file of parcels that were sent some hours ago, which are their ids."""
    now = datetime.now(UTC)
    sent = {hours: now - timedelta(hours=hours) for hours in hours_ago}
    rows = [f"{hours},{one:%Y-%m-%d %H:%M:%S}\n" for hours, one in sent.items()]
    shop.put(name, "id,sent_at\n" + "".join(rows))


def promise(shop, column="timestamp", **how):
    """Promise that parcels are known within two hours of being sent."""
    table = Table({"id": "bigint, primaryKey: true, required: true", "sent_at": column})
    folder = shop.add(table=table, **how)
    contract = folder / "orders.odcs.yaml"
    level = "{property: latency, value: 2, unit: h, element: orders.sent_at}"
    contract.write_text(f"{contract.read_text()}slaProperties:\n  - {level}\n")


def incidents(shop):
    shop.app.look_for_incidents()
    found = shop.app.incident_list()
    return [(one["id"], one["state"]) for one in found]


def latency(shop):
    (level,) = shop.app.levels.of("sales.orders", OWNER_LOCAL)["levels"]
    return level["is_met"]


def test_a_release_that_is_late_too_ends_no_incident(shop):
    promise(shop, materialisation="replace")
    put(shop, "1.csv", 5)
    shop.publish()
    ((first, state),) = incidents(shop)
    assert state == "open"
    put(shop, "1.csv", 4, 5)
    shop.publish()
    assert incidents(shop) == [(first, "open")]
    put(shop, "1.csv", 1)
    shop.publish()
    ((same, state),) = incidents(shop)
    assert (same, state) == (first, "resolved")


def test_old_rows_that_are_added_to_many_make_nothing_late(shop, monkeypatch):
    monkeypatch.setattr(profile, "MOST_EXISTING_ROWS", 0)
    promise(shop)
    put(shop, "1.csv", 1)
    shop.publish()
    for number in (2, 3):
        put(shop, f"{number}.csv", 400 + number)
        shop.publish()
    assert latency(shop) is True
    assert incidents(shop) == []
    # What a rollback took out is not there any more.
    put(shop, "4.csv", 0)
    shop.publish()
    shop.app.roll_back("sales/orders", 2, reason="a test")
    put(shop, "5.csv", 500)
    (shop.folder / "landing" / "4.csv").unlink()
    shop.publish()
    assert latency(shop) is True


@pytest.mark.parametrize("column", ["date", "timestamp"])
def test_a_moment_that_stands_for_never_is_none(shop, column):
    promise(shop, column)
    never = "9999-12-31" if column == "date" else "9999-12-31 23:59:59"
    shop.put("1.csv", f"id,sent_at\n1,{never}\n")
    assert shop.publish() == 1
    assert latency(shop) is None
