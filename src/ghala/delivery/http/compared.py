"""`/datasets/…/diff` and `/releases/…`: one release in full, and what is different between two."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.release_shapes import DifferenceFacts, OneRelease
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.release import PROD

router = APIRouter(tags=["catalogue"])
Environment = Annotated[Text, Query(max_length=63)]


@router.get("/datasets/{domain}/{dataset}/diff")
async def differences(
    domain: str,
    dataset: str,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    start: Annotated[
        int | None,
        Query(alias="from", ge=1, description="The release before the other one unless given."),
    ] = None,
    end: Annotated[
        int | None, Query(alias="to", ge=1, description="The current release unless given.")
    ] = None,
    rows: Annotated[bool, Query(description="Whether to compare rows, by the primary key.")] = True,
    environment: Environment = PROD,
) -> DifferenceFacts:
    """Show what is different between two releases: contract, checks, profiles, and rows as the asker sees them."""
    found = await call(
        parts.questions,
        parts.told.differences.between,
        f"{domain}.{dataset}",
        asker.principal,
        start=start,
        end=end,
        rows=rows,
        environment=environment,
    )
    return DifferenceFacts.model_validate(found)


@router.get("/releases/{domain}/{product}/{number}")
async def release(
    domain: str,
    product: str,
    number: Annotated[int, Path(ge=1)],
    asker: WhoAsks,
    parts: GivenParts,
    *,
    environment: Environment = PROD,
) -> OneRelease:
    """Show one release of a product: when, by which run, what it has, and which release it brought back, if any."""
    found = await call(
        parts.lookups,
        parts.told.facts.release,
        f"{domain}/{product}",
        number,
        asker.principal,
        environment,
    )
    return OneRelease.model_validate(found)
