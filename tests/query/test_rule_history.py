"""The history of rules: each with its last results, also when the dataset was renamed or a rule is gone."""

import pytest

from ghala.errors import NotFoundError
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.registry import checks
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

ORDERS = Table(
    {"id": "bigint, primaryKey: true, required: true", "amount": "decimal(12,2)"},
    quality=["id: positive, type: library, metric: rowCount, mustBeGreaterThan: 1"],
)
OTTO = Principal("user:otto", PrincipalKind.USER, "operations")


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "acme")
    yield shop
    shop.app.close()


def test_each_rule_has_its_results_newest_first(shop):
    shop.add(table=ORDERS, files="a.csv", materialisation="replace", on_fail="quarantine")
    for text in ("1,1.00\n2,1.00\n", "1,1.00\n1,2.00\n,3.00\n4,4.00\n5,5.00\n", "1,1.00\n"):
        shop.put("a.csv", f"id,amount\n{text}")
        shop.run()
    found = shop.app.rule_history.of("Sales.Orders", OWNER_LOCAL)
    rules = {rule["rule"]: rule["results"] for rule in found["rules"]}
    assert found["dataset"] == "sales.orders"
    counted = [(one["passed"], one["measured"], one["release"]) for one in rules["positive"]]
    assert counted == [(False, 1, None), (True, 2, 2), (True, 2, 1)]
    key = next(results for rule, results in rules.items() if "primary" in rule or "key" in rule)
    assert [one["passed"] for one in key] == [True, False, True]
    assert (key[1]["failed_rows"], key[1]["quarantined_rows"], key[1]["rows"]) == (3, 3, 5)
    moments = [one["at"] for one in key]
    assert moments == sorted(moments, reverse=True)


def test_a_renamed_dataset_keeps_its_history_and_a_rule_that_is_gone_its_results(shop):
    shop.add(table=ORDERS, files="a.csv", materialisation="replace")
    shop.put("a.csv", "id,amount\n1,1.00\n2,1.00\n")
    shop.run()
    folder = shop.folder / "domains" / "sales" / "orders"
    contract, pipeline = folder / "orders.odcs.yaml", folder / "pipeline.yaml"
    text = contract.read_text().replace("name: orders\n    id", "name: purchases\n    id")
    contract.write_text(text[: text.index("    quality:")])
    pipeline.write_text(pipeline.read_text().replace("dataset: orders", "dataset: purchases"))
    assert shop.reopen().run(["sales/orders"])[0].error is None
    found = shop.app.rule_history.of("sales.purchases", OWNER_LOCAL)
    results = {rule["rule"]: len(rule["results"]) for rule in found["rules"]}
    assert results["positive"] == 1
    assert {count for rule, count in results.items() if rule != "positive"} == {2}
    assert next(reversed(results)) == "positive"


def test_others_learn_whether_rules_held_and_no_numbers(shop):
    shop.add("market/rates", Table({"id": "bigint, classification: public, required: true"}))
    count = "id: some, type: library, metric: rowCount, mustBeGreaterThan: 0"
    shop.add(table=Table({"email": "varchar, tags: [pii.email], required: true"}, quality=[count]))
    shop.put("a.csv", "email\nann@example.org\n")
    shop.publish()
    with pytest.raises(NotFoundError, match=r"there is no dataset `sales\.gone`"):
        shop.app.rule_history.of("sales.gone", OWNER_LOCAL)
    assert shop.app.rule_history.of("market.rates", OWNER_LOCAL)["rules"] == []
    found = shop.app.rule_history.of("sales.orders", OTTO)
    numbers = [
        one[key]
        for rule in found["rules"]
        for one in rule["results"]
        for key in ("rows", "measured", "failed_rows", "quarantined_rows")
    ]
    # Rules about columns that OTTO does not read are not there at all.
    assert [rule["rule"] for rule in found["rules"]] == ["some"]
    assert numbers
    assert set(numbers) == {None}


def test_the_oldest_checks_are_forgotten(shop):
    registry = shop.app._registry
    for number in range(checks.KEPT + 5):
        with registry.write() as connection:
            checks.record(connection, "prod", f"r{number}", number, {"d": {"dataset": "a.b"}})
    with registry.read() as connection:
        kept = checks.history(connection, "prod", "d", 1000)
    assert len(kept) == checks.KEPT
    assert (kept[0].release, kept[-1].release) == (checks.KEPT + 4, 5)
