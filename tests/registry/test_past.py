"""The audit chains, read back in the order in which things happened."""

from datetime import UTC, datetime

from ghala.model.audit import AuditEntry, AuditTag
from ghala.registry import audit, past, tables


def test_entries_of_some_kinds_and_times(registry):
    with registry.write() as connection:
        for tag, detail in (
            (AuditTag.ROLE_TAKEN, {"role": "steward"}),
            (AuditTag.ROLE_ENDED, {}),
            (AuditTag.TEAM_CHANGED, {}),
        ):
            audit.append(connection, AuditEntry(tag, "owner:local", "x", ("user:ö",), detail))
    wanted = (AuditTag.ROLE_TAKEN, AuditTag.TEAM_CHANGED)
    with registry.read() as connection:
        found = list(past.entries(connection, wanted))
        assert [one.tag for one in found] == list(wanted)
        assert (found[0].objects, found[0].detail["role"]) == (("user:ö",), "steward")
        assert list(past.entries(connection, wanted, until_us=found[0].at_us - 1)) == []
        assert list(past.entries(connection, wanted, since_us=found[1].at_us + 1)) == []


def test_agreements_change_at_their_edges(registry):
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    detail = {"since": since.isoformat(), "until": until.isoformat()}
    row = {"agreement": "a", "at": 7, "event": "approved", "by": "x", "detail": detail}
    with registry.write() as connection:
        connection.execute(tables.agreement_events.insert().values(**row))
    with registry.read() as connection:
        edges = past.agreement_edges(connection)
    assert edges == (7, *(int(one.timestamp()) * 1_000_000 for one in (since, until)))
