import pytest
from pyiceberg.exceptions import NoSuchTableError

from ghala.lake.catalog import LakeCatalog
from ghala.testing.lake import ORDERS, dataset

SCHEMA = dataset(id="bigint", region="varchar")


class Pointing:
    def __init__(self, *states):
        self.states = states

    def all(self):
        return {state.name: state.metadata_location for state in self.states}


@pytest.fixture
def catalog(lake):
    released = lake.publish(SCHEMA, "SELECT 1::BIGINT id, 'EU' region").dataset
    return LakeCatalog(lake.root, Pointing(released))


def test_it_lists_what_is_released(catalog):
    assert catalog.list_namespaces() == [("sales",)]
    assert catalog.list_tables("sales") == [("sales", "orders")]


def test_a_table_scans_through_pyiceberg(catalog):
    table = catalog.load_table(str(ORDERS))
    assert table.scan().to_arrow().to_pylist() == [{"id": 1, "region": "EU"}]
    assert table.scan(row_filter="id > 1").to_arrow().num_rows == 0


def test_what_was_never_released_is_not_there(catalog):
    with pytest.raises(NoSuchTableError):
        catalog.load_table("sales.nothing")


@pytest.mark.parametrize(
    "change",
    [
        lambda catalog: catalog.load_table("sales.orders").append(
            catalog.load_table("sales.orders").scan().to_arrow()
        ),
        lambda catalog: catalog.drop_table("sales.orders"),
        lambda catalog: catalog.create_namespace("other"),
        lambda catalog: catalog.rename_table("sales.orders", "sales.other"),
    ],
)
def test_nothing_can_be_changed_through_it(catalog, change):
    with pytest.raises(PermissionError, match="read-only"):
        change(catalog)
    assert catalog.load_table("sales.orders").scan().to_arrow().num_rows == 1
