"""Ratings: by users who queried the product, one each, seen without a name, and replied to; over both databases."""

import pytest
from sqlalchemy import select

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.access_scope import AccessScope
from ghala.governance.ratings import Ratings
from ghala.model.audit_record import AuditFilter
from ghala.model.principal import OWNER_LOCAL, Principal, PrincipalKind
from ghala.registry import audit_search, tables
from ghala.testing.catalog import ANN, Eyes, column, definitions, product
from ghala.testing.people import People

KNOWN = definitions(
    product("sales/orders", {"orders": [column("id")]}),
    product("hr/salaries", {"salaries": [column("salary")]}),
)
BEN = Principal("user:ben", PrincipalKind.USER, "analytics")


@pytest.fixture
def people(registry):
    return People(registry)


@pytest.fixture
def asked():
    """Who queried what."""
    return {("user:ann", "sales.orders"), ("user:ben", "sales.orders")}


@pytest.fixture
def ratings(registry, people, asked):
    scope = AccessScope(
        registry, lambda: KNOWN, Eyes({"hr.salaries"}), dict, lambda: None, people.clock
    )
    return Ratings(scope, lambda who, names: any((who, name) in asked for name in names))


def test_each_user_has_one_rating_and_may_change_their_mind(ratings, people):
    ratings.rate("sales/orders", 5, "good", by=ANN)
    people.clock.pass_s(1)
    ratings.rate("SALES/orders", 2, " stale \n", by=ANN)
    people.clock.pass_s(1)
    ratings.rate("sales/orders", 5, by=BEN)
    found = ratings.of("sales/orders", by=ANN)
    assert (found.count, found.stars, found.given) == (2, 3.5, (0, 1, 0, 0, 1))
    assert [(one.stars, one.comment, one.is_own) for one in found.ratings] == [
        (5, "", False),
        (2, "stale", True),
    ]
    ratings.withdraw("sales/orders", by=ANN)
    ratings.withdraw("sales/orders", by=ANN)
    assert ratings.of("sales/orders", by=ANN).count == 1
    assert people.tags() == ["product:rated"] * 3 + ["rating:withdrawn"]
    with people.registry.read() as connection:
        rated = audit_search.find(connection, AuditFilter(tag="product:rated"), 10)
    assert [one.detail for one in rated] == [{}] * 3


def test_nobodys_words_are_recorded(ratings, registry):
    ratings.rate("sales/orders", 2, "stale", by=ANN)
    (given,) = ratings.of("sales/orders", by=ANN).ratings
    ratings.reply("sales/orders", given.id, "thanks", by=OWNER_LOCAL)
    with registry.read() as connection:
        kept = str(connection.execute(select(tables.audit.c.objects, tables.audit.c.detail)).all())
    assert "sales/orders" in kept
    assert not [word for word in ("stale", "thanks") if word in kept]


def test_only_users_who_queried_a_product_rate_it(ratings, asked):
    asked.clear()
    assert not ratings.of("sales/orders", by=ANN).may_rate
    with pytest.raises(DeniedError, match="may not rate") as refused:
        ratings.rate("sales/orders", 3, by=ANN)
    assert "FROM sales.orders" in refused.value.hint
    asked.add(("user:ann", "sales.orders"))
    assert ratings.of("sales/orders", by=ANN).may_rate
    ratings.rate("sales/orders", 3, by=ANN)
    loader = Principal("service:loader", PrincipalKind.SERVICE, "operations")
    asked.add(("service:loader", "sales.orders"))
    with pytest.raises(DeniedError):
        ratings.rate("sales/orders", 3, by=loader)


def test_what_is_hidden_is_not_there(ratings):
    for verb in (
        lambda name: ratings.rate(name, 3, by=ANN),
        lambda name: ratings.of(name, by=ANN),
        lambda name: ratings.withdraw(name, by=ANN),
        lambda name: ratings.reply(name, "0" * 12, "", by=ANN),
    ):
        with pytest.raises(NotFoundError) as hidden:
            verb("hr/salaries")
        with pytest.raises(NotFoundError) as absent:
            verb("hr/salaried")
        said = str(hidden.value).replace("salaries", "")
        assert said == str(absent.value).replace("salaried", "")


@pytest.mark.parametrize(("stars", "comment"), [(0, ""), (6, ""), (3, "x" * 1001), (3, "\x1b[31m")])
def test_wrong_ratings_are_refused(ratings, stars, comment):
    with pytest.raises(UsageError):
        ratings.rate("sales/orders", stars, comment, by=ANN)
    with pytest.raises(UsageError):
        ratings.of("sales/orders", by=ANN, limit=0)


def test_who_answers_for_a_product_replies_and_a_new_rating_has_no_reply(ratings, people):
    people.add("ann", "olga")
    people.identity.teams.add("sales-team", by=OWNER_LOCAL)
    people.identity.teams.join("sales-team", "olga", by=OWNER_LOCAL)
    olga = people.principal("olga")
    ratings.rate("sales/orders", 2, "stale", by=ANN)
    (given,) = ratings.of("sales/orders", by=ANN).ratings
    with pytest.raises(DeniedError):
        ratings.reply("sales/orders", given.id, "no", by=ANN)
    assert (ratings.of("sales/orders", by=ANN).may_reply, given.reply) == (False, "")
    found = ratings.reply("sales/orders", given.id, " we look \n", by=olga)
    assert found.may_reply
    assert [(one.reply, one.replied_at is None) for one in found.ratings] == [("we look", False)]
    with pytest.raises(NotFoundError):
        ratings.reply("sales/orders", "0" * 12, "to whom", by=olga)
    found = ratings.reply("sales/orders", given.id, "", by=olga)
    assert [(one.reply, one.replied_at) for one in found.ratings] == [("", None)]
    ratings.reply("sales/orders", given.id, "we look", by=olga)
    ratings.rate("sales/orders", 4, "fresh", by=ANN)
    (again,) = ratings.of("sales/orders", by=ANN).ratings
    assert (again.reply, again.id == given.id) == ("", False)
