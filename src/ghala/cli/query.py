"""`ghala query`: questions that are kept under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.escape import escaped
from ghala.cli.options import environment_option, json_option, server_option, workspace_option
from ghala.cli.progress import Progress
from ghala.cli.results import answer_options, chosen_form, give
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.errors import UsageError
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from pathlib import Path

    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.group(
    cls=VerbGroup,
    short_help="Keep questions under a name, share and run them.",
    epilog='\b\nExample:\n  ghala query save "orders a day" "SELECT day, count(*) FROM sales.orders GROUP BY day"',
)
def query() -> None:
    """Keep questions under a name, for yourself or to share. Whoever runs one asks it themselves."""


@query.command(
    "save",
    short_help="Keep a question under a name.",
    epilog="""\b
Examples:
  ghala query save "all orders" "FROM sales.orders"
  ghala query save "all orders" -f orders.sql --share-with everybody
  ghala query save "all orders" -f orders.sql --share-with team:sales-team""",
)
@click.argument("name")
@click.argument("text", required=False, metavar="[SQL]")
@click.option(
    "-f",
    "--file",
    "source",
    type=click.File("r", "utf-8"),
    metavar="FILE",
    help="Read it from a file.",
)
@click.option("--description", default="", metavar="TEXT", help="What it answers.")
@click.option(
    "--share-with",
    default="",
    metavar="WHOM",
    help="`team:NAME`, or `everybody` who may read what it reads.  [default: nobody]",
)
@environment_option
@json_option
@server_option
@workspace_option
@click.pass_obj
def save_query(  # noqa: PLR0917 - one parameter an option
    state: State,
    name: str,
    text: str | None,
    source: TextIO | None,
    description: str,
    share_with: str,
    environment: str,
) -> None:
    """Keep a question under a name, in the place of the one that you kept under it before."""
    if (text is None) is (source is None):
        raise UsageError("there is no question, or two", hint="give SQL or `-f FILE`")
    sql = str(text) if source is None else source.read()
    said = {"description": description, "shared_with": share_with, "environment": environment}
    connection = state.connection()
    if connection is not None:
        found = connection.queries.save(name, sql, **said)
    else:
        with state.app() as app:
            before = app.queries.find_own(name, by=OWNER_LOCAL)
            known = None if before is None else before.id
            found = plain(app.queries.save(name, sql, by=OWNER_LOCAL, query_id=known, **said))
    if state.as_json:
        print_json(found)
    else:
        click.echo(found["id"])
        say(f"kept `{escaped(found['name'])}`, shared with {found['shared_with'] or 'nobody'}")


@query.command(
    "list",
    short_help="List queries, the most used first.",
    epilog="""\b
Examples:
  ghala query list
  ghala query list --dataset sales.orders""",
)
@click.option("--dataset", metavar="NAME", help="Those that read this dataset only.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def list_queries(state: State, dataset: str | None) -> None:
    """List your queries, and those of others that are shared with you and read nothing which you may not read."""
    connection = state.connection()
    if connection is not None:
        found = connection.queries.all(dataset)
    else:
        with state.app() as app:
            found = plain(app.queries.queries(by=OWNER_LOCAL, dataset=dataset))
    if state.as_json:
        print_json(found)
    elif not found:
        say("there is no such query")
    else:
        print_table(
            ["query", "name", "owner", "shared with", "runs", "datasets"],
            [
                [
                    one["id"],
                    escaped(one["name"]),
                    one["owner"],
                    one["shared_with"] or None,
                    one["run_count"],
                    ", ".join(one["datasets"]),
                ]
                for one in found
            ],
        )


@query.command(
    "show",
    short_help="Show a query.",
    epilog='\b\nExample:\n  ghala query show "all orders"',
)
@click.argument("name", metavar="QUERY")
@json_option
@server_option
@workspace_option
@click.pass_obj
def show_query(state: State, name: str) -> None:
    """Show a query by its id, or one of yours by its name."""
    found = _found(state, name)
    if state.as_json:
        print_json(found)
        return
    click.echo(f"{found['id']}  {escaped(found['name'])}  ({found['owner']})")
    if found["description"]:
        click.echo(escaped(found["description"]))
    last = f", last {when(found['last_run_at'])}" if found["last_run_at"] else ""
    click.echo(f"run {found['run_count']} times{last}")
    for line in found["sql"].splitlines():
        click.echo(escaped(line))


@query.command(
    "run",
    short_help="Ask a kept question.",
    epilog="""\b
