"""What the server says of itself to those who look after it."""

from pydantic import BaseModel, Field

from ghala.model.effective import SettingSource


class SettingFacts(BaseModel):
    """One setting as it is in force."""

    key: str = Field(description="As in `ghala.yaml`.", examples=["engine.threads"])
    variable: str = Field(
        description="What overrides it; empty if nothing does.", examples=["GHALA_ENGINE__THREADS"]
    )
    value: str | int | float | None = Field(description="`***` stands for a secret.")
    source: SettingSource
    meaning: str


class ServerSettings(BaseModel):
    """What runs here, with which settings, and how much room there is for what it stores."""

    workspace: str
    versions: dict[str, str] = Field(examples=[{"ghala": "1.0.0", "python": "3.11.7"}])
    storage: str
    free_bytes: int
    total_bytes: int
    settings: list[SettingFacts]


class ServerFinding(BaseModel):
    """One thing that was examined."""

    name: str = Field(examples=["registry"])
    is_fine: bool
    message: str
    hint: str | None


class ServerFindings(BaseModel):
    """All that was examined, in the order in which one would mend it."""

    is_fine: bool
    findings: list[ServerFinding]
