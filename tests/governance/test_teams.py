import pytest

from ghala.errors import NotFoundError, UsageError
from ghala.model.principal import OWNER_LOCAL
from ghala.registry.registry import read_epoch


def test_users_join_and_leave(amina):
    teams = amina.identity.teams
    teams.add("Sales", by=OWNER_LOCAL)
    for _ in range(2):
        assert teams.join("sales", "AMINA", by=OWNER_LOCAL).members == ("user:amina",)
    account = amina.identity.accounts.account("amina", by=OWNER_LOCAL)
    assert account.teams == ("team:sales",)
    for _ in range(2):
        assert teams.leave("team:sales", "user:amina", by=OWNER_LOCAL).members == ()
    assert amina.tags() == ["user:created", "team:changed", "team:changed", "team:changed"]


def test_a_team_owns_the_domains_that_name_it(people):
    people.owners |= {"sales": "Sales-Team", "web": "team:sales-team", "people": "people-office"}
    added = people.identity.teams.add("sales-team", by=OWNER_LOCAL)
    assert added.domains == ("sales", "web")
    assert [team.domains for team in people.identity.teams.teams(by=OWNER_LOCAL)] == [
        ("sales", "web")
    ]


def test_a_team_is_there_once_whatever_the_case(people):
    people.identity.teams.add("sales", by=OWNER_LOCAL)
    for name in ("SALES", "team:Sales"):
        with pytest.raises(UsageError, match="already"):
            people.identity.teams.add(name, by=OWNER_LOCAL)
    with pytest.raises(UsageError):
        people.identity.teams.add("user:sales", by=OWNER_LOCAL)


def test_only_users_are_members(amina):
    amina.identity.teams.add("sales", by=OWNER_LOCAL)
    amina.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="amina")
    with pytest.raises(UsageError, match="cannot be a member"):
        amina.identity.teams.join("sales", "service:loader", by=OWNER_LOCAL)
    for team, member in (("sales", "ben"), ("marketing", "amina")):
        with pytest.raises(NotFoundError) as caught:
            amina.identity.teams.join(team, member, by=OWNER_LOCAL)
        assert caught.value.hint


def test_a_team_that_answers_for_a_service_stays(amina):
    amina.identity.teams.add("sales", by=OWNER_LOCAL)
    amina.identity.teams.join("sales", "amina", by=OWNER_LOCAL)
    amina.identity.accounts.add("service:loader", by=OWNER_LOCAL, owner="team:sales")
    with pytest.raises(UsageError, match="answers for"):
        amina.identity.teams.remove("sales", by=OWNER_LOCAL)
    amina.identity.accounts.disable("service:loader", by=OWNER_LOCAL)
    amina.identity.teams.remove("sales", by=OWNER_LOCAL)
    assert amina.identity.accounts.account("amina", by=OWNER_LOCAL).teams == ()


def test_a_change_of_rights_is_seen_by_every_process_at_once(amina):
    def epoch():
        with amina.registry.read() as connection:
            return read_epoch(connection)

    amina.identity.teams.add("sales", by=OWNER_LOCAL)
    for change in (
        lambda: amina.identity.teams.join("sales", "amina", by=OWNER_LOCAL),
        lambda: amina.identity.teams.leave("sales", "amina", by=OWNER_LOCAL),
        lambda: amina.identity.roles.assign("amina", "auditor", by=OWNER_LOCAL),
        lambda: amina.identity.roles.take(
            "amina", "auditor", minutes=1, reason="x", by=OWNER_LOCAL
        ),
        lambda: amina.identity.accounts.disable("amina", by=OWNER_LOCAL),
    ):
        before = epoch()
        change()
        assert epoch() > before
