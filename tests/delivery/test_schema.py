"""Requests that nobody thought of: every operation of the API's description, with what fits its shapes and not.

schemathesis makes the requests and judges the answers: no 5xx, no status, media type, header or body that the
description does not know. The chance has a seed.
"""

from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from matrix_world import URL, World
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ghala.delivery.http.make import make_app

EXAMPLES = 2
CHECKS = (
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
ENDS = {"DELETE /api/v1/session", "DELETE /api/v1/sessions"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World.make(tmp_path_factory.mktemp("schema") / "acme")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("role", "fits"), [("nobody", True), ("member", True), ("admin", True), ("admin", False)]
)
def test_no_request_is_a_fault_and_every_answer_is_as_described(world, role, fits):
    mode = GenerationMode.POSITIVE if fits else GenerationMode.NEGATIVE
    app = make_app(world.parts)
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    sent = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        def ask(case):
            nonlocal sent
            sent += 1
            who = world.personas[role]
            headers = {**who.headers, **who.csrf, "Host": URL.removeprefix("http://")}
            response = case.call(headers=headers)
            case.validate_response(response, headers=headers, checks=CHECKS)
            if response.status_code == 401 or case.operation.label in ENDS:
                world.let_in(role)

        run = settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
            deadline=None,
        )
        # An operation without parameters has nothing that could not fit.
        with suppress(Unsatisfiable):
            run(given(case=operation.as_strategy(generation_mode=mode))(ask))()
    assert sent > 100
