"""The matrix of authority: every route for ten roles and each kind of object, and every verb of the command line."""

import ast
import asyncio
import inspect
import re
import textwrap

import click
from matrix_requests import LEAVES_IN, REQUESTS
from matrix_world import PERSONAS, World

from ghala.cli.main import cli
from ghala.delivery.http.make import PREFIX, routed_app

HEAD = """\
# What each route answers to a valid request of each role, about each kind of object. Written by dev/matrix.py, and read
# by people: a cell that changes is a change of who may do what. Roles and objects: tests/delivery/matrix_world.py.
# 2xx done; 400 not so; 401 nobody proved to be anybody; 403 may not; 404 is not there, as far as the asker may know.
"""
CLI_HEAD = """
# Every verb of the command line: at a terminal beside the workspace's files everybody is its owner, owner:local. What
# it calls of the core is what its code says.
"""


def routes():
    """Return every route as `METHOD /path`, also those that the API's description does not show."""
    found = []
    for route in _walk(routed_app().routes):
        methods = set(route.methods or ()) - {"HEAD", "OPTIONS"}
        found += [
            f"{method} {route.path_format.removeprefix(PREFIX)}" for method in sorted(methods)
        ]
    return found


def _walk(found):
    for route in found:
        if hasattr(route, "effective_candidates"):
            yield from _walk(route.effective_candidates())
        else:
            yield route


def verbs():
    """Return every verb of the command line with its command."""
    return dict(_verbs(cli, ()))


def _verbs(group, before):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _verbs(command, (*before, name))
            if command.invoke_without_command:
                yield " ".join((*before, name)), command
        else:
            yield " ".join((*before, name)), command


def calls(command):
    """Return what a command calls of the app, as its code names it, and that of what it calls of the command line."""
    begun = inspect.unwrap(command.callback)
    found, seen, left = set(), {begun}, [begun]
    while left:
        function = left.pop()
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
            if isinstance(node, ast.Attribute) and (said := _said(node)):
                found.add(said)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = function.__globals__.get(node.func.id)
                is_ours = inspect.isfunction(called) and called.__module__.startswith("ghala.cli.")
                if is_ours and called not in seen:
                    seen.add(called)
                    left.append(called)
    return sorted(one for one in found if not any(other.startswith(f"{one}.") for other in found))


def _said(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed(parts)) if isinstance(node, ast.Name) and node.id == "app" else None


def made(value, world, who):
    """Return a value of a request with its objects in it."""
    if callable(value):
        return value(world, who)
    if isinstance(value, dict):
        return {key: made(one, world, who) for key, one in value.items()}
    return value


async def asked(world, client, route, request, who):
    """Send one request, and return its answer."""
    method, path = route.split(" ", 1)
    request = made(request, world, who)
    address = re.sub(r"\{(\w+)\}", lambda found: request["path"][found[1]], path)
    headers = {**who.headers, **(who.csrf if method not in LEAVES_IN else {})}
    response = await client.request(
        method,
        address,
        headers=headers,
        params=request.get("query"),
        json=request.get("body"),
    )
    client.cookies.clear()
    if method not in LEAVES_IN and response.status_code < 400:
        if route == "PUT /me/password":
            world.reset_password(who)
        world.let_in(who.role)
    return response


async def rows(world, seen=None):
    """Return one line for each route and kind of object.

    What only looks goes first: the others make many people, agreements and sessions.
    """
    lines = {}
    order = [(route, kind) for route in routes() for kind in REQUESTS.get(route, {})]
    async with world.client() as client:
        for route, kind in sorted(order, key=lambda one: not one[0].startswith("GET")):
            cells = []
            for persona in PERSONAS:
                who = world.personas[persona]
                response = await asked(world, client, route, REQUESTS[route][kind], who)
                cells.append(f"{response.status_code:<8}")
                if seen is not None:
                    seen(route, kind, persona, response)
            lines[route, kind] = f"{route:<47} {kind:<9}" + " ".join(cells).rstrip()
    return [lines[one] for one in order]


def verb_rows():
    """Return one line for each verb of the command line."""
    return [
        f"{'ghala ' + name:<28}{'owner:local':<13}{', '.join(calls(command)) or '-'}"
        for name, command in sorted(verbs().items())
    ]


def matrix(folder, seen=None):
    """Return the whole matrix as text, driven over a workspace that is made in a folder."""
    world = World.make(folder)

    try:
        lines = asyncio.run(rows(world, seen))
    finally:
        world.close()
    title = f"{'# route':<48}{'object':<9}" + " ".join(f"{one:<8}" for one in PERSONAS).rstrip()
    verb_title = f"{'# verb':<28}{'who':<13}calls"
    parts = [HEAD.rstrip(), title, *lines, CLI_HEAD.rstrip(), verb_title, *verb_rows()]
    return "\n".join(parts) + "\n"
