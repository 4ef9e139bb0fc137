import pytest
from sqlalchemy import select

from ghala.errors import NotSignedInError, TooManyAttemptsError, UsageError
from ghala.governance.attempts import Limit, Limits
from ghala.governance.identity import Identity
from ghala.governance.passwords import Passwords
from ghala.model.principal import OWNER_LOCAL
from ghala.registry import credentials, tables
from ghala.testing.people import ADDRESS, ANOTHER, PASSWORD, START_US

ELSEWHERE = "198.51.100.9"
SMALL = Limits(address=Limit(free=6, longest_s=900))


def stored(people):
    """Return all that the registry holds as one text, to look for secrets in it."""
    with people.registry.read() as connection:
        return "\n".join(
            str(tuple(row))
            for table in tables.metadata.sorted_tables
            for row in connection.execute(select(table))
        )


def fail(people, times, *, name="amina", address=ADDRESS):
    for _ in range(times):
        with pytest.raises(NotSignedInError) as caught:
            people.sign_in(name, "not the password", address)
        assert type(caught.value) is NotSignedInError


def refused(people, *, name="amina", password=PASSWORD, address=ADDRESS):
    with pytest.raises(TooManyAttemptsError) as caught:
        people.sign_in(name, password, address)
    return caught.value.evidence["retry_after_s"]


def test_the_right_password_begins_a_session(amina):
    begun = amina.sign_in(" Amina ")
    assert begun.session.principal == "user:amina"
    assert begun.session.purpose == "analytics"
    assert amina.tags()[-1] == "session:begun"


@pytest.mark.parametrize(
    "name", ["nobody.here", "", "service:loader", "no name at all", "x" * 5000, "\ud800", "root"]
)
def test_strangers_and_wrong_passwords_get_the_same_answer(amina, name):
    amina.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="amina")
    answers = []
    for who in ("amina", name):
        with pytest.raises(NotSignedInError) as caught:
            amina.sign_in(who, "not the password")
        answers.append((caught.value.message, caught.value.hint, caught.value.evidence))
    assert answers[0] == answers[1]


def test_who_has_no_password_or_is_disabled_gets_that_answer_too(amina):
    amina.identity.accounts.add("ben", by=OWNER_LOCAL)
    amina.identity.accounts.disable("amina", by=OWNER_LOCAL)
    fail(amina, 1, name="ben")
    with pytest.raises(NotSignedInError, match="the name or the password is wrong"):
        amina.sign_in("amina")


def test_a_stranger_costs_as_much_hashing_as_a_user(people):
    class Counting(Passwords):
        compared = 0

        def fits(self, password, hashed):
            self.compared += 1
            return super().fits(password, hashed)

    counting = Counting(memory_kib=8, passes=1, lanes=1)
    identity = Identity.over(
        people.registry, purposes=people.identity.purposes, owners=dict, passwords=counting
    )
    for name in ("amina", "nobody.here"):
        with pytest.raises(NotSignedInError):
            identity.sign_in.sign_in(name, "wrong", purpose="analytics", address=ADDRESS)
    assert counting.compared == 2


def test_a_purpose_that_is_not_on_the_list_is_refused_before_anything_is_tried(amina):
    with pytest.raises(UsageError, match="is not a purpose"):
        amina.identity.sign_in.sign_in("amina", PASSWORD, purpose="curiosity", address=ADDRESS)
    assert amina.tags() == ["user:created"]


def test_after_five_failures_each_makes_the_wait_twice_as_long(amina):
    fail(amina, 5)
    fail(amina, 1)
    waits = []
    for _ in range(10):
        waits.append(refused(amina))
        amina.clock.pass_s(waits[-1])
        fail(amina, 1)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900]
    assert refused(amina) == 900


def test_the_right_password_does_not_help_while_it_is_locked_and_helps_after_it(amina):
    fail(amina, 6)
    assert refused(amina) == 2
    amina.clock.pass_s(2)
    assert amina.sign_in().session.principal == "user:amina"
    fail(amina, 5)


def test_attempts_during_the_wait_do_not_make_it_longer(amina):
    fail(amina, 6)
    for _ in range(20):
        assert refused(amina, password=ANOTHER) == 2
    amina.clock.pass_s(2)
    amina.sign_in()


def test_a_stranger_elsewhere_does_not_lock_out_who_was_here_before(amina):
    amina.sign_in()
    for step in range(30):
        fail(amina, 1, address=f"198.51.100.{step}")
        amina.clock.pass_s(60)
    assert amina.sign_in().session.address == ADDRESS


