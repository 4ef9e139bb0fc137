"""For each route, valid requests about objects that are one's own, another's, foreign, and gone.

A new route needs an entry here: what it is asked with, for each kind of object that it has. Then `dev/matrix.py` writes
its rows into `matrix.txt`, and a person reads whether they are right.

A value may be a function of the world and the persona: objects that a request changes are made anew for each request.
"""

from matrix_world import USERS, in_days

from ghala.model.principal import OWNER_LOCAL
from ghala.testing.people import ANOTHER, PASSWORD


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


ACCOUNT = {"own": own, "other": "noor", "gone": "gone"}
LINKED = {"own": own_linked, "other": linked, "gone": "gone"}
CHANGED = {"own": own, "other": user, "gone": "gone"}
DATASET = {
    "own": {"domain": "sales", "dataset": "customers"},
    "other": {"domain": "market", "dataset": "rates"},
    "foreign": {"domain": "hr", "dataset": "salaries"},
    "gone": {"domain": "sales", "dataset": "gone"},
}
PRODUCT = {
    kind: {"domain": path["domain"], "product": path["dataset"]} for kind, path in DATASET.items()
}
ITEM = {kind: {**path, "item": "later"} for kind, path in PRODUCT.items()}
SQL = {
    kind: {"body": {"sql": f"SELECT count(*) FROM {path['domain']}.{path['dataset']}"}}
    for kind, path in DATASET.items()
}


def of(values, **more):
    """Return one request for each kind of object, whose `name` in the path it is."""
    return {kind: {"path": {"name": value}, **more} for kind, value in values.items()}


def about(paths, **more):
    """Return one request for each kind of object."""
    return {kind: {"path": path, **more} for kind, path in paths.items()}


def queried(key, values, **more):
    """Return one request for each kind of object, which stands in a query's parameter."""
    return {kind: {"query": {key: value}, **more} for kind, value in values.items()}


PLAIN = {"-": {}}
AGREEMENT = {
    "own": {"agreement_id": own_agreement},
    "other": {"agreement_id": others_agreement},
    "foreign": {"agreement_id": foreign_agreement},
    "gone": {"agreement_id": "0" * 12},
}
REQUEST = {
    "own": {"request_id": own_request},
    "other": {"request_id": others_request},
    "foreign": {"request_id": foreign_request},
    "gone": {"request_id": "0" * 12},
}
QUESTION = {
    "own": {"question": own_question},
    "other": {"question": others_question},
    "gone": {"question": "0" * 32},
}
NAMES = {kind: f"{path['domain']}.{path['dataset']}" for kind, path in DATASET.items()}
PRODUCTS = {kind: f"{path['domain']}/{path['dataset']}" for kind, path in DATASET.items()}
ROLE = {"role": "steward"}

