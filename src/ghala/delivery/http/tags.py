"""What columns are about: tags and where they come from, declarations, and the map of personal data."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.delivery.http.tags_shapes import (
    AskedMap,
    ColumnTagsFacts,
    DeclarationFacts,
    DeclarationList,
    NewDeclaration,
    PersonalColumnFacts,
    PersonalDataMap,
    TagsOfColumns,
)
from ghala.model.declaration import Declaration
from ghala.model.plain import plain

router = APIRouter(tags=["tags"], route_class=RepeatableRoute)
Part = Annotated[Text, Path(max_length=200)]
Id = Annotated[Text, Path(max_length=20, examples=["5f0c2a91"])]


@router.get("/datasets/{domain}/{dataset}/tags")
async def tags(domain: Part, dataset: Part, asker: WhoAsks, parts: GivenParts) -> TagsOfColumns:
    """Show what the columns of one's own dataset are about, and where that comes from."""
    name = f"{domain}.{dataset}"
    found = await call(parts.lookups, parts.declarations.tags, name, by=asker.principal)
    return TagsOfColumns(columns=[ColumnTagsFacts.model_validate(plain(one)) for one in found])


@router.post("/datasets/{domain}/{dataset}/declarations", status_code=201)
async def declare(
    domain: Part, dataset: Part, asked: NewDeclaration, asker: WhoAsks, parts: GivenParts
) -> DeclarationList:
    """Declare that a column of one's own dataset does not carry on a tag or a classification."""
    made = await call(
        parts.lookups,
        parts.declarations.declare,
        f"{domain}.{dataset}.{asked.column}",
        without=asked.without,
        classification=asked.classification,
        reason=asked.reason,
        by=asker.principal,
    )
    return DeclarationList(declarations=[_facts(one) for one in made])


@router.get("/declarations")
async def declarations(
    asker: WhoAsks,
    parts: GivenParts,
    dataset: Annotated[Text | None, Query(max_length=200, examples=["sales.contacts"])] = None,
) -> DeclarationList:
    """List the declarations about one's own datasets, or about one of them; withdrawn ones stay."""
    found = await call(parts.lookups, parts.declarations.all, dataset, by=asker.principal)
    return DeclarationList(declarations=[_facts(one) for one in found])


@router.post("/declarations/{id}/withdrawal")
async def withdraw(
    id: Id,  # noqa: A002 - the name of the parameter
    asker: WhoAsks,
    parts: GivenParts,
) -> DeclarationFacts:
    """Withdraw a declaration: the column carries on again what is above it. Both stay on record."""
    return _facts(await call(parts.lookups, parts.declarations.withdraw, id, by=asker.principal))


@router.get("/personal-data")
async def personal_data(asker: WhoAsks, parts: GivenParts, asked: AskedMap) -> PersonalDataMap:
    """Map the columns that are personal or more than internal, as far as the asker may know them."""
    found = await call(
        parts.lookups, parts.personal_data.map, by=asker.principal, **asked.model_dump()
    )
    columns = [PersonalColumnFacts.model_validate(plain(one)) for one in found]
    return PersonalDataMap(columns=columns)


def _facts(one: Declaration) -> DeclarationFacts:
    return DeclarationFacts.model_validate(plain(one))
