"""What comes after a place in each chain, while others write."""

import threading

from ghala.model.audit import AuditEntry, AuditTag
from ghala.registry import audit, audit_after, checkpoints


def entry(principal, number):
    return AuditEntry(
        AuditTag.DATASET_READ, principal, "analytics", ("sales.orders",), {"read_id": str(number)}
    )


def write(registry, principal, numbers):
    with registry.write() as connection:
        audit.append_all(connection, [entry(principal, number) for number in numbers])


def take(registry, taken):
    """Return the entries after what was taken, and what is taken now."""
    with registry.read() as connection:
        heads = checkpoints.heads(connection)
        found = list(audit_after.read_after(connection, taken, heads))
    return found, {head.chain: head.number for head in heads}


def places(entries):
    return [(one.chain, one.number) for one in entries]


def test_only_what_is_new_comes_and_in_order(registry):
    write(registry, "user:amina", range(3))
    first, taken = take(registry, {})
    write(registry, "user:ben", range(2))
    second, taken = take(registry, taken)
    assert [number for _, number in places(first + second)] == [1, 2, 3, 4, 5]
    assert [one.principal for one in second] == ["user:ben"] * 2
    assert take(registry, taken) == ([], taken)


def test_more_chains_than_a_statement_takes(place, monkeypatch):
    monkeypatch.setattr(audit_after, "_CHAINS_AT_ONCE", 2)
    for _ in range(5):
        registry = place.open()
        write(registry, "user:amina", range(2))
        registry.close()
    registry = place.open()
    found, _ = take(registry, {})
    registry.close()
    assert len(places(found)) == len(set(places(found))) == 10


def test_no_gap_and_nothing_twice_while_many_write(place):
    each, writers = 60, 3
    opened = [place.open() for _ in range(writers)]

    def keep_writing(registry, name):
        for number in range(0, each, 3):
            write(registry, name, range(number, number + 3))

    threads = [
        threading.Thread(target=keep_writing, args=(registry, f"user:{number}"))
        for number, registry in enumerate(opened)
    ]
    for thread in threads:
        thread.start()
    reader, taken, found = place.open(), {}, []
    while any(thread.is_alive() for thread in threads):
        some, taken = take(reader, taken)
        found += some
    some, taken = take(reader, taken)
    found += some
    for registry in (*opened, reader):
        registry.close()
    assert len(found) == each * writers
    assert len(set(places(found))) == each * writers
    for name in range(writers):
        own = [int(one.read_id) for one in found if one.principal == f"user:{name}"]
        assert own == list(range(each))


def test_news_is_what_others_wrote(registry):
    write(registry, "product:system/audit", range(2))
    with registry.read() as connection:
        heads = checkpoints.heads(connection)
        assert not audit_after.has_news(connection, {}, heads, apart_from=["product:system/audit"])
        assert audit_after.has_news(connection, {}, heads, apart_from=["user:amina"])
    _, taken = take(registry, {})
    with registry.read() as connection:
        assert not audit_after.has_news(connection, taken, heads, apart_from=["user:amina"])
