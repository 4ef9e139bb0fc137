"""The products that Ghala brings along are folders like any others, and no workspace can take their place."""

from datetime import UTC, datetime

import pytest

from ghala.ingest.find import check_source
from ghala.model.audit_record import AuditRecord
from ghala.model.product import Workspace
from ghala.model.system import AUDIT, USAGE
from ghala.pipelines.graph import order
from ghala.pipelines.steps.audit import row_of
from ghala.query.lint import check_sql, table_places
from ghala.spec.built_in import FOLDER, built_in
from ghala.spec.lint import lint_workspace
from ghala.spec.product import understand
from ghala.testing.shop import ORDERS
from ghala.testing.workspace import write_product, write_workspace


@pytest.mark.parametrize("name", ["audit", "usage"])
def test_nothing_is_wrong_with_their_files(name):
    paths = sorted(path for path in (FOLDER / name).rglob("*") if path.is_file())
    files = tuple((path.relative_to(FOLDER / name).as_posix(), path.read_bytes()) for path in paths)
    assert understand(files, f"system/{name}", "system").findings == ()


def test_their_pipelines_can_be_run_in_order():
    domain, products = built_in()
    planned = order(Workspace("system", FOLDER, (domain,), products, {}), table_places)
    assert [str(one.product.name) for one in planned] == ["system/audit", "system/usage"]
    assert [one.faults for one in planned] == [(), ()]
    assert planned[1].plan.datasets == {AUDIT}
    statements = [step.sql for one in products for step in one.pipeline.steps if step.sql]
    assert [list(check_sql(text)) for text in statements] == [[]]


def test_every_column_of_the_audit_has_a_value_and_says_who_may_see_it():
    datasets = {one.name: one for product in built_in()[1] for one in product.datasets}
    promised = [column.name for column in datasets[AUDIT].columns]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    entry = AuditRecord(1, 1, now, "user:created", "user:amina", "administration", (), {}, "", "")
    assert list(row_of(entry)) == promised
    personal = {"principal", "on_behalf_of", "objects", "reasons", "credential", "detail"}
    for name in (AUDIT, USAGE):
        tagged = {column.name for column in datasets[name].columns if column.tags}
        assert tagged == personal & {column.name for column in datasets[name].columns}
        assert all(column.classification for column in datasets[name].columns)
    assert personal < set(promised)


def findings(root):
    return {one.message for one in lint_workspace(root, check_source)}


def test_the_domain_is_reserved(tmp_path):
    write_workspace(tmp_path)
    write_product(tmp_path, "system/audit", {"audit": ORDERS}, "")
    assert "`system` cannot be a domain's name: `system` is reserved" in findings(tmp_path)


def test_no_contract_can_pass_for_theirs(tmp_path):
    write_workspace(tmp_path)
    folder = write_product(tmp_path, "sales/orders", {"audit": ORDERS}, "")
    for path in folder.glob("*.yaml"):
        lines = path.read_text().split("\n")
        changed = ["id: Ghala.System.Audit" if one.startswith("id: ") else one for one in lines]
        path.write_text("\n".join(changed))
    assert "the contract id `Ghala.System.Audit` is taken" in findings(tmp_path)
