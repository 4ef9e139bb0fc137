"""A product reads what others deliver by policies and agreements, like any reader; what it loses ends its run."""

import threading
import time

import pytest

from ghala.errors import DeniedError
from ghala.model.audit_record import AuditFilter
from ghala.model.principal import OWNER_LOCAL
from ghala.model.run import RunState
from ghala.testing.workspace import Table

CUSTOMERS = Table(
    {
        "id": "bigint, primaryKey: true, required: true",
        "region": "varchar",
        "email": "varchar, tags: [pii.email]",
    }
)
PLAIN = Table({"id": "bigint", "region": "varchar"})
SEEN = Table({"id": "bigint", "region": "varchar", "email": "varchar, tags: [pii.email]"})
ROWS = "id,region,email\n1,KE,one@example.org\n2,TZ,two@example.org\n3,KE,\n"
ALL = "SELECT id, region, email FROM crm.customers"
BACKERS = "product:growth/backers"
FORBID = """@id("acme.not-growth") @reason("growth builds on nothing of ours")
forbid (principal == Product::"growth/backers", action == Action::"dataset:read", resource);
"""


@pytest.fixture
def crm(shop):
    """Customers of one domain, which products of others want."""
    shop.add("crm/customers", CUSTOMERS, files="customers.csv")
    shop.put("customers.csv", ROWS)
    shop.publish("crm/customers")
    return shop


def agree(shop, columns, *, product="growth/backers", rows=None):
    return shop.agree("crm.customers", product, tuple(columns), rows=rows)


def revoke(shop, agreement):
    shop.app.access.agreements.revoke(agreement, by=OWNER_LOCAL, reason="over")


def audited(shop, tag):
    wanted = AuditFilter(tag=tag, who=BACKERS)
    return shop.app.audit.search(wanted, 10, by=OWNER_LOCAL)


@pytest.mark.parametrize("sql", ["SELECT id, region FROM crm.customers", "FROM crm.customers"])
def test_columns_that_are_neither_personal_nor_confidential_are_read_without_asking(crm, sql):
    crm.add_query("growth/backers", PLAIN, sql, inputs=("crm/customers",))
    crm.publish("growth/backers")
    assert crm.stored("growth.backers") == [(1, "KE"), (2, "TZ"), (3, "KE")]


def test_a_product_reads_all_of_its_own_domain(crm):
    crm.add_query("crm/backers", SEEN, ALL, inputs=("crm/customers",))
    crm.publish("crm/backers")
    assert crm.stored("crm.backers")[0] == (1, "KE", "one@example.org")


def test_personal_data_of_others_takes_an_agreement_and_the_refusal_says_how_to_get_one(crm):
    crm.add_query("growth/backers", SEEN, ALL, inputs=("crm/customers",))
    outcome = crm.run("growth/backers")
    assert (outcome.run.state, outcome.release) == (RunState.FAILED, None)
    assert isinstance(outcome.error, DeniedError)
    assert str(outcome.error) == "product:growth/backers may not read crm.customers.email"
    assert outcome.error.reasons == ("no policy and no agreement gives it that column",)
    owner = crm.app.workspace().domains[0].owner
    assert outcome.error.hint == (
        f"ask its owner, the team `{owner}`: ghala access request crm.customers "
        "--for product:growth/backers --purpose production --column email --why TEXT"
    )


def test_what_a_policy_forbids_is_refused_before_anything_is_read_and_recorded(crm):
    crm.add_query(
        "growth/backers", PLAIN, "SELECT id FROM crm.customers", inputs=("crm/customers",)
    )
    (crm.folder / "policies").mkdir()
    (crm.folder / "policies" / "own.cedar").write_text(FORBID)
    outcome = crm.run("growth/backers")
    assert str(outcome.error) == "product:growth/backers may not read crm.customers"
    (denied,) = audited(crm, "dataset:read_denied")
    assert denied.objects == ("crm.customers",)
    assert denied.detail["endpoint"] == "pipeline"


def test_rows_and_columns_are_those_of_the_agreement(crm):
    crm.add_query("growth/backers", SEEN, ALL, inputs=("crm/customers",))
    agree(crm, ["email"], rows={"column": "region", "in": ["KE"]})
    crm.publish("growth/backers")
    one, two, three = crm.stored("growth.backers")
    assert (one, three) == ((1, "KE", "one@example.org"), (3, "KE", None))
    assert two[:2] == (2, "TZ")
    assert two[2] not in {None, "two@example.org"}
    read = audited(crm, "dataset:read")[0]
    facts = read.detail["datasets"]["crm.customers"]
    assert facts["masked"] == ["id", "region", "email"][2:]
    assert any("agreement" in reason for reason in facts["reasons"])
    assert read.detail["endpoint"] == "pipeline"
    assert read.detail["policy_version"]


