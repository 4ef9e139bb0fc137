"""Who may do what: every route and verb against `matrix.txt`, which people have read."""

import difflib
import re
from pathlib import Path

import pytest
import schemathesis
from matrix import REQUESTS, matrix, routes

from ghala.delivery.http.make import PREFIX, routed_app

REVIEWED = Path(__file__).with_name("matrix.txt")
OPEN = {
    "GET /openapi.json",
    "GET /health",
    "GET /health/ready",
    "GET /purposes",
    "GET /session/oidc",
    "POST /session/oidc",
    "GET /session/oidc/callback",
    "POST /session",
    "POST /first",
}
"""What answers to somebody who has not signed in. The last three ask for a secret themselves."""


OF_BROWSERS = {
    "GET /session",
    "PUT /session/purpose",
    "POST /session/renewal",
    "GET /session/oidc",
    "POST /session/oidc",
    "GET /session/oidc/callback",
}
"""What is about a browser's own session: a token has none, and ends by itself."""


@pytest.fixture(scope="module")
def driven(tmp_path_factory):
    """Return the matrix as it is, and every answer by route, kind of object and role."""
    answers = {}

    def seen(route, kind, persona, response):
        answers[route, kind, persona] = response

    return matrix(tmp_path_factory.mktemp("matrix") / "acme", seen), answers


def test_every_route_says_what_it_is_asked_with():
    known = routes()
    missing = [route for route in known if route not in REQUESTS]
    gone = [route for route in REQUESTS if route not in known]
    assert not missing, (
        f"{missing} have no requests: add valid ones for each kind of object to REQUESTS in "
        "tests/delivery/matrix_requests.py, run `python dev/matrix.py`, and read the rows that it adds to matrix.txt"
    )
    assert not gone, f"{gone} are no routes any more: remove them from REQUESTS, run dev/matrix.py"


def test_everybody_may_what_was_reviewed(driven):
    reviewed = REVIEWED.read_text("utf-8").splitlines()
    changes = difflib.unified_diff(reviewed, driven[0].splitlines(), "reviewed", "now", n=0)
    text = "\n".join(changes)
    assert not text, (
        f"who may do what is not what was reviewed; if it is meant, run `python dev/matrix.py` and read it:\n{text}"
    )


def test_whatever_a_browser_can_do_a_token_can_that_says_so(driven):
    differing = {}
    for (route, kind, persona), response in driven[1].items():
        if persona == "admin" and route not in OF_BROWSERS:
            by_token = driven[1][route, kind, "key"].status_code
            if by_token != response.status_code:
                differing[route, kind] = (response.status_code, by_token)
    assert not differing, f"by session and by token, in this order: {differing}"


SHOWN_BY = {
    "account:manage": ("GET /sessions", "-"),
    "audit:read": ("GET /audit", "-"),
    "demand:read": ("GET /demand", "-"),
    "metrics:read": ("GET /metrics", "-"),
    "notification:manage": ("GET /channels", "-"),
    "team:manage": ("GET /teams", "-"),
    "token:manage": ("GET /tokens", "own"),
    "user:manage": ("GET /users", "-"),
    "agreement:decide": ("POST /agreements/{agreement_id}/reassessment", "other"),
    "tag:declare": ("GET /datasets/{domain}/{dataset}/tags", "own"),
}
"""For an action, what only those are answered who may do it; for the last two, in the domain of the members."""


def test_everybody_is_told_what_they_may_do(driven):
    wrong = []
    for (route, kind, persona), response in driven[1].items():
        if (route, kind) == ("GET /me", "-") and persona != "nobody":
            told = response.json()["actions"]
            for action, (shown, of) in SHOWN_BY.items():
                # Owners of other domains may as well, and not here.
                is_elsewhere = persona == "rival" and action in {"agreement:decide", "tag:declare"}
                is_let = driven[1][shown, of, persona].status_code < 400
                if not is_elsewhere and (action in told) is not is_let:
                    wrong.append((persona, action, is_let))
    assert not wrong


def test_nobody_gets_nothing(driven):
    let_in = {
        route
        for (route, _, persona), response in driven[1].items()
        if persona == "nobody" and response.status_code != 401
    }
    assert let_in <= OPEN, f"{let_in - OPEN} answer without asking who it is"


def test_no_request_is_a_fault(driven):
    faults = {key: one.text for key, one in driven[1].items() if one.status_code >= 500}
    assert not faults


def test_every_answer_is_what_the_description_says(driven):
    described = schemathesis.openapi.from_dict(routed_app().openapi())
    wrong = {}
    for (route, kind, persona), response in driven[1].items():
        method, path = route.split(" ", 1)
        if path == "/openapi.json":
            continue
        try:
            described[f"{PREFIX}{path}"][method].validate_response(response)
        except AssertionError as error:
            wrong[route, kind, persona] = str(error)
    assert not wrong


def test_what_may_not_be_known_is_answered_like_what_is_not_there(driven):
    compared = 0
    for (route, kind, persona), response in driven[1].items():
        gone = driven[1].get((route, "gone", persona))
        # To its own team it is not foreign: what is not there may be a part of it.
        is_hidden = kind == "foreign" and persona != "rival" and response.status_code == 404
        if is_hidden and gone is not None:
            assert _told(response) == _told(gone), (route, persona)
            compared += 1
    assert compared > 10


def test_the_secret_of_another_domain_is_in_no_answer(driven):
    for (route, _, persona), response in driven[1].items():
        if persona != "rival":
            assert "canarywho" not in response.text, (route, persona)


def _told(response):
    """Return an answer without the names that were asked for, where they stood, and what they are like."""
    problem = response.json()
    text = " ".join(str(problem[field]) for field in ("status", "code", "detail", "reasons"))
    return re.sub(r"\d+:\d+:", "", re.sub(r"`[^`]*`", "`…`", text))
