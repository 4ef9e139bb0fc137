"""`/search`: everything that exists for the asker, by its words."""

from typing import Annotated

from fastapi import APIRouter, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.search_shapes import Hits, HitShape
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.asset import AssetKind
from ghala.query.passes import MOST_CHARACTERS
from ghala.query.search import MOST_HITS, Filters

router = APIRouter(tags=["search"])
Narrowed = Annotated[Text | None, Query(max_length=200)]


@router.get("/search")
async def search(  # noqa: PLR0913, PLR0917 - one parameter a part of the question
    asker: WhoAsks,
    parts: GivenParts,
    q: Annotated[Text, Query(max_length=MOST_CHARACTERS, description="What is looked for.")],
    kind: AssetKind | None = None,
    domain: Narrowed = None,
    owner: Narrowed = None,
    tag: Narrowed = None,
    limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 20,
    is_typing: Annotated[  # noqa: FBT002 - a part of the query
        bool, Query(description="The words are not at their end: what is not found is no demand.")
    ] = False,
) -> Hits:
    """Find products, datasets, columns, owners and terms in which every word stands, or one that is nearly the same.

    Words of names come first, then those of titles, tags and descriptions; whole words before beginnings, and both
    before typing errors. There is no count of all, which would tell of what the asker may not know.
    """
    found = await call(
        parts.lookups,
        parts.finders.search.search,
        q,
        asker.principal,
        filters=Filters(kind, domain, owner, tag),
        limit=limit,
        is_typing=is_typing,
    )
    return Hits(
        results=[HitShape.model_validate(hit) for hit in found], is_full=len(found) == limit
    )
