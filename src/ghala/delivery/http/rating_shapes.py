"""What the ratings of a product look like."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.governance.ratings import LONGEST_COMMENT, LONGEST_REPLY, MOST_STARS


class _Answer(BaseModel):
    """Made of what the core returns, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class Rating(RequestShape):
    """What a user thinks of a product."""

    stars: int = Field(ge=1, le=MOST_STARS, examples=[4], strict=True)
    comment: Text = Field("", max_length=LONGEST_COMMENT, examples=["Fresh every morning."])


class RatingReply(RequestShape):
    """What the owner of a product replies to a rating; an empty text takes the reply back."""

    text: Text = Field(max_length=LONGEST_REPLY, examples=["Thank you. We look into it."])


class GivenRatingShape(_Answer):
    """What somebody said; nobody learns who, and `is_own` says that it was the asker."""

    id: str = Field(examples=["4fT0pXbq81Zc"])
    stars: int = Field(examples=[4])
    comment: str
    rated_at: datetime
    reply: str = Field(description="The owner's; empty while there is none.")
    replied_at: datetime | None
    is_own: bool


class RatingsShape(_Answer):
    """How a product is rated: the mean of 1 to 5 stars (null without any), and how often each was given."""

    product: str = Field(examples=["sales/orders"])
    count: int
    stars: float | None = Field(examples=[4.25])
    given: list[int] = Field(
        description="How often 1, 2, 3, 4 and 5 stars were given.", examples=[[0, 0, 1, 1, 2]]
    )
    may_rate: bool = Field(description="The asker may read it, and has queried it.")
    may_reply: bool = Field(description="The asker answers for the product.")
    ratings: list[GivenRatingShape] = Field(description="Newest first.")
