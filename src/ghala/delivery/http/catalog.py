"""`/catalog`: products to browse, with everything that a page shows of them in one answer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.catalog_shapes import CatalogPage
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.model.browsing import Browse, Facet, Freshness, Order, Trust
from ghala.model.opening import Opening
from ghala.query.browse import MOST_PRODUCTS
from ghala.query.passes import MOST_CHARACTERS

router = APIRouter(tags=["catalogue"])
Chosen = Annotated[list[Annotated[Text, Query(max_length=200)]], Query(max_length=50)]


async def _chosen(
    *,
    domain: Chosen = [],  # noqa: B006 - the framework copies it
    owner: Chosen = [],  # noqa: B006 - likewise
    status: Chosen = [],  # noqa: B006 - likewise
    tag: Chosen = [],  # noqa: B006 - likewise
    access: Annotated[list[Opening], Query(max_length=10)] = [],  # noqa: B006 - likewise
    released: Annotated[list[Freshness], Query(max_length=10)] = [],  # noqa: B006 - likewise
    trust: Annotated[list[Trust], Query(max_length=10)] = [],  # noqa: B006 - likewise
    personal: Annotated[
        bool | None, Query(description="Whether there are columns about persons.")
    ] = None,
) -> dict[Facet, frozenset[str]]:
    """Return what the catalog is narrowed to: of each facet one of its values."""
    yes_or_no = {None: frozenset[str](), True: frozenset({"yes"}), False: frozenset({"no"})}
    return {
        Facet.ACCESS: frozenset(one.value for one in access),
        Facet.DOMAIN: frozenset(domain),
        Facet.OWNER: frozenset(owner),
        Facet.PERSONAL: yes_or_no[personal],
        Facet.RELEASED: frozenset(one.value for one in released),
        Facet.STATUS: frozenset(status),
        Facet.TAG: frozenset(tag),
        Facet.TRUST: frozenset(one.value for one in trust),
    }


async def _asked(
    chosen: Annotated[dict[Facet, frozenset[str]], Depends(_chosen)],
    *,
    q: Annotated[
        Text, Query(max_length=MOST_CHARACTERS, description="Words that are looked for.")
    ] = "",
    is_typing: Annotated[
        bool, Query(description="The words are not at their end: nobody missed anything yet.")
    ] = False,
    sort: Annotated[
        Order, Query(description="`fit` is the best fit for the words, or by title.")
    ] = Order.FIT,
) -> Browse:
    """Return what is asked of the catalog."""
    return Browse(q, chosen, sort, is_typing)


@router.get("/catalog")
async def catalog(
    asker: WhoAsks,
    parts: GivenParts,
    asked: Annotated[Browse, Depends(_asked)],
    cursor: Annotated[
        Text | None,
        Query(max_length=200, description="Where a page begins; with the same question."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_PRODUCTS)] = 20,
) -> CatalogPage:
    """Browse the products of which the asker may discover a dataset: narrowed, counted by facet, and in pages.

    A facet given more than once takes any of its values. Each value is counted among what fits all other facets.
    """
    found = await call(
        parts.lookups, parts.browser.page, asked, asker.principal, cursor=cursor, limit=limit
    )
    return CatalogPage.model_validate(found)
