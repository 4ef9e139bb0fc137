"""Verification reads every file of every kept release, of all products or of the one that is asked about."""

import pytest

from ghala.errors import NotFoundError
from ghala.testing.shop import Shop

HEADER = "id,amount\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Shop.open(tmp_path_factory.mktemp("verify") / "shop")
    shop.put("a.csv", HEADER + "1,1.00\n2,2.00\n")
    shop.add("sales/orders", files="a.csv")
    shop.add("people/staff", files="a.csv")
    shop.publish("sales/orders")
    shop.publish("people/staff")
    shop.publish("people/staff", environment="dev")
    yield shop
    shop.app.close()


def harmed(shop, dataset="orders"):
    return next((shop.folder / ".ghala" / "lake").glob(f"*/{dataset}-*/data/*.parquet"))


def test_sound_releases_have_no_fault(shop):
    found = shop.app.verify()

    lake = [path for path in (shop.folder / ".ghala" / "lake").rglob("*") if path.is_file()]
    assert found.faults == ()
    assert found.releases == 3
    assert (found.files, found.byte_count) == (len(lake), sum(p.stat().st_size for p in lake))


@pytest.mark.parametrize(
    ("name", "releases"), [("sales/orders", 1), ("sales.orders", 1), ("people/staff", 2)]
)
def test_one_product_or_dataset_can_be_verified(shop, name, releases):
    found = shop.app.verify(name)

    assert found.releases == releases
    assert 0 < found.files < shop.app.verify().files


def test_a_fault_is_found_where_it_is_and_nowhere_else(shop):
    path = harmed(shop)
    good = path.read_bytes()
    path.write_bytes(good[::-1])
    try:
        (fault,) = shop.app.verify().faults
        assert (str(fault.product), str(fault.dataset), fault.release) == (
            "sales/orders",
            "sales.orders",
            1,
        )
        assert fault.message == "has other bytes than were released"
        assert shop.app.verify("sales.orders").faults == (fault,)
        assert shop.app.verify("people/staff").faults == ()
    finally:
        path.write_bytes(good)


def test_a_name_that_nothing_has_is_no_clean_bill_of_health(shop):
    for name in ("sales/ordres", "sales.ordres", "nonsense"):
        with pytest.raises(NotFoundError):
            shop.app.verify(name)
