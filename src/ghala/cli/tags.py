"""`ghala tags`: what columns are about, and what an owner declares that they do not carry on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ghala.cli.answer import print_json, print_table
from ghala.cli.options import json_option, server_option, workspace_option
from ghala.cli.say import say
from ghala.cli.verbs import VerbGroup
from ghala.cli.words import when
from ghala.model.plain import plain
from ghala.model.principal import OWNER_LOCAL

if TYPE_CHECKING:
    from ghala.cli.state import State
    from ghala.client.faults import Facts


@click.group(
    cls=VerbGroup,
    short_help="Show what columns are about, and declare what they do not carry on.",
    epilog="""\b
Examples:
  ghala tags show finance.revenue_monthly
  ghala tags declare people.headcount.mean_salary --not pii.salary --reason "means of five people or more" """,
)
def tags() -> None:
    """Show what columns are about, and declare what they do not carry on.

    Tags and classifications travel along lineage: what is made from personal data stays personal, until the owner of
    the dataset declares otherwise. Each declaration is recorded, with its reason.
    """


@tags.command(
    short_help="Show tags and classifications, and where they come from.",
    epilog="\b\nExample:\n  ghala tags show people.headcount",
)
@click.argument("name", metavar="DOMAIN.DATASET[.COLUMN]")
@json_option
@workspace_option
@click.pass_obj
def show(state: State, name: str) -> None:
    """Show what the columns of a dataset are about: by its contract, and by what they are made from."""
    with state.app() as app:
        found = app.declarations.tags(name, by=OWNER_LOCAL)
    if state.as_json:
        print_json(found)
        return
    print_table(
        ["column", "tags", "inherits", "classification", "because of"],
        [
            [
                one.column,
                ", ".join(one.tags) or None,
                "; ".join(f"{tag} of {', '.join(of)}" for tag, of in one.inherited.items()) or None,
                one.classification,
                ", ".join(one.classification_from) or None,
            ]
            for one in found
        ],
    )


@tags.command(
    short_help="Declare what a column does not carry on.",
    epilog="""\b
Examples:
  ghala tags declare sales.contacts.count --not pii.email --reason "a number of addresses"
  ghala tags declare people.headcount.mean_salary --not pii.salary --classification confidential \\
    --reason "means of five people or more\"""",
)
@click.argument("name", metavar="DOMAIN.DATASET.COLUMN")
@click.option("--not", "without", multiple=True, metavar="TAG", help="A tag that ends here.")
@click.option("--classification", metavar="WORD", help="What the column is, whatever is above it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is recorded.")
@json_option
@workspace_option
@click.pass_obj
def declare(
    state: State, name: str, without: tuple[str, ...], classification: str | None, reason: str
) -> None:
    """Declare that a column does not carry on a tag or a classification of what it is made from.

    It holds for the columns that it is made from now: what is added to them later is carried on again.
    """
    with state.app() as app:
        made = app.declarations.declare(
            name, without=without, classification=classification, reason=reason, by=OWNER_LOCAL
        )
    if state.as_json:
        print_json(made)
        return
    for one in made:
        said = f"not {one.tag}" if one.tag else f"classified as {one.classification}"
        click.echo(f"{one.dataset}.{one.column}: declared {one.id}: {said}")


@tags.command(
    short_help="Withdraw a declaration.", epilog="\b\nExample:\n  ghala tags withdraw 5f0c2a91"
)
@click.argument("declaration", metavar="ID")
@json_option
@workspace_option
@click.pass_obj
def withdraw(state: State, declaration: str) -> None:
    """Withdraw a declaration: the column carries on again what is above it. Both stay on record."""
    with state.app() as app:
        found = app.declarations.withdraw(declaration, by=OWNER_LOCAL)
    if state.as_json:
        print_json({"withdrawn": found.id})
    else:
        click.echo(f"{found.dataset}.{found.column}: withdrawn {found.id}")


@tags.command("list", short_help="List declarations.", epilog="\b\nExample:\n  ghala tags list")
@click.argument("name", required=False, metavar="[DOMAIN.DATASET]")
@json_option
@workspace_option
@click.pass_obj
def list_declarations(state: State, name: str | None) -> None:
    """List declarations, oldest first: of one dataset, or of all. Those that were withdrawn stay."""
    with state.app() as app:
        found = app.declarations.all(name, by=OWNER_LOCAL)
    if state.as_json:
        print_json(found)
    elif not found:
        say("nothing was declared")
    else:
        print_table(
            ["id", "column", "declared", "by", "at", "withdrawn", "reason"],
            [
                [
                    one.id,
                    f"{one.dataset}.{one.column}",
                    f"not {one.tag}" if one.tag else f"classified as {one.classification}",
                    one.declared_by,
                    when(one.declared_at),
                    when(one.withdrawn_at),
                    one.reason,
                ]
                for one in found
            ],
        )


@tags.command(
    "map",
    short_help="Map what is personal or more than internal.",
    epilog="""\b
Examples:
  ghala tags map
  ghala tags map --domain sales --tag pii.email
  ghala tags map --classification restricted --json""",
)
@click.option("--domain", metavar="NAME", help="Of one domain.")
@click.option("--tag", metavar="TAG", help="With a tag; `pii` is all that is personal.")
@click.option("--classification", metavar="WORD", help="Classified so.")
@json_option
@server_option
@workspace_option
@click.pass_obj
def map_personal(
    state: State, domain: str | None, tag: str | None, classification: str | None
) -> None:
    """Map the columns that are personal, or classified as more than internal.

    With each the columns that brought it, the mask that stands in place of its values, and how many agreements give it
    in clear. A server tells what one may know.
    """
    connection = state.connection()
    narrowed = {"domain": domain, "tag": tag, "classification": classification}
    if connection is not None:
        found = connection.tags.map(**narrowed)
    else:
        with state.app() as app:
            found = [plain(one) for one in app.personal_data.map(by=OWNER_LOCAL, **narrowed)]
    if state.as_json:
        print_json(found)
    elif not found:
        say("no column is personal or more than internal, as far as you may know")
    else:
        header = ["column", "tags", "classification", "carried from", "mask", "agreements"]
        print_table(header, [_mapped(one) for one in found])


def _mapped(one: Facts) -> list[object]:
    carried = {column for columns in one["carried"].values() for column in columns}
    return [
        f"{one['dataset']}.{one['column']}",
        ", ".join(one["tags"]) or None,
        one["classification"],
        ", ".join(sorted({*carried, *one["classification_from"]})) or None,
        one["mask"] or "hidden",
        one["agreements"],
    ]
