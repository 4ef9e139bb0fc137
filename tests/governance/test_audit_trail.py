"""The audit as people use it: who may look, and that nothing can be changed in it without being found."""

from __future__ import annotations

import json
import random
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, insert, select, update

from ghala.errors import CorruptError, DeniedError, UsageError
from ghala.governance.audit_checkpoints import parse_anchor, vouched
from ghala.governance.audit_key import AuditKey, is_signed
from ghala.governance.audit_trail import AuditTrail
from ghala.lake.files import Disk
from ghala.model.audit import AuditEntry, AuditTag
from ghala.model.audit_record import AuditFilter
from ghala.model.policy import Action
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind, Role
from ghala.registry import audit, tables
from ghala.registry.audit_check import check_entries
from ghala.registry.audit_form import canonical, first_hash, hash_of
from ghala.registry.registry import open_registry
from ghala.testing.people import PASSWORD

ENTRIES = tables.audit
CHAINS = tables.audit_chains


@pytest.fixture
def trail(people, tmp_path):
    key = AuditKey(tmp_path / "keys" / "audit.key", Disk())
    return AuditTrail(people.registry, key, lambda: None, people.clock)


def write(registry, count, detail=None, tag=AuditTag.DATASET_READ):
    entry = AuditEntry(tag, "user:amina", "analytics", ("sales.orders",), detail or {"n": 1})
    with registry.write() as connection:
        audit.append_all(connection, [entry] * count)


def words(found):
    return [fault.words for fault in found.faults]


def test_the_owner_finds_what_happened_but_not_the_looking(trail, people):
    people.add("amina")
    found = trail.search(AuditFilter(), 10, by=OWNER_LOCAL)
    assert [one.tag for one in found] == ["user:created"]
    again = trail.search(AuditFilter(who="owner:local", tag="audit:searched"), 10, by=OWNER_LOCAL)
    assert again[0].detail == {}
    last = trail.search(AuditFilter(tag="audit:searched"), 1, by=OWNER_LOCAL)
    assert last[0].detail == {"who": "owner:local", "tag": "audit:searched"}


def test_who_saw_a_column_is_found_among_many_reads_of_others(trail, people):
    def read(name, columns, masked=()):
        return {"datasets": {name: {"columns": list(columns), "masked": list(masked)}}}

    write(people.registry, 3, read("sales.orders@2", ["email"]))
    # The name of the column stands there, but for another dataset, or as something else.
    write(people.registry, 2100, read("hr.people", ["email"]) | {"note": ["email"]})
    write(people.registry, 2, read("sales.orders", ["id"], ["email"]))
    write(people.registry, 5, read("sales.orders", ["e-mail"]))
    wanted = AuditFilter(dataset="sales.orders", column="email")
    assert len(trail.search(wanted, 100, by=OWNER_LOCAL)) == 5
    assert len(trail.search(wanted, 4, by=OWNER_LOCAL)) == 4
    assert len(list(trail.export(wanted, by=OWNER_LOCAL))) == 5
    in_another_case = AuditFilter(dataset="sales.orders", column="EMail")
    assert len(trail.search(in_another_case, 100, by=OWNER_LOCAL)) == 5
    with pytest.raises(UsageError, match="a column is one of a dataset"):
        trail.search(AuditFilter(column="email"), 1, by=OWNER_LOCAL)


def test_who_was_shown_a_column_is_found_however_it_was_shown_and_written(trail, people):
    shown = {"datasets": {"sales.orders": {"columns": ["Email", "GRÖSSE"]}}}
    write(people.registry, 1, shown)
    write(people.registry, 1, shown, tag=AuditTag.QUARANTINE_READ)
    write(people.registry, 1, shown, tag=AuditTag.POLICY_APPLIED)
    for column in ("email", "grösse", "EMAIL"):
        wanted = AuditFilter(dataset="sales.orders", column=column)
        found = trail.search(wanted, 10, by=OWNER_LOCAL)
        assert {one.tag for one in found} == {"dataset:read", "quarantine:read"}


