"""What somebody would get: as it is decided afterwards, on rows that are made up."""

from decimal import Decimal

import duckdb
import pytest

from ghala.errors import NotFoundError
from ghala.governance.sample import made_up, seen_through
from ghala.model.contract import Column
from ghala.model.mask import Mask, MaskKind, mask_fault
from ghala.model.plain import plain
from ghala.model.policy import Clearance
from ghala.model.principal import OWNER_LOCAL
from ghala.model.types import Kind, parse_type
from ghala.sql.mask import masked
from ghala.testing.office import COLUMNS, ORDERS, Office
from ghala.testing.people import open_people

MASKS = (
    Mask(MaskKind.BUCKET, size=Decimal(1000)),
    Mask(MaskKind.GENERALISE, lookup=(("text 1", "one"),), otherwise="other"),
    Mask(MaskKind.GENERALISE, lookup=(("text 2", "two"),)),
    Mask(MaskKind.REPLACE_WITH_NULL),
    Mask(MaskKind.SHOW_FIRST, count=2),
    Mask(MaskKind.SHOW_FIRST, count=50),
    Mask(MaskKind.SHOW_LAST, count=2),
    Mask(MaskKind.SHOW_LAST, count=50),
    Mask(MaskKind.TRUNCATE_TO_MONTH),
    Mask(MaskKind.TRUNCATE_TO_YEAR),
)
TYPES = (
    "bigint",
    "integer",
    "decimal(12,2)",
    "double",
    "real",
    "varchar",
    "date",
    "timestamp",
    "uuid",
    "boolean",
    "time",
)


@pytest.fixture
def office(office_template, tmp_path):
    office = Office(open_people(office_template, tmp_path))
    yield office
    office.people.registry.close()


def by_name(preview):
    return {one.name: one for one in preview.columns}


def test_a_preview_says_what_is_decided_afterwards(office):
    rows = {"column": "region", "in": ["KE", "TZ"]}
    asked = office.ask(columns=["id", "email"], rows=rows)
    before = office.access.previews.preview(
        ORDERS, by=office.who("amina"), purpose="analytics", columns=["id", "email"], rows=rows
    )
    same = office.access.previews.of_request(asked.id, by=office.who("ben"))
    assert (before.columns, before.grantee) == (same.columns, "user:amina")
    office.access.requests.decide(asked.id, by=office.who("ben"), is_approved=True)
    decision = office.read()
    seen = {column.name: decision.clearance(column.name) for column in COLUMNS}
    assert {name: one.clearance for name, one in by_name(before).items()} == seen
    assert by_name(before)["email"].now is None
    assert by_name(before)["amount"].mask is MaskKind.REPLACE_WITH_NULL
    again = office.access.previews.preview(ORDERS, by=office.who("amina"), purpose="analytics")
    assert by_name(again)["email"].now is Clearance.CLEAR


def test_what_is_clear_in_some_rows_only_says_so(office):
    office.agree(columns=["id"])
    preview = office.access.previews.preview(
        ORDERS,
        by=office.who("amina"),
        purpose="analytics",
        columns=["email"],
        rows={"column": "region", "is": "=", "value": "KE"},
    )
    email = by_name(preview)["email"]
    assert (email.clearance, email.is_clear_in_some_rows) == (Clearance.MASKED, True)
    assert email.mask is MaskKind.KEYED_HASH
    assert len(preview.sample[0]["email"]) == 64


def test_teams_and_products_have_previews_too(office):
    for grantee, purpose in (("team:growth", "analytics"), ("product:growth/churn", "production")):
        preview = office.access.previews.preview(
            ORDERS, by=office.who("amina"), purpose=purpose, grantee=grantee, columns=["id"]
        )
        assert preview.grantee == grantee
        assert by_name(preview)["id"].clearance is Clearance.CLEAR
        assert by_name(preview)["email"].clearance is Clearance.MASKED
    other = office.access.previews.preview(
        ORDERS, by=OWNER_LOCAL, purpose="analytics", grantee="user:ben", columns=["id"]
    )
    assert by_name(other)["email"].clearance is Clearance.CLEAR


def test_a_preview_says_who_decides(office_template, tmp_path):
    office = Office(
        open_people(office_template, tmp_path),
        second="privacy",
        policies="""@id("acme.short") permit (principal is User,
        action == Action::"agreement:approve_automatically", resource is Dataset)
        when { context.days <= 30 && !context.is_personal };""",
    )
    previews = office.access.previews

    def preview(dataset=ORDERS, days=None, **terms):
        until = None if days is None else office.after(days)
        return previews.preview(
            dataset, by=office.who("carl"), purpose="analytics", until=until, **terms
        )

    assert preview().levels == (("team:sales-team",), ("team:privacy",))
    assert previews.of_request(office.ask().id, by=office.who("ben")).levels == preview().levels
    # Two levels are never decided by a policy.
    assert preview(days=1, columns=["id"]).approving_policy is None
    churn = ("growth.churn",)
    assert preview(*churn, 30).approving_policy == "policy:acme.short"
    assert preview(*churn, 31).approving_policy is None
    assert preview(*churn).approving_policy is None
    made = office.ask("carl", ["id"], days=3, dataset=churn[0])
    assert made.decisions[0].by == preview(*churn, 30).approving_policy


def test_what_may_not_be_discovered_has_no_preview(office):
    with pytest.raises(NotFoundError, match=r"there is no dataset `hr\.salaries`"):
        office.access.previews.preview("hr.salaries", by=office.who("amina"), purpose="analytics")


def test_nothing_of_the_sample_was_ever_stored(office):
    preview = office.access.previews.preview(ORDERS, by=office.who("amina"), purpose="analytics")
    assert [row["email"] for row in preview.sample] == [
        "person1@example.org",
        "person2@example.org",
        "person3@example.org",
    ]


@pytest.mark.parametrize("name", TYPES)
def test_made_up_masks_look_like_real_ones(name):
    data_type = parse_type(name)
    column = Column("value", data_type)
    with duckdb.connect() as connection:
        for mask in MASKS:
            if mask_fault(mask, data_type) is not None:
                continue
            for number in (1, 2):
                value = made_up(column, number)
                seen = masked("value", data_type, mask).sql(dialect="duckdb")
                (real,) = connection.execute(
                    f"SELECT {seen} FROM (SELECT CAST(? AS {data_type}) AS value)", [value]
                ).fetchone()
                assert plain(seen_through(value, mask, data_type)) == plain(real), mask


def test_every_type_has_a_value_of_its_own():
    for kind in Kind:
        if kind not in {Kind.LIST, Kind.STRUCT}:
            text = "decimal(2,2)" if kind is Kind.DECIMAL else kind.value
            assert made_up(Column("x", parse_type(text)), 1) is not None
