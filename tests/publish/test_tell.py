"""What people are told of runs: with the run's end or not at all, and not the same again and again."""

import pytest

from ghala.registry import outbox
from ghala.testing.shop import SETTINGS, Shop

CANARY = "canary-7f3a"


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "acme", SETTINGS)
    shop.add(files="*.csv", materialisation="replace")
    yield shop
    shop.app.close()


def run(shop, environment="prod"):
    (outcome,) = shop.app.run(environment=environment)
    return outcome


def told(shop):
    with shop.app._registry.read() as connection:
        return [one.notification for one in outbox.unsettled(connection, 100)]


def test_a_run_that_ends_well_is_not_told(shop):
    shop.put("a.csv", "id,amount\n1,1.00\n")
    assert run(shop).error is None
    assert told(shop) == []


def test_a_broken_contract_and_the_recovery_are_told_with_counts_and_no_value(shop):
    shop.put("a.csv", f"id,amount\n1,1.00\n1,2.00\n{CANARY},3.00\n,4.00\n")
    shop.put("b.csv", "id,amount\n77123,1.00\n77123,2.00\n")
    assert run(shop).run.state == "refused"
    (broken,) = told(shop)
    assert (broken.kind, broken.subject) == ("contract:broken", "prod:sales/orders")
    assert broken.facts["rules"] >= 1
    assert broken.facts["rows"] >= 2
    assert "77123" not in str(broken)
    assert CANARY not in str(broken)
    (shop.folder / "landing" / "a.csv").unlink()
    shop.put("b.csv", "id,amount\n1,1.00\n")
    outcome = run(shop)
    assert outcome.error is None
    recovered = told(shop)[-1]
    assert (recovered.kind, recovered.facts["after"]) == ("product:recovered", "refused")
    assert recovered.facts["release"] == 1
    run(shop)
    assert len(told(shop)) == 2


def test_the_same_failure_is_told_once_and_another_at_once(shop):
    for _ in range(3):
        assert run(shop).run.state == "failed"
    assert [one.kind for one in told(shop)] == ["run:failed"]
    shop.put("a.csv", "id,amount\n1,1.00\n1,2.00\n")
    run(shop)
    assert [one.kind for one in told(shop)] == ["run:failed", "contract:broken"]
    (shop.folder / "landing" / "a.csv").unlink()
    run(shop)
    assert [one.kind for one in told(shop)][2:] == ["run:failed"]


def test_environments_are_told_apart(shop):
    run(shop)
    run(shop, "dev")
    assert [one.subject for one in told(shop)] == ["prod:sales/orders", "dev:sales/orders"]


def test_a_process_that_ended_without_a_word_is_told_by_the_next_run(shop):
    shop.put("a.csv", "id,amount\n1,1.00\n")
    run(shop)
    with shop.app._registry.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET state = 'running', finished_at = NULL")
    run(shop)
    first, second = told(shop)
    assert (first.kind, first.facts["why"]) == (
        "run:failed",
        "its process ended before the run did",
    )
    assert second.kind == "product:recovered"