def test_an_export_holds_each_entry_once_oldest_first(trail, people):
    write(people.registry, 2500)
    lines = [json.loads(line) for line in trail.lines(AuditFilter(), "jsonl", by=OWNER_LOCAL)]
    assert [line["number"] for line in lines] == list(range(1, 2501))
    events = list(trail.lines(AuditFilter(tag="dataset:read"), "ocsf", by=OWNER_LOCAL))
    assert {json.loads(line)["class_uid"] for line in events} == {6005}


def auditor(people, *, takes=Role.AUDITOR):
    people.add("zoe")
    people.identity.roles.assign("zoe", takes.value, by=OWNER_LOCAL)
    zoe = people.identity.sessions.check(people.sign_in("zoe").cookie.value).principal
    people.identity.roles.take("zoe", takes.value, minutes=30, reason="check", by=zoe)
    return people.identity.sessions.check(people.sign_in("zoe").cookie.value).principal


def test_an_auditor_reads_it_and_others_do_not(trail, people):
    people.add("amina")
    amina = Principal("user:amina", PrincipalKind.USER, "analytics")
    for look in (
        lambda by: trail.search(AuditFilter(), 1, by=by),
        lambda by: trail.export(AuditFilter(), by=by),
        lambda by: trail.verify(by=by),
        lambda by: trail.anchor(by=by),
    ):
        with pytest.raises(DeniedError, match="may not read the audit"):
            look(amina)
        # Who says to be an auditor, and has not taken the role.
        with pytest.raises(DeniedError):
            look(
                Principal(
                    "user:amina", PrincipalKind.USER, "analytics", roles=frozenset({Role.AUDITOR})
                )
            )


def test_a_checkpoint_signs_what_moved_since_the_one_before(trail, people):
    write(people.registry, 3)
    first = trail.checkpoint()
    assert json.loads(first.body)["heads"][0][:2] == [1, 3]
    assert is_signed(first.body, first.signature, trail.key.public)
    assert not is_signed(first.body + " ", first.signature, trail.key.public)
    assert trail.checkpoint() is None
    write(people.registry, 1)
    second = trail.checkpoint()
    body = json.loads(second.body)
    assert (body["number"], body["previous_sha256"], body["entries"]) == (2, first.sha256, 4)
    found = trail.verify(trail.anchor(by=OWNER_LOCAL), by=OWNER_LOCAL)
    assert (found.checkpoints, found.anchored, found.faults) == (2, 4, ())
    assert found.public_keys == (trail.key.public,)


def test_a_key_is_made_for_nobody_else(trail):
    assert len(trail.key.public) == 64
    assert trail.key.path.stat().st_mode & 0o777 == 0o600
    trail.key.path.chmod(0o644)
    with pytest.raises(UsageError, match="others can read"):
        _ = AuditKey(trail.key.path, Disk()).public
    trail.key.path.chmod(0o600)
    trail.key.path.write_bytes(b"short")
    with pytest.raises(CorruptError, match="32 bytes"):
        _ = AuditKey(trail.key.path, Disk()).public


def test_an_anchor_that_is_none_or_was_changed_is_refused(trail, people, tmp_path):
    write(people.registry, 3)
    text = trail.anchor(by=OWNER_LOCAL)
    for wrong in ("", "[]", "{}", '{"body": "{}", "public_key": "", "signature": ""}'):
        with pytest.raises(UsageError, match="no anchor"):
            parse_anchor(wrong)
    with pytest.raises(UsageError, match="changed after it was signed"):
        parse_anchor(text.replace(":3", ":2"))
    (tmp_path / "other").mkdir()
    other = open_registry(None, tmp_path / "other")
    with pytest.raises(UsageError, match="another registry"):
        AuditTrail(other, trail.key, lambda: None).verify(text, by=OWNER_LOCAL)
    other.close()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (update(tables.audit_checkpoints).filter_by(number=1).values(body="{}"), 1),
        (update(tables.audit_checkpoints).filter_by(number=2).values(signature="00"), 2),
        (update(tables.audit_checkpoints).filter_by(number=2).values(public_key="11" * 32), 2),
        (delete(tables.audit_checkpoints).filter_by(number=1), 1),
    ],
)
def test_a_changed_checkpoint_is_named(trail, people, change, found):
    for _ in range(2):
        write(people.registry, 1)
        trail.checkpoint()
    with people.registry.write() as connection:
        connection.execute(change)
    assert words(trail.verify(by=OWNER_LOCAL))[0].startswith(f"checkpoint {found} ")


