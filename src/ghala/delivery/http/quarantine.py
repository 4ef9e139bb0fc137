"""`/quarantine/…`: the rows of a dataset that were kept out, and what is done with them."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.quarantine_shapes import (
    AskedRows,
    Discard,
    Fix,
    KeptOutPage,
    KeptOutRow,
    KeptOutRows,
    ReleaseOfRows,
)
from ghala.delivery.http.repeated import RepeatableRoute, SecretRoute
from ghala.delivery.http.run_shapes import StartedRun
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.plain import plain
from ghala.query.kept_out import Narrowed

router = APIRouter(prefix="/quarantine/{domain}/{dataset}", tags=["quarantine"])
# What answers with rows is not kept for those who ask again: they see no values without a decision.
rows = APIRouter(route_class=SecretRoute)
started = APIRouter(route_class=RepeatableRoute)
Part = Annotated[Text, Path(max_length=100)]


@router.get("")
async def kept_out(
    domain: Part, dataset: Part, asker: WhoAsks, parts: GivenParts, asked: AskedRows
) -> KeptOutPage:
    """Show how many rows of a dataset are kept out, and why; the rows to those who may repair them."""
    narrowed = asked.model_dump()
    environment = narrowed.pop("environment")
    found = await call(
        parts.questions,
        parts.kept_out.page,
        f"{domain}.{dataset}",
        asker.principal,
        Narrowed(**narrowed),
        environment,
    )
    return KeptOutPage.model_validate(found)


@rows.post("/fixes")
async def fix(
    domain: Part, dataset: Part, asked: Fix, asker: WhoAsks, parts: GivenParts
) -> KeptOutRow:
    """Edit a row; it waits until it is released."""
    made = await call(
        parts.questions,
        parts.mendings.fix,
        f"{domain}.{dataset}",
        asked.row,
        by=asker.principal,
        raw=asked.raw,
        values=asked.values,
        environment=asked.environment,
    )
    return KeptOutRow.model_validate(made)


@rows.post("/discards")
async def discard(
    domain: Part, dataset: Part, asked: Discard, asker: WhoAsks, parts: GivenParts
) -> KeptOutRows:
    """Give rows up: they stay on record with the reason, and will not be in the data."""
    made = await call(
        parts.questions,
        parts.mendings.discard,
        f"{domain}.{dataset}",
        asked.rows,
        reason=asked.reason,
        by=asker.principal,
        environment=asked.environment,
    )
    return KeptOutRows.model_validate({"rows": made})


@started.post("/releases", status_code=202)
async def release(  # noqa: PLR0917 - what FastAPI gives
    domain: Part,
    dataset: Part,
    asked: ReleaseOfRows,
    asker: WhoAsks,
    response: Response,
    parts: GivenParts,
) -> StartedRun:
    """Start a run of the product that takes edited rows along.

    They are cast and checked like any others; those that still cannot be taken stay, with the new reason.
    """
    product, chosen = await call(
        parts.questions,
        parts.mendings.choose,
        f"{domain}.{dataset}",
        asked.rows,
        by=asker.principal,
        environment=asked.environment,
    )
    begun = await call(
        parts.lookups,
        parts.started.start,
        str(product),
        asked.environment,
        by=asker.principal,
        chosen=chosen,
    )
    response.headers["Location"] = f"/api/v1/runs/{begun.id}"
    return StartedRun.model_validate(plain(begun))


router.include_router(rows)
router.include_router(started)
