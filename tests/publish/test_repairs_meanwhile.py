"""Repairs of rows whose files, steps or releases changed meanwhile: none is in the data twice, or said to be in it."""

import pyarrow.parquet as pq
import pytest
from repairing import DATASET, HEADER, ORDERS, STATES, only, page, release
from sqlalchemy import update

from ghala.errors import ConflictError, LeaseLostError
from ghala.model.run import RunState
from ghala.registry import tables
from ghala.testing.workspace import Table

KEYLESS = Table({"id": "bigint, required: true", "amount": "decimal(12,2), required: true"})


def counts(shop):
    found = page(shop)
    return {state: found[state] for state in STATES if found[state]}


def stored(shop):
    return sorted((row[0], str(row[1])) for row in shop.stored())


def back(shop, to):
    shop.app.roll_back("sales/orders", to, reason="a test")


def test_a_record_whose_file_was_mended_before_it_was_taken_comes_once(shop):
    shop.add(table=KEYLESS)
    shop.put("1.csv", f"{HEADER}1,1.00\n")
    shop.publish()
    shop.put("2.csv", f"{HEADER}2,two\nthree,3.00\n4,\n")
    assert shop.run().run.state is RunState.REFUSED
    first = page(shop)["rows"][0]
    shop.app.fix_row(DATASET, first["id"], raw="2,2.00")
    shop.put("2.csv", f"{HEADER}2,2.00\nthree,3.00\n4,4.00\n")
    shop.publish()
    outcome = release(shop)
    assert outcome.run.state is RunState.UNCHANGED
    assert stored(shop) == [(1, "1.00"), (2, "2.00"), (4, "4.00")]
    gone = page(shop, run=first["run"])["rows"][0]
    assert (gone["state"], gone["refused"]["reason"]) == ("open", "not_met")
    assert counts(shop) == {"open": 1}


def test_a_record_that_is_read_by_other_columns_meanwhile_comes_once(shop):
    shop.add(table=KEYLESS)
    # The bytes are the same in both runs, and the second one can read them.
    shop.put("1.csv", f"{HEADER}1,1.00\n2,2.001\n3,\n")
    assert shop.run().run.state is RunState.REFUSED
    shop.app.fix_row(DATASET, only(shop)["id"], raw="2,2.00")
    shop.add(table=Table({"id": "bigint, required: true", "amount": "decimal(12,3)"}))
    shop.publish()
    release(shop)
    assert stored(shop) == [(1, "1.000"), (2, "2.001"), (3, "None")]


def test_a_record_that_stays_as_it_is_while_its_file_is_mended_is_released(shop):
    shop.add(table=KEYLESS)
    shop.put("1.csv", f"{HEADER}1,1.00\n,7\n2,two\n")
    assert shop.run().run.state is RunState.REFUSED
    shop.app.fix_row(DATASET, only(shop, reason="type")["id"], raw="2,2.00")
    shop.put("1.csv", f"{HEADER}1,1.00\n777777,7\n2,two\n")
    shop.publish()
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.00"), (777777, "7.00")]
    assert counts(shop) == {"released": 1}


def test_a_record_whose_file_was_mended_after_a_rollback_comes_once(shop):
    shop.add(table=KEYLESS)
    shop.put("1.csv", f"{HEADER}1,1.00\n")
    shop.publish()
    shop.put("2.csv", f"{HEADER}2,two\n3,3.00\n")
    shop.publish()
    shop.app.fix_row(DATASET, only(shop)["id"], raw="2,2.00")
    back(shop, 1)
    shop.put("2.csv", f"{HEADER}2,2.00\n3,3.00\n")
    shop.publish()
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.00"), (3, "3.00")]
    # Back to where the record was out: it can be in again.
    back(shop, 2)
    shop.put("2.csv", f"{HEADER}2,two\n3,3.00\n")
    assert stored(shop) == [(1, "1.00"), (3, "3.00")]
    shop.app.fix_row(DATASET, only(shop)["id"], raw="2,2.22")
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.22"), (3, "3.00")]
    assert counts(shop) == {"released": 1}


def test_a_row_of_a_release_that_was_taken_back_is_kept_out_anew(shop):
    shop.add(table=KEYLESS, on_fail="quarantine")
    shop.put("1.csv", f"{HEADER}1,1.00\n")
    shop.publish()
    shop.put("2.csv", f"{HEADER}2,\n3,3.00\n")
    shop.publish()
    row = only(shop)
    shop.app.fix_row(DATASET, row["id"], values={"amount": "2.00"})
    back(shop, 1)
    with pytest.raises(ConflictError, match="published nothing"):
        shop.app.fix_row(DATASET, row["id"], values={"amount": "2.50"})
    shop.put("2.csv", f"{HEADER}2,2.00\n3,3.00\n")
    shop.publish()
    assert counts(shop) == {}
    assert release(shop, [row["id"]]).run.state is RunState.UNCHANGED
    assert stored(shop) == [(1, "1.00"), (2, "2.00"), (3, "3.00")]
    gone = only(shop, run=row["run"])
    assert (gone["state"], gone["refused"]["reason"]) == ("open", "taken_back")
    # Taken back itself, the rollback leaves what was.
    back(shop, 2)
    shop.put("2.csv", f"{HEADER}2,\n3,3.00\n")
    assert counts(shop) == {"open": 1}
    shop.app.fix_row(DATASET, row["id"], values={"amount": "2.25"})
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.25"), (3, "3.00")]


