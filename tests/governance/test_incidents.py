"""Incidents: opened by runs, the clock or people, one of each cause, seen by whom they concern, and resolved."""

import pytest

from ghala.errors import ConflictError, DeniedError, NotFoundError, UsageError
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditFilter
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.model.service_level import LevelKind, PromisedLevel
from ghala.registry import outbox
from ghala.testing.shop import Shop
from ghala.testing.workspace import Table

GOOD = "id,amount\n1,1.00\n"
BROKEN = "id,amount\n1,1.00\n1,2.00\n"
ORDERS = Table({"id": "bigint, primaryKey: true", "email": "varchar, tags: [pii.email]"})
MARA = Principal(
    "user:mara", PrincipalKind.USER, "operations", teams=frozenset({"team:sales-team"})
)
OTTO = Principal("user:otto", PrincipalKind.USER, "operations")
NARROW = Principal(
    "user:otto", PrincipalKind.USER, "operations", scopes=frozenset({Action.PRODUCT_RUN})
)


@pytest.fixture
def shop(tmp_path):
    shop = Shop.open(tmp_path / "acme")
    shop.add(files="a.csv", materialisation="replace")
    yield shop
    shop.app.close()


def listed(shop, by=OWNER_LOCAL, **asked):
    return [
        (one.incident.cause, one.incident.state)
        for one in shop.app.incidents.page(by=by, **asked).items
    ]


def timeline(shop):
    (one, *_) = shop.app.incidents.page(by=OWNER_LOCAL).items
    found = shop.app.incidents.find(one.incident.id, by=OWNER_LOCAL)
    return found.incident, [(event.kind, event.by) for event in found.events]


def recorded(shop, tag):
    return shop.app.audit.search(AuditFilter(tag=tag), 100, by=OWNER_LOCAL)


def test_a_broken_contract_opens_one_incident_until_a_release_is_good(shop):
    shop.put("a.csv", GOOD)
    shop.publish()
    assert listed(shop) == []
    shop.put("a.csv", BROKEN)
    runs = [shop.run().run.id for _ in range(3)]
    incident, events = timeline(shop)
    assert (incident.cause, incident.state, incident.run_id) == ("contract_broken", "open", runs[0])
    assert events == [("opened", "product:sales/orders"), ("again", "product:sales/orders")]
    found = shop.app.incidents.find(incident.id, by=OWNER_LOCAL)
    assert found.events[-1].text == f"Again in run {runs[-1]}."
    assert found.datasets == ("sales.orders",)
    shop.put("a.csv", GOOD)
    shop.publish()
    incident, events = timeline(shop)
    assert (incident.state, events[-1]) == ("resolved", ("resolved", "product:sales/orders"))
    shop.put("a.csv", BROKEN)
    shop.run()
    assert listed(shop) == [("contract_broken", "open"), ("contract_broken", "resolved")]
    assert len(recorded(shop, AuditTag.INCIDENT_OPENED)) == 2
    assert len(recorded(shop, AuditTag.INCIDENT_RESOLVED)) == 1


def test_a_failed_run_is_another_cause_and_another_environment_has_its_own(shop):
    shop.put("a.csv", BROKEN)
    shop.run()
    (shop.folder / "landing" / "a.csv").unlink()
    shop.run()
    shop.run(environment="dev")
    assert listed(shop) == [("run_failed", "open"), ("contract_broken", "open")]
    assert listed(shop, environment="dev") == [("run_failed", "open")]
    with shop.app._registry.read() as connection:
        told = {one.notification.kind: one.notification for one in outbox.unsettled(connection, 9)}
    incident = shop.app.incidents.page(by=OWNER_LOCAL, environment="dev").items[0].incident
    assert told["run:failed"].facts["incident"] == incident.id
    shop.put("a.csv", GOOD)
    shop.publish()
    assert {state for _, state in listed(shop)} == {"resolved"}
    assert listed(shop, environment="dev") == [("run_failed", "open")]


