"""`/products/…/rollback`: a new release with the content of an earlier one."""

from fastapi import APIRouter

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.parts import Parts
from ghala.delivery.http.release_shapes import NewRollback, OneRelease
from ghala.delivery.http.repeated import RepeatableRoute
from ghala.delivery.http.sync import call
from ghala.model.names import ProductName
from ghala.model.principal import Principal

router = APIRouter(tags=["runs"], route_class=RepeatableRoute)


@router.post("/products/{domain}/{product}/rollback", status_code=201)
async def roll_back(
    domain: str, product: str, asked: NewRollback, asker: WhoAsks, parts: GivenParts
) -> OneRelease:
    """Make a new release with the content of an earlier one: for the team that owns the product, and for stewards."""
    found = await call(
        parts.questions, _rolled_back, f"{domain}/{product}", asked, asker.principal, parts
    )
    return OneRelease.model_validate(found)


def _rolled_back(name: str, asked: NewRollback, by: Principal, parts: Parts) -> dict[str, object]:
    # A product that may not be known is not there, whoever owns it.
    product = str(parts.discovery.product(name, by, asked.environment)["name"])
    made = parts.rollbacks().roll_back(
        ProductName.parse(product),
        asked.to,
        reason=asked.reason,
        by=by,
        environment=asked.environment,
    )
    return parts.told.facts.release(product, made.number, by, asked.environment)
