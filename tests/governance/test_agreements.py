"""Agreements in their time: narrowed, renewed, reassessed, revoked, expired; and the history that says so."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from ghala.errors import ConflictError, DeniedError, GhalaError, NotFoundError, UsageError
from ghala.model.agreement_history import replay
from ghala.model.policy import Action, Clearance
from ghala.model.predicate import AllOf
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import agreements as rows
from ghala.registry.registry import read_epoch
from ghala.testing.office import COLUMNS, HIDDEN, ORDERS, Office
from ghala.testing.people import open_people

KENYA = {"column": "region", "is": "=", "value": "KE"}
PAID = {"not": {"column": "paid", "is": "null"}}
DAY_S = 86_400


@pytest.fixture
def office(office_template, tmp_path):
    office = Office(open_people(office_template, tmp_path))
    yield office
    office.people.registry.close()


def events(office, agreement):
    return [one.event.value for one in office.access.agreements.history(agreement, by=OWNER_LOCAL)]


def test_revoked_is_denied_at_once_and_for_good(office):
    agreement, verbs = office.agree(), office.access.agreements
    assert office.read().is_allowed
    with pytest.raises(UsageError, match="without saying why"):
        verbs.revoke(agreement, by=office.who("ben"), reason=" ")
    assert (
        verbs.revoke(agreement, by=office.who("ben"), reason="over").state(office.now())
        == "revoked"
    )
    assert not office.read().is_allowed
    for change in (
        lambda: verbs.revoke(agreement, by=OWNER_LOCAL, reason="x"),
        lambda: verbs.renew(agreement, by=OWNER_LOCAL, until=office.after(300)),
        lambda: verbs.narrow(agreement, by=OWNER_LOCAL, columns=["id"]),
        lambda: verbs.reassess(agreement, by=OWNER_LOCAL),
    ):
        with pytest.raises(ConflictError, match="has ended: revoked"):
            change()
    assert events(office, agreement) == ["requested", "approved", "revoked"]


def test_time_ends_an_agreement_without_anybody_doing_anything(office):
    agreement = office.agree(days=2)
    epoch = epoch_of(office)
    office.people.clock.pass_s(2 * DAY_S - 1)
    assert office.read().is_allowed
    office.people.clock.pass_s(1)
    assert not office.read().is_allowed
    assert epoch_of(office) == epoch
    assert events(office, agreement) == ["requested", "approved", "expired"]
    with pytest.raises(ConflictError, match="has ended: expired"):
        office.access.agreements.renew(agreement, by=OWNER_LOCAL, until=office.after(9))


def epoch_of(office):
    with office.people.registry.read() as connection:
        return read_epoch(connection)


def test_narrowed_means_less(office):
    agreement, verbs = office.agree(rows=KENYA), office.access.agreements
    changed = verbs.narrow(
        agreement, by=office.who("ben"), columns=["ID"], rows=PAID, until=office.after(10)
    )
    assert changed.columns == {"id"}
    assert isinstance(changed.rows, AllOf)
    assert changed.until == office.after(10)
    assert office.read().clearance("email") is Clearance.MASKED
    for wrong, words in (
        ({"columns": ["amount"]}, "is no part of it"),
        ({"until": office.after(11)}, "would be longer"),
        ({"columns": ["id"]}, "nothing would be narrower"),
        ({"rows": {"column": "nothing", "is": "null"}}, "has no column"),
    ):
        with pytest.raises(UsageError, match=words):
            verbs.narrow(agreement, by=office.who("ben"), **wrong)


def test_rows_are_not_narrowed_without_end(office):
    agreement, verbs = office.agree(rows=KENYA), office.access.agreements
    many = {"any": [{"column": "id", "is": "=", "value": number} for number in range(190)]}
    verbs.narrow(agreement, by=OWNER_LOCAL, rows=many)
    with pytest.raises(UsageError, match="more than 200 parts"):
        verbs.narrow(agreement, by=OWNER_LOCAL, rows={"not": many})


def test_the_grantee_gives_back_and_gets_no_more(office):
    agreement, verbs = office.agree(), office.access.agreements
    amina = office.who("amina")
    assert verbs.narrow(agreement, by=amina, columns=["id"]).columns == {"id"}
    for more in (
        lambda: verbs.renew(agreement, by=amina, until=office.after(300)),
        lambda: verbs.reassess(agreement, by=amina),
    ):
        with pytest.raises(DeniedError):
            more()
    verbs.revoke(agreement, by=amina, reason="not needed")
    with pytest.raises(NotFoundError):
        verbs.revoke(agreement, by=office.who("carl"), reason="envy")


def test_the_grantee_narrows_by_agreed_columns_alone(office_template, tmp_path):
    office = Office(
        open_people(office_template, tmp_path),
        columns=(*COLUMNS, HIDDEN),
        policies='@id("find") permit (principal is User, action == Action::"dataset:discover", resource);',
    )
    agreement, verbs = office.agree(columns=["id", "region"]), office.access.agreements
    amina = office.who("amina")
    told = []
    for name in ("email", "grade", "emial", "grad", "nothing"):
        with pytest.raises(UsageError) as caught:
            verbs.narrow(agreement, by=amina, rows={"not": {"column": name, "is": "null"}})
        told.append((str(caught.value).replace(name, "…"), caught.value.hint))
    assert len(set(told)) == 1
    assert verbs.narrow(agreement, by=amina, rows=KENYA).rows
    with pytest.raises(UsageError, match="has no column `email`"):
        verbs.narrow(agreement, by=amina, rows={"column": "email", "is": "null"})
    assert verbs.narrow(agreement, by=office.who("ben"), rows=PAID).rows
    office.people.registry.close()


def test_who_owns_a_product_does_not_renew_what_it_gets(office):
    office.people.identity.teams.join("growth", "ben", by=OWNER_LOCAL)
    asked, verbs = office.ask(grantee="product:growth/churn"), office.access.agreements
    office.access.requests.decide(asked.id, by=office.who("bea"), is_approved=True)
    for change in (
        lambda: verbs.renew(asked.id, by=office.who("ben"), until=office.after(200)),
        lambda: verbs.reassess(asked.id, by=office.who("ben")),
    ):
        with pytest.raises(DeniedError, match="their own request"):
            change()
    assert verbs.renew(asked.id, by=office.who("bea"), until=office.after(200))


def test_a_token_needs_the_scope_to_look(office):
    agreement, access = office.agree(), office.access
    narrow = replace(office.who("amina"), scopes=frozenset({Action.DATASET_READ}))
    wide = replace(narrow, scopes=frozenset({Action.AGREEMENT_REQUEST}))
    for look in (
        lambda by: access.requests.requests(by=by),
        lambda by: access.requests.find(agreement, by=by),
        lambda by: access.agreements.agreements(by=by),
        lambda by: access.agreements.find(agreement, by=by),
        lambda by: access.agreements.history(agreement, by=by),
        lambda by: access.exports.documents(by=by),
        lambda by: access.exports.documents(by=by, only=agreement),
        lambda by: access.suggestions.suggest(by=by),
    ):
        with pytest.raises(DeniedError, match="with a token"):
            look(narrow)
        look(wide)


def test_renewed_and_reassessed_by_who_decides(office):
    agreement, verbs = office.agree(days=300), office.access.agreements
    found = verbs.find(agreement, by=office.who("amina"))
    assert found.reassess_at < found.until
    office.people.clock.pass_s(200 * DAY_S)
    assert verbs.reassess(agreement, by=office.who("bea"), reason="needed").reassess_at is None
    renewed = verbs.renew(agreement, by=office.who("bea"), until=office.after(366))
    assert (renewed.until, renewed.reassess_at) == (office.after(366), office.after(183))
    for until, words in ((office.after(400), "366 days"), (office.after(1), "not be longer")):
        with pytest.raises(UsageError, match=words):
            verbs.renew(agreement, by=office.who("bea"), until=until)


def test_who_decides_at_the_first_level_does_not_renew_what_took_two(office_template, tmp_path):
    office = Office(open_people(office_template, tmp_path), second="privacy")
    asked = office.ask()
    for name in ("ben", "dora"):
        office.access.requests.decide(asked.id, by=office.who(name), is_approved=True)
    verbs = office.access.agreements
    with pytest.raises(DeniedError):
        verbs.renew(asked.id, by=office.who("ben"), until=office.after(200))
    assert verbs.renew(asked.id, by=office.who("dora"), until=office.after(200))
    assert verbs.revoke(asked.id, by=office.who("ben"), reason="first level ends it too")
    office.people.registry.close()


def test_a_dataset_that_takes_over_a_name_takes_over_no_agreement(office):
    office.agree()
    assert office.read().is_allowed
    known = office.definitions.datasets
    _, _, dataset = next(found for name, found in known.items() if str(name) == ORDERS)
    object.__setattr__(dataset, "id", "another")
    assert not office.read().is_allowed


def test_an_agreement_about_rows_that_nobody_can_tell_admits_nothing(office):
    office.agree(rows=KENYA)
    office.columns = office.columns[:1]
    assert not office.read().is_allowed


def test_lists_and_histories_are_for_whom_they_are_about(office):
    agreement, verbs = office.agree(), office.access.agreements
    for name, count in (("amina", 1), ("ben", 1), ("carl", 0)):
        assert len(verbs.agreements(by=office.who(name))) == count
    assert verbs.agreements(by=OWNER_LOCAL, dataset="SALES.orders", state="in_force")
    assert not verbs.agreements(by=OWNER_LOCAL, dataset="sales.other")
    assert not verbs.agreements(by=OWNER_LOCAL, state="revoked")
    with pytest.raises(UsageError):
        verbs.agreements(by=OWNER_LOCAL, state="lost")
    for hidden in (agreement, "000000000000"):
        with pytest.raises(NotFoundError, match="there is no such agreement"):
            verbs.history(hidden, by=office.who("carl"))
        with pytest.raises(NotFoundError, match="there is no such agreement"):
            verbs.find(hidden, by=office.who("carl"))


def test_a_team_that_takes_over_a_name_takes_over_no_agreement(office):
    agreement = office.agree(grantee="team:growth")
    asked = office.ask(grantee="team:growth", days=91)
    teams = office.people.identity.teams
    teams.remove("growth", by=OWNER_LOCAL)
    teams.add("growth", by=OWNER_LOCAL)
    teams.join("growth", "amina", by=OWNER_LOCAL)
    assert not office.read().is_allowed
    assert events(office, agreement) == ["requested", "approved", "revoked"]
    assert events(office, asked.id) == ["requested", "withdrawn"]


def test_who_is_gone_gets_nothing(office):
    asked = office.ask()
    office.people.identity.accounts.disable("amina", by=OWNER_LOCAL)
    with pytest.raises(ConflictError, match="is not there any more"):
        office.access.requests.decide(asked.id, by=OWNER_LOCAL, is_approved=True)
    product = office.ask("carl")
    denied = office.access.requests.decide(
        product.id, by=OWNER_LOCAL, is_approved=False, reason="no"
    )
    assert denied.state == "denied"


def test_a_clock_that_was_set_back_revokes_all_the_same(office):
    agreement = office.agree()
    office.people.clock.pass_s(-3600)
    office.access.agreements.revoke(agreement, by=OWNER_LOCAL, reason="now")
    assert not office.read().is_allowed
    told = office.access.agreements.history(agreement, by=OWNER_LOCAL)
    assert sorted(told, key=lambda one: one.at) == list(told)


class Lifecycle(RuleBasedStateMachine):
    """Whatever people do in whatever order: only what was approved, and has not ended, lets anybody read."""

    waiting = Bundle("waiting")
    made = Bundle("made")

    @initialize()
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(open_people(self.template, Path(self.folder.name)))
        self.may_read = {}
        self.past = []

    @rule(
        target=waiting,
        by=st.sampled_from(["amina", "carl"]),
        days=st.integers(1, 5),
        limited=st.booleans(),
    )
    def ask(self, by, days, limited):
        try:
            asked = self.office.ask(by, days=days, rows=KENYA if limited else None)
        except ConflictError:
            return multiple()
        return (asked.id, by, asked.terms.until)

    @rule(target=made, asked=consumes(waiting), by=st.sampled_from(["ben", "bea"]))
    def approve(self, asked, by):
        try:
            self.office.access.requests.decide(asked[0], by=self.office.who(by), is_approved=True)
        except ConflictError:
            assert asked[2] <= self.office.now()
            return multiple()
        self.may_read[asked[0]] = (asked[1], asked[2])
        return asked[0]

    @rule(asked=consumes(waiting))
    def deny(self, asked):
        self.office.access.requests.decide(
            asked[0], by=self.office.who("ben"), is_approved=False, reason="no"
        )

    @rule(asked=consumes(waiting))
    def withdraw(self, asked):
        self.office.access.requests.withdraw(asked[0], by=self.office.who(asked[1]))

    @rule(agreement=made, by=st.sampled_from(["amina", "ben", "carl"]))
    def revoke(self, agreement, by):
        self._try(
            agreement, lambda verbs, who: verbs.revoke(agreement, by=who, reason="x"), by, None
        )

    @rule(agreement=made, days=st.integers(1, 9), by=st.sampled_from(["amina", "ben"]))
    def renew(self, agreement, days, by):
        end = self.office.after(days)
        self._try(agreement, lambda verbs, who: verbs.renew(agreement, by=who, until=end), by, end)

    @rule(agreement=made, days=st.integers(0, 2))
    def narrow(self, agreement, days):
        end = self.office.after(days)
        self._try(
            agreement,
            lambda verbs, who: verbs.narrow(agreement, by=who, columns=["id"], until=end),
            "ben",
            end,
        )

    @rule(seconds=st.sampled_from([1, 3600, DAY_S, 3 * DAY_S]))
    def pass_time(self, seconds):
        self.office.people.clock.pass_s(seconds)

    @rule()
    def remember(self):
        self.past.append((self.office.now(), self._at(self.office.now())))
        self.office.people.clock.pass_s(1)

    def _try(self, agreement, change, by, end):
        before = self.may_read.get(agreement)
        try:
            change(self.office.access.agreements, self.office.who(by))
        except GhalaError:
            return
        # What had ended cannot be changed, let alone begin again.
        assert before is not None
        assert before[1] > self.office.now()
        if end is None:
            del self.may_read[agreement]
        else:
            self.may_read[agreement] = (before[0], end)

    def _at(self, time):
        known = self.office.people.registry
        with known.read() as connection:
            found = rows.at(
                connection, "sales/orders#1", {"user:amina", "user:carl"}, "analytics", time
            )
        return {one.id for one in found}

    @invariant()
    def only_what_is_in_force_lets_anybody_read(self):
        now = self.office.now()
        readers = {who for who, until in self.may_read.values() if now < until}
        for name in ("amina", "carl"):
            assert self.office.read(name).is_allowed is (name in readers)

    @invariant()
    def histories_make_the_state(self):
        with self.office.people.registry.read() as connection:
            for kept in rows.agreements(connection):
                assert replay(rows.history(connection, kept.id)) == kept

    def teardown(self):
        for time, found in getattr(self, "past", ()):
            assert self._at(time) == found
        if hasattr(self, "office"):
            self.office.people.registry.close()
            self.folder.cleanup()


def test_whatever_people_do(office_template):
    class Lives(Lifecycle):
        template = office_template

    run_state_machine_as_test(Lives, settings=settings(max_examples=8, stateful_step_count=20))