def test_equal_rows_of_two_releases_are_two_rows(shop):
    shop.add(table=KEYLESS, on_fail="quarantine")
    shop.put("1.csv", f"{HEADER}1,1.00\n7,\n7,\n")
    shop.publish()
    one, other = page(shop)["rows"]
    shop.app.fix_row(DATASET, one["id"], values={"amount": "7.00"})
    release(shop, [one["id"]])
    shop.put("2.csv", f"{HEADER}2,2.00\n7,\n")
    shop.publish()
    assert counts(shop) == {"open": 2, "released": 1}
    third = page(shop, state="open")["rows"][0]
    assert third["id"] not in {one["id"], other["id"]}
    shop.app.fix_row(DATASET, third["id"], values={"amount": "7.00"})
    release(shop, [third["id"]])
    assert stored(shop) == [(1, "1.00"), (2, "2.00"), (7, "7.00"), (7, "7.00")]


@pytest.mark.parametrize("on_fail", ["block", "quarantine"])
@pytest.mark.parametrize("materialisation", ["append", "replace"])
def test_a_record_that_breaks_rules_once_it_can_be_read_stays_out(shop, materialisation, on_fail):
    shop.add(table=ORDERS, materialisation=materialisation, on_fail=on_fail)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n3,three\n4,four\n5,five\n")
    shop.publish()
    two, three, four, five = page(shop)["rows"]
    shop.app.fix_row(DATASET, two["id"], raw="2,")
    shop.app.fix_row(DATASET, three["id"], raw="1,3.00")
    shop.app.fix_row(DATASET, four["id"], raw="9,4.00")
    shop.app.fix_row(DATASET, five["id"], raw="9,5.00")
    shop.put("2.csv", f"{HEADER}8,8.00\n")
    outcome = release(shop)
    assert stored(shop) == [(1, "1.00"), (8, "8.00")]
    assert counts(shop) == {"open": 4}
    found = {row["id"]: row["refused"]["reason"] for row in page(shop)["rows"]}
    assert found == {
        two["id"]: "amount.required",
        three["id"]: "primary_key",
        four["id"]: "primary_key",
        five["id"]: "primary_key",
    }
    (balance,) = outcome.run.steps
    assert balance.rows_out == sum(report.rows_staged for report in outcome.reports)
    shop.app.fix_row(DATASET, two["id"], raw="2,2.00")
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.00"), (8, "8.00")]
    assert counts(shop) == {"open": 3, "released": 1}


def test_a_row_whose_key_comes_in_the_same_run_stays_out(shop):
    shop.add(table=ORDERS, on_fail="quarantine")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,\n")
    shop.publish()
    row = only(shop)
    shop.app.fix_row(DATASET, row["id"], values={"amount": "2.00"})
    shop.put("2.csv", f"{HEADER}2,2.50\n3,3.00\n")
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.50"), (3, "3.00")]
    assert counts(shop) == {"open": 1}
    assert only(shop)["refused"]["reason"] == "primary_key"


