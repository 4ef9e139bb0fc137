"""`/lineage`: what columns come from and what comes from them, as far as the asker may know."""

from fastapi import APIRouter

from ghala.delivery.http.asker import Asker, GivenParts, WhoAsks
from ghala.delivery.http.lineage_shapes import (
    AskedLineage,
    LineageArrow,
    LineageDataset,
    LineageFacts,
    LineagePlace,
    LineageQuery,
)
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.sync import call
from ghala.model.lineage import Origin
from ghala.model.lineage_graph import LineageGraph
from ghala.query.lineage import LineageQuestion
from ghala.query.sight import seen_lineage

router = APIRouter(tags=["lineage"])


@router.get("/lineage/{domain}/{dataset}")
async def of_dataset(
    domain: str, dataset: str, asker: WhoAsks, parts: GivenParts, asked: AskedLineage
) -> LineageFacts:
    """Show what the columns of a dataset come from, or what comes from them."""
    return await _found(f"{domain}.{dataset}", asker, parts, asked)


@router.get("/lineage/{domain}/{dataset}/{column}")
async def of_column(
    domain: str,
    dataset: str,
    column: str,
    asker: WhoAsks,
    parts: GivenParts,
    *,
    asked: AskedLineage,
) -> LineageFacts:
    """Show what one column comes from, or what comes from it."""
    return await _found(f"{domain}.{dataset}.{column}", asker, parts, asked)


async def _found(name: str, asker: Asker, parts: Parts, asked: LineageQuery) -> LineageFacts:
    question = LineageQuestion(
        name,
        asked.direction,
        asked.depth,
        asked.environment,
        asked.release,
        counts=asked.counts,
    )
    seen = await call(parts.lookups, seen_lineage, parts.discovery, question, asker.principal)
    return _facts(seen)


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
                above=one.above,
                below=one.below,
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
