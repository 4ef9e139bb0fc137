"""Shapes of notifications on their way, and of the channels."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from ghala.model.notification import DeliveryState, NotificationKind


class NotificationFacts(BaseModel):
    """What happened: names and counts."""

    model_config = ConfigDict(json_schema_extra={"examples": [
        {"kind": "contract:broken", "subject": "prod:sales/orders", "domain": "sales", "by": "product:sales/orders",
         "product": "sales/orders", "datasets": ["sales.orders"], "dataset_ids": ["orders"],
         "facts": {"environment": "prod", "rules": 1, "rows": 3}}
    ]})  # fmt: skip

    kind: NotificationKind
    subject: str
    domain: str
    by: str
    product: str
    datasets: list[str]
    dataset_ids: list[str]
    facts: dict[str, str | int]


class DeliveryFacts(BaseModel):
    """One notification on its way to one channel; `fault` is why the last try failed."""

    number: int
    channel: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime
    delivered_at: datetime | None
    fault: str | None
    is_named: bool = Field(description="Whether the channel's receivers may know the names in it.")
    notification: NotificationFacts


class Deliveries(BaseModel):
    """Deliveries, newest first."""

    deliveries: list[DeliveryFacts]


class ChannelFacts(BaseModel):
    """A channel, without its address; `fault` is why it cannot be used now."""

    name: str
    kinds: list[str]
    domains: list[str]
    to: list[str]
    fault: str | None


class Channels(BaseModel):
    """All channels."""

    channels: list[ChannelFacts]


class ChannelTest(BaseModel):
    """How a test went; `fault` is why it was not sent, null if it was."""

    channel: str
    fault: str | None
