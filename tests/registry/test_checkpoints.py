"""Checkpoints mean the same in both databases."""

from ghala.governance.audit_key import AuditKey
from ghala.governance.audit_trail import AuditTrail
from ghala.lake.files import Disk
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import audit, checkpoints

ENTRY = AuditEntry(AuditTag.DATASET_READ, "user:zoë", "analytics", ("a.b",), {"text": "ü\n\x1e"})


def test_a_checkpoint_signs_each_chain_once(registry, place, tmp_path):
    trail = AuditTrail(registry, AuditKey(tmp_path / "audit.key", Disk()), lambda: None)
    other = place.open()
    for writer in (registry, other, registry):
        with writer.write() as connection:
            audit.append(connection, ENTRY)
    other.close()
    assert trail.checkpoint().number == 1
    with registry.read() as connection:
        assert checkpoints.heads(connection, unsigned=True) == ()
        assert [(head.chain, head.number) for head in checkpoints.heads(connection)] == [
            (1, 2),
            (2, 1),
        ]
        assert checkpoints.count_entries(connection) == 3
    with registry.write() as connection:
        audit.append(connection, ENTRY)
    assert trail.checkpoint().number == 2
    found = trail.verify(trail.anchor(by=OWNER_LOCAL), by=OWNER_LOCAL)
    assert (found.entries, found.checkpoints, found.anchored, found.faults) == (4, 2, 4, ())
