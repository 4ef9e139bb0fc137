import sys
from pathlib import Path

import pytest

from ghala.testing.shop import Shop

sys.path.insert(0, str(Path(__file__).parent))
pytest.register_assert_rewrite("repairing")


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "shop")
    yield shop
    shop.app.close()
