"""What the glossary looks like."""

from pydantic import BaseModel, ConfigDict, Field

from ghala.model.policy import Clearance


class _Answer(BaseModel):
    """Made of what the core returns, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class TermLinkShape(_Answer):
    """A dataset or column that a term speaks of; `column` and `type` are null for a dataset."""

    name: str = Field(examples=["sales.orders.channel"])
    dataset: str = Field(examples=["sales.orders"])
    column: str | None
    type: str | None
    description: str


class TermExampleShape(_Answer):
    """A few values of a column, as the asker sees them: masked where it is masked for them."""

    dataset: str = Field(examples=["sales.orders"])
    column: str = Field(examples=["channel"])
    clearance: Clearance
    values: list[str] = Field(examples=[["shop", "web"]])


class TermShape(_Answer):
    """A term of the organisation's glossary, with the links that exist for the asker."""

    name: str = Field(examples=["churn"])
    meaning: str
    synonyms: list[str]
    related: list[str] = Field(description="Other terms that one wants to know with it.")
    owner: str
    links: list[TermLinkShape]
    example: TermExampleShape | None = Field(
        description="Null in lists, and where the asker may read no linked column."
    )


class TermList(_Answer):
    """All terms, by their names."""

    terms: list[TermShape]
