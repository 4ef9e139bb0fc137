"""The built-in products: up to date when somebody asks, published like all others, and no reason for themselves."""

from contextlib import closing, contextmanager
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select, update

from ghala.errors import BusyError, NotFoundError
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.release import PROD
from ghala.model.system import AUDIT, AUDIT_PRODUCT, USAGE_PRODUCT
from ghala.pipelines import system
from ghala.registry import audit, checkpoints, claims, releases, tables
from ghala.registry.registry import open_registry
from ghala.testing.shop import Shop

AUDITED = "SELECT count(*) FROM system.audit"
ORDERED = "SELECT count(*) FROM sales.orders"
DENIED = AuditEntry(
    AuditTag.DATASET_READ_DENIED, "user:ben", "analytics", ("sales.orders",), {"endpoint": "rest"}
)


def make(folder):
    shop = Shop.open(folder)
    shop.add()
    shop.put("orders.csv", "id,amount\n1,2.50\n2,3.50\n")
    shop.publish()
    return shop


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    shop = make(tmp_path_factory.mktemp("shop") / "acme")
    yield shop
    shop.app.close()


@pytest.fixture
def shop(opened, monkeypatch):
    """One shop for most tests; each compares with what it found."""
    # A test does not wait until what it asked a moment ago is old.
    change(opened, monkeypatch, fresh_s=0.0, rest=0.0)
    return opened


@pytest.fixture
def new_shop(tmp_path):
    shop = make(tmp_path / "acme")
    yield shop
    shop.app.close()


def change(shop, monkeypatch, **values):
    """Replace the built-in products of an app by others with some values."""
    made = replace(shop.app.system, **values)
    monkeypatch.setitem(shop.app.__dict__, "system", made)


def rows(shop, text):
    """Return the rows of an answer."""
    return [tuple(row.values()) for row in shop.app.sql(text).arrow().to_pylist()]


def entry_count(shop):
    """Return how many entries were recorded, and what is still to be written."""
    shop.app._audit_writer.flush()
    with shop.app._registry.read() as connection:
        return sum(head.number for head in checkpoints.heads(connection))


@contextmanager
def claimed(shop):
    """Let somebody else publish the audit, for longer than anybody waits."""
    with shop.app._registry.write() as connection:
        claim = claims.claim(connection, PROD, AUDIT_PRODUCT, "another", lease_s=60)
    yield
    with shop.app._registry.write() as connection:
        claims.release(connection, claim)


def release_number(shop, product=AUDIT_PRODUCT):
    with shop.app._registry.read() as connection:
        newest = releases.newest(connection, PROD, product)
    return newest.number if newest else 0


def test_nobody_who_does_not_ask_has_them(new_shop, monkeypatch):
    new_shop.app.run()
    assert [str(one.name) for one in new_shop.app.products()] == ["sales/orders"]
    assert [str(one.product) for one in new_shop.app.releases()] == ["sales/orders"]
    # Without any release, a failure is told.
    monkeypatch.setattr(system, "_PATIENCE_S", 0.05)
    with claimed(new_shop), pytest.raises(BusyError, match="is publishing system/audit"):
        rows(new_shop, AUDITED)


def test_an_answer_has_all_that_was_recorded_before_the_question(shop):
    rows(shop, "SELECT id FROM sales.orders")
    found = rows(
        shop,
        "SELECT tag, datasets[1].dataset, datasets[1].release, datasets[1].columns, row_count,"
        " outcome FROM system.audit WHERE principal = 'owner:local' ORDER BY number DESC LIMIT 2",
    )
    assert found == [
        ("dataset:read_finished", "sales.orders", None, [], 2, "finished"),
        ("dataset:read", "sales.orders", 1, ["id"], None, None),
    ]


