"""Audit entries as events of the Open Cybersecurity Schema Framework (OCSF) 1.3, for security monitoring.

Reads are Datastore Activity (6005), sign-ins Authentication (3002), accounts Account Change (3001), roles and
agreements User Access Management (3005), teams Group Management (3006). All else is a Base Event (0), whole in
`unmapped`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from ghala.model.audit import AuditTag
from ghala.model.audit_record import ReadOutcome
from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ghala.model.audit_record import AuditRecord

VERSION = "1.3.0"


class EventClass(IntEnum):
    """The classes of events that are used; the first digit is the category."""

    BASE = 0
    ACCOUNT_CHANGE = 3001
    AUTHENTICATION = 3002
    USER_ACCESS = 3005
    GROUP_MANAGEMENT = 3006
    DATASTORE_ACTIVITY = 6005


@dataclass(frozen=True, slots=True)
class _Kind:
    event_class: EventClass
    activity_id: int
    activity_name: str


_OTHER = 99
_INFORMATIONAL, _MEDIUM = 1, 3
_SUCCESS, _FAILURE = 1, 2
_QUERY = _Kind(EventClass.DATASTORE_ACTIVITY, 4, "Query")
_BASE = _Kind(EventClass.BASE, _OTHER, "Other")
_GROUP_CHANGES = {
    "added": _Kind(EventClass.GROUP_MANAGEMENT, 6, "Create"),
    "joined": _Kind(EventClass.GROUP_MANAGEMENT, 3, "Add User"),
    "left": _Kind(EventClass.GROUP_MANAGEMENT, 4, "Remove User"),
    "removed": _Kind(EventClass.GROUP_MANAGEMENT, 5, "Delete"),
}
_GIVEN = _Kind(EventClass.USER_ACCESS, 1, "Assign Privileges")
_ENDED = _Kind(EventClass.USER_ACCESS, 2, "Revoke Privileges")
_KINDS: Mapping[str, _Kind] = {
    AuditTag.AGREEMENT_APPROVED: _GIVEN,
    AuditTag.AGREEMENT_NARROWED: _ENDED,
    AuditTag.AGREEMENT_RENEWED: _GIVEN,
    AuditTag.AGREEMENT_REVOKED: _ENDED,
    AuditTag.DATASET_READ: _QUERY,
    AuditTag.DATASET_READ_CUT: _QUERY,
    AuditTag.DATASET_READ_DENIED: _QUERY,
    AuditTag.DATASET_READ_FINISHED: _QUERY,
    AuditTag.PASSWORD_CHANGED: _Kind(EventClass.ACCOUNT_CHANGE, 3, "Password Change"),
    AuditTag.RELEASE_PUBLISHED: _Kind(EventClass.DATASTORE_ACTIVITY, 5, "Write"),
    AuditTag.RELEASE_ROLLED_BACK: _Kind(EventClass.DATASTORE_ACTIVITY, 5, "Write"),
    AuditTag.ROLE_ASSIGNED: _GIVEN,
    AuditTag.ROLE_ENDED: _ENDED,
    AuditTag.ROLE_TAKEN: _GIVEN,
    AuditTag.ROLE_WITHDRAWN: _ENDED,
    AuditTag.SESSION_BEGUN: _Kind(EventClass.AUTHENTICATION, 1, "Logon"),
    AuditTag.SESSION_ENDED: _Kind(EventClass.AUTHENTICATION, 2, "Logoff"),
    AuditTag.SIGN_IN_REFUSED: _Kind(EventClass.AUTHENTICATION, 1, "Logon"),
    AuditTag.USER_CREATED: _Kind(EventClass.ACCOUNT_CHANGE, 1, "Create"),
    AuditTag.USER_DISABLED: _Kind(EventClass.ACCOUNT_CHANGE, 5, "Disable"),
    AuditTag.USER_ENABLED: _Kind(EventClass.ACCOUNT_CHANGE, 2, "Enable"),
}
_REFUSED = frozenset({AuditTag.DATASET_READ_DENIED, AuditTag.SIGN_IN_REFUSED})
_FAILED = frozenset({ReadOutcome.CUT, ReadOutcome.FAILED})
_NAMES = {
    EventClass.BASE: "Base Event",
    EventClass.ACCOUNT_CHANGE: "Account Change",
    EventClass.AUTHENTICATION: "Authentication",
    EventClass.USER_ACCESS: "User Access Management",
    EventClass.GROUP_MANAGEMENT: "Group Management",
    EventClass.DATASTORE_ACTIVITY: "Datastore Activity",
}


def event_of(record: AuditRecord) -> dict[str, Any]:
    """Return an entry as an OCSF event, ready for JSON."""
    kind = _kind_of(record)
    has_failed = record.tag in _REFUSED or record.outcome in _FAILED
    event: dict[str, Any] = {
        "activity_id": kind.activity_id,
        "activity_name": kind.activity_name,
        "category_uid": kind.event_class // 1000,
        "class_uid": int(kind.event_class),
        "class_name": _NAMES[kind.event_class],
        "type_uid": kind.event_class * 100 + kind.activity_id,
        "time": int(record.at.timestamp() * 1000),
        "severity_id": _MEDIUM if record.tag in _REFUSED else _INFORMATIONAL,
        "status_id": _FAILURE if has_failed else _SUCCESS,
        "message": f"{record.tag} {', '.join(record.objects)}".rstrip(),
        "metadata": {
            "version": VERSION,
            "product": {"name": "Ghala", "vendor_name": "Ghala"},
            "uid": f"{record.chain}.{record.number}",
            "event_code": record.tag,
            **({"correlation_uid": record.read_id} if record.read_id else {}),
        },
        "actor": _actor(record),
        **_about(kind.event_class, record),
        "unmapped": {
            "purpose": record.purpose,
            "objects": list(record.objects),
            "detail": plain(record.detail),
            "sha256": record.sha256,
            **({"outcome": record.outcome.value} if record.outcome else {}),
        },
    }
    if record.ms is not None:
        event["duration"] = record.ms
    if record.error is not None:
        event["status_code"] = record.error
    return event


def _kind_of(record: AuditRecord) -> _Kind:
    if record.tag == AuditTag.TEAM_CHANGED:
        return _GROUP_CHANGES.get(str(record.detail.get("change")), _BASE)
    return _KINDS.get(record.tag, _BASE)


def _about(event_class: EventClass, record: AuditRecord) -> dict[str, Any]:
    """Return what an event of a class must have beside the actor."""
    target = next((one for one in record.objects if ":" in one), record.principal)
    match event_class:
        case EventClass.DATASTORE_ACTIVITY:
            return _datastore(record)
        case EventClass.AUTHENTICATION:
            address = record.detail.get("address")
            where = {"src_endpoint": {"ip": str(address)}} if address else {}
            return {"user": _user(target), "service": {"name": "ghala"}, **where}
        case EventClass.ACCOUNT_CHANGE:
            return {"user": _user(target)}
        case EventClass.USER_ACCESS:
            return {"user": _user(target), "privileges": [_privilege(record)]}
        case EventClass.GROUP_MANAGEMENT:
            member = next((one for one in record.objects if not one.startswith("team:")), None)
            user = {"user": _user(member)} if member else {}
            return {"group": {"uid": target, "name": target.partition(":")[2]}, **user}
        case _:
            return {}


def _datastore(record: AuditRecord) -> dict[str, Any]:
    names = record.objects or ("",)
    query: dict[str, Any] = {"uid": record.read_id} if record.read_id else {}
    if record.rows is not None:
        query["data"] = {"rows": record.rows}
    if record.byte_count is not None:
        query["bytes"] = record.byte_count
    return {
        # One table is named; all of them stand in `unmapped`.
        "table": {"name": names[0], "uid": names[0]},
        "type_id": 3,
        "src_endpoint": {"name": str(record.detail.get("endpoint", "ghala"))},
        **({"query_info": query} if query else {}),
    }


def _privilege(record: AuditRecord) -> str:
    return str(record.detail.get("role") or ", ".join(record.objects))


def _actor(record: AuditRecord) -> dict[str, Any]:
    credential = record.detail.get("credential")
    session = {"session": {"uid": str(credential)}} if credential else {}
    return {"user": _user(record.principal), **session}


def _user(principal: str) -> dict[str, Any]:
    kind, _, name = principal.partition(":")
    return {"uid": principal, "name": name or kind, "type_id": 1 if kind == "user" else _OTHER}
