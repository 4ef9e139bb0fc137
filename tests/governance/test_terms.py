"""What columns are about: today's contract, and for an old release the stricter of its own and today's."""

import pytest
from policy_world import ORDERS, TEXT, definitions

from ghala.governance.authorize import Asked
from ghala.governance.terms import described
from ghala.model.contract import Column


def column(name, classification=None, *tags):
    return Column(name, TEXT, classification=classification, tags=tags)


def released(name, own):
    (found,) = described(Asked(ORDERS, (column(name),), own), definitions()).columns
    return found.classification, found.tags


@pytest.mark.parametrize(
    ("name", "own", "expected"),
    [
        ("region", (column("region", "confidential"),), ("confidential", ())),
        ("region", (column("region", "public"),), ("public", ())),
        ("margin", (column("margin", "public"),), ("restricted", ())),
        ("email", (column("email", None, "secret"),), ("internal", ("pii.email", "secret"))),
        ("region", (column("region", "odd"),), ("restricted", ())),
        ("dropped", (column("dropped", "public", "pii"),), ("public", ("pii",))),
        ("dropped", (), ("restricted", ())),
        ("region", (), ("public", ())),
        ("dropped", None, ("restricted", ())),
    ],
)
def test_the_stricter_holds(name, own, expected):
    assert released(name, own) == expected


def test_all_columns_of_the_contract_where_none_are_named():
    found = described(Asked(ORDERS), definitions())
    assert [one.name for one in found.columns] == ["id", "region", "email", "margin", "key"]
