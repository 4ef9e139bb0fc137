"""Which release a name means: the current one, one of that number, or the one of that time, in its environment."""

from datetime import UTC, datetime, timedelta

import pytest

from ghala.model.names import DatasetName
from ghala.query.released import Released
from ghala.query.source import Wanted
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

ORDERS = DatasetName("sales", "orders")
STAFF = DatasetName("people", "staff")
HEADER = "id,amount\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Orders have two releases in prod and one in dev; staff has one in prod, the same numbers but other rows."""
    shop = Shop.open(tmp_path_factory.mktemp("released") / "shop")
    shop.add(files="a*.csv")
    shop.add("people/staff", Table({"id": "bigint"}), files="staff.csv")
    shop.put("staff.csv", "id\n1\n2\n3\n4\n")
    shop.put("a1.csv", HEADER + "1,1.00\n")
    shop.publish()
    shop.publish("people/staff")
    shop.put("a2.csv", HEADER + "2,2.00\n")
    shop.publish()
    shop.put("a3.csv", HEADER + "3,3.00\n")
    shop.publish(environment="dev")
    yield shop
    shop.app.close()


@pytest.fixture
def released(shop):
    return Released(shop.app._registry, shop.app._scans)


def found(released, wanted, environment="prod"):
    """Return number and row count of what a name means; None if it means nothing."""
    one = released.resolve(environment, [wanted]).get(wanted)
    return None if one is None else (one.release, one.scan.row_count)


def test_a_name_means_the_current_release(released):
    assert found(released, Wanted(ORDERS)) == (2, 2)


def test_a_number_means_that_release(released):
    assert found(released, Wanted(ORDERS, version=1)) == (1, 1)
    assert found(released, Wanted(ORDERS, version=2)) == (2, 2)
    assert found(released, Wanted(STAFF, version=1)) == (1, 4)


@pytest.mark.parametrize("version", [0, -1, 3, 2**63 - 1, 2**63, 10**40])
def test_a_number_that_was_never_given_means_nothing(released, version):
    assert found(released, Wanted(ORDERS, version=version)) is None


def test_a_time_means_what_was_current_then(shop, released):
    (second, first) = shop.app.releases("sales/orders")
    before = first.created_at - timedelta(microseconds=1)

    assert found(released, Wanted(ORDERS, timestamp=first.created_at)) == (1, 1)
    assert found(released, Wanted(ORDERS, timestamp=second.created_at)) == (2, 2)
    assert found(released, Wanted(ORDERS, timestamp=before)) is None


def test_a_time_without_a_zone_is_utc(shop, released):
    (_, first) = shop.app.releases("sales/orders")
    plain = first.created_at.astimezone(UTC).replace(tzinfo=None)

    assert found(released, Wanted(ORDERS, timestamp=plain)) == (1, 1)


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_time_far_away_is_a_time_like_others(released, year):
    moment = datetime(year, 6, 1, tzinfo=UTC)

    assert found(released, Wanted(ORDERS, timestamp=moment)) == ((2, 2) if year > 2000 else None)


def test_an_environment_has_its_own_releases_and_reads_prod_for_the_others(shop, released):
    (own,) = shop.app.releases(environment="dev")
    earlier = own.created_at - timedelta(microseconds=1)

    assert found(released, Wanted(ORDERS), "dev") == (1, 3)
    assert found(released, Wanted(STAFF), "dev") == (1, 4)
    assert found(released, Wanted(ORDERS, version=1), "dev") == (1, 3)
    # Before its own first release, it showed that of prod.
    assert found(released, Wanted(ORDERS, timestamp=earlier), "dev") == (2, 2)
    assert found(released, Wanted(ORDERS), "prod") == (2, 2)


def test_what_is_not_there_has_no_entry(released):
    nothing = Wanted(DatasetName("sales", "nothing"))

    assert set(released.resolve("prod", [nothing, Wanted(ORDERS)])) == {Wanted(ORDERS)}
    assert released.resolve("prod", []) == {}


def test_many_are_resolved_at_once(released):
    wanted = [Wanted(ORDERS), Wanted(ORDERS, version=1), Wanted(STAFF)]

    assert [one.release for one in released.resolve("prod", wanted).values()] == [2, 1, 1]


def test_a_release_has_the_columns_that_it_was_made_with(released):
    one = released.resolve("prod", [Wanted(ORDERS)])[Wanted(ORDERS)]

    assert [(column.name, str(column.type)) for column in one.columns] == [
        ("id", "BIGINT"),
        ("amount", "DECIMAL(12, 2)"),
    ]


def test_the_names_are_those_that_have_a_current_release(released):
    assert set(released.names("prod")) == set(released.names("dev")) == {ORDERS, STAFF}
