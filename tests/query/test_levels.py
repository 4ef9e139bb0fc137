"""Service levels over releases: met or missed now, the budget, what contracts say, and what is kept by releases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from ghala.errors import NotFoundError, UsageError
from ghala.model.principal import OWNER_LOCAL
from ghala.query.levels import Levels
from ghala.registry import tables
from ghala.testing.shop import PROFILED, Shop
from ghala.testing.workspace import Table

US = 1_000_000
DAY_S = 24 * 3600


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "acme", PROFILED)
    folder = shop.add(files="a.csv", materialisation="replace")
    promise(
        folder,
        "{property: frequency, value: 1, unit: d}",
        "{property: retention, value: 1, unit: y}",
    )
    shop.put("a.csv", "id,amount\n1,1.00\n")
    yield shop
    shop.app.close()


def promise(folder, *levels, target=None):
    contract = folder / "orders.odcs.yaml"
    text = contract.read_text().split("slaProperties:")[0]
    lines = "".join(f"  - {level}\n" for level in levels)
    custom = (
        f"customProperties: [{{property: ghala.serviceLevelTarget, value: {target}}}]\n"
        if target
        else ""
    )
    contract.write_text(f"{text}slaProperties:\n{lines}{custom}")


def looked(shop, later_s, **options):
    """Return the levels of the orders by name, as they are some seconds after the last release."""
    release = shop.app.releases("sales/orders")[0]
    now_us = int(release.created_at.timestamp()) * US + later_s * US
    levels = Levels(shop.app.discovery, lambda: now_us)
    found = levels.of("sales.orders", OWNER_LOCAL, **options)
    return {one["level"]: one for one in found["levels"]}, levels


def moved_back(shop, number, seconds):
    """Let a release have come earlier."""
    with shop.app._registry.write() as connection:
        table = tables.releases
        at = table.c.created_at - seconds * US
        connection.execute(update(table).filter_by(number=number).values(created_at=at))
        starts = tables.level_starts
        connection.execute(update(starts).values(since=starts.c.since - seconds))


def test_a_level_holds_until_its_second_and_then_spends_its_budget(shop):
    shop.publish()
    levels, status = looked(shop, DAY_S - 1)
    daily = levels["frequency"]
    assert (daily["is_met"], daily["objective"], daily["age_s"]) == (True, "1 d", DAY_S - 1)
    assert (daily["budget"]["allowed_s"], daily["budget"]["spent_s"]) == (25_920, 0)
    assert status.status(OWNER_LOCAL)[0]["state"] == "fine"
    assert levels["retention"]["is_met"] is True
    assert levels["retention"]["budget"] is None
    levels, status = looked(shop, DAY_S + 90)
    late = levels["frequency"]
    assert (late["is_met"], late["budget"]["spent_s"], late["budget"]["burn"]) == (False, 90, 0.104)
    assert len(late["missed"]) == 1
    (one,) = status.status(OWNER_LOCAL)
    assert (one["dataset"], one["state"]) == ("sales.orders", "missed")
    ((name, level, span),) = status.missed("prod")
    assert (str(name), level.kind, span.until_s - span.since_s) == ("sales.orders", "frequency", 90)


def test_a_release_keeps_the_time_that_was_missed_before_it(shop):
    shop.publish()
    moved_back(shop, 1, 3 * DAY_S + 7)
    shop.publish()
    levels, _ = looked(shop, 0)
    daily = levels["frequency"]
    first, second = (release.created_at for release in reversed(shop.app.releases()))
    gap = int(second.timestamp()) - int(first.timestamp())
    assert gap >= 3 * DAY_S + 7
    assert daily["is_met"] is True
    assert daily["budget"]["spent_s"] == gap - DAY_S
    assert daily["budget"]["remaining_s"] < 0
    assert daily["budget"]["measured_s"] == gap
    levels, _ = looked(shop, 5, days=1)
    assert levels["frequency"]["budget"]["spent_s"] == DAY_S - 5
    levels, _ = looked(shop, 0, environment="prod", days=365)
    assert levels["frequency"]["budget"]["window_s"] == 365 * DAY_S


def test_a_promise_counts_from_when_it_was_made(shop):
    folder = shop.folder / "domains" / "sales" / "orders"
    promise(folder, "{property: frequency, value: 7, unit: d}")
    shop.publish()
    moved_back(shop, 1, 2 * DAY_S)
    promise(
        folder,
        "{property: frequency, value: 7, unit: d}",
        '{property: timeOfAvailability, value: "06:00+03:00"}',
        target=95,
    )
    shop.reopen()
    shop.publish()
    levels, _ = looked(shop, 0)
    assert levels["frequency"]["target_percent"] == 95
    assert levels["frequency"]["budget"]["spent_s"] == 0
    assert levels["timeOfAvailability"]["objective"] == "06:00+03:00"
    assert levels["timeOfAvailability"]["due_at"].hour == 3
    assert levels["frequency"]["budget"]["measured_s"] >= 2 * DAY_S
    assert levels["timeOfAvailability"]["budget"]["measured_s"] == 0


def test_what_was_never_released_promises_nothing_and_a_broken_run_is_told(shop):
    (one,) = Levels(shop.app.discovery, lambda: 0).status(OWNER_LOCAL)
    assert (one["state"], one["release"], one["levels"][0]["is_met"]) == (
        "not_released",
        None,
        None,
    )
    shop.publish()
    shop.put("a.csv", "id,amount\n1,1.00\n1,2.00\n")
    assert shop.run().run.state == "refused"
    _, status = looked(shop, 0)
    (one,) = status.status(OWNER_LOCAL)
    assert (one["state"], one["last_run_state"], one["release"]) == ("broken", "refused", 1)


PARCELS = Table({"id": "bigint, primaryKey: true, required: true", "sent_at": "timestamp"})


@pytest.fixture
def parcels(tmp_path):
    """A shop whose parcels shall be known within two hours of being sent; and what releases one sent some time ago."""
    shop = Shop.open(tmp_path / "acme", PROFILED)
    folder = shop.add(table=PARCELS, files="a.csv", materialisation="replace")
    promise(folder, "{property: latency, value: 2, unit: h, element: orders.sent_at}")

    def release(*hours_ago):
        moments = [datetime.now(UTC) - timedelta(hours=hours) for hours in hours_ago]
        rows = [f"{n},{one:%Y-%m-%d %H:%M:%S}\n" for n, one in enumerate(moments)]
        shop.put("a.csv", "id,sent_at\n" + "".join(rows))
        return shop.publish()

    yield shop, release
    shop.app.close()


def test_a_release_that_came_too_late_misses_latency_until_the_next_one(parcels):
    shop, release = parcels
    release(1, 40)
    levels, status = looked(shop, 10 * DAY_S)
    latency = levels["latency"]
    # However old it is by now: it came in time.
    assert (latency["is_met"], latency["objective"], latency["due_at"]) == (True, "2 h", None)
    assert latency["budget"]["spent_s"] == 0
    assert status.missed("prod") == []
    release(3, 40)
    levels, status = looked(shop, 77)
    latency = levels["latency"]
    assert (latency["is_met"], latency["budget"]["spent_s"]) == (False, 77)
    assert status.status(OWNER_LOCAL)[0]["state"] == "missed"
    ((_, level, span),) = status.missed("prod")
    assert (level.kind, span.until_s - span.since_s) == ("latency", 77)
    moved_back(shop, 2, 100)
    moved_back(shop, 1, 100)
    release(1)
    levels, _ = looked(shop, 5)
    latency = levels["latency"]
    assert latency["is_met"] is True
    first, second = (one.created_at for one in reversed(shop.app.releases()[:2]))
    gap = int(second.timestamp()) - int(first.timestamp())
    assert gap >= 100
    assert latency["budget"]["spent_s"] == gap


def test_latency_of_no_rows_is_neither_met_nor_missed(parcels):
    shop, release = parcels
    release()
    levels, status = looked(shop, 5)
    assert levels["latency"]["is_met"] is None
    assert status.missed("prod") == []
    assert status.status(OWNER_LOCAL)[0]["state"] == "fine"


def test_what_is_not_there_is_not_found(shop):
    with pytest.raises(NotFoundError, match=r"there is no dataset `sales\.gone`"):
        shop.app.levels.of("sales.gone", OWNER_LOCAL)
    with pytest.raises(UsageError, match="1 to 365 days"):
        shop.app.levels.of("sales.orders", OWNER_LOCAL, days=0)
