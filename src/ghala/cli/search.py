"""`ghala search`: products, datasets, columns, owners and terms by their words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ghala.cli.answer import print_json
from ghala.cli.escape import escaped
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.model.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.cli.state import State

KINDS = ("column", "dataset", "owner", "product", "term")


@click.command(
    short_help="Find products, datasets, columns, owners and terms.",
    epilog="""\b
Examples:
  ghala search orders
  ghala search custmer email --kind column     a typing error does not matter
  ghala search revenue --domain sales --json
  ghala search churn --server https://data.acme.example""",
)
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(KINDS), help="Only this kind.")
@click.option("--domain", metavar="NAME", help="Only what this domain has.")
@click.option("--owner", metavar="TEAM", help="Only what this team owns.")
@click.option("--tag", metavar="TAG", help="Only what has this tag, or one below it: `pii`.")
@click.option(
    "--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many at most."
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def search(  # noqa: PLR0917 - one parameter an option
    state: State,
    words: tuple[str, ...],
    kind: str | None,
    domain: str | None,
    owner: str | None,
    tag: str | None,
    limit: int,
) -> None:
    """Find what is defined by its words, the best first: names before titles, tags and descriptions.

    Every word must stand there, or one that begins so, or nearly so. Words are compared without case and accents.
    """
    text = " ".join(words)
    narrowed = {"kind": kind, "domain": domain, "owner": owner, "tag": tag}
    connection = state.connection()
    if connection is not None:
        hits = connection.search(text, limit=limit, **narrowed)
    else:
        hits = _search_locally(state, text, narrowed, limit)
    if state.as_json:
        print_json(hits)
    elif not hits:
        say(f"nothing is called like `{escaped(text)}`, and nothing speaks of it")
        if any(narrowed.values()):
            say("hint: leave the filters out, or write them as `ghala list` shows them")
        elif len(words) > 1:
            say("hint: fewer words find more")
    else:
        for hit in hits:
            _print(hit)


def _search_locally(
    state: State, text: str, narrowed: dict[str, str | None], limit: int
) -> list[dict[str, Any]]:
    with state.app() as app:
        found = app.search(text, limit=limit, **narrowed)
    return [plain(hit) for hit in found]


def _print(hit: dict[str, Any]) -> None:
    marked = {field: _marked(parts) for field, parts in hit["highlights"].items()}
    facts = [marked.get("title", hit["title"]), hit["owner"] if hit["kind"] != "owner" else ""]
    told = " · ".join(escaped(fact) if fact is hit["owner"] else fact for fact in facts if fact)
    click.echo(
        f"{hit['kind']:8} {marked.get('name', escaped(hit['name']))}"
        + (f"  ({told})" if told else "")
    )
    description = marked.get("description") or escaped(hit["description"].split("\n", 1)[0])
    if description:
        click.echo(f"         {description}")
    if hit["tags"]:
        click.echo(f"         tags: {escaped(', '.join(hit['tags']))}")
    if hit["synonyms"]:
        click.echo(f"         also: {marked.get('synonyms', escaped(', '.join(hit['synonyms'])))}")
    if hit["links"]:
        click.echo(f"         see {escaped(', '.join(hit['links']))}")


def _marked(parts: Sequence[dict[str, Any]]) -> str:
    """Return a text with what was looked for in bold, where a terminal shows it."""
    is_shown = sys.stdout.isatty()
    return "".join(
        click.style(escaped(part["text"]), bold=True)
        if part["is_match"] and is_shown
        else escaped(part["text"])
        for part in parts
    ).replace("\n", " ")
