"""`/status` and service levels: whether data is there as it was promised."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.level_shapes import DatasetLevels, StatusFacts
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.release import PROD
from ghala.model.service_level import WINDOW_DAYS
from ghala.query.levels import MOST_DAYS

router = APIRouter(tags=["status"])
Environment = Annotated[Text, Query(max_length=63)]
Part = Annotated[Text, Path(max_length=100)]


@router.get("/status")
async def status(asker: WhoAsks, parts: GivenParts, environment: Environment = PROD) -> StatusFacts:
    """List how each dataset stands that the asker may discover: the worst first."""
    found = await call(parts.lookups, parts.levels.status, asker.principal, environment)
    return StatusFacts.model_validate({"datasets": found})


@router.get("/datasets/{domain}/{dataset}/service-levels")
async def service_levels(  # noqa: PLR0917 - one parameter of the query each
    domain: Part,
    dataset: Part,
    asker: WhoAsks,
    parts: GivenParts,
    environment: Environment = PROD,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = WINDOW_DAYS,
) -> DatasetLevels:
    """Show the service levels of a dataset, measured to the second, each with its error budget over some days."""
    name = f"{domain}.{dataset}"
    find = parts.levels.of
    found = await call(parts.lookups, find, name, asker.principal, environment, days)
    return DatasetLevels.model_validate(found)
