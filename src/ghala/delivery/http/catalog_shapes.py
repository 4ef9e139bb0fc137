"""What a page of the catalog looks like."""

from datetime import datetime

from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import PersonFacts
from ghala.model.browsing import Facet, Freshness, Trust
from ghala.model.opening import Opening
from ghala.model.run import RunState


class OwnerFacts(BaseModel):
    """Whose a product is."""

    team: str = Field(examples=["sales-operations"])
    people: list[PersonFacts]


class DatasetQuality(BaseModel):
    """How many rules the last check found kept, of those that everybody may know."""

    passed: int
    rules: int
    is_broken: bool


class ProductQuality(DatasetQuality):
    """That of all datasets of a product; also broken while the last run was refused."""

    checked_at: datetime | None


class RatingFacts(BaseModel):
    """What people think: the mean of 1 to 5 stars."""

    count: int
    stars: float


class CatalogDataset(BaseModel):
    """A dataset of a product; `rows` and `bytes` are those of its current release."""

    name: str = Field(examples=["sales.orders"])
    description: str
    access: Opening
    release: int | None
    rows: int | None
    bytes: int | None
    quality: DatasetQuality | None


class CatalogProduct(BaseModel):
    """A product as a catalog shows it; null where there is nothing yet."""

    name: str = Field(examples=["sales/orders"])
    title: str
    purpose: str
    domain: str
    owner: OwnerFacts
    is_mine: bool = Field(description="Whether a team of the asker owns its domain.")
    version: str
    status: str = Field(examples=["active"])
    tags: list[str]
    is_personal: bool = Field(description="Whether there are columns about persons.")
    release: int | None
    released_at: datetime | None
    freshness: Freshness
    trust: Trust
    run_state: RunState | None = Field(description="How the last run stands.")
    quality: ProductQuality | None
    consumers: int = Field(description="With how many there are agreements in force.")
    access: Opening = Field(description="The widest way to one of its datasets.")
    rating: RatingFacts | None
    datasets: list[CatalogDataset]


class FacetFacts(BaseModel):
    """One value of a facet, and how many products would be left with it."""

    value: str = Field(examples=["sales"])
    count: int
    is_chosen: bool


class CatalogPage(BaseModel):
    """Some products, and what there is of each kind. `cursor` begins the next page; null on the last."""

    products: list[CatalogProduct]
    total: int
    facets: dict[Facet, list[FacetFacts]]
    cursor: str | None


class DomainFacts(BaseModel):
    """A part of the organisation that owns data; counted is what the asker may discover."""

    name: str = Field(examples=["sales"])
    description: str
    owner: str = Field(description="The team that answers for it.", examples=["sales-operations"])
    is_mine: bool = Field(description="Whether a team of the asker owns it.")
    products: int
    datasets: int
    released_at: datetime | None = Field(description="When one of its products was released last.")


class DomainList(BaseModel):
    """Domains by name."""

    domains: list[DomainFacts]
