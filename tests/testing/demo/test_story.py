"""The demo from beginning to end: every record is somewhere, and the broken month changes nothing."""

import pytest

import ghala
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.demo import break_month, make_workspace, play, repair_month
from ghala.testing.demo.defects import AT_CHECK, AT_SOURCE, Defect
from ghala.testing.demo.story import COUNT_QUERY, QUESTIONS

SCALE = 0.01


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    target = tmp_path_factory.mktemp("demo") / "pwani"
    said = []
    return target, play(target, scale=SCALE, say=said.append), said


@pytest.fixture(scope="module")
def tallies(tmp_path_factory):
    """Return what each file of the repaired example holds."""
    target = tmp_path_factory.mktemp("files") / "pwani"
    made = (*make_workspace(target, scale=SCALE), *repair_month(target))
    return {tally.path: tally for tally in made}


def test_all_products_are_released(played):
    _, summary, said = played
    assert (summary.products, summary.datasets) == (12, 13)
    assert summary.releases > summary.products
    assert summary.checks > 200
    assert any("refused" in line for line in said)


def test_consumers_keep_the_last_good_release_while_the_month_is_refused(played):
    target, summary, _ = played
    refused = summary.refused
    assert refused.month == "2025-12"
    assert refused.rows_before == refused.rows_while_refused < refused.rows_after_repair
    assert "quantity" in refused.reason
    with ghala.open(target) as app:
        assert app.sql(COUNT_QUERY).rows() == [(refused.rows_after_repair,)]
        before = app.sql("SELECT count(*) FROM sales.order_lines AT (VERSION => 1)").rows()
        assert before == [(refused.rows_before,)]


def test_all_that_was_read_has_landed_or_is_in_quarantine(played):
    _, summary, _ = played
    assert summary.rows_read > summary.rows_landed > 0
    assert summary.rows_unreadable == summary.rows_read - summary.rows_landed


def test_means_over_groups_are_no_longer_personal(played):
    target, _, _ = played
    with ghala.open(target) as app:
        for dataset in (
            "finance.revenue_monthly",
            "logistics.deliveries_monthly",
            "people.headcount",
        ):
            found = app.declarations.tags(dataset, by=OWNER_LOCAL)
            assert not [one for one in found if one.inherited or one.classification == "restricted"]


def test_the_queries_to_try_have_answers(played):
    target, summary, _ = played
    assert summary.queries == QUESTIONS
    with ghala.open(target) as app:
        for question in summary.queries:
            assert app.sql(question.sql).rows(), question.asks


def test_the_definitions_have_no_finding(played):
    with ghala.open(played[0]) as app:
        assert app.lint() == ()


def test_every_defect_is_found_and_nothing_else(tmp_path, tallies):
    target = tmp_path / "pwani"
    make_workspace(target, scale=SCALE)
    repair_month(target)
    with ghala.open(target) as app:
        outcomes = app.run()
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    read = {}
    for outcome in outcomes:
        files = {
            f"{outcome.run.product.domain}/{file.path.split('/')[-1]}": file
            for step in outcome.run.steps
            for file in step.files
        }
        kept_out = sum(report.rows_quarantined for report in outcome.reports)
        assert kept_out == sum(tallies[name].unacceptable for name in files), outcome.run.product
        read |= files
    assert set(read) == set(tallies)
    for name, file in read.items():
        tally = tallies[name]
        assert (file.read, file.quarantined) == (tally.records, tally.unreadable), name
        assert file.landed == file.read - file.quarantined, name
        assert file.refused is None, name


def test_the_broken_month_names_its_rule_and_its_rows(tmp_path):
    target = tmp_path / "pwani"
    make_workspace(target, scale=SCALE)
    broken = {tally.path: tally for tally in break_month(target)}
    with ghala.open(target) as app:
        outcomes = app.run(["sales/catalogue", "sales/customers", "sales/order_lines"])
    refused = outcomes[-1]
    assert refused.release is None
    (report,) = refused.reports
    blocking = [finding for finding in report.findings if finding.blocks]
    assert [finding.columns for finding in blocking] == [("quantity",)]
    assert blocking[0].failed_rows == broken["sales/lines_2025-12.csv"].defects[Defect.NEGATIVE]


def test_no_defect_is_both_unreadable_and_unacceptable():
    assert not AT_SOURCE & AT_CHECK
    assert set(Defect) - AT_SOURCE - AT_CHECK == {Defect.NEGATIVE, Defect.RESENT}
