"""Requests for access: who may ask, for whom and what, and who decides."""

from dataclasses import replace

import pytest

from ghala.errors import ConflictError, DeniedError, NotFoundError, UsageError
from ghala.governance.approval import Person, require_other
from ghala.governance.refusals import MOST_OPEN
from ghala.model.policy import Action, Clearance
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.office import COLUMNS, HIDDEN, ORDERS, Office
from ghala.testing.people import open_people

AUTOMATIC = """@id("acme.short-and-plain")
permit (principal is User, action == Action::"agreement:approve_automatically", resource is Dataset)
when { context.days <= 30 && !context.is_personal && context.purpose == "analytics" && !context.is_for_others };
"""


@pytest.fixture
def make(office_template, tmp_path):
    made = []

    def make(**options):
        made.append(Office(open_people(office_template, tmp_path), **options))
        return made[-1]

    yield make
    for office in made:
        office.people.registry.close()


@pytest.fixture
def office(make):
    return make()


def decide(office, request, by, *, is_approved=True, reason=""):
    return office.access.requests.decide(request.id, by=by, is_approved=is_approved, reason=reason)


def terms(office):
    return {
        "columns": ["id"],
        "purpose": "analytics",
        "until": office.after(1),
        "justification": "x",
    }


def test_from_asking_to_reading(office):
    assert not office.read().is_allowed
    asked = office.ask(rows={"column": "REGION", "is": "=", "value": "KE"}, columns=["ID", "email"])
    assert (asked.state, asked.levels, asked.terms.columns) == ("requested", 1, {"id", "email"})
    assert not office.read().is_allowed
    approved = decide(office, asked, office.who("ben"))
    assert (approved.state, approved.decisions[0].by) == ("approved", "user:ben")
    decision = office.read()
    assert decision.is_allowed
    (admission,) = decision.admissions
    assert (admission.columns, admission.rows.column) == ({"id", "email"}, "region")
    assert decision.clearance("amount") is Clearance.MASKED
    assert not office.read("carl").is_allowed
    assert not office.read(purpose="operations").is_allowed
    assert office.people.tags()[-2:] == ["agreement:requested", "agreement:approved"]


def test_what_may_not_be_discovered_is_not_there(office):
    for name in ("hr.salaries", "hr.nothing", "x", ""):
        with pytest.raises(NotFoundError) as caught:
            office.ask(dataset=name)
        assert str(caught.value) == f"there is no dataset `{name}`"
        assert caught.value.hint is None
    with pytest.raises(NotFoundError) as caught:
        office.ask(dataset="hr.salarie")
    assert "salaries" not in str(caught.value.hint)


def test_a_column_that_is_hidden_cannot_be_asked_for_by_guessing(make):
    office = make(
        columns=(*COLUMNS, replace(HIDDEN)),
        policies='@id("find") permit (principal is User, action == Action::"dataset:discover", resource);',
    )
    for columns, rows in ((["grade"], None), (["id"], {"column": "grade", "is": "null"})):
        with pytest.raises(UsageError) as caught:
            office.ask(columns=columns, rows=rows)
        assert "has no column `grade`" in str(caught.value)
    assert "grade" not in office.ask(columns=["*"]).terms.columns
    assert "grade" in office.ask("ben", columns=["*"]).terms.columns


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"columns": ["nothing"]}, "has no column"),
        ({"columns": []}, "no column is asked for"),
        ({"rows": {"column": "paid", "is": "=", "value": "yesterday"}}, "is not a date"),
        ({"rows": {"column": "id", "in": ["1", "x"]}}, "not a number written in digits"),
        ({"rows": {"column": "id", "is": "~", "value": "1"}}, "`is` must be one of"),
        ({"rows": {"column": "region", "is": "=", "value": "a\0"}}, "no character"),
        ({"rows": {"not": {"column": "zone", "is": "null"}}}, "has no column `zone`"),
        ({"rows": ["region = 'KE'"]}, "a predicate is an object"),
        ({"days": -1}, "has passed already"),
        ({"days": 400}, "lasts 366 days at most"),
    ],
)
def test_what_is_not_there_is_not_agreed(office, terms, words):
    with pytest.raises(UsageError, match=words) as caught:
        office.ask(**terms)
    assert caught.value.hint
    assert office.access.requests.requests(by=OWNER_LOCAL) == ()


def test_purposes_times_and_reasons_are_demanded(office):
    asked = terms(office) | {"by": office.who("amina")}
    for changed, words in (
        ({"purpose": "spying"}, "not a purpose"),
        ({"justification": "  "}, "without saying why"),
        ({"until": office.after(1).replace(tzinfo=None)}, "no time zone"),
    ):
        with pytest.raises(UsageError, match=words):
            office.access.requests.request(ORDERS, **asked | changed)


