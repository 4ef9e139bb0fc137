"""Runs that a server starts: for whom, one at a time, ended with the server, and on record whatever happens."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ghala.delivery.http.origin import Origin
from ghala.errors import (
    AlreadyRunningError,
    BusyError,
    DefinitionError,
    DeniedError,
    NotFoundError,
    UsageError,
)
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind, Role
from ghala.pipelines.claim import hold
from ghala.pipelines.start import AT_ONCE
from ghala.testing.shop import Shop

MARA = Principal(
    "user:mara", PrincipalKind.USER, "operations", teams=frozenset({"team:sales-team"})
)
OTTO = Principal("user:otto", PrincipalKind.USER, "operations")
STELLA = Principal("user:stella", PrincipalKind.USER, "operations", roles=frozenset({Role.STEWARD}))
SCOPED = frozenset({Action.DATASET_DISCOVER, Action.DATASET_READ})


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    shop = Shop.open(tmp_path_factory.mktemp("start") / "acme")
    shop.add()
    shop.put("a.csv", "id,amount\n1,1.00\n")
    parts = shop.app.http_parts(Origin.of("127.0.0.1", 8321))
    yield shop, parts
    parts.close()
    shop.app.close()


def ended(shop, run_id):
    """Wait until a run has ended, and return it."""
    deadline = time.monotonic() + 60
    while (run := shop.app.history.run(run_id, OWNER_LOCAL))["state"] == "running":
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
    return run


def test_a_run_is_started_by_those_who_are_responsible_and_recorded_with_who(served):
    shop, parts = served
    run = parts.started.start("sales/orders", "prod", by=MARA)
    assert (run.state, run.started_by) == ("running", "user:mara")
    found = ended(shop, run.id)
    assert (found["state"], found["release"], found["started_by"]) == ("published", 1, "user:mara")
    assert ended(shop, parts.started.start("Sales/Orders", "prod", by=STELLA).id)["release"] is None
    entries = shop.app.audit.search(AuditFilter(tag=AuditTag.RUN_STARTED), 10, by=OWNER_LOCAL)
    assert [(one.principal, one.detail["environment"]) for one in entries] == [
        ("user:stella", "prod"),
        ("user:mara", "prod"),
    ]


def test_others_start_nothing(served):
    _, parts = served
    with pytest.raises(DeniedError, match=r"may not run sales/orders$"):
        parts.started.start("sales/orders", "prod", by=OTTO)
    scoped = Principal(
        MARA.id, MARA.kind, MARA.purpose, credential="token:1", teams=MARA.teams, scopes=SCOPED
    )
    with pytest.raises(DeniedError, match="with this token") as denied:
        parts.started.start("sales/orders", "prod", by=scoped)
    assert denied.value.reasons == ("it does not have the scope product:run",)
    with pytest.raises(NotFoundError, match="no product `sales/gone`"):
        parts.started.start("sales/gone", "prod", by=MARA)
    with pytest.raises(UsageError, match="cannot be an environment's name"):
        parts.started.start("sales/orders", "no name", by=MARA)
    with pytest.raises(UsageError, match="published by the server itself"):
        parts.started.start("system/audit", "prod", by=OWNER_LOCAL)


def test_one_run_of_a_product_at_a_time(served):
    shop, parts = served
    name = shop.app.planned(next(iter(parts.discovery.definitions().products))).product.name
    with (
        hold(
            shop.app._registry, "prod", name, "run-1",
            lease_s=60, wait_s=0, say=lambda _: None, left_behind=[],
        ),
        pytest.raises(AlreadyRunningError) as refused,
    ):  # fmt: skip
        parts.started.start("sales/orders", "prod", by=MARA)
    assert refused.value.message == "the product already runs: run-1"
    assert refused.value.evidence["run"] == "run-1"


def test_a_run_waits_for_its_turn_and_the_servers_end_ends_it(served):
    shop, _ = served
    parts = shop.app.http_parts(Origin.of("127.0.0.1", 8321))
    for _ in range(AT_ONCE):
        assert parts.started._turns.acquire(timeout=1)
    run = parts.started.start("sales/orders", "dev", by=MARA)
    found = shop.app.history.run(run.id, OWNER_LOCAL)
    assert found["state"] == "running"
    assert [step["state"] for step in found["graph"]] == ["waiting", "waiting"]
    with pytest.raises(AlreadyRunningError):
        parts.started.start("sales/orders", "dev", by=MARA)
    parts.close()
    found = shop.app.history.run(run.id, OWNER_LOCAL)
    assert (found["state"], found["error"]) == ("failed", "the server ended before the run did")
    assert [step["state"] for step in found["graph"]] == ["left_out", "left_out"]
    with pytest.raises(BusyError, match="the server ended"):
        parts.started.start("sales/orders", "dev", by=MARA)
    assert shop.run(environment="dev", wait_s=0).error is None


def test_a_definition_that_means_nothing_is_told_at_once(served):
    shop, parts = served
    path = shop.folder / "domains" / "sales" / "orders" / "pipeline.yaml"
    text = path.read_text()
    path.write_text("steps: 1\n")
    try:
        with pytest.raises(DefinitionError, match="sales/orders"):
            parts.started.start("sales/orders", "prod", by=MARA)
    finally:
        path.write_text(text)


def test_what_cannot_even_begin_is_told(served, monkeypatch):
    _, parts = served
    monkeypatch.setitem(sys.modules, "ghala.pipelines.run", None)
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(parts.started.start, "sales/orders", "prod", by=MARA)
        with pytest.raises(ImportError):
            started.result(timeout=30)
    assert not parts.started._threads
