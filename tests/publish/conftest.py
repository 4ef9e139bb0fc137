import pytest

from ghala.testing.shop import Shop


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "shop")
    yield shop
    shop.app.close()
