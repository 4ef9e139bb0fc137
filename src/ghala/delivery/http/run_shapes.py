"""What runs and reports look like; null where the asker may not know."""

from datetime import datetime

from pydantic import BaseModel, Field


class RunEntry(BaseModel):
    """One execution of a product's pipeline; its error is for the team that owns it."""

    id: str = Field(examples=["20260301T101500-5f2c9a01"])
    product: str = Field(examples=["sales/orders"])
    environment: str
    state: str = Field(examples=["published"])
    started_at: datetime
    finished_at: datetime | None
    release: int | None
    error: str | None


class Runs(BaseModel):
    """Runs, newest first."""

    runs: list[RunEntry]


class FileFacts(BaseModel):
    """What became of one input file's records: `read` = `landed` + `quarantined`."""

    path: str
    sha256: str
    byte_count: int
    read: int
    landed: int
    quarantined: int
    refused: str | None
    unread: list[str]


class StepFacts(BaseModel):
    """Rows that went into and came out of one step."""

    step: str
    rows_in: int
    rows_out: int
    quarantined: int
    files: list[FileFacts]


class KeptOut(BaseModel):
    """How many rows a step kept out; the rows themselves leave through no endpoint."""

    step: str
    kind: str = Field(examples=["source", "check"])
    rows: int


class FindingFacts(BaseModel):
    """The outcome of one rule; numbers are for whoever reads all rows and sees its columns in clear."""

    rule: str
    kind: str = Field(examples=["required"])
    columns: list[str]
    severity: str = Field(examples=["error"])
    description: str
    passed: bool
    measured: float | None
    failed_rows: int | None
    quarantined_rows: int | None


class ReportFacts(BaseModel):
    """What the checks found in a dataset; rules about hidden columns are not among the findings."""

    dataset: str = Field(examples=["sales.orders"])
    is_broken: bool
    rows_staged: int | None
    rows_quarantined: int | None
    rows_released: int | None
    findings: list[FindingFacts]


class LastReport(ReportFacts):
    """The last report about a dataset, and the run that made it."""

    run: str
    checked_at: datetime | None
    release: int | None


class RunFacts(RunEntry):
    """A run in full; its steps, and what it kept out, are for the team that owns it."""

    steps: list[StepFacts] | None
    quarantined: list[KeptOut] | None
    reports: list[ReportFacts]


class Quality(BaseModel):
    """The last report about each dataset."""

    reports: list[LastReport]
