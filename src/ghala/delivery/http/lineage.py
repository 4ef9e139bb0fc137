"""`/lineage`: what columns come from and what comes from them, as far as the asker may know."""

from typing import Annotated

from fastapi import APIRouter, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.lineage_shapes import (
    LineageArrow,
    LineageDataset,
    LineageFacts,
    LineagePlace,
)
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.lineage import Origin
from ghala.model.lineage_graph import Direction, LineageGraph
from ghala.model.release import PROD
from ghala.query.lineage import DEEPEST, LineageQuestion
from ghala.query.sight import seen_lineage

router = APIRouter(tags=["lineage"])
Environment = Annotated[Text, Query(max_length=63)]
Depth = Annotated[int, Query(ge=1, le=DEEPEST, description="How many datasets to go through.")]
Release = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Not the current one.")]


@router.get("/lineage/{domain}/{dataset}")
async def of_dataset(
    domain: str,
    dataset: str,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    direction: Direction = Direction.UP,
    depth: Depth = DEEPEST,
    release: Release = None,
    environment: Environment = PROD,
) -> LineageFacts:
    """Show what the columns of a dataset come from, or what comes from them."""
    name = f"{domain}.{dataset}"
    question = LineageQuestion(name, direction, depth, environment, release)
    return _facts(
        await call(parts.lookups, seen_lineage, parts.discovery, question, asker.principal)
    )


@router.get("/lineage/{domain}/{dataset}/{column}")
async def of_column(  # noqa: PLR0913 - one for each parameter of the address
    domain: str,
    dataset: str,
    column: str,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    direction: Direction = Direction.UP,
    depth: Depth = DEEPEST,
    release: Release = None,
    environment: Environment = PROD,
) -> LineageFacts:
    """Show what one column comes from, or what comes from it."""
    name = f"{domain}.{dataset}.{column}"
    question = LineageQuestion(name, direction, depth, environment, release)
    return _facts(
        await call(parts.lookups, seen_lineage, parts.discovery, question, asker.principal)
    )


def _facts(graph: LineageGraph) -> LineageFacts:
    return LineageFacts(
        dataset=graph.dataset,
        columns=list(graph.columns),
        direction=graph.direction.value,
        datasets=[
            LineageDataset(
                name=one.name,
                product=one.product,
                environment=one.environment,
                releases=list(one.releases),
            )
            for one in graph.tables
        ],
        edges=[
            LineageArrow(origin=_place(one.origin), target=_place(one.target), kind=one.kind.value)
            for one in graph.edges
        ],
        untraced=[_place(one) for one in graph.untraced],
        is_recorded=graph.is_recorded,
    )


def _place(origin: Origin) -> LineagePlace:
    return LineagePlace(dataset=origin.table, column=origin.column or None)
