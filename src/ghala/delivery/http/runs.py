"""`/runs` and `/quality`: what ran, and what the checks found, as far as the asker may know."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.run_shapes import (
    LastReport,
    NewRun,
    Quality,
    RuleHistoryFacts,
    RunFacts,
    RunLog,
    Runs,
    StartedRun,
)
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.plain import plain
from ghala.model.release import PROD
from ghala.query.history import MOST_RUNS

router = APIRouter(tags=["runs"], route_class=RepeatableRoute)
Environment = Annotated[Text, Query(max_length=63)]
Part = Annotated[Text, Path(max_length=100)]


@router.get("/runs")
async def runs(
    asker: WhoAsks,
    parts: GivenParts,
    product: Annotated[Text | None, Query(max_length=200)] = None,
    environment: Environment = PROD,
    limit: Annotated[int, Query(ge=1, le=MOST_RUNS)] = 50,
) -> Runs:
    """List the last runs, newest first: of all products, or of one."""
    found = await call(
        parts.lookups, parts.history.runs, asker.principal, product, environment, limit
    )
    return Runs.model_validate({"runs": found})


@router.post("/runs", status_code=202)
async def start(asked: NewRun, asker: WhoAsks, response: Response, parts: GivenParts) -> StartedRun:
    """Start a run of a product for which one is responsible; how far it is can be seen at the address in `Location`.

    One run of a product at a time: while one has not ended, another is refused.
    """
    begun = await call(
        parts.lookups, parts.started.start, asked.product, asked.environment, by=asker.principal
    )
    response.headers["Location"] = f"/api/v1/runs/{begun.id}"
    return StartedRun.model_validate(plain(begun))


@router.get("/runs/{run}")
async def run(run: Part, asker: WhoAsks, parts: GivenParts) -> RunFacts:
    """Show one run: its steps, what it kept out, and what its checks found."""
    found = await call(parts.lookups, parts.history.run, run, asker.principal)
    return RunFacts.model_validate(found)


@router.get("/runs/{run}/log")
async def log(
    run: Part,
    asker: WhoAsks,
    parts: GivenParts,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_RUNS)] = 500,
) -> RunLog:
    """Show what a run said, line by line, for those who are responsible for its product."""
    found = await call(parts.lookups, parts.history.log, run, asker.principal, after, limit)
    return RunLog.model_validate(found)


@router.get("/quality")
async def quality(asker: WhoAsks, parts: GivenParts, environment: Environment = PROD) -> Quality:
    """List the last report about each dataset that the asker may discover."""
    found = await call(parts.lookups, parts.history.quality, asker.principal, environment)
    return Quality.model_validate({"reports": found})


@router.get("/quality/{domain}/{dataset}")
async def quality_of(
    domain: Part, dataset: Part, asker: WhoAsks, parts: GivenParts, environment: Environment = PROD
) -> LastReport:
    """Show the last report about one dataset."""
    name = f"{domain}.{dataset}"
    found = await call(parts.lookups, parts.history.quality_of, name, asker.principal, environment)
    return LastReport.model_validate(found)


@router.get("/quality/{domain}/{dataset}/history")
async def rule_history(
    domain: Part, dataset: Part, asker: WhoAsks, parts: GivenParts, environment: Environment = PROD
) -> RuleHistoryFacts:
    """Show how each rule of a dataset held in its last 30 checks."""
    name = f"{domain}.{dataset}"
    found = await call(parts.lookups, parts.rule_history.of, name, asker.principal, environment)
    return RuleHistoryFacts.model_validate(found)
