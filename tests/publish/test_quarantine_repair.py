"""Repairs of rows that were kept out: each row is open, edited, in the data once, or given up, whatever happens."""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repairing import DATASET, HEADER, ORDERS, STATES, only, page, release
from sqlalchemy import select

import ghala
from ghala.errors import ConflictError, NotFoundError, UsageError
from ghala.model.audit import AuditTag
from ghala.model.run import RunState
from ghala.registry import tables
from ghala.testing.shop import Shop
from ghala.testing.workspace import write_product


def ids(shop):
    return sorted(row[0] for row in shop.stored())


def tags(shop, tag):
    with shop.app._registry.read() as connection:
        return connection.execute(select(tables.audit.c.detail).filter_by(tag=tag)).scalars().all()


def test_a_record_is_edited_and_released(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n3,3.00\n")
    assert shop.publish() == 1
    row = only(shop)
    assert (row["state"], row["file"], row["record"], row["line"]) == ("open", "1.csv", 2, 3)
    assert (row["reasons"], row["column"], row["raw"]) == (["type"], "amount", "2,two")
    assert page(shop)["reasons"] == [{"reason": "type", "rows": 1}]

    fixed = shop.app.fix_row(DATASET, row["id"], raw="2,2.00")
    assert (fixed["state"], fixed["fixed_raw"]) == ("fixed", "2,2.00")
    assert ids(shop) == [1, 3]
    outcome = release(shop)
    assert (outcome.release.number, outcome.run.state) == (2, RunState.PUBLISHED)
    assert ids(shop) == [1, 2, 3]
    row = only(shop)
    assert (row["state"], row["release"]) == ("released", 2)
    assert "release 2" in row["why_not"]

    # Nobody takes it a second time.
    shop.put("2.csv", f"{HEADER}4,4.00\n")
    assert shop.publish() == 3
    assert ids(shop) == [1, 2, 3, 4]
    with pytest.raises(ConflictError):
        shop.app.fix_row(DATASET, row["id"], raw="2,3.00")
    with pytest.raises(ConflictError):
        shop.app.discard_rows(DATASET, [row["id"]], reason="no")
    with pytest.raises(UsageError):
        shop.app.release_rows(DATASET)


def test_the_audit_has_who_did_what_and_no_value(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,secret-a\n3,secret-b\n")
    shop.publish()
    one, other = page(shop)["rows"]
    shop.app.fix_row(DATASET, one["id"], raw="2,777.25")
    shop.app.discard_rows(DATASET, [other["id"]], reason="a test order")
    release(shop)
    (fixed,), (discarded,), (released,) = (
        tags(shop, tag)
        for tag in (
            AuditTag.QUARANTINE_FIXED,
            AuditTag.QUARANTINE_DISCARDED,
            AuditTag.QUARANTINE_RELEASED,
        )
    )
    assert fixed["row"] == one["id"]
    assert (discarded["rows"], discarded["reason"]) == ([other["id"]], "a test order")
    assert (released["rows"], released["release"]) == (1, 2)
    assert tags(shop, AuditTag.QUARANTINE_READ)
    with shop.app._registry.read() as connection:
        everything = str(connection.execute(select(tables.audit)).all())
    assert "777.25" not in everything
    assert "secret" not in everything
    found = page(shop)
    assert [found[state] for state in STATES] == [0, 0, 1, 1]


def test_rows_of_a_batch_are_recorded_when_they_are_read(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n3,three\n")
    shop.publish()
    (batch,) = shop.app.quarantine()
    assert shop.app.quarantined_rows(batch, limit=1).num_rows == 1
    (read,) = tags(shop, AuditTag.QUARANTINE_READ)
    assert read == {
        "environment": "prod",
        "rows": 1,
        "datasets": {DATASET: {"columns": ["id", "amount"]}},
    }


def test_what_still_cannot_be_taken_stays_with_its_new_reason(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n3,three\n4,four\n5,five\n")
    shop.publish()
    two, three, four, five = page(shop)["rows"]
    shop.app.fix_row(DATASET, two["id"], raw="2,2.00")
    shop.app.fix_row(DATASET, three["id"], raw="3,3.001")
    shop.app.fix_row(DATASET, four["id"], raw="4,4.00,4")
    shop.app.fix_row(DATASET, five["id"], raw="5,5.00\n6,6.00")
    release(shop)
    assert ids(shop) == [1, 2]
    left = {row["id"]: row for row in page(shop, state="open")["rows"]}
    assert {row["refused"]["reason"] for row in left.values()} == {
        "places",
        "field_count",
        "record_count",
    }
    assert left[three["id"]]["fixed_raw"] == "3,3.001"
    # With nothing else to publish, nothing is.
    shop.app.fix_row(DATASET, three["id"], raw="3,third")
    outcome = release(shop)
    assert outcome.run.state is RunState.UNCHANGED
    assert only(shop, reason="type", state="open")["refused"]["reason"] == "type"


def test_what_is_read_anew_is_mended_in_every_run(shop):
    shop.add(table=ORDERS, materialisation="replace")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    shop.app.fix_row(DATASET, only(shop)["id"], raw="2,2.00")
    # It waits for somebody who says so.
    shop.publish()
    assert ids(shop) == [1]
    release(shop)
    assert ids(shop) == [1, 2]
    shop.publish()
    assert ids(shop) == [1, 2]
    assert [page(shop)[state] for state in STATES] == [0, 0, 1, 0]
    # Mended at its source, it comes from there, and once.
    shop.put("1.csv", f"{HEADER}1,1.00\n2,22.00\n")
    shop.publish()
    assert [(row[0], str(row[1])) for row in shop.stored()] == [(1, "1.00"), (2, "22.00")]
    assert page(shop)["quarantined"] == 0


def test_a_repair_of_what_is_gone_says_so(shop):
    shop.add(table=ORDERS, materialisation="replace")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    row = only(shop)
    shop.app.fix_row(DATASET, row["id"], raw="2,2.00")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,22.00\n")
    release(shop)
    assert [(one[0], str(one[1])) for one in shop.stored()] == [(1, "1.00"), (2, "22.00")]
    gone = shop.app.kept_out(DATASET, run=row["run"])["rows"][0]
    assert (gone["state"], gone["refused"]["reason"]) == ("open", "not_met")


def test_a_source_that_sql_reads_is_mended_where_it_is_read(shop):
    write_product(
        shop.folder,
        "sales/orders",
        {"orders": ORDERS},
        "sources:\n  rows:\n    type: csv\n    zone: in\n    files: '*.csv'\n    delimiter: ';'\n"
        "    encoding: iso-8859-1\n    columns:\n      id: bigint\n      who: varchar\n"
        "      amount: {type: 'decimal(12,2)', decimal: ','}\n"
        "steps:\n  - {name: make, sql: transforms/make.sql, dataset: orders}\n",
        transforms={"make.sql": "SELECT id, amount + length(who) AS amount FROM rows\n"},
    )
    (shop.folder / "landing" / "1.csv").write_bytes(
        "id;who;amount\r\n1;Zoë;1,00\r\n2;Zoë;x\r\n".encode("latin-1")
    )
    shop.publish()
    row = only(shop)
    assert (row["raw"], row["step"]) == ("2;Zoë;x", "rows")
    with pytest.raises(UsageError, match="iso-8859-1"):
        shop.app.fix_row(DATASET, row["id"], raw="2;\N{SNOWMAN};2,00")
    shop.app.fix_row(DATASET, row["id"], raw="2;Zoë;2,00")
    release(shop)
    assert [(one[0], str(one[1])) for one in shop.stored()] == [(1, "4.00"), (2, "5.00")]


def test_a_row_that_broke_rules_is_edited_and_checked_again(shop):
    shop.add(table=ORDERS, on_fail="quarantine")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,\n3,3.00\n4,4.00\n4,44.00\n")
    shop.publish()
    assert ids(shop) == [1, 3]
    found = {row["values"][1]["value"]: row for row in page(shop)["rows"]}
    assert set(found) == {None, "4.00", "44.00"}
    empty, four, other = found[None], found["4.00"], found["44.00"]
    with pytest.raises(UsageError):
        shop.app.fix_row(DATASET, empty["id"], raw="2,2.00")
    with pytest.raises(UsageError, match="nothing"):
        shop.app.fix_row(DATASET, empty["id"], values={"nothing": "1"})
    shop.app.fix_row(DATASET, empty["id"], values={"amount": "2.50", "id": "3"})
    # One of two that had the same key is taken as it is.
    shop.app.fix_row(DATASET, four["id"], values={})
    shop.app.discard_rows(DATASET, [other["id"]], reason="the till sent it twice")
    release(shop)
    assert ids(shop) == [1, 3, 4]
    again = only(shop, state="open")
    assert (again["id"], again["refused"]["reason"]) == (empty["id"], "primary_key")
    assert again["fixed_values"] == {"amount": "2.50", "id": "3"}
    shop.app.fix_row(DATASET, empty["id"], values={"amount": "two"})
    release(shop)
    assert only(shop, state="open")["refused"]["column"] == "amount"
    shop.app.fix_row(DATASET, empty["id"], values={"amount": "2.50"})
    release(shop)
    assert [(row[0], str(row[1])) for row in shop.stored()][1] == (2, "2.50")
    assert [page(shop)[state] for state in STATES] == [0, 0, 2, 1]


def test_rows_of_what_is_made_anew_are_mended_at_their_source(shop):
    shop.add(table=ORDERS, on_fail="quarantine", materialisation="replace")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,\n")
    shop.publish()
    row = only(shop)
    assert "anew" in row["why_not"]
    with pytest.raises(ConflictError, match="anew"):
        shop.app.fix_row(DATASET, row["id"], values={"amount": "2.00"})
    shop.app.discard_rows(DATASET, [row["id"]], reason="a test")
    # It is kept out again by the next run, and stays given up.
    shop.publish()
    assert [page(shop)[state] for state in STATES] == [0, 0, 0, 1]


def test_a_refused_run_is_repaired_before_anything_is_published(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n")
    shop.publish()
    shop.put("2.csv", f"{HEADER}1,5.00\n2,two\n")
    assert shop.run().run.state is RunState.REFUSED
    row = only(shop)
    shop.app.fix_row(DATASET, row["id"], raw="2,2.00")
    assert shop.app.release_rows(DATASET).run.state is RunState.REFUSED
    assert (ids(shop), only(shop)["state"]) == ([1], "fixed")
    shop.put("2.csv", f"{HEADER}3,5.00\n2,two\n")
    release(shop)
    assert ids(shop) == [1, 2, 3]
    assert [page(shop)[state] for state in STATES] == [0, 0, 1, 0]


def test_a_rollback_gives_repairs_back_and_takes_them_again(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    shop.app.fix_row(DATASET, only(shop)["id"], raw="2,2.00")
    release(shop)
    shop.app.roll_back("sales/orders", 1, reason="a test")
    assert (ids(shop), only(shop)["state"]) == ([1], "fixed")
    shop.app.roll_back("sales/orders", 2, reason="a test")
    assert (ids(shop), only(shop)["state"], only(shop)["release"]) == ([1, 2], "released", 4)
    shop.app.roll_back("sales/orders", 1, reason="a test")
    release(shop)
    assert (ids(shop), only(shop)["state"]) == ([1, 2], "released")


def test_what_is_not_there_is_not_repaired(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    for verb in (
        lambda: shop.app.fix_row(DATASET, "0" * 32, raw="2,2.00"),
        lambda: shop.app.discard_rows(DATASET, ["0" * 32], reason="a test"),
        lambda: shop.app.release_rows(DATASET, ["0" * 32]),
        lambda: shop.app.kept_out("sales.nothing"),
        lambda: shop.app.kept_out(DATASET, run="nothing"),
    ):
        with pytest.raises(NotFoundError):
            verb()
    row = only(shop)
    for reason in ("", " ", "two\nlines", "x" * 501):
        with pytest.raises(UsageError):
            shop.app.discard_rows(DATASET, [row["id"]], reason=reason)
    with pytest.raises(UsageError):
        shop.app.kept_out(DATASET, state="mended")
    with pytest.raises(UsageError):
        shop.app.fix_row(DATASET, row["id"], raw=" ")
    assert only(shop)["state"] == "open"


def test_rows_are_narrowed_and_paged(shop):
    shop.add(table=ORDERS)
    bad = "".join(f"{number},x\n" for number in range(2, 8))
    shop.put("1.csv", f"{HEADER}1,1.00\n{bad}")
    shop.put("2.csv", f"{HEADER}9,9.00\nnine,1.00\n10,1,2\n")
    shop.publish()
    found = page(shop, limit=4)
    assert (len(found["rows"]), found["matching"], found["next"]) == (4, 8, 4)
    rest = page(shop, limit=4, after=4)
    assert (len(rest["rows"]), rest["next"]) == (4, None)
    assert len({row["id"] for row in [*found["rows"], *rest["rows"]]}) == 8
    assert page(shop, file="2.csv")["matching"] == 2
    assert only(shop, reason="field_count")["file"] == "2.csv"
    assert found["files"] == [{"file": "1.csv", "rows": 6}, {"file": "2.csv", "rows": 2}]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A release of five rows, beside six records that could not be read."""
    shop = Shop.open(tmp_path_factory.mktemp("repair") / "shop")
    shop.add(table=ORDERS)
    shop.put("1.csv", HEADER + "".join(f"{n},{n}.00\n" for n in range(5)))
    shop.put("2.csv", HEADER + "".join(f"{n},x\n" for n in range(5, 11)) + "11,1.00\n")
    shop.publish()
    shop.app.close()
    return shop.folder


ACTS = st.lists(
    st.tuples(st.sampled_from(["good", "bad", "discard", "release", "run"]), st.integers(0, 5)),
    max_size=7,
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_every_row_is_in_one_place_whatever_is_done(tmp_path_factory, template, acts):
    folder = shutil.copytree(template, tmp_path_factory.mktemp("acts") / "shop")
    shop = Shop(folder, ghala.open(folder))
    try:
        rows = {row["record"]: row["id"] for row in page(shop)["rows"]}
        expected = dict.fromkeys(rows, "open")
        edits = {}
        for act, which in acts:
            record = sorted(rows)[which]
            if act in {"good", "bad"} and expected[record] != "released":
                edits[record] = act
                expected[record] = "fixed"
                raw = f"{record + 4},7.00" if act == "good" else f"{record + 4},bad"
                shop.app.fix_row(DATASET, rows[record], raw=raw)
            elif act == "discard" and expected[record] != "released":
                expected[record] = "discarded"
                shop.app.discard_rows(DATASET, [rows[record]], reason="a test")
            elif act == "release" and "fixed" in expected.values():
                release(shop)
                expected = {
                    one: ("released" if edits[one] == "good" else "open")
                    if state == "fixed"
                    else state
                    for one, state in expected.items()
                }
            elif act == "run":
                shop.run()
            found = {row["record"]: row["state"] for row in page(shop)["rows"]}
            assert found == expected
            taken = [one + 4 for one, state in expected.items() if state == "released"]
            assert ids(shop) == sorted([0, 1, 2, 3, 4, 11, *taken])
    finally:
        shop.app.close()