def test_a_record_of_a_file_that_does_not_fit_any_more_is_told_so(shop):
    shop.add(table=ORDERS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    row = only(shop)
    shop.app.fix_row(DATASET, row["id"], raw="2,2.00")
    more = {"id": "bigint, primaryKey: true, required: true", "amount": "decimal(12,2)"}
    shop.add(table=Table({**more, "place": "varchar"}))
    shop.put("2.csv", "id,amount,place\n3,3.00,here\n")
    release(shop)
    assert [row[0] for row in shop.stored()] == [1, 3]
    refused = only(shop)["refused"]
    assert refused["reason"] == "field_count"
    assert "place" in refused["message"]


def test_rows_of_what_is_made_anew_from_now_on_are_not_said_to_be_in_the_data(shop):
    shop.add(table=ORDERS, on_fail="quarantine")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,\n3,\n")
    shop.publish()
    two, three = page(shop)["rows"]
    for number, row in ((2, two), (3, three)):
        shop.app.fix_row(DATASET, row["id"], values={"amount": f"{number}.00"})
    release(shop, [two["id"]])
    assert stored(shop) == [(1, "1.00"), (2, "2.00")]
    shop.add(table=ORDERS, on_fail="quarantine", materialisation="replace")
    shop.reopen()
    outcome = shop.app.release_rows(DATASET, [three["id"]])
    assert outcome.run.state is RunState.PUBLISHED
    assert stored(shop) == [(1, "1.00")]
    decided = page(shop, run=two["run"])
    assert (decided["released"], decided["fixed"]) == (0, 0)
    assert counts(shop) == {"open": 2}
    # Where runs append again, a row that both kept out is one row.
    shop.add(table=ORDERS, on_fail="quarantine")
    shop.reopen()
    assert counts(shop) == {"open": 2}
    with pytest.raises(ConflictError, match="published nothing"):
        shop.app.fix_row(DATASET, two["id"], values={"amount": "2.00"})


def released_while(shop, act):
    """Release what is edited, and do something as soon as the run's lease has ended without its knowing."""
    done = []

    def say(_line):
        if not done:
            done.append(True)
            with shop.app._registry.write() as connection:
                connection.execute(update(tables.claims).values(lease_until=0))
            act()

    return shop.app.release_rows(DATASET, progress=say)


@pytest.mark.parametrize("has_more", [True, False])
def test_a_run_that_was_taken_over_says_nothing_of_rows(shop, has_more):
    shop.add(table=KEYLESS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    row = only(shop)["id"]
    shop.app.fix_row(DATASET, row, raw="2,second")
    if has_more:
        shop.put("2.csv", f"{HEADER}3,3.00\n")

    def mend_and_release():
        shop.app.fix_row(DATASET, row, raw="2,2.00")
        release(shop)

    outcome = released_while(shop, mend_and_release)
    assert isinstance(outcome.error, LeaseLostError)
    assert counts(shop) == {"released": 1}
    assert [one for one in stored(shop) if one[0] == 2] == [(2, "2.00")]
    with pytest.raises(ConflictError):
        shop.app.fix_row(DATASET, row, raw="2,2.00")


def test_an_edit_that_a_run_has_not_read_is_not_said_to_be_in_the_data(shop):
    shop.add(table=KEYLESS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    row = only(shop)["id"]
    shop.app.fix_row(DATASET, row, raw="2,2.00")
    outcome = released_while(shop, lambda: shop.app.fix_row(DATASET, row, raw="2,2.22"))
    assert isinstance(outcome.error, ConflictError)
    assert counts(shop) == {"fixed": 1}
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.22")]


def test_a_rollback_says_of_rows_what_they_were_then(shop):
    shop.add(table=KEYLESS)
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.publish()
    row = only(shop)["id"]
    for edit in ("2,2.00", "2,2.22"):
        shop.app.fix_row(DATASET, row, raw=edit)
        release(shop)
        back(shop, 1)
    # Releases 2 and 4 had it, each as it was edited then.
    shop.app.discard_rows(DATASET, [row], reason="a test")
    for to, edit, amount in ((2, "2,2.00", "2.00"), (4, "2,2.22", "2.22"), (2, "2,2.00", "2.00")):
        back(shop, to)
        assert stored(shop) == [(1, "1.00"), (2, amount)]
        found = only(shop)
        assert (found["state"], found["fixed_raw"], found["note"]) == ("released", edit, None)
        assert found["release"] == shop.app.releases("sales/orders")[0].number


def test_rows_that_are_released_are_in_the_balance_and_their_batch_is_read_once(shop, monkeypatch):
    shop.add(table=KEYLESS, on_fail="quarantine")
    shop.put("1.csv", f"{HEADER}1,1.00\n" + "".join(f"{number},\n" for number in range(2, 9)))
    shop.publish()
    rows = [row["id"] for row in page(shop)["rows"]]
    for number, row in enumerate(rows):
        shop.app.fix_row(DATASET, row, values={"amount": f"{number}.50"} if number else {})
    shop.put("2.csv", f"{HEADER}9,9.00\n")
    opened = []

    def noting(read):
        def note(path, *args, **options):
            opened.append(str(path))
            return read(path, *args, **options)

        return note

    monkeypatch.setattr(pq, "ParquetFile", noting(pq.ParquetFile))
    monkeypatch.setattr(pq, "read_table", noting(pq.read_table))
    outcome = release(shop)
    # Once to choose, once to mend.
    assert sum(path.endswith(f"/{DATASET}-0.parquet") for path in opened) <= 2
    assert [one for one in stored(shop) if one[0] in {3, 8, 9}] == [
        (3, "1.50"),
        (8, "6.50"),
        (9, "9.00"),
    ]
    assert counts(shop) == {"open": 1, "released": 6}
    assert sum(one.rows_out for one in outcome.run.steps) == sum(
        report.rows_staged for report in outcome.reports
    )


def test_a_record_that_went_with_its_file_is_not_said_to_be_in_the_data(shop):
    shop.add(table=ORDERS, materialisation="replace")
    shop.put("1.csv", f"{HEADER}1,1.00\n2,two\n")
    shop.put("2.csv", f"{HEADER}3,3.00\n")
    shop.publish()
    row = only(shop)
    shop.app.fix_row(DATASET, row["id"], raw="2,2.00")
    release(shop)
    assert stored(shop) == [(1, "1.00"), (2, "2.00"), (3, "3.00")]
    (shop.folder / "landing" / "1.csv").rename(shop.folder / "1.csv")
    shop.publish()
    assert stored(shop) == [(3, "3.00")]
    gone = only(shop, run=row["run"])
    assert (gone["state"], gone["release"], gone["refused"]["reason"]) == ("open", None, "not_met")
    back(shop, 2)
    assert counts(shop) == {}
    assert only(shop, run=row["run"])["state"] == "released"