def test_checkpoints_signed_with_another_key_are_told(trail, people, tmp_path):
    write(people.registry, 1)
    thief = AuditTrail(people.registry, AuditKey(tmp_path / "own.key", Disk()), lambda: None)
    thief.checkpoint()
    assert trail.key.public
    (fault,) = words(trail.verify(by=OWNER_LOCAL))
    assert fault.startswith("checkpoint 1 is signed with another key")


def test_a_checkpoint_that_only_the_anchor_knows_is_told(trail, people):
    write(people.registry, 3)
    trail.checkpoint()
    anchor = trail.anchor(by=OWNER_LOCAL)
    with people.registry.write() as connection:
        connection.execute(delete(tables.audit_checkpoints))
    assert words(trail.verify(anchor, by=OWNER_LOCAL)) == [
        "checkpoint 1 is missing: the anchor knows it"
    ]


def rewrite(connection, chain, start, change):
    """Change the entries from `start` on, and make all hashes fit again, as who can write the registry would."""
    rows = connection.execute(
        select(ENTRIES).filter_by(chain=chain).order_by(ENTRIES.c.number)
    ).all()
    previous, made = first_hash(chain), []
    for row in rows:
        values = dict(row._mapping)
        if row.number >= start:
            values = change(values)
        values["previous_sha256"] = previous
        names = (values["tag"], values["principal"], values["purpose"], values["read_id"])
        texts = (canonical(values["objects"]), canonical(values["detail"]))
        values["sha256"] = previous = hash_of(previous, values["at"], names, texts)
        made.append(values)
    connection.execute(delete(ENTRIES).filter_by(chain=chain))
    connection.execute(insert(ENTRIES), made)
    connection.execute(update(CHAINS).filter_by(chain=chain).values(sha256=previous))


def test_a_whole_chain_written_anew_is_found_against_an_anchor(trail, people):
    write(people.registry, 10)
    anchor = trail.anchor(by=OWNER_LOCAL)
    with people.registry.write() as connection:
        rewrite(connection, 1, 1, lambda values: values | {"principal": "user:ben"})
    assert words(trail.verify(by=OWNER_LOCAL)) == []
    assert words(trail.verify(anchor, by=OWNER_LOCAL)) == [
        (
            "entry 1 of chain 1 or one of the 9 after it was rewritten:"
            " the anchor has another hash of entry 10"
        )
    ]


def test_a_rewritten_chain_with_new_checkpoints_is_found_against_an_anchor(trail, people):
    write(people.registry, 4)
    trail.checkpoint()
    anchor = trail.anchor(by=OWNER_LOCAL)
    with people.registry.write() as connection:
        rewrite(connection, 1, 3, lambda values: values | {"purpose": "other"})
        connection.execute(delete(tables.audit_checkpoints))
        connection.execute(update(CHAINS).values(signed_number=0))
    trail.checkpoint()
    assert words(trail.verify(by=OWNER_LOCAL)) == []
    found = words(trail.verify(anchor, by=OWNER_LOCAL))
    assert found[0].startswith("entry 1 of chain 1 or one of the 3 after it was rewritten")
    assert found[1].startswith("checkpoint 1 was rewritten")


class Undone(Exception):  # noqa: N818 - nothing went wrong
    """Ends a transaction whose changes nobody wants."""


@contextmanager
def tampered(registry):
    """Give a transaction that is undone."""
    try:
        with registry.write() as connection:
            yield connection
            raise Undone  # noqa: TRY301 - the transaction must see it
    except Undone:
        pass


COLUMNS = ("at", "tag", "principal", "purpose", "read_id", "objects", "detail", "sha256")
CHAIN_ENTRIES, SIGNED = 60, 40