def test_people_ask_for_themselves_their_teams_and_their_products(office):
    assert office.ask(grantee="USER:AMINA").grantee == "user:amina"
    assert office.ask(grantee="team:growth").grantee == "team:growth"
    assert office.ask(grantee="product:growth/churn").grantee == "product:growth/churn"
    for other in ("user:carl", "team:sales-team", "team:nobody", "product:sales/orders", "user:x"):
        with pytest.raises(DeniedError, match="may not ask for"):
            office.ask(grantee=other)
    asked = terms(office) | {"grantee": "product:growth/churn"}
    with pytest.raises(UsageError, match="a product reads for `production`"):
        office.access.requests.request(ORDERS, by=office.who("amina"), **asked)
    for wrong, error in (("product:growth/x", NotFoundError), ("product:growth", UsageError)):
        with pytest.raises(error):
            office.ask(grantee=wrong)


def test_the_owner_of_the_files_asks_for_others_only(office):
    asked = terms(office) | {"by": OWNER_LOCAL}
    request = office.access.requests.request
    assert request(ORDERS, grantee="user:carl", **asked).requested_by == "owner:local"
    with pytest.raises(UsageError, match="sees everything already"):
        request(ORDERS, **asked)
    with pytest.raises(NotFoundError):
        request(ORDERS, grantee="user:zoe", **asked)


def test_a_team_reads_by_its_members(office):
    asked = office.ask(grantee="team:growth")
    decide(office, asked, office.who("ben"))
    assert office.read("amina").is_allowed
    assert not office.read("carl").is_allowed
    office.people.identity.teams.join("growth", "carl", by=OWNER_LOCAL)
    assert office.read("carl").is_allowed


def test_nobody_decides_for_themselves(office):
    own = office.ask("ben")
    with pytest.raises(DeniedError, match="their own request"):
        decide(office, own, office.who("ben"))
    assert decide(office, own, office.who("bea")).state == "approved"
    steward = office.steward("amina")
    for grantee in (None, "team:growth"):
        with pytest.raises(DeniedError, match="their own request"):
            decide(office, office.ask(grantee=grantee), steward)
    product = office.ask(grantee="product:growth/churn")
    with pytest.raises(DeniedError, match="their own request"):
        decide(office, product, steward)
    assert decide(office, product, office.who("bea")).state == "approved"


def test_who_asks_by_an_agent_does_not_decide_either(office):
    office.people.identity.accounts.add("agent:helper", by=OWNER_LOCAL, owner="ben")
    request = replace(office.ask("ben"), requested_by="agent:helper", on_behalf_of="user:ben")
    with office.people.registry.read() as connection:
        person = Person.of(connection, office.who("ben"), office.people.clock())
        with pytest.raises(DeniedError):
            require_other(connection, person, request, is_for_them=False)
        with pytest.raises(DeniedError):
            require_other(
                connection,
                person,
                replace(
                    request, grantee="agent:helper", requested_by="user:amina", on_behalf_of=None
                ),
                is_for_them=False,
            )


def test_owners_and_stewards_decide_and_others_do_not_even_see(office):
    asked = office.ask()
    with pytest.raises(NotFoundError, match="there is no such request"):
        decide(office, asked, office.who("carl"))
    with pytest.raises(DeniedError, match="may not decide this"):
        decide(office, asked, office.who("amina"))
    with pytest.raises(DeniedError, match="with a token"):
        decide(office, asked, replace(office.who("ben"), scopes=frozenset({Action.AGREEMENT_REQUEST})))  # fmt: skip
    assert decide(office, asked, office.steward()).state == "approved"


def test_a_role_that_has_ended_decides_nothing(office):
    asked, steward = office.ask(), office.steward()
    office.people.clock.pass_s(3601)
    with pytest.raises(NotFoundError):
        decide(office, asked, steward)
    ben = office.who("ben")
    office.people.identity.teams.leave("sales-team", "ben", by=OWNER_LOCAL)
    with pytest.raises(NotFoundError):
        decide(office, asked, ben)


def test_two_levels_are_two_people(make):
    office = make(second="privacy")
    asked = office.ask()
    assert asked.levels == 2
    with pytest.raises(DeniedError, match="may not decide this"):
        decide(office, asked, office.who("dora"))
    first = decide(office, asked, office.who("ben"))
    assert (first.state, first.level) == ("requested", 2)
    assert not office.read().is_allowed
    for name in ("ben", "bea"):
        with pytest.raises(DeniedError):
            decide(office, asked, office.who(name))
    assert decide(office, asked, office.who("dora")).state == "approved"
    assert office.read().is_allowed


def test_one_steward_is_not_both_levels(make):
    office = make(second="privacy")
    asked, steward = office.ask(), office.steward()
    decide(office, asked, steward)
    with pytest.raises(DeniedError, match="level before"):
        decide(office, asked, steward)
    assert decide(office, asked, OWNER_LOCAL).state == "approved"


