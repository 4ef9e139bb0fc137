"""What wishes look like."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.governance.wishes import LONGEST_ANSWER, LONGEST_REASON, LONGEST_TITLE, MOST_LISTED
from ghala.model.wish import WishEvent, WishState


class _Answer(BaseModel):
    """Made of what the core returns, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class NewWish(RequestShape):
    """Data that is not there. Everybody who may look for data reads it: it names no person."""

    title: Text = Field(min_length=1, max_length=LONGEST_TITLE, examples=["Weather by region"])
    reason: Text = Field(
        min_length=1, max_length=LONGEST_REASON, examples=["Deliveries are late when it rains."]
    )


class Assignment(RequestShape):
    """The domain that shall answer."""

    domain: Text = Field(min_length=1, max_length=63, examples=["logistics"])


class WishAnswer(RequestShape):
    """What becomes of a wish: `planned` names an item of a roadmap, `shipped` a dataset, and `declined` says why."""

    state: WishState = Field(
        description="`declined`, `open`, `planned` or `shipped`.", examples=["planned"]
    )
    text: Text = Field("", max_length=LONGEST_ANSWER, examples=["We buy it from the autumn on."])
    roadmap_item: Text | None = Field(
        None, max_length=200, examples=["logistics/deliveries#weather"]
    )
    dataset: Text | None = Field(None, max_length=200, examples=["logistics.weather"])


class Merging(RequestShape):
    """The wish in which another one lives on."""

    into: Text = Field(min_length=12, max_length=12, examples=["4fT0pXbq81Zc"])


class WishEntryShape(_Answer):
    """One thing that happened to a wish; who did it is for those who answer wishes."""

    at: datetime
    by: str | None
    event: WishEvent
    text: str


class WishShape(_Answer):
    """A wish. `wished_by` is for those who answer it; names that the asker may not know are left out."""

    id: str = Field(examples=["4fT0pXbq81Zc"])
    title: str
    reason: str
    domain: str = Field(description="Who shall answer; empty while nobody does.")
    wished_by: str | None
    wished_at: datetime
    state: WishState
    changed_at: datetime
    answer: str
    roadmap_item: str | None = Field(examples=["logistics/deliveries#weather"])
    dataset: str | None = Field(examples=["logistics.weather"])
    merged_into: str | None
    votes: int = Field(examples=[7])
    is_voted: bool
    is_own: bool
    may_answer: bool
    history: list[WishEntryShape] = Field(description="Empty in lists.")


class WishList(_Answer):
    """Wishes, the most wanted first."""

    wishes: list[WishShape]


class WishQuery(BaseModel):
    """Which wishes; without a state all but those that were merged."""

    model_config = ConfigDict(extra="forbid")

    state: WishState | None = None
    domain: Annotated[Text | None, Field(max_length=63)] = None
    limit: int = Field(100, ge=1, le=MOST_LISTED)
