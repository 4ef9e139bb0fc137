"""The entry point of `ghala`: which commands there are."""

from __future__ import annotations

import click

from ghala.cli.lazy import LazyGroup
from ghala.cli.state import State

COMMANDS = {
    "init": ("ghala.cli.init:init", "Make a new workspace with one small product."),
    "demo": (
        "ghala.cli.demo:demo",
        "Make the example organisation, run all of it, and serve it.",
    ),
    "lint": ("ghala.cli.lint:lint", "Check every definition of the workspace, running nothing."),
    "run": ("ghala.cli.run:run", "Make, check and publish products."),
    "runs": ("ghala.cli.runs:runs", "List runs, and show how one went."),
    "quality": ("ghala.cli.quality:quality", "Show how the rules of a dataset held."),
    "status": ("ghala.cli.status:status", "Show whether data is there as promised."),
    "incident": ("ghala.cli.incident:incident", "Show incidents, and take care of them."),
    "list": ("ghala.cli.list:list_products", "List the products of the workspace."),
    "show": ("ghala.cli.show:show", "Show a product or a dataset."),
    "releases": ("ghala.cli.releases:releases", "List releases, newest first."),
    "profile": (
        "ghala.cli.profile:profile",
        "Show what the rows of a release look like.",
    ),
    "diff": ("ghala.cli.diff:diff", "Show what is different between two releases."),
    "rollback": (
        "ghala.cli.rollback:rollback",
        "Bring the content of an earlier release back.",
    ),
    "search": (
        "ghala.cli.search:search",
        "Find products, datasets, columns, owners and terms.",
    ),
    "glossary": ("ghala.cli.glossary:glossary", "Show what the organisation's words mean."),
    "lineage": (
        "ghala.cli.lineage:lineage",
        "Show where columns come from, and what comes from them.",
    ),
    "tags": (
        "ghala.cli.tags:tags",
        "Show what columns are about, and declare what they do not carry on.",
    ),
    "sql": ("ghala.cli.sql:sql", "Ask a question in SQL."),
    "query": ("ghala.cli.query:query", "Keep questions under a name, share and run them."),
    "up": ("ghala.cli.up:up", "Serve the portal and the HTTP API."),
    "watch": ("ghala.cli.watch:watch", "Show what happens, as it does."),
    "user": ("ghala.cli.user:user", "Manage users, services and agents, and their roles."),
    "team": ("ghala.cli.team:team", "Manage teams."),
    "policy": ("ghala.cli.policy:policy", "Check, test, apply and explain policies."),
    "token": ("ghala.cli.token:token", "Manage the tokens of programs."),
    "access": ("ghala.cli.access:access", "Ask for access to data, and decide about it."),
    "notify": (
        "ghala.cli.notify:notify",
        "Show, test and send what people are told.",
    ),
    "usage": ("ghala.cli.usage:usage", "Show who queries a product, and how much."),
    "rating": ("ghala.cli.rating:rating", "Show how products are rated, rate them, and reply."),
    "roadmap": ("ghala.cli.roadmap:roadmap", "Show what is to come of a product, and vote for it."),
    "ticket": ("ghala.cli.ticket:ticket", "Say what is wrong in a dataset, and answer it."),
    "wish": ("ghala.cli.wish:wish", "Ask for data that is not there, vote, and answer."),
    "demand": ("ghala.cli.demand:demand", "Show what people look for, are denied, and think."),
    "audit": ("ghala.cli.audit:audit", "Search, verify and export the audit."),
    "verify": ("ghala.cli.verify:verify", "Compare every stored file with what was released."),
    "quarantine": (
        "ghala.cli.quarantine:quarantine",
        "Show the rows that were kept out; edit, discard and release them.",
    ),
    "settings": (
        "ghala.cli.settings:settings",
        "Show every setting, and where it comes from.",
    ),
    "doctor": ("ghala.cli.doctor:doctor", "Check that this machine can keep what Ghala promises."),
    "sweep": ("ghala.cli.sweep:sweep", "Remove files that nothing can reach any more."),
    "version": ("ghala.cli.version:version", "Print the versions of Ghala and of what it runs on."),
}
"""Each command's home and its first line of help, known without importing it; in the order in which people meet
them."""


@click.group(
    cls=LazyGroup,
    commands_at=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Exit codes: 0 all is well, 1 something was found or refused, 2 wrong use,
            70 a fault in Ghala itself, 130 stopped by Ctrl-C.
\b
Data goes to stdout, talk to stderr. Start with:
  ghala demo            the example organisation, end to end
  ghala init acme       a workspace of your own""",
)
@click.version_option(package_name="ghala", message="ghala %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """One storehouse for an organisation's data products: contracts, releases, governed reads."""
    if context.obj is None:
        context.obj = State()


def main() -> None:
    """Run the command line; never returns."""
    cli(prog_name="ghala")
