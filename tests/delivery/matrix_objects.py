"""What the requests of the matrix are about: objects that are one's own, others', foreign or gone, made as needed."""

from matrix_world import USERS, in_days

from ghala.model.principal import OWNER_LOCAL


def own(_world, who):
    """The account that asks; for nobody, a user's."""
    return who.account


def user(world, _who):
    """Somebody else, whom the request may change."""
    return world.fresh_user()


def own_linked(world, who):
    """The account that asks, linked to somebody at a provider."""
    world.link(who.account)
    return who.account


def linked(world, _who):
    """Somebody else, linked to somebody at a provider."""
    name = world.fresh_user()
    world.link(name)
    return name


def crew(world, _who):
    """A team that the request may change."""
    return world.fresh_team()


def crew_of(world, _who):
    """A team with a member."""
    name = world.fresh_team()
    world.identity.teams.join(name, "noor", by=OWNER_LOCAL)
    return name


def own_token(world, who):
    """A token of whoever asks."""
    return world.token(who.account).token.id


def others_token(world, _who):
    """A token of somebody else."""
    return world.token("noor").token.id


def services_token(world, _who):
    """A token of a service for which a team answers."""
    return world.token("service:loader").token.id


def own_session(world, who):
    """A session of whoever asks, besides the one that asks; tokens have none."""
    return world.begin(who.account).session.id


def others_session(world, _who):
    """A session of somebody else."""
    return world.begin("noor").session.id


def ghost(world, _who):
    """A name that nobody has."""
    return world.fresh("ghost")


def own_run(world, _who):
    return world.run


def foreign_run(world, _who):
    return world.foreign_run


def settled(product):
    """A product of which no run goes on: another one would be refused."""

    def name(world, _who):
        world.wait_for_runs()
        return product

    return name


def own_incident(world, _who):
    """An incident about the owning team's data, which nobody has acknowledged."""
    return world.incident("sales/customers")


def foreign_incident(world, _who):
    """An incident about data that is not to be discovered."""
    return world.incident("hr/salaries")


def own_request(world, who):
    """A request of whoever asks; programs do not ask here, but may be asked for."""
    if who.role in USERS:
        return world.request("sales.customers", None, world.principal(who))
    return world.request("sales.customers", who.account)


def others_request(world, _who):
    """A request of somebody else about the owning team's data."""
    return world.request("sales.customers", "user:quinn")


def foreign_request(world, _who):
    """A request of somebody else about data of another domain, which is not to be discovered."""
    return world.request("hr.salaries", "user:quinn")


def own_agreement(world, who):
    return world.agreement("sales.customers", who.account)


def others_agreement(world, _who):
    return world.agreement("sales.customers", "user:quinn")


def foreign_agreement(world, _who):
    return world.agreement("hr.salaries", "user:quinn")


def own_question(world, who):
    """A long question of whoever asks, which was answered or not."""
    if who.role not in world.questions:
        world.questions[who.role] = world.question(world.principal(who))
    return world.questions[who.role]


def others_question(world, _who):
    """A long question of somebody else."""
    return own_question(world, world.personas["nobody"])


def dead_delivery(world, _who):
    return world.dead_delivery()


def in_ten_days(_world, _who):
    return in_days(10).isoformat()


def in_a_month(_world, _who):
    return in_days(30).isoformat()


def in_two_months(_world, _who):
    return in_days(60).isoformat()


def invitation(_world, _who):
    return "ghala_first_nobody-has-this"


def own_declaration(world, _who):
    return world.declaration("sales.customers", "sales.orders.id")


def foreign_declaration(world, _who):
    return world.declaration("hr.salaries", "hr.people.id")


def own_ticket(world, who):
    """A ticket of whoever asks about the owning team's data; of those who may not open one, somebody else's."""
    return world.ticket("sales.customers", world.principal(who))


def others_ticket(world, _who):
    """A ticket of somebody else about the owning team's data."""
    return world.ticket("sales.customers", None)


def foreign_ticket(world, _who):
    """A ticket of somebody else about data of another domain, which is not to be discovered."""
    return world.ticket("hr.salaries", None)


def own_query(world, who):
    """A query that whoever asks keeps; programs keep none, and see what the workspace's owner shares."""
    return world.query("market.rates", world.principal(who) if who.role in USERS else None)


def others_query(world, _who):
    """A query that somebody else shares with everybody who may read what it reads."""
    return world.query("market.rates", None)


def foreign_query(world, _who):
    """A query that somebody else shares, over what may not be discovered."""
    return world.query("hr.salaries", None)


def own_wish(world, who):
    """A wish of whoever asks, which the owning team answers; programs wish for nothing."""
    return world.wish("sales", world.principal(who) if who.role in USERS else None)


def others_wish(world, _who):
    """A wish of somebody else that nobody answers yet."""
    return world.wish("", None)


def foreign_wish(world, _who):
    """A wish of somebody else, which another domain answers."""
    return world.wish("hr", None)


def another_wish(world, _who):
    return world.wish("sales", None)


def fresh_title(world, _who):
    return world.fresh("wish")


def rating_of(product):
    """A rating that somebody gave a product."""

    def rating(world, _who):
        return world.rating(product)

    return rating