def test_reading_the_audit_is_audited(shop):
    text = "SELECT count(*) FROM system.audit WHERE list_contains(objects, 'system.audit')"
    (before,), (after,) = rows(shop, text), rows(shop, text)
    # The intent and the outcome of the first question, and perhaps the release that it had made.
    assert after[0] - before[0] in {2, 3}


def test_every_entry_is_there_once_with_the_hash_that_it_has_in_its_chain(shop):
    for _ in range(2):
        rows(shop, ORDERED)
        registry = open_registry(None, shop.folder / ".ghala")
        with closing(registry), registry.write() as connection:
            audit.append(connection, DENIED)
    recorded = entry_count(shop)
    found = rows(shop, "SELECT chain, number, sha256 FROM system.audit")
    assert len(found) == len({one[:2] for one in found}) == recorded
    with shop.app._registry.read() as connection:
        table = tables.audit.c
        kept = connection.execute(select(table.chain, table.number, table.sha256)).all()
    assert set(found) <= {tuple(row) for row in kept}


def test_they_do_not_grow_by_themselves(shop, monkeypatch):
    rows(shop, "SELECT count(*) FROM system.usage")
    change(shop, monkeypatch, now_us=lambda: 2**62)
    shop.app.system.publish()
    before = release_number(shop), release_number(shop, USAGE_PRODUCT), entry_count(shop)
    for _ in range(3):
        shop.app.system.publish()
    assert (release_number(shop), release_number(shop, USAGE_PRODUCT), entry_count(shop)) == before


def test_a_question_has_one_release_made_at_most(shop):
    rows(shop, AUDITED)
    first, recorded = release_number(shop), entry_count(shop)
    for _ in range(2):
        rows(shop, AUDITED)
    assert release_number(shop) == first + 2
    # An intent, an outcome and a release for each.
    assert entry_count(shop) == recorded + 6


def test_what_is_fresh_enough_stays_whatever_the_clock_says(shop, monkeypatch):
    rows(shop, AUDITED)
    number = release_number(shop)
    change(shop, monkeypatch, fresh_s=3600.0)
    rows(shop, AUDITED)
    assert release_number(shop) == number
    # A clock that was set back keeps nothing from being made.
    change(shop, monkeypatch, now_us=lambda: 0)
    rows(shop, AUDITED)
    assert release_number(shop) == number + 1


def test_old_releases_stay(shop):
    (old,) = rows(shop, "SELECT count(*) FROM system.audit")
    number = release_number(shop)
    assert rows(shop, f"SELECT count(*) FROM system.audit AT (VERSION => {number})") == [old]
    # A question about what was does not have anything made.
    assert release_number(shop) == number
    (now,) = rows(shop, "SELECT count(*) FROM system.audit")
    assert now > old


def test_they_are_joined_with_others_and_named_in_full(shop):
    rows(shop, ORDERED)
    found = rows(
        shop,
        'SELECT DISTINCT system.usage.dataset, o.amount FROM "System".Usage JOIN sales.orders o'
        " ON o.id = 1 WHERE system.usage.principal = 'owner:local' AND system.usage.domain = 'sales'",
    )
    assert [(dataset, str(amount)) for dataset, amount in found] == [("sales.orders", "2.50")]


def test_what_a_statement_calls_system_itself_stands_beside_them(shop):
    rows(shop, ORDERED)
    found = rows(
        shop,
        "SELECT DISTINCT system.usage.dataset, system.amount FROM sales.orders AS system, system.usage"
        " WHERE system.id = 1 AND system.usage.domain = 'sales'",
    )
    assert [(dataset, str(amount)) for dataset, amount in found] == [("sales.orders", "2.50")]
    struct = "SELECT 1 AS id, system.audit.tag FROM (SELECT {'audit': {'tag': 'mine'}} AS system)"
    assert rows(shop, struct) == [(1, "mine")]
    both = f"SELECT own.tag, count(*) FROM ({struct}) own, system.audit GROUP BY ALL"
    assert [tag for tag, _ in rows(shop, both)] == ["mine"]
    assert rows(shop, "SELECT count(system.audit) > 0 FROM system.audit") == [(True,)]


