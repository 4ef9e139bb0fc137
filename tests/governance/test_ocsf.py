"""Each entry is an event with what its class demands."""

from datetime import UTC, datetime

import pytest

from ghala.governance.ocsf import event_of
from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditRecord, ReadOutcome


def record(tag, objects=("sales.orders",), outcome=None, **detail):
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return AuditRecord(
        chain=2,
        number=7,
        at=at,
        tag=tag,
        principal="user:amina",
        purpose="analytics",
        objects=objects,
        detail=detail,
        previous_sha256="0" * 64,
        sha256="1" * 64,
        outcome=outcome,
        rows=3 if outcome else None,
        byte_count=24 if outcome else None,
    )


def test_a_read_is_datastore_activity():
    event = event_of(record(AuditTag.DATASET_READ, outcome=ReadOutcome.FINISHED, endpoint="rest"))
    assert (event["class_uid"], event["activity_id"], event["type_uid"]) == (6005, 4, 600504)
    assert (event["category_uid"], event["status_id"]) == (6, 1)
    assert event["time"] == 1_772_323_200_000
    assert event["metadata"]["version"] == "1.3.0"
    assert event["actor"]["user"] == {"uid": "user:amina", "name": "amina", "type_id": 1}
    assert event["table"]["name"] == "sales.orders"
    assert event["src_endpoint"] == {"name": "rest"}
    assert event["query_info"] == {"data": {"rows": 3}, "bytes": 24}


@pytest.mark.parametrize(
    ("found", "class_uid", "activity", "status"),
    [
        (record(AuditTag.DATASET_READ_DENIED), 6005, 4, 2),
        (record(AuditTag.SIGN_IN_REFUSED, ("user:ben",), address="192.0.2.1"), 3002, 1, 2),
        (record(AuditTag.SESSION_BEGUN, ("user:ben",)), 3002, 1, 1),
        (record(AuditTag.USER_DISABLED, ("user:ben",)), 3001, 5, 1),
        (record(AuditTag.ROLE_TAKEN, ("user:ben",), role="auditor"), 3005, 1, 1),
        (record(AuditTag.TEAM_CHANGED, ("team:a", "user:ben"), change="joined"), 3006, 3, 1),
        (record(AuditTag.ORPHANS_SWEPT, ()), 0, 99, 1),
    ],
)
def test_an_entry_is_of_the_class_that_monitors_know(found, class_uid, activity, status):
    event = event_of(found)
    assert (event["class_uid"], event["activity_id"]) == (class_uid, activity)
    assert event["type_uid"] == class_uid * 100 + activity
    assert event["status_id"] == status
    if class_uid // 1000 == 3:
        assert event["user"]["uid"] == "user:ben"


@pytest.mark.parametrize("tag", AuditTag)
def test_every_tag_has_an_event(tag):
    event = event_of(record(tag, ()))
    assert event["metadata"]["uid"] == "2.7"
    assert event["unmapped"]["purpose"] == "analytics"
