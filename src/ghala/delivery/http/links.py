"""What can be done with what an operation answered: links of OpenAPI, from each operation to those that follow it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ID = "$response.body#/id"
_USER = ("GET /users/{name}", "POST /users/{name}/disable", "POST /users/{name}/enable")
_OF_USER = (
    *_USER,
    "PUT /users/{name}/password",
    "PUT /users/{name}/roles/{role}",
    "DELETE /users/{name}/roles/{role}",
    "GET /users/{name}/tokens",
    "GET /users/{name}/sessions",
    "DELETE /users/{name}/sessions",
    "GET /users/{name}/identities",
    "DELETE /users/{name}/identities",
    "PUT /teams/{team}/members/{name}",
)
_MEMBER = "DELETE /teams/{team}/members/{name}"
_OF_TEAM = (
    "GET /teams/{team}",
    "DELETE /teams/{team}",
    "PUT /teams/{team}/members/{name}",
    _MEMBER,
)
_OF_PRODUCT = (
    "GET /products/{domain}/{product}",
    "GET /products/{domain}/{product}/usage",
    "GET /products/{domain}/{product}/ratings",
    "POST /products/{domain}/{product}/ratings",
    "DELETE /products/{domain}/{product}/ratings",
    "GET /products/{domain}/{product}/roadmap",
    "POST /products/{domain}/{product}/rollback",
)
_OF_ITEM = (
    "PUT /products/{domain}/{product}/roadmap/{item}/votes",
    "DELETE /products/{domain}/{product}/roadmap/{item}/votes",
)
_OF_TICKET = (
    "GET /tickets/{ticket_id}",
    "POST /tickets/{ticket_id}/answer",
    "POST /tickets/{ticket_id}/reply",
    "POST /tickets/{ticket_id}/withdrawal",
)
_OF_WISH = (
    "GET /wishes/{wish_id}",
    "PUT /wishes/{wish_id}/votes",
    "DELETE /wishes/{wish_id}/votes",
    "POST /wishes/{wish_id}/assignment",
    "POST /wishes/{wish_id}/answer",
    "POST /wishes/{wish_id}/merging",
)
_OF_DATASET = (
    "GET /datasets/{domain}/{dataset}",
    "GET /datasets/{domain}/{dataset}/preview",
    "GET /datasets/{domain}/{dataset}/profile",
    "GET /datasets/{domain}/{dataset}/diff",
    "GET /datasets/{domain}/{dataset}/tags",
    "GET /lineage/{domain}/{dataset}",
    "GET /quality/{domain}/{dataset}",
    "GET /quality/{domain}/{dataset}/history",
    "GET /datasets/{domain}/{dataset}/service-levels",
    "GET /quarantine/{domain}/{dataset}",
)
_OF_KEPT_OUT = (
    "POST /quarantine/{domain}/{dataset}/fixes",
    "POST /quarantine/{domain}/{dataset}/discards",
    "POST /quarantine/{domain}/{dataset}/releases",
)
_OF_REQUEST = (
    "GET /requests/{request_id}",
    "GET /requests/{request_id}/preview",
    "POST /requests/{request_id}/decision",
    "POST /requests/{request_id}/withdrawal",
)
_OF_AGREEMENT = (
    "GET /agreements/{agreement_id}",
    "GET /agreements/{agreement_id}/history",
    "GET /agreements/{agreement_id}/oaas",
    "POST /agreements/{agreement_id}/narrowing",
    "POST /agreements/{agreement_id}/renewal",
    "POST /agreements/{agreement_id}/reassessment",
    "POST /agreements/{agreement_id}/revocation",
)
_OF_QUESTION = (
    "GET /questions/{question}",
    "GET /questions/{question}/answer",
    "DELETE /questions/{question}",
)
_OF_QUERY = (
    "GET /queries/{query_id}",
    "PUT /queries/{query_id}",
    "POST /queries/{query_id}/answer",
    "DELETE /queries/{query_id}",
)
_OF_INCIDENT = (
    "GET /incidents/{incident}",
    "POST /incidents/{incident}/acknowledgement",
    "POST /incidents/{incident}/notes",
    "POST /incidents/{incident}/resolution",
)
_OF_RUN = ("GET /runs/{run}", "GET /runs/{run}/log")
_NEXT_PAGE = {"cursor": "$response.body#/cursor"}
_AFTER = {"after": "$response.body#/next"}


class Following(NamedTuple):
    """Operations that follow one, what of it goes into their paths and queries, and into their bodies."""

    source: str
    targets: tuple[str, ...]
    parameters: Mapping[str, str] = {}
    body: Mapping[str, str] = {}


FOLLOWING = (
    # People.
    Following(
        "POST /session",
        ("GET /session", "POST /session/renewal", "PUT /session/purpose", "DELETE /session"),
    ),
    Following("GET /sessions", ("DELETE /sessions/{id}",), {"id": "$response.body#/sessions/0/id"}),
    Following("POST /users", _OF_USER, {"name": _ID}),
    Following("GET /users", _USER, {"name": "$response.body#/users/0/id"}),
    Following("GET /users/{name}", ("GET /tokens",), {"of": _ID}),
    Following("POST /teams", _OF_TEAM, {"team": "$response.body#/name"}),
    Following("GET /teams", _OF_TEAM, {"team": "$response.body#/teams/0/name"}),
    Following(
        "PUT /teams/{team}/members/{name}",
        (_MEMBER,),
        {"team": "$request.path.team", "name": "$request.path.name"},
    ),
    Following("POST /tokens", ("DELETE /tokens/{id}",), {"id": "$response.body#/token/id"}),
    Following("GET /tokens", ("DELETE /tokens/{id}",), {"id": "$response.body#/tokens/0/id"}),
    Following("POST /roles", ("DELETE /roles/{role}",), {"role": "$response.body#/role"}),
    # Data.
    Following(
        "GET /products",
        ("GET /releases", "GET /runs"),
        {"product": "$response.body#/products/0/name"},
    ),
    Following(
        "GET /products/{domain}/{product}",
        _OF_PRODUCT[1:],
        {"domain": "$request.path.domain", "product": "$request.path.product"},
    ),
    Following(
        "GET /products/{domain}/{product}",
        ("GET /releases/{domain}/{product}/{number}",),
        {
            "domain": "$request.path.domain",
            "product": "$request.path.product",
            "number": "$response.body#/datasets/0/release",
        },
    ),
    Following(
        "POST /products/{domain}/{product}/ratings",
        _OF_PRODUCT[:1],
        {"domain": "$request.path.domain", "product": "$request.path.product"},
    ),
    Following(
        "GET /products/{domain}/{product}/ratings",
        ("PUT /products/{domain}/{product}/ratings/{rating}/reply",),
        {
            "domain": "$request.path.domain",
            "product": "$request.path.product",
            "rating": "$response.body#/ratings/0/id",
        },
    ),
    Following("GET /glossary", ("GET /glossary/{term}",), {"term": "$response.body#/terms/0/name"}),
    Following(
        "GET /products/{domain}/{product}/roadmap",
        _OF_ITEM,
        {
            "domain": "$request.path.domain",
            "product": "$request.path.product",
            "item": "$response.body#/items/0/id",
        },
    ),
    Following(
        "GET /datasets",
        ("POST /sql", "POST /questions"),
        body={"sql": "SELECT * FROM {$response.body#/datasets/0/name}"},
    ),
    Following(
        "GET /datasets", ("POST /requests",), body={"dataset": "$response.body#/datasets/0/name"}
    ),
    Following(
        "GET /datasets",
        ("GET /policies/why", "GET /policies/who"),
        {"dataset": "$response.body#/datasets/0/name"},
    ),
    Following(
        "GET /datasets/{domain}/{dataset}",
        _OF_DATASET[1:],
        {"domain": "$request.path.domain", "dataset": "$request.path.dataset"},
    ),
    Following(
        "GET /datasets/{domain}/{dataset}",
        (
            "GET /lineage/{domain}/{dataset}/{column}",
            "GET /datasets/{domain}/{dataset}/profile/{column}",
        ),
        {
            "domain": "$request.path.domain",
            "dataset": "$request.path.dataset",
            "column": "$response.body#/columns/0/name",
        },
    ),
    Following(
        "GET /lineage/{domain}/{dataset}",
        _OF_DATASET[:1],
        {"domain": "$request.path.domain", "dataset": "$request.path.dataset"},
    ),
    Following(
        "GET /datasets/{domain}/{dataset}/tags",
        ("POST /datasets/{domain}/{dataset}/declarations",),
        {"domain": "$request.path.domain", "dataset": "$request.path.dataset"},
        body={"column": "$response.body#/columns/0/column"},
    ),
    Following(
        "POST /datasets/{domain}/{dataset}/declarations",
        ("POST /declarations/{id}/withdrawal",),
        {"id": "$response.body#/declarations/0/id"},
    ),
    Following(
        "GET /declarations",
        ("POST /declarations/{id}/withdrawal",),
        {"id": "$response.body#/declarations/0/id"},
    ),
    Following(
        "GET /personal-data",
        ("GET /policies/who",),
        {"dataset": "$response.body#/columns/0/dataset"},
    ),
    Following(
        "GET /releases/{domain}/{product}/{number}",
        ("GET /runs/{run}",),
        {"run": "$response.body#/run"},
    ),
    Following(
        "GET /quarantine/{domain}/{dataset}",
        _OF_KEPT_OUT,
        {"domain": "$request.path.domain", "dataset": "$request.path.dataset"},
    ),
    Following(
        "POST /quarantine/{domain}/{dataset}/releases", _OF_RUN, {"run": "$response.body#/id"}
    ),
    Following("GET /runs", _OF_RUN, {"run": "$response.body#/runs/0/id"}),
    Following("POST /runs", _OF_RUN, {"run": _ID}),
    Following(
        "GET /products", ("POST /runs",), body={"product": "$response.body#/products/0/name"}
    ),
    Following("POST /sql", ("GET /sql/pages/{cursor}",), _NEXT_PAGE),
    Following("GET /sql/pages/{cursor}", ("GET /sql/pages/{cursor}",), _NEXT_PAGE),
    Following("POST /questions", _OF_QUESTION, {"question": _ID}),
    Following("GET /questions", _OF_QUESTION, {"question": "$response.body#/questions/0/id"}),
    Following("GET /questions/{question}/answer", ("GET /sql/pages/{cursor}",), _NEXT_PAGE),
    Following("POST /queries", _OF_QUERY, {"query_id": _ID}),
    Following("GET /queries", _OF_QUERY, {"query_id": "$response.body#/queries/0/id"}),
    Following("POST /queries/{query_id}/answer", ("GET /sql/pages/{cursor}",), _NEXT_PAGE),
    Following(
        "GET /me/statements",
        ("POST /sql", "POST /questions"),
        body={"sql": "$response.body#/statements/0/sql"},
    ),
    # What people say.
    Following("POST /tickets", _OF_TICKET, {"ticket_id": _ID}),
    Following("GET /tickets", _OF_TICKET, {"ticket_id": "$response.body#/tickets/0/id"}),
    Following("GET /tickets", ("GET /tickets",), _AFTER),
    Following("POST /wishes", _OF_WISH, {"wish_id": _ID}),
    Following("GET /wishes", _OF_WISH, {"wish_id": "$response.body#/wishes/0/id"}),
    # Access. An agreement has the id of its request.
    Following("POST /requests", _OF_REQUEST, {"request_id": _ID}),
    Following("GET /requests", _OF_REQUEST, {"request_id": "$response.body#/requests/0/id"}),
    Following("POST /requests/{request_id}/decision", _OF_AGREEMENT, {"agreement_id": _ID}),
    Following(
        "GET /agreements", _OF_AGREEMENT, {"agreement_id": "$response.body#/agreements/0/id"}
    ),
    Following(
        "POST /agreements/{agreement_id}/narrowing", _OF_AGREEMENT[:2], {"agreement_id": _ID}
    ),
    Following("POST /agreements/{agreement_id}/renewal", _OF_AGREEMENT[:2], {"agreement_id": _ID}),
    Following("POST /agreements/{agreement_id}/revocation", _OF_AGREEMENT, {"agreement_id": _ID}),
    Following("GET /requests", ("GET /requests",), _AFTER),
    Following("GET /agreements", ("GET /agreements",), _AFTER),
    # Records and messages.
    Following(
        "GET /notifications",
        ("POST /notifications/{number}/retry",),
        {"number": "$response.body#/deliveries/0/number"},
    ),
    Following(
        "GET /channels",
        ("POST /channels/{name}/test",),
        {"name": "$response.body#/channels/0/name"},
    ),
    Following("GET /audit", ("GET /audit",), _AFTER),
    Following("POST /incidents", _OF_INCIDENT, {"incident": _ID}),
    Following("GET /incidents", _OF_INCIDENT, {"incident": "$response.body#/incidents/0/id"}),
    Following("GET /incidents", ("GET /incidents",), _AFTER),
    Following(
        "GET /products", ("POST /incidents",), body={"product": "$response.body#/products/0/name"}
    ),
    Following("GET /events", ("GET /events",), _AFTER),
    Following("GET /catalog", ("GET /catalog",), _NEXT_PAGE),
    Following("GET /domains", ("GET /wishes",), {"domain": "$response.body#/domains/0/name"}),
    Following("GET /home", ("GET /releases",), {"product": "$response.body#/changed/0/product"}),
    Following(
        "GET /home",
        ("GET /incidents/{incident}",),
        {"incident": "$response.body#/broken/incidents/0/id"},
    ),
)


def add_links(made: dict[str, Any], prefix: str) -> None:
    """Add to a description what follows each of its operations.

    Raises:
        KeyError: an operation that is named here is not in the description.
        ValueError: what one answers is linked twice to the same operation.
    """
    operations = dict(_operations(made, prefix))
    for source, targets, parameters, body in FOLLOWING:
        answers = operations[source]["responses"]
        links = answers[min(answers)].setdefault("links", {})
        for target in targets:
            found = operations[target]
            name = "_".join(re.findall(r"\w+", target)).lower()
            if name in links:
                raise ValueError(f"{source} is linked to {target} already")
            links[name] = {"operationId": found["operationId"]}
            if parameters:
                links[name]["parameters"] = dict(parameters)
            if body:
                links[name]["requestBody"] = dict(body)


def _operations(made: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path.removeprefix(prefix)}", operation
