"""`/datasets/…/profile`: what releases look like, as far as the asker may see their rows."""

from typing import Annotated

from fastapi import APIRouter, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.profile_shapes import ProfileFacts, SeriesFacts
from ghala.delivery.http.refused import naming_owner
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.errors import DeniedError
from ghala.model.release import PROD

router = APIRouter(tags=["catalogue"])
Environment = Annotated[Text, Query(max_length=63)]


@router.get("/datasets/{domain}/{dataset}/profile")
async def profile(
    domain: str,
    dataset: str,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    release: Annotated[int | None, Query(ge=1)] = None,
    column: Annotated[Text | None, Query(max_length=200)] = None,
    environment: Environment = PROD,
) -> ProfileFacts:
    """Show what a dataset looks like in a release, column by column; a look at values is recorded as a read."""
    try:
        found = await call(
            parts.lookups,
            parts.told.profiles.profile,
            f"{domain}.{dataset}",
            asker.principal,
            release=release,
            column=column,
            environment=environment,
        )
    except DeniedError as error:
        raise naming_owner(error, parts) from error
    return ProfileFacts.model_validate(found)


@router.get("/datasets/{domain}/{dataset}/profile/{column}")
async def series(
    domain: str,
    dataset: str,
    column: str,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    environment: Environment = PROD,
) -> SeriesFacts:
    """Show how one column changed over the last 30 releases: rows, share of NULL, different values."""
    try:
        found = await call(
            parts.lookups,
            parts.told.profiles.series,
            f"{domain}.{dataset}",
            column,
            asker.principal,
            environment=environment,
        )
    except DeniedError as error:
        raise naming_owner(error, parts) from error
    return SeriesFacts.model_validate(found)