REQUESTS = {
    "GET /openapi.json": PLAIN,
    "GET /health": PLAIN,
    "GET /health/ready": PLAIN,
    # Who one is.
    "POST /session": {
        "own": {"body": {"name": "noor", "password": PASSWORD, "purpose": "analytics"}},
        "gone": {"body": {"name": ghost, "password": PASSWORD, "purpose": "analytics"}},
    },
    "GET /session": PLAIN,
    "DELETE /session": PLAIN,
    # This organisation has no provider: tests/delivery/test_outside.py has one.
    "GET /session/oidc": PLAIN,
    "POST /session/oidc": {"-": {"body": {"purpose": "analytics"}}},
    "GET /session/oidc/callback": PLAIN,
    "POST /session/renewal": PLAIN,
    "GET /me": PLAIN,
    "PUT /me/password": {"own": {"body": {"current": PASSWORD, "password": ANOTHER}}},
    "POST /first": {
        "-": {"body": {"invitation": invitation, "name": "fay", "password": PASSWORD}}
    },
    "GET /purposes": PLAIN,
    "GET /sessions": PLAIN,
    "DELETE /sessions": PLAIN,
    "DELETE /sessions/{id}": {
        "own": {"path": {"id": own_session}},
        "other": {"path": {"id": others_session}},
        "gone": {"path": {"id": "gone"}},
    },
    "GET /roles": PLAIN,
    "POST /roles": {"own": {"body": {"role": "steward", "minutes": 5, "reason": "matrix"}}},
    "DELETE /roles/{role}": {"own": {"path": ROLE}},
    "GET /tokens": {
        "own": {},
        "other": {"query": {"of": "noor"}},
        "service": {"query": {"of": "service:loader"}},
        "all": {"query": {"of": "all"}},
        "gone": {"query": {"of": "gone"}},
    },
    "POST /tokens": {
        kind: {"body": {"scopes": ["dataset:read"], "purpose": "analytics", **whose}}
        for kind, whose in {
            "own": {},
            "other": {"principal": "noor"},
            "service": {"principal": "service:loader"},
            "gone": {"principal": "gone"},
        }.items()
    },
    "DELETE /tokens/{id}": {
        "own": {"path": {"id": own_token}},
        "other": {"path": {"id": others_token}},
        "service": {"path": {"id": services_token}},
        "gone": {"path": {"id": "0" * 12}},
    },
    # Administration.
    "GET /users": PLAIN,
    "POST /users": {
        "new": {"body": {"name": lambda world, _: world.fresh("novice"), "password": PASSWORD}},
        "taken": {"body": {"name": "noor", "password": PASSWORD}},
    },
    "GET /users/{name}": of(ACCOUNT),
    "POST /users/{name}/disable": of(CHANGED),
    "POST /users/{name}/enable": of(CHANGED),
    "PUT /users/{name}/password": of(CHANGED, body={"password": PASSWORD}),
    "PUT /users/{name}/roles/{role}": about(
        {kind: {"name": value, **ROLE} for kind, value in CHANGED.items()}
    ),
    "DELETE /users/{name}/roles/{role}": about(
        {kind: {"name": value, **ROLE} for kind, value in CHANGED.items()}
    ),
    "GET /users/{name}/tokens": of(ACCOUNT),
    "GET /users/{name}/sessions": of(ACCOUNT),
    "DELETE /users/{name}/sessions": of(CHANGED),
    "GET /users/{name}/identities": of(ACCOUNT),
    "DELETE /users/{name}/identities": of(LINKED),
    "GET /teams": PLAIN,
    "POST /teams": {
        "new": {"body": {"name": lambda world, _: world.fresh("crew")}},
        "taken": {"body": {"name": "hr-team"}},
    },
    "GET /teams/{team}": {
        "own": {"path": {"team": "sales-team"}},
        "other": {"path": {"team": "hr-team"}},
        "gone": {"path": {"team": "gone"}},
    },
    "DELETE /teams/{team}": {
        "other": {"path": {"team": crew}},
        "gone": {"path": {"team": "gone"}},
    },
    "PUT /teams/{team}/members/{name}": {
        "own": {"path": {"team": crew, "name": own}},
        "other": {"path": {"team": crew, "name": "noor"}},
        "gone": {"path": {"team": "gone", "name": "noor"}},
    },
    "DELETE /teams/{team}/members/{name}": {
        "other": {"path": {"team": crew_of, "name": "noor"}},
        "gone": {"path": {"team": "gone", "name": "noor"}},
    },
    # Data.
    "GET /products": PLAIN,
    "GET /products/{domain}/{product}": about(PRODUCT),
    "POST /products/{domain}/{product}/ratings": about(PRODUCT, body={"stars": 4}),
    "GET /products/{domain}/{product}/roadmap": about(PRODUCT),
    "PUT /products/{domain}/{product}/roadmap/{item}/votes": about(ITEM),
    "DELETE /products/{domain}/{product}/roadmap/{item}/votes": about(ITEM),
    "GET /datasets": PLAIN,
    "GET /datasets/{domain}/{dataset}": about(DATASET),
    "GET /releases": queried("product", PRODUCTS),
    "GET /runs": queried("product", PRODUCTS),
    "GET /runs/{run}": {
        "own": {"path": {"run": own_run}},
        "foreign": {"path": {"run": foreign_run}},
        "gone": {"path": {"run": "20200101T000000-00000000"}},
    },
    "GET /quality": PLAIN,
    "GET /quality/{domain}/{dataset}": about(DATASET),
    "GET /lineage/{domain}/{dataset}": about(DATASET),
    "GET /lineage/{domain}/{dataset}/{column}": about(
        {kind: {**path, "column": "id"} for kind, path in DATASET.items()}
    ),
    "GET /search": {"-": {"query": {"q": "customers"}}},
    "GET /demand": PLAIN,
    "GET /events": PLAIN,
    "GET /catalog": {"-": {"query": {"q": "customers", "is_typing": "true"}}},
    "GET /metrics": PLAIN,
    "POST /sql": SQL,
    "GET /sql/pages/{cursor}": {"gone": {"path": {"cursor": "gone"}}},
    "POST /questions": SQL,
    "GET /questions": PLAIN,
    "GET /questions/{question}": about(QUESTION),
    "GET /questions/{question}/answer": about(QUESTION),
    "DELETE /questions/{question}": about(QUESTION),
    # Requests and agreements.
    "GET /datasets/{domain}/{dataset}/preview": about(DATASET, query={"purpose": "analytics"}),
    "POST /requests": {
        kind: {
            "body": {
                "dataset": name,
                "columns": ["id"],
                "purpose": "analytics",
                "until": in_a_month,
                "justification": "matrix",
            }
        }
        for kind, name in NAMES.items()
    },
    "GET /requests": PLAIN,
    "GET /requests/{request_id}": about(REQUEST),
    "GET /requests/{request_id}/preview": about(REQUEST),
    "POST /requests/{request_id}/decision": about(REQUEST, body={"is_approved": True}),
    "POST /requests/{request_id}/withdrawal": about(REQUEST),
    "GET /agreements": PLAIN,
    "GET /agreements/suggestions": PLAIN,
    "GET /agreements/{agreement_id}": about(AGREEMENT),
    "GET /agreements/{agreement_id}/history": about(AGREEMENT),
    "GET /agreements/{agreement_id}/oaas": about(AGREEMENT),
    "POST /agreements/{agreement_id}/narrowing": about(AGREEMENT, body={"until": in_ten_days}),
    "POST /agreements/{agreement_id}/renewal": about(AGREEMENT, body={"until": in_two_months}),
    "POST /agreements/{agreement_id}/reassessment": about(AGREEMENT, body={}),
    "POST /agreements/{agreement_id}/revocation": about(AGREEMENT, body={"reason": "matrix"}),
    # Audit and policies.
    "GET /audit": PLAIN,
    "GET /audit/verification": PLAIN,
    "GET /audit/anchor": PLAIN,
    "GET /audit/export": PLAIN,
    "GET /notifications": PLAIN,
    "POST /notifications/{number}/retry": about(
        {"other": {"number": dead_delivery}, "gone": {"number": "999999"}}
    ),
    "GET /channels": PLAIN,
    "POST /channels/{name}/test": of({"other": "ops", "gone": "gone"}),
    "GET /policies": PLAIN,
    "GET /policies/why": queried("dataset", NAMES),
    "GET /policies/who": queried("dataset", NAMES),
    "POST /policies/simulation": {"-": {"body": {"days": 1, "files": []}}},
}  # fmt: skip

LEAVES_IN = {"GET", "HEAD"}
"""Methods after which every persona is as it was."""