Examples:
  ghala query run "all orders"
  ghala query run 4fT0pXbq81Zc --format csv > orders.csv""",
)
@click.argument("name", metavar="QUERY")
@answer_options
@json_option
@server_option
@workspace_option
@click.pass_obj
def run_query(  # noqa: PLR0917 - one parameter an option
    state: State,
    name: str,
    form: str | None,
    output: Path | None,
    timeout_s: float | None,
    row_limit: int | None,
) -> None:
    """Ask a query by its id, or one of yours by its name: as yourself, whoever keeps it."""
    chosen = chosen_form(state, form, output)
    connection = state.connection()
    if connection is not None:
        asked = connection.queries.run(name, timeout_s=timeout_s, row_limit=row_limit)
        with Progress("asking"), asked as served:
            give(served, chosen, output)
        return
    with state.app() as app:
        begun = app.queries.begin(name, by=OWNER_LOCAL)
        with (
            Progress("asking"),
            app.sql(
                begun.sql,
                environment=begun.environment,
                timeout_s=timeout_s,
                row_limit=row_limit,
            ) as result,
        ):
            give(result, chosen, output)


@query.command(
    "share",
    short_help="Share a query of yours, or keep it to yourself again.",
    epilog="""\b
Examples:
  ghala query share "all orders" --with everybody
  ghala query share "all orders" --with team:sales-team
  ghala query share "all orders" --with nobody""",
)
@click.argument("name", metavar="QUERY")
@click.option(
    "--with",
    "whom",
    required=True,
    metavar="WHOM",
    help="`team:NAME`, `everybody` who may read what it reads, or `nobody`.",
)
@json_option
@server_option
@workspace_option
@click.pass_obj
def share_query(state: State, name: str, whom: str) -> None:
    """Share a query of yours, by its name or id. It shows nobody more than they may see: it runs as whoever runs it."""
    wanted = "" if whom.strip().lower() == "nobody" else whom
    connection = state.connection()
    if connection is not None:
        found = connection.queries.share(name, wanted)
    else:
        with state.app() as app:
            found = plain(app.queries.share(name, wanted, by=OWNER_LOCAL))
    if state.as_json:
        print_json(found)
    else:
        say(f"`{escaped(found['name'])}` is shared with {found['shared_with'] or 'nobody'}")


@query.command(
    "delete",
    short_help="Forget a query of yours.",
    epilog='\b\nExample:\n  ghala query delete "all orders"',
)
@click.argument("name", metavar="QUERY")
@json_option
@server_option
@workspace_option
@click.pass_obj
def delete_query(state: State, name: str) -> None:
    """Forget a query of yours, by its name or id."""
    connection = state.connection()
    if connection is not None:
        connection.queries.delete(name)
    else:
        with state.app() as app:
            app.queries.remove(name, by=OWNER_LOCAL)
    say(f"forgot `{escaped(name)}`")


@query.command(
    "history",
    short_help="Show what you asked a server lately.",
    epilog="\b\nExample:\n  ghala query history --server https://data.acme.example",
)
@click.option(
    "--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="At most."
)
@click.option("--forget", is_flag=True, help="Forget all of it instead.")
@json_option
@server_option
@click.pass_obj
def history(state: State, limit: int, *, forget: bool) -> None:
    """Show what you asked a server lately, newest first. Nobody sees what others asked."""
    connection = state.connection()
    if connection is None:
        raise UsageError(
            "a server remembers what it was asked; a workspace's files do not",
            hint="name it: --server URL",
        )
    if forget:
        connection.queries.forget_history()
        say("forgot what you asked; the audit has it, without the text")
        return
    found = connection.queries.history(limit)
    if state.as_json:
        print_json(found)
        return
    if not found:
        say("you asked nothing yet")
    for one in found:
        click.echo(f"{when(one['asked_at'])}  {one['purpose']}  {escaped(one['sql'])}")


def _found(state: State, name: str) -> Facts:
    connection = state.connection()
    if connection is not None:
        return connection.queries.find(name)
    with state.app() as app:
        found: Facts = plain(app.queries.find(name, by=OWNER_LOCAL))
    return found