def test_agreements_of_one_product_are_not_those_of_another_or_of_a_team(crm):
    crm.add_query("growth/backers", SEEN, ALL, inputs=("crm/customers",))
    crm.add_query("growth/others", SEEN, ALL, inputs=("crm/customers",))
    agree(crm, ["*"], product="growth/others")
    assert crm.run("growth/others").release
    assert isinstance(crm.run("growth/backers").error, DeniedError)


def test_a_revoked_agreement_ends_the_next_run_and_consumers_keep_the_last_release(crm):
    crm.add_query("growth/backers", SEEN, ALL, inputs=("crm/customers",))
    made = agree(crm, ["*"])
    crm.publish("growth/backers")
    revoke(crm, made)
    assert isinstance(crm.run("growth/backers").error, DeniedError)
    assert len(crm.stored("growth.backers")) == 3


@pytest.mark.parametrize("moment", ["growth/backers: make", "checking and publishing"])
def test_what_is_revoked_while_it_runs_is_not_published(crm, moment):
    crm.add_query("growth/backers", SEEN, ALL, inputs=("crm/customers",))
    made = agree(crm, ["*"])

    def hear(line):
        if moment in line:
            revoke(crm, made)

    outcome = crm.run("growth/backers", progress=hear)
    assert isinstance(outcome.error, DeniedError)
    assert "--for product:growth/backers" in outcome.error.hint
    assert crm.app.releases("growth/backers") == ()


def test_what_others_publish_meanwhile_keeps_no_run_from_publishing(crm):
    crm.add()
    crm.put("orders.csv", "id,amount\n1,1.00\n")
    (crm.folder / "landing" / "customers.csv").unlink()
    crm.add_query("growth/backers", SEEN, ALL, inputs=("crm/customers",))
    agree(crm, ["*"])

    def hear(line):
        if "growth/backers: checking" in line:
            crm.publish("sales/orders")

    assert crm.run("growth/backers", progress=hear).release


def test_a_step_that_runs_is_cut_within_a_second(crm):
    long = (
        "SELECT c.id, c.region, c.email FROM crm.customers AS c, range(1000000) AS a, "
        "range(1000000) AS b WHERE a.range * b.range % 7 = 8"
    )
    crm.add_query("growth/backers", SEEN, long, inputs=("crm/customers",))
    made = agree(crm, ["*"])
    revoked_s = []

    def revoke_while_it_runs():
        deadline_s = time.monotonic() + 20
        try:
            while not audited(crm, "dataset:read") and time.monotonic() < deadline_s:
                threading.Event().wait(0.05)
        finally:
            revoke(crm, made)
            revoked_s.append(time.monotonic())

    apart = threading.Thread(target=revoke_while_it_runs)
    apart.start()
    outcome = crm.run("growth/backers")
    ended_s = time.monotonic()
    apart.join()
    took_s = ended_s - revoked_s[0]
    print(f"cut {took_s:.2f} s after it was revoked")
    assert isinstance(outcome.error, DeniedError)
    assert "may no longer read crm.customers" in str(outcome.error)
    assert took_s < 3


def test_a_policy_of_the_organisation_decides_about_products_too(crm):
    folder = crm.folder / "policies"
    folder.mkdir()
    (folder / "own.cedar").write_text(
        '@id("acme.nobody-reads-crm")\nforbid (principal is Product, action == Action::"dataset:read", '
        'resource in Domain::"crm");\n'
    )
    crm.add_query("growth/backers", SEEN, ALL, inputs=("crm/customers",))
    agree(crm, ["*"])
    error = crm.run("growth/backers").error
    assert error.reasons == ("forbidden by policy acme.nobody-reads-crm",)


def test_hidden_columns_are_no_origin_and_no_part_of_everything(crm):
    table = Table({"id": "bigint", "key": "varchar, classification: restricted"})
    crm.add("crm/keys", table, files="keys.csv")
    crm.put("keys.csv", "id,key\n1,secretword\n")
    crm.publish("crm/keys")
    crm.add_query(
        "growth/keys", Table({"id": "bigint"}), "SELECT * FROM crm.keys", inputs=("crm/keys",)
    )
    crm.agree("crm.keys", "growth/keys", ("id",))
    crm.publish("growth/keys")
    assert crm.stored("growth.keys") == [(1,)]
    assert "crm.keys.key" not in str(crm.app.lineage("growth.keys"))
