"""The API's description: OpenAPI 3.1, with the one error shape and the two ways to sign in, and no outside assets."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from ghala.delivery.http.asker import CSRF_HEADER
from ghala.delivery.http.errors import MEDIA_TYPE
from ghala.delivery.http.links import add_links
from ghala.delivery.http.origin import SECURE_COOKIE
from ghala.delivery.http.shapes import ProblemShape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

OPEN: dict[str, Any] = {"security": []}
"""What an operation is marked with for which nobody has to sign in."""
PROBLEM = "Problem"
_REMOVED = ("HTTPValidationError", "ValidationError")
_DESCRIPTION = f"""Everything that this server answers is decided for whoever asks, for the purpose of their session or
token, and recorded. Programs send `Authorization: Bearer ghala_…`. Browsers have a cookie, and send `csrf`, which
signing in answered, as `{CSRF_HEADER}` with everything but GET."""


def description(app: FastAPI, prefix: str) -> dict[str, Any]:
    """Return the description of an app's operations, whose addresses begin with a prefix."""
    made = get_openapi(
        title="Ghala",
        version=version("ghala"),
        description=_DESCRIPTION,
        routes=app.routes,
    )
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _REMOVED:
        schemas.pop(name, None)
    schemas[PROBLEM] = ProblemShape.model_json_schema()
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of Ghala."},
        "session": {"type": "apiKey", "in": "cookie", "name": SECURE_COOKIE},
    }
    made["security"] = [{"token": []}, {"session": []}]
    for operation in _operations(made):
        responses = operation["responses"]
        responses.pop("422", None)
        responses["default"] = {
            "description": "An error.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}},
        }
    add_links(made, prefix)
    return made


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in made["paths"].values():
        yield from methods.values()
