"""`/domains`: the parts of the organisation that own data."""

from fastapi import APIRouter

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.catalog_shapes import DomainList
from ghala.delivery.http.sync import call

router = APIRouter(tags=["catalogue"])


@router.get("/domains")
async def domains(asker: WhoAsks, parts: GivenParts) -> DomainList:
    """List the domains of which the asker may discover a dataset, with how much of each they may."""
    found = await call(parts.lookups, parts.domains.domains, asker.principal)
    return DomainList.model_validate({"domains": found})
