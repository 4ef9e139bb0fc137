from __future__ import annotations

import pytest

from ghala.errors import StorageError
from ghala.governance.audit import Audit, entry
from ghala.model.audit import AuditTag
from ghala.model.audit_record import ReadOutcome
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind


def test_a_read_is_two_entries_with_one_id():
    entries = []
    reading = Audit(entries.append).started(OWNER_LOCAL, ["sales.orders"], {"environment": "prod"})
    assert [entry.tag for entry in entries] == [AuditTag.DATASET_READ]
    reading.rows, reading.byte_count = 3, 24
    reading.ended(ReadOutcome.FAILED, "limit")
    intent, outcome = entries
    assert outcome.tag is AuditTag.DATASET_READ_FINISHED
    assert outcome.detail["read_id"] == intent.detail["read_id"]
    assert {key: outcome.detail[key] for key in ("outcome", "rows", "bytes", "error")} == {
        "outcome": "failed",
        "rows": 3,
        "bytes": 24,
        "error": "limit",
    }
    assert (intent.principal, intent.purpose) == ("owner:local", "administration")


def test_a_denial_is_one_entry():
    entries = []
    Audit(entries.append).denied(OWNER_LOCAL, ["people.staff"], {"reasons": ["no"]})
    (entry,) = entries
    assert (entry.tag, entry.objects) == (AuditTag.DATASET_READ_DENIED, ("people.staff",))


def test_a_record_that_cannot_be_written_is_an_error():
    def refuse(_entry):
        raise StorageError("the registry is full")

    with pytest.raises(StorageError, match="full"):
        Audit(refuse).started(OWNER_LOCAL, ["sales.orders"], {})


def test_an_entry_names_the_user_of_an_agent_and_what_proved_who_it_was():
    bot = Principal(
        "agent:bot",
        PrincipalKind.AGENT,
        "analytics",
        on_behalf_of="user:amina",
        credential="token:4fT0pXbq81Zc",
    )
    made = entry(AuditTag.DATASET_READ, bot, ("sales.orders",), {"rows": 3})
    assert made.detail == {
        "rows": 3,
        "on_behalf_of": "user:amina",
        "credential": "token:4fT0pXbq81Zc",
    }
    assert entry(AuditTag.DATASET_READ, OWNER_LOCAL, (), {}).detail == {}
