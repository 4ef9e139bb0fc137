"""For each route, valid requests about objects that are one's own, another's, foreign, and gone.

A new route needs an entry here: what it is asked with, for each kind of object that it has. Then `dev/matrix.py` writes
its rows into `matrix.txt`, and a person reads whether they are right.

A value may be a function of the world and the persona: objects that a request changes are made anew for each request.
"""

from matrix_kinds import AGREEMENT, INCIDENT, QUERY, QUESTION, REQUEST, TICKET, WISH
from matrix_objects import (
    another_wish,
    crew,
    crew_of,
    dead_delivery,
    foreign_declaration,
    foreign_run,
    fresh_title,
    ghost,
    in_a_month,
    in_ten_days,
    in_two_months,
    invitation,
    linked,
    others_session,
    others_token,
    own,
    own_declaration,
    own_linked,
    own_run,
    own_session,
    own_token,
    rating_of,
    services_token,
    settled,
    user,
)

from ghala.testing.people import ANOTHER, PASSWORD

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
RATING = {
    kind: {**path, "rating": rating_of(f"{path['domain']}/{path['product']}")}
    for kind, path in PRODUCT.items()
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
NAMES = {kind: f"{path['domain']}.{path['dataset']}" for kind, path in DATASET.items()}
PRODUCTS = {kind: f"{path['domain']}/{path['dataset']}" for kind, path in DATASET.items()}
ROLE = {"role": "steward"}
DECLARED = {"column": "id", "classification": "public", "reason": "matrix"}

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
    "PUT /session/purpose": {"own": {"body": {"purpose": "analytics"}}},
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
    "GET /products/{domain}/{product}/usage": about(PRODUCT),
    "GET /products/{domain}/{product}/ratings": about(PRODUCT),
    "POST /products/{domain}/{product}/ratings": about(PRODUCT, body={"stars": 4}),
    "PUT /products/{domain}/{product}/ratings/{rating}/reply": about(RATING, body={"text": "matrix"}),
    "DELETE /products/{domain}/{product}/ratings": about(PRODUCT),
    "GET /glossary": PLAIN,
    "GET /glossary/{term}": about({"own": {"term": "churn"}, "gone": {"term": "gone"}}),
    "GET /products/{domain}/{product}/roadmap": about(PRODUCT),
    "PUT /products/{domain}/{product}/roadmap/{item}/votes": about(ITEM),
    "DELETE /products/{domain}/{product}/roadmap/{item}/votes": about(ITEM),
    "POST /tickets": {
        kind: {"body": {"dataset": name, "found": "matrix"}} for kind, name in NAMES.items()
    },
    "GET /tickets": PLAIN,
    "GET /tickets/{ticket_id}": about(TICKET),
    "POST /tickets/{ticket_id}/answer": about(TICKET, body={"state": "accepted", "text": "matrix"}),
    "POST /tickets/{ticket_id}/reply": about(TICKET, body={"text": "matrix"}),
    "POST /tickets/{ticket_id}/withdrawal": about(TICKET),
    "POST /wishes": {"-": {"body": {"title": fresh_title, "reason": "matrix"}}},
    "GET /wishes": PLAIN,
    "GET /wishes/{wish_id}": about(WISH),
    "PUT /wishes/{wish_id}/votes": about(WISH),
    "DELETE /wishes/{wish_id}/votes": about(WISH),
    "POST /wishes/{wish_id}/assignment": about(WISH, body={"domain": "sales"}),
    "POST /wishes/{wish_id}/answer": about(WISH, body={"state": "declined", "text": "matrix"}),
    "POST /wishes/{wish_id}/merging": about(WISH, body={"into": another_wish}),
    "POST /products/{domain}/{product}/rollback": about(
        PRODUCT, body={"to": 1, "reason": "matrix"}
    ),
    "GET /quarantine/{domain}/{dataset}": about(DATASET),
    "POST /quarantine/{domain}/{dataset}/fixes": about(
        DATASET, body={"row": "0" * 32, "raw": "matrix"}
    ),
    "POST /quarantine/{domain}/{dataset}/discards": about(
        DATASET, body={"rows": ["0" * 32], "reason": "matrix"}
    ),
    "POST /quarantine/{domain}/{dataset}/releases": about(DATASET, body={"rows": ["0" * 32]}),
    "GET /datasets": PLAIN,
    "GET /datasets/{domain}/{dataset}": about(DATASET),
    "GET /datasets/{domain}/{dataset}/profile": about(DATASET),
    "GET /datasets/{domain}/{dataset}/profile/{column}": about(
        {kind: {**path, "column": "id"} for kind, path in DATASET.items()}
    ),
    "GET /datasets/{domain}/{dataset}/diff": about(DATASET),
    "GET /releases": queried("product", PRODUCTS),
    "GET /releases/{domain}/{product}/{number}": about(
        {kind: {**path, "number": "1"} for kind, path in PRODUCT.items()}
    ),
    "GET /runs": queried("product", PRODUCTS),
    "GET /runs/{run}": {
        "own": {"path": {"run": own_run}},
        "foreign": {"path": {"run": foreign_run}},
        "gone": {"path": {"run": "20200101T000000-00000000"}},
    },
    "GET /runs/{run}/log": {
        "own": {"path": {"run": own_run}},
        "foreign": {"path": {"run": foreign_run}},
        "gone": {"path": {"run": "20200101T000000-00000000"}},
    },
    "POST /runs": {kind: {"body": {"product": settled(name)}} for kind, name in PRODUCTS.items()},
    "GET /quality": PLAIN,
    "GET /quality/{domain}/{dataset}": about(DATASET),
    "GET /quality/{domain}/{dataset}/history": about(DATASET),
    "GET /status": PLAIN,
    "GET /datasets/{domain}/{dataset}/service-levels": about(DATASET),
    "GET /lineage/{domain}/{dataset}": about(DATASET),
    "GET /lineage/{domain}/{dataset}/{column}": about(
        {kind: {**path, "column": "id"} for kind, path in DATASET.items()}
    ),
    "GET /datasets/{domain}/{dataset}/tags": about(DATASET),
    "POST /datasets/{domain}/{dataset}/declarations": about(DATASET, body=DECLARED),
    "GET /declarations": queried("dataset", NAMES),
    "POST /declarations/{id}/withdrawal": {
        "own": {"path": {"id": own_declaration}},
        "foreign": {"path": {"id": foreign_declaration}},
        "gone": {"path": {"id": "00000000"}},
    },
    "GET /personal-data": PLAIN,
    "GET /incidents": queried("product", PRODUCTS),
    "POST /incidents": {
        kind: {"body": {"product": name, "title": "matrix"}} for kind, name in PRODUCTS.items()
    },
    "GET /incidents/{incident}": about(INCIDENT),
    "POST /incidents/{incident}/acknowledgement": about(INCIDENT, body={}),
    "POST /incidents/{incident}/notes": about(INCIDENT, body={"text": "matrix"}),
    "POST /incidents/{incident}/resolution": about(INCIDENT, body={"reason": "matrix"}),
    "GET /search": {"-": {"query": {"q": "customers"}}},
    "GET /demand": PLAIN,
    "GET /events": PLAIN,
    "GET /events/recent": PLAIN,
    "GET /catalog": {"-": {"query": {"q": "customers", "is_typing": "true"}}},
    "GET /domains": PLAIN,
    "GET /home": PLAIN,
    "GET /metrics": PLAIN,
    "GET /settings": PLAIN,
    "GET /health/findings": PLAIN,
    "POST /sql": SQL,
    "GET /sql/pages/{cursor}": {"gone": {"path": {"cursor": "gone"}}},
    "POST /questions": SQL,
    "GET /questions": PLAIN,
    "GET /questions/{question}": about(QUESTION),
    "GET /questions/{question}/answer": about(QUESTION),
    "DELETE /questions/{question}": about(QUESTION),
    "POST /queries": {
        kind: {"body": {"name": fresh_title, "sql": f"FROM {name}"}} for kind, name in NAMES.items()
    },
    "GET /queries": PLAIN,
    "GET /queries/{query_id}": about(QUERY),
    "PUT /queries/{query_id}": about(QUERY, body={"name": fresh_title, "sql": "FROM market.rates"}),
    "POST /queries/{query_id}/answer": about(QUERY, body={}),
    "DELETE /queries/{query_id}": about(QUERY),
    "GET /me/statements": PLAIN,
    "DELETE /me/statements": PLAIN,
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
