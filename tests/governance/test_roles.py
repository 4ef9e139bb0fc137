import pytest

from ghala.errors import DeniedError, UsageError
from ghala.model.principal import OWNER_LOCAL, Role


def take(people, by, role="administrator", minutes=30, reason="request 17", name="amina"):
    return people.identity.roles.take(name, role, minutes=minutes, reason=reason, by=by)


def test_a_role_is_assigned_then_taken_for_a_time_with_a_reason(amina):
    by = amina.principal()
    with pytest.raises(DeniedError, match="may not take the role"):
        take(amina, by)
    assert amina.identity.roles.assign("amina", "administrator", by=OWNER_LOCAL).eligible == (
        Role.ADMINISTRATOR,
    )
    taken = take(amina, by)
    assert (taken.until - taken.begun_at).total_seconds() == 1800
    amina.clock.pass_s(1799)
    account = amina.identity.accounts.account("amina", by=OWNER_LOCAL)
    assert [one.reason for one in account.taken] == ["request 17"]
    amina.clock.pass_s(1)
    assert amina.identity.accounts.account("amina", by=OWNER_LOCAL).taken == ()
    assert amina.tags()[-2:] == ["role:assigned", "role:taken"]


def test_what_only_an_administrator_may_ends_with_the_role(people):
    administrator = people.administrator()
    people.identity.accounts.add("ben", by=administrator)
    people.clock.pass_s(3600)
    with pytest.raises(DeniedError):
        people.identity.accounts.add("cleo", by=administrator)


def test_a_role_can_be_ended_before_its_time(people):
    administrator = people.administrator()
    assert people.identity.roles.end("boss", "administrator", by=administrator)
    assert not people.identity.roles.end("boss", "administrator", by=administrator)
    with pytest.raises(DeniedError):
        people.identity.accounts.accounts(by=administrator)
    assert people.tags().count("role:ended") == 1


def test_taking_a_role_again_sets_its_time_anew(amina):
    amina.identity.roles.assign("amina", "auditor", by=OWNER_LOCAL)
    take(amina, OWNER_LOCAL, "auditor", minutes=5)
    amina.clock.pass_s(240)
    take(amina, OWNER_LOCAL, "auditor", minutes=5)
    amina.clock.pass_s(240)
    (taken,) = amina.identity.accounts.account("amina", by=OWNER_LOCAL).taken
    assert taken.role is Role.AUDITOR


def test_withdrawing_a_role_ends_it_too(people):
    administrator = people.administrator()
    account = people.identity.roles.withdraw("boss", "administrator", by=OWNER_LOCAL)
    assert (account.eligible, account.taken) == ((), ())
    with pytest.raises(DeniedError):
        people.identity.accounts.accounts(by=administrator)
    assert people.tags()[-2:] == ["role:withdrawn", "role:ended"]


def test_nobody_takes_a_role_for_somebody_else(amina):
    amina.identity.roles.assign("amina", "administrator", by=OWNER_LOCAL)
    with pytest.raises(DeniedError):
        take(amina, amina.administrator())


@pytest.mark.parametrize(
    "options",
    [{"minutes": 0}, {"minutes": 481}, {"reason": "  "}, {"reason": "a\nb"}, {"reason": "x" * 501}, {"role": "king"}],
)  # fmt: skip
def test_a_role_without_bounds_or_reason_is_refused(amina, options):
    amina.identity.roles.assign("amina", "administrator", by=OWNER_LOCAL)
    with pytest.raises(UsageError):
        take(amina, OWNER_LOCAL, **options)


def test_services_and_disabled_users_take_no_role(amina):
    amina.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="amina")
    with pytest.raises(UsageError, match="cannot take roles"):
        amina.identity.roles.assign("service:loader", "auditor", by=OWNER_LOCAL)
    amina.identity.roles.assign("amina", "auditor", by=OWNER_LOCAL)
    amina.identity.accounts.disable("amina", by=OWNER_LOCAL)
    with pytest.raises(UsageError, match="disabled"):
        take(amina, OWNER_LOCAL, "auditor")


def test_disabling_ends_the_roles_that_are_taken(people):
    people.administrator()
    account = people.identity.accounts.disable("boss", by=OWNER_LOCAL)
    assert account.taken == ()
    assert people.identity.accounts.enable("boss", by=OWNER_LOCAL).taken == ()
