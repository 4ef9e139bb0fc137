"""Requests that follow each other: what was made is looked at, changed and ended, along the description's links.

schemathesis walks from answer to answer and judges each: no 5xx, nothing that the description does not know, nothing
that is found after it was deleted, nothing that is missing right after it was made. The chance has a seed.
"""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import FlakyStrategyDefinition
from matrix_world import URL, World
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ensure_resource_availability,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
)

from ghala.delivery.http.make import PREFIX, make_app, routed_app
from ghala.testing.people import ANOTHER

CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
    ensure_resource_availability,
]
DATASETS = (("sales", "customers"), ("market", "rates"), ("hr", "salaries"))
ASKERS = {
    "POST /requests/{request_id}/withdrawal": "outsider",
    "POST /requests/{": "member",
    "POST /requests": "outsider",
    "POST /agreements": "member",
    "GET /agreements": "member",
}
"""Who does what the administrator does not: nobody decides about what they asked for."""
DAYS = {"/narrowing": 10, "/renewal": 60}
"""In how many days what begins for thirty shall end."""
LIKELY = 0.9
LIKELY_BODY = {
    "dataset": "sales.customers",
    "columns": ["id"],
    "purpose": "analytics",
    "grantee": None,
    "principal": None,
    "owner": None,
    "scopes": ["dataset:read"],
    "password": ANOTHER,
    "environment": "prod",
    "limit": None,
    "page_rows": 1,
    "is_approved": True,
    "text": "walk",
    "found": "walk",
    "column": None,
    "release": None,
    "roadmap_item": None,
    "role": "administrator",
}
ANSWERED_WELL = 35
"""So many operations at least must have answered well, or the walks have seen little."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World.make(tmp_path_factory.mktemp("links") / "acme")
    yield made
    made.close()


def fill(case, linked, chance, fresh):
    """Write what a person would where few values mean anything: chance alone finds none of them."""
    domain, dataset = chance.choice(DATASETS)
    path = case.path_parameters or {}
    likely = {"domain": domain, "dataset": dataset, "product": dataset}
    likely |= {"item": "later", "name": "noor", "team": "market-team", "role": "steward"}
    path.update({name: likely[name] for name in path if name in likely and name not in linked})
    if isinstance(case.query, dict) and "environment" in case.query:
        case.query["environment"] = "prod"
    if isinstance(case.body, dict):
        days = next((days for end, days in DAYS.items() if case.path.endswith(end)), 30)
        until = datetime.now(UTC) + timedelta(days=days)
        rows = {"column": "id", "in": [chance.randrange(1_000_000)]}
        likely = LIKELY_BODY | {"until": until.isoformat(), "rows": rows}
        likely |= {"sql": f"SELECT * FROM {domain}.{dataset}", "name": fresh("walker")}
        case.body = {name: likely.get(name, value) for name, value in case.body.items()}


def machine(world, done, wrong):
    """Return the machine that walks along the links; it counts answers in `done` and puts faults into `wrong`."""
    schema = schemathesis.openapi.from_dict(make_app(world.parts).openapi())
    schema.app = make_app(world.parts)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE], with_security_parameters=False)
    # Only what the description itself says; what it seems to mean is guessed from names.
    schema.config.phases.stateful.inference.algorithms = []

    class Walk(schema.as_state_machine()):
        def setup(self):
            self.chance = random.Random(sum(done.values()))

        def step(self, step):
            self.linked = {name for _, name in step.applied_parameters}
            return super().step(step)

        def before_call(self, case):
            route = case.operation.label.replace(PREFIX, "")
            self.role = next(
                (role for begin, role in ASKERS.items() if route.startswith(begin)), "admin"
            )
            if self.chance.random() < LIKELY:
                fill(case, self.linked, self.chance, world.fresh)

        def get_call_kwargs(self, _case):
            who = world.personas[self.role]
            return {"headers": {**who.headers, **who.csrf, "Host": URL.removeprefix("http://")}}

        def validate_response(self, response, case, **kwargs):
            # Ended sessions are gone; the list of them is not.
            is_list = case.path.endswith("/sessions")
            try:
                case.validate_response(
                    response,
                    checks=[check for check in CHECKS if not (is_list and check is use_after_free)],
                    headers=kwargs["headers"],
                    transport_kwargs=kwargs,
                    recorder=self.recorder,
                )
            except FailureGroup as faults:
                # Told at the end: what follows a fault on the same server is another walk, so it cannot be repeated.
                wrong.extend(map(str, faults.exceptions))
            key = case.operation.label.replace(PREFIX, "")
            done[key, response.status_code] += 1
            if response.status_code == 401 or "session" in key or "roles" in key:
                world.let_in(self.role)

    return Walk


@pytest.mark.parametrize("walks", [2, pytest.param(40, marks=pytest.mark.long)])
def test_no_walk_along_the_links_finds_a_fault(world, walks):
    done, wrong = Counter(), []
    walk = machine(world, done, wrong)
    run = settings(
        max_examples=5,
        stateful_step_count=40,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
    )
    for number in range(walks):
        # Walks that begin alike may go on otherwise, since what walks before them made is still there.
        with suppress(FlakyStrategyDefinition):
            seed(number)(walk).run(settings=run)
    assert not wrong
    well = {route for route, status in done if status < 300}
    assert len(well) >= ANSWERED_WELL, well


def test_whatever_has_an_address_of_its_own_is_linked():
    described = routed_app().openapi()
    linked = set()
    for methods in described["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                linked |= {link["operationId"] for link in answer.get("links", {}).values()}
    missing = [
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if "{" in path and operation["operationId"] not in linked
    ]
    assert not missing, f"{missing}: say in delivery/http/links.py from which answer one gets there"