def test_an_address_of_the_network_where_somebody_was_is_spared_too(amina):
    amina.sign_in(address="2001:db8::1")
    for step in range(25):
        fail(amina, 1, address=f"198.51.100.{step}")
        amina.clock.pass_s(60)
    fail(amina, 1, address="203.0.113.1")
    assert amina.sign_in(address="2001:db8::2")


def test_sessions_are_forgotten_a_month_after_they_ended(amina):
    first = amina.sign_in().session.id
    amina.clock.pass_s(30 * 24 * 3600)
    amina.sign_in()
    assert first in stored(amina)
    amina.clock.pass_s(24 * 3600)
    amina.sign_in()
    assert stored(amina).count(first) == 1  # in the audit chain, which forgets nothing


def test_many_addresses_together_make_an_account_wait_a_minute_at_most(amina):
    for step in range(20):
        fail(amina, 1, address=f"198.51.100.{step}")
    fail(amina, 1, address="203.0.113.1")
    assert refused(amina, address="203.0.113.2") == 2
    for step in range(6):
        amina.clock.pass_s(60)
        fail(amina, 1, address=f"203.0.113.{step}")
    assert refused(amina, address=ADDRESS) == 60


def test_an_address_that_tries_many_names_has_to_wait(people):
    people.limits = SMALL
    people.add("amina")
    for step in range(7):
        fail(people, 1, name=f"user{step}")
    assert refused(people) == 2
    assert people.sign_in(address=ELSEWHERE).session.address == ELSEWHERE


def test_an_own_account_does_not_reset_what_an_address_has_tried(people):
    people.limits = SMALL
    people.add("amina", "mallory")
    for step in range(6):
        fail(people, 1, name=f"user{step}")
        people.sign_in("mallory")
    fail(people, 1, name="user6")
    assert refused(people) == 2


def test_all_addresses_of_one_ipv6_network_count_as_one(amina):
    for step in range(6):
        fail(amina, 1, address=f"2001:db8::{step}")
    assert refused(amina, address="2001:db8::ffff") == 2
    amina.sign_in(address="2001:db8:0:1::1")


def test_limits_are_shared_through_the_registry(amina):
    fail(amina, 6)
    other = Identity.over(
        amina.registry, purposes=amina.identity.purposes, owners=dict, now_us=amina.clock
    )
    with pytest.raises(TooManyAttemptsError):
        other.sign_in.sign_in("amina", PASSWORD, purpose="analytics", address=ADDRESS)


def test_failures_are_forgotten_after_a_day(amina):
    fail(amina, 6)
    amina.clock.pass_s(24 * 3600 + 1)
    fail(amina, 5)
    amina.sign_in()


def test_an_attempt_counts_before_its_password_is_looked_at(amina):
    class Dying(Passwords):
        def fits(self, *_):
            raise KeyboardInterrupt

    dying = Identity.over(
        amina.registry,
        purposes=amina.identity.purposes,
        owners=dict,
        passwords=Dying(),
        now_us=amina.clock,
    )
    for _ in range(6):
        with pytest.raises(KeyboardInterrupt):
            dying.sign_in.sign_in("amina", "guess", purpose="analytics", address=ADDRESS)
    assert refused(amina) == 2


def test_refusals_are_recorded_with_the_name_only_if_somebody_has_it(amina):
    fail(amina, 1)
    fail(amina, 1, name="My-Secret-Passw0rd")
    fail(amina, 5)
    refused(amina)
    assert amina.tags().count("sign_in:refused") == 7
    assert "secret-passw0rd" not in stored(amina).lower()


def test_a_password_is_hashed_anew_when_the_parameters_changed(amina):
    stronger = Passwords(memory_kib=16, passes=1, lanes=1)
    later = Identity.over(
        amina.registry,
        purposes=amina.identity.purposes,
        owners=dict,
        passwords=stronger,
        now_us=amina.clock,
    )
    assert "$m=8," in stored(amina)
    later.sign_in.sign_in("amina", PASSWORD, purpose="analytics", address=ADDRESS)
    assert "$m=16," in stored(amina)
    assert "$m=8," not in stored(amina)


def test_signing_in_ends_the_session_that_the_browser_had(amina):
    before = amina.sign_in().cookie.value
    after = amina.identity.sign_in.sign_in(
        "amina", PASSWORD, purpose="reporting", address=ADDRESS, ending=before
    )
    assert after.cookie.value != before
    with pytest.raises(NotSignedInError):
        amina.identity.sessions.check(before)


