"""What signing in with an identity provider looks like."""

from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import RequestShape, Text


class OutsideSignInBegin(RequestShape):
    """What for somebody signs in with the provider, and where the browser goes afterwards."""

    purpose: Text = Field(max_length=200, examples=["analytics"])
    return_to: Text | None = Field(
        None, max_length=500, description="A path of this server.", examples=["/catalogue"]
    )
    is_linking: bool = Field(
        default=False,
        description="Whoever asks is signed in, and links the account of the provider.",
    )


class OutsideProvider(BaseModel):
    """The identity provider with which users sign in."""

    issuer: str = Field(examples=["https://id.acme.example"])


class OutsideAddress(BaseModel):
    """Where the browser goes on."""

    url: str