def test_a_denial_says_why_and_stays(office):
    asked = office.ask()
    with pytest.raises(UsageError, match="without saying why"):
        decide(office, asked, office.who("ben"), is_approved=False)
    assert (
        decide(office, asked, office.who("ben"), is_approved=False, reason="no").state == "denied"
    )
    for again in (True, False):
        with pytest.raises(ConflictError, match="is denied already"):
            decide(office, asked, office.who("ben"), is_approved=again, reason="x")
    assert not office.read().is_allowed


def test_a_request_can_be_withdrawn_by_whoever_made_it(office):
    asked = office.ask()
    for other, error in (("carl", NotFoundError), ("ben", DeniedError)):
        with pytest.raises(error):
            office.access.requests.withdraw(asked.id, by=office.who(other))
    assert office.access.requests.withdraw(asked.id, by=office.who("amina")).state == "withdrawn"
    with pytest.raises(ConflictError):
        decide(office, asked, office.who("ben"))


def test_what_was_asked_for_too_long_ago_is_not_approved(office):
    asked = office.ask(days=1)
    office.people.clock.pass_s(86_400)
    with pytest.raises(ConflictError, match="has passed"):
        decide(office, asked, office.who("ben"))
    assert office.access.requests.find(asked.id, by=OWNER_LOCAL).state == "requested"


def test_the_same_is_asked_for_once_and_not_without_end(office):
    asked = office.ask()
    with pytest.raises(ConflictError, match=asked.id):
        office.ask()
    for number in range(1, MOST_OPEN):
        office.ask(rows={"column": "id", "is": "=", "value": number})
    with pytest.raises(ConflictError, match="wait for a decision"):
        office.ask(columns=["id"])


def test_lists_have_what_one_may_know_of(office):
    asked = office.ask()
    requests = office.access.requests.requests
    for name, count in (("amina", 1), ("ben", 1), ("carl", 0), ("dora", 0)):
        assert len(requests(by=office.who(name))) == count
    assert len(requests(by=office.steward())) == 1
    assert requests(by=OWNER_LOCAL, state="approved") == ()
    assert requests(by=OWNER_LOCAL, state="requested") == (asked,)
    with pytest.raises(UsageError):
        requests(by=OWNER_LOCAL, state="lost")


def test_a_token_needs_the_scope_to_ask(office):
    narrow = replace(office.who("amina"), scopes=frozenset({Action.DATASET_READ}))
    with pytest.raises(DeniedError, match="with a token"):
        office.access.requests.request(ORDERS, by=narrow, **terms(office))


def test_policies_approve_what_they_are_told_to(make):
    office = make(policies=AUTOMATIC)
    automatic = office.ask(columns=["id", "amount"], days=30)
    assert automatic.state == "approved"
    assert automatic.decisions[0].by == "policy:acme.short-and-plain"
    assert office.read().clearance("amount") is Clearance.CLEAR
    for terms in (
        {"columns": ["id"], "days": 31},
        {"columns": ["email"], "days": 1},
        {"columns": ["id"], "days": 2, "grantee": "team:growth"},
    ):
        assert office.ask(**terms).state == "requested"


def test_policies_weigh_the_columns_that_rows_are_told_by(make):
    office = make(policies=AUTOMATIC)
    by_email = {"not": {"column": "email", "is": "=", "value": "x"}}
    by_region = {"not": {"column": "region", "is": "=", "value": "x"}}
    assert office.ask(columns=["id"], days=1, rows=by_email).state == "requested"
    assert office.ask(columns=["id"], days=1, rows=by_region).state == "approved"


def test_policies_do_not_approve_what_is_agreed_or_without_end(make, monkeypatch):
    office = make(policies=AUTOMATIC)
    agreed = office.ask(columns=["id", "amount"], days=9)
    for less in ({"days": 9}, {"days": 1}, {"columns": ["id"], "days": 9}):
        with pytest.raises(ConflictError, match=f"agreed already: {agreed.id}"):
            office.ask(**{"columns": ["id", "amount"]} | less)
    monkeypatch.setattr("ghala.governance.requests.MOST_AUTOMATIC", 2)
    states = [office.ask(columns=["id", "amount"], days=days).state for days in (10, 11)]
    assert states == ["approved", "requested"]
    office.access.agreements.revoke(agreed.id, by=office.who("amina"), reason="too long")
    assert office.ask(columns=["id"], days=12).state == "approved"


def test_no_policy_approves_where_a_second_level_is_named(make):
    assert (
        make(policies=AUTOMATIC, second="privacy").ask(columns=["id"], days=1).state == "requested"
    )


def test_a_row_predicate_is_in_the_audit_by_its_hash_alone(office):
    asked = office.ask(rows={"column": "email", "is": "=", "value": "canary@example.org"})
    less = {"column": "email", "is": "!=", "value": "canary@example.com"}
    office.access.requests.decide(asked.id, by=office.who("ben"), is_approved=True, rows=less)
    with office.people.registry.read() as connection:
        text = str(connection.exec_driver_sql("SELECT detail FROM audit").fetchall())
    assert "canary" not in text
    assert "rows_sha256" in text