def test_a_user_changes_the_password_with_the_current_one(amina):
    begun = amina.sign_in()
    by = amina.identity.sessions.check(begun.cookie.value).principal
    change = amina.identity.sign_in.change_password
    with pytest.raises(NotSignedInError):
        change(by, "not the current one", ANOTHER, address=ADDRESS)
    for same_or_weak in (PASSWORD, "short"):
        with pytest.raises(UsageError):
            change(by, PASSWORD, same_or_weak, address=ADDRESS)
    change(by, PASSWORD, ANOTHER, address=ADDRESS)
    with pytest.raises(NotSignedInError):
        amina.identity.sessions.check(begun.cookie.value)
    assert amina.sign_in(password=ANOTHER)
    assert amina.tags()[-3:] == ["password:changed", "session:ended", "session:begun"]


def test_guessing_the_current_password_is_limited_too(amina):
    by = amina.identity.sessions.check(amina.sign_in().cookie.value).principal
    for _ in range(6):
        with pytest.raises(NotSignedInError):
            amina.identity.sign_in.change_password(by, "guess", ANOTHER, address=ADDRESS)
    with pytest.raises(TooManyAttemptsError):
        amina.identity.sign_in.change_password(by, PASSWORD, ANOTHER, address=ADDRESS)


def test_limits_only_grow_up_to_their_longest():
    for limit in (Limits().account_at_address, Limits().account, Limits().address, Limit(0, 1)):
        waits = [limit.wait_s(count) for count in range(200)]
        assert waits == sorted(waits)
        assert waits[limit.free] == 0
        assert max(waits) == limit.longest_s


def test_the_clock_is_the_one_that_was_given(amina):
    assert int(amina.sign_in().session.begun_at.timestamp() * 1_000_000) == START_US


class Meanwhile(Passwords):
    """Passwords while whose comparison something else happens."""

    def __init__(self, happens):
        super().__init__(memory_kib=8, passes=1, lanes=1)
        self.happens = happens

    def fits(self, password, hashed):
        fits = super().fits(password, hashed)
        self.happens()
        return fits


def with_meanwhile(people, happens):
    return Identity.over(
        people.registry,
        purposes=people.identity.purposes,
        owners=dict,
        passwords=Meanwhile(happens),
        now_us=people.clock,
    ).sign_in


@pytest.mark.parametrize(
    "happens",
    [
        lambda identity: identity.accounts.disable("amina", by=OWNER_LOCAL),
        lambda identity: identity.accounts.set_password("amina", ANOTHER, by=OWNER_LOCAL),
    ],
)
def test_what_changed_while_the_password_was_compared_counts(amina, happens):
    racing = with_meanwhile(amina, lambda: happens(amina.identity))
    with pytest.raises(NotSignedInError):
        racing.sign_in("amina", PASSWORD, purpose="analytics", address=ADDRESS)
    assert "session:begun" not in amina.tags()


def test_of_two_changes_of_a_password_the_first_wins(amina):
    by = amina.principal()

    def change():
        amina.identity.accounts.set_password("amina", ANOTHER, by=OWNER_LOCAL)

    with pytest.raises(NotSignedInError):
        with_meanwhile(amina, change).change_password(
            by, PASSWORD, "three green doors", address=ADDRESS
        )
    amina.sign_in(password=ANOTHER)


def test_only_users_who_signed_in_change_their_password(amina):
    token = amina.identity.tokens.issue(
        "amina", by=OWNER_LOCAL, scopes=["dataset:read"], purpose="analytics"
    )
    for by in (amina.identity.tokens.check(token.text), OWNER_LOCAL):
        with pytest.raises(UsageError, match="changed by its user"):
            amina.identity.sign_in.change_password(by, PASSWORD, ANOTHER, address=ADDRESS)


def test_a_megabyte_is_no_password(amina):
    with pytest.raises(NotSignedInError, match="the name or the password is wrong"):
        amina.sign_in(password="x" * 1_000_000)


def test_an_attempt_that_was_forgotten_is_nothing_to_take_back(amina):
    def forget():
        with amina.registry.write() as connection:
            credentials.forget_old_attempts(connection, START_US + 1)

    racing = with_meanwhile(amina, forget)
    assert racing.sign_in("amina", PASSWORD, purpose="analytics", address=ADDRESS)