def test_those_who_are_responsible_take_care_of_it_and_others_read_along(shop):
    shop.put("a.csv", BROKEN)
    shop.run()
    incidents = shop.app.incidents
    (one,) = incidents.page(by=OTTO).items
    known = one.incident.id
    for act in (
        lambda: incidents.acknowledge(known, by=OTTO),
        lambda: incidents.note(known, "mine", by=OTTO),
        lambda: incidents.resolve(known, "mine", by=OTTO),
        lambda: incidents.open("sales/orders", "mine", by=OTTO),
    ):
        with pytest.raises(DeniedError, match=r"may not manage sales/orders"):
            act()
    incidents.acknowledge(known, by=MARA, text="I look")
    with pytest.raises(ConflictError, match=r"acknowledged already by user:mara"):
        incidents.acknowledge(known, by=OWNER_LOCAL)
    incidents.note(known, "the supplier sends it again", by=MARA)
    incidents.resolve(known, "the old file is good enough", by=MARA)
    with pytest.raises(ConflictError, match="is over already"):
        incidents.resolve(known, "again", by=MARA)
    seen = incidents.find(known, by=OTTO)
    assert [(event.kind, event.text) for event in seen.events][1:] == [
        ("acknowledged", "I look"),
        ("noted", "the supplier sends it again"),
        ("resolved", "the old file is good enough"),
    ]
    assert (seen.incident.acknowledged_by, seen.incident.resolved_by) == ("user:mara", "user:mara")
    tags = (AuditTag.INCIDENT_ACKNOWLEDGED, AuditTag.INCIDENT_NOTED, AuditTag.INCIDENT_RESOLVED)
    entries = [entry for tag in tags for entry in recorded(shop, tag)]
    assert {entry.principal for entry in entries} == {"user:mara"}
    assert "supplier" not in str(entries)


def test_what_somebody_may_not_discover_has_no_incident(shop):
    shop.put("a.csv", BROKEN)
    shop.run()
    (one,) = shop.app.incidents.page(by=OWNER_LOCAL).items
    assert listed(shop, by=NARROW) == []
    with pytest.raises(NotFoundError) as hidden:
        shop.app.incidents.find(one.incident.id, by=NARROW)
    with pytest.raises(NotFoundError) as gone:
        shop.app.incidents.find("0" * 12, by=NARROW)
    assert str(hidden.value).replace(one.incident.id, "0" * 12) == str(gone.value)
    with pytest.raises(NotFoundError, match="no product"):
        shop.app.incidents.page(by=NARROW, product="sales/orders")


def test_an_incident_is_opened_by_hand_about_some_datasets(shop):
    incidents = shop.app.incidents
    made = incidents.open(
        "sales/orders", "amounts are in cents", by=MARA, text="We look.", datasets=["sales.orders"]
    )
    assert (made.incident.cause, made.incident.opened_by) == ("by_hand", "user:mara")
    # It is about no run: a good one does not end it.
    shop.put("a.csv", GOOD)
    shop.publish()
    assert listed(shop, state="open") == [("by_hand", "open")]
    with pytest.raises(NotFoundError, match="has no dataset"):
        incidents.open("sales/orders", "x", by=MARA, datasets=["sales.gone"])
    with pytest.raises(UsageError, match="a title has"):
        incidents.open("sales/orders", " ", by=MARA)
    with pytest.raises(UsageError, match="is no state"):
        incidents.page(by=MARA, state="closed")
    with shop.app._registry.read() as connection:
        (told,) = [one.notification for one in outbox.unsettled(connection, 9)]
    assert (told.kind, told.facts["incident"]) == ("incident:opened", made.incident.id)
    assert "cents" not in str(told)


def test_the_clock_opens_an_incident_of_a_missed_level_once_and_resolves_it(shop):
    name = next(
        iter(n for n in shop.app.discovery.definitions().datasets if str(n) == "sales.orders")
    )
    level = PromisedLevel(LevelKind.FREQUENCY, "1 d", seconds=86_400)
    assert shop.app.incidents.look([(name, level)]) == 1
    assert shop.app.incidents.look([(name, level)]) == 0
    incident, _ = timeline(shop)
    assert incident.title == "sales.orders misses its frequency of 1 d"
    assert shop.app.incidents.look([]) == 1
    incident, events = timeline(shop)
    assert (incident.state, events[-1]) == ("resolved", ("resolved", "time"))
    assert [entry.principal for entry in recorded(shop, AuditTag.INCIDENT_OPENED)] == ["time"]


def test_pages_of_incidents_leave_nothing_out(shop):
    made = [
        shop.app.incidents.open("sales/orders", f"number {number}", by=MARA).incident.id
        for number in range(5)
    ]
    seen, after = [], None
    while True:
        page = shop.app.incidents.page(by=MARA, limit=2, after=after)
        seen += [one.incident.id for one in page.items]
        after = page.next
        if after is None:
            break
    assert seen == made[::-1]