def edit(connection, draw, chain, number):
    column = draw.choice((*COLUMNS, "previous_sha256"))
    new = {"at": draw.randrange(1 << 40), "objects": ["x"], "detail": {"n": draw.random()}}
    value = new.get(column, f"x{draw.random()}")
    connection.execute(
        update(ENTRIES).filter_by(chain=chain, number=number).values({column: value})
    )
    return {number}


def remove(connection, _draw, chain, number):
    connection.execute(delete(ENTRIES).filter_by(chain=chain, number=number))
    return {number}


def remove_and_close_up(connection, _draw, chain, number):
    connection.execute(delete(ENTRIES).filter_by(chain=chain, number=number))
    for later in range(number + 1, CHAIN_ENTRIES + 1):
        moved = update(ENTRIES).filter_by(chain=chain, number=later)
        connection.execute(moved.values(number=later - 1))
    return {number}


def swap(connection, draw, chain, number):
    other = draw.choice([n for n in range(1, CHAIN_ENTRIES + 1) if n != number])
    for before, after in ((number, 0), (other, number), (0, other)):
        moved = update(ENTRIES).filter_by(chain=chain, number=before)
        connection.execute(moved.values(number=after))
    return {min(number, other)}


def truncate(connection, draw, chain, number):
    number = min(number, SIGNED)
    connection.execute(delete(ENTRIES).where(ENTRIES.c.chain == chain, ENTRIES.c.number >= number))
    if draw.random() < 0.5 and number > 1:
        last = connection.execute(
            select(ENTRIES.c.sha256).filter_by(chain=chain, number=number - 1)
        ).scalar()
        connection.execute(
            update(CHAINS).filter_by(chain=chain).values(number=number - 1, sha256=last)
        )
    return {number}


def write_anew(connection, draw, chain, number):
    number = min(number, SIGNED)
    text = f"user:{draw.random()}"
    rewrite(connection, chain, number, lambda values: values | {"principal": text})
    # No hash is wrong: known is only that what was signed differs, from the entry after the last one that fits.
    return {1, 21, number}


@pytest.mark.parametrize("rounds", [240, pytest.param(10_000, marks=pytest.mark.long)])
def test_whatever_is_tampered_with_is_found_and_named(trail, people, tmp_path, rounds):
    second = open_registry(None, tmp_path)
    for end in (20, SIGNED, CHAIN_ENTRIES):
        for registry in (people.registry, second):
            write(registry, 20, {"n": end, "text": "ü" * 30})
        if end <= SIGNED:
            trail.checkpoint()
    anchor = parse_anchor(trail.anchor(by=OWNER_LOCAL))
    assert words(trail.verify(by=OWNER_LOCAL)) == []
    draw = random.Random(20261122)
    counts = dict.fromkeys((edit, remove, remove_and_close_up, swap, truncate, write_anew), 0)
    for turn in range(rounds):
        how = list(counts)[turn % len(counts)]
        chain, number = draw.choice((1, 2)), draw.randint(1, CHAIN_ENTRIES)
        with tampered(people.registry) as connection:
            firsts = how(connection, draw, chain, number)
            known = vouched(connection, trail.key.public, anchor if turn % 2 else None)
            found = check_entries(connection, known.marks).faults
        assert found, (how.__name__, chain, number)
        assert found[0].chain == chain
        assert found[0].number in firsts, (how.__name__, number, found[0].words)
        counts[how] += 1
    print({how.__name__: count for how, count in counts.items()})
    assert words(trail.verify(by=OWNER_LOCAL)) == []
    second.close()


def test_a_token_needs_the_scope_and_the_role(trail, people):
    zoe = auditor(people)
    assert zoe.roles == {Role.AUDITOR}
    assert trail.search(AuditFilter(tag="user:created"), 5, by=zoe)[0].objects == ("user:zoe",)
    assert trail.verify(by=zoe).faults == ()
    scopes = frozenset({Action.DATASET_READ})
    narrowed = Principal(zoe.id, zoe.kind, zoe.purpose, roles=zoe.roles, scopes=scopes)
    with pytest.raises(DeniedError, match="with this token"):
        trail.search(AuditFilter(), 1, by=narrowed)
    assert PASSWORD not in "".join(trail.lines(AuditFilter(), "jsonl", by=OWNER_LOCAL))