def test_usage_says_who_uses_what(new_shop, monkeypatch):
    change(new_shop, monkeypatch, fresh_s=0.0, rest=0.0)
    for _ in range(2):
        rows(new_shop, "SELECT amount FROM sales.orders")
    with new_shop.app._registry.write() as connection:
        audit.append(connection, DENIED)
    found = rows(
        new_shop,
        "SELECT principal, purpose, endpoint, questions, denied, unfinished, row_count, columns,"
        " last_release FROM system.usage WHERE domain = 'sales' ORDER BY principal",
    )
    assert found == [
        ("owner:local", "administration", None, 2, 0, 0, 4, ["amount"], 1),
        ("user:ben", "analytics", "rest", 0, 1, 0, 0, [], None),
    ]


def test_many_files_become_one_when_the_time_comes(shop, monkeypatch):
    monkeypatch.setattr(system, "_MOST_FILES", 1)
    for _ in range(2):
        rows(shop, AUDITED)

    def files():
        with shop.app._registry.read() as connection:
            pin = releases.current(connection, PROD, [AUDIT])[AUDIT]
        scan = shop.app._scans.of(pin.dataset.metadata_location, pin.dataset.snapshot_id)
        return [file for group in scan.groups for file in group.files]

    assert len(files()) > 1
    change(shop, monkeypatch, now_us=lambda: 2**62)
    recorded = entry_count(shop)
    shop.app.system.publish()
    assert len(files()) == 1
    assert pq.read_metadata(files()[0]).num_rows == recorded
    rows(shop, ORDERED)
    rows(shop, AUDITED)
    stored = list(map(repr, shop.stored("system.audit")))
    assert len(stored) == len(set(stored)) > recorded


def test_where_another_publishes_for_long_the_last_release_is_read(shop, monkeypatch, caplog):
    rows(shop, AUDITED)
    number = release_number(shop)
    monkeypatch.setattr(system, "_PATIENCE_S", 0.05)
    with claimed(shop):
        assert rows(shop, AUDITED)
    assert release_number(shop) == number
    assert "system.audit stays as it was" in caplog.text


def test_an_upgrade_of_their_contract_is_published(shop, monkeypatch):
    rows(shop, AUDITED)
    change(shop, monkeypatch, now_us=lambda: 2**62)
    shop.app.system.publish()
    number = release_number(shop)
    with shop.app._registry.write() as connection:
        older = update(tables.releases).filter_by(product="system/audit", number=number)
        connection.execute(older.values(definition_sha256="0" * 64))
    shop.app.system.publish()
    assert release_number(shop) == number + 1


def test_they_are_run_by_name_verified_swept_and_shown(shop):
    outcomes = shop.app.run(["system/usage", "system/audit"])
    assert [str(one.run.product) for one in outcomes] == ["system/audit", "system/usage"]
    assert not any(one.error for one in outcomes)
    shop.app.sweep(0)
    assert not shop.app.verify("system/audit").faults
    assert shop.app.show("system.usage")["owner"] == "system"
    assert shop.app.releases("system.audit")[0].number == release_number(shop)
    named = [str(one.name) for one in shop.app.products()]
    assert named == ["sales/orders", "system/audit", "system/usage"]
    with pytest.raises(NotFoundError):
        shop.app.run(["system/nothing"])


def test_no_product_of_a_workspace_can_read_the_audit(new_shop):
    folder = new_shop.add("sales/spy")
    (folder / "pipeline.yaml").write_text(
        "sources: {rows: {type: audit}}\nsteps: [{name: land, source: rows, dataset: spy}]\n"
    )
    messages = [finding.message for finding in new_shop.app.lint()]
    assert messages == ["there is no source type `audit`"]
    assert new_shop.run("sales/spy").error is not None
