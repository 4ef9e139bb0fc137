"""What runs and reports look like; null where the asker may not know."""

from datetime import datetime

from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import RequestShape, Text
from ghala.model.release import PROD


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
    hint: str | None
    started_by: str | None = Field(description="Who asked a server for it.")


class NewRun(RequestShape):
    """A run of a product's definition as it is now."""

    product: Text = Field(max_length=200, examples=["sales/orders"])
    environment: Text = Field(default=PROD, max_length=63)


class StartedRun(BaseModel):
    """A run that has begun; how far it is can be asked by its id."""

    id: str = Field(examples=["20260301T101500-5f2c9a01"])
    product: str = Field(examples=["sales/orders"])
    environment: str
    state: str = Field(examples=["running"])
    started_at: datetime


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


class GraphStep(BaseModel):
    """One step of a run, with what it reads, for a graph; the last one checks and publishes."""

    name: str
    kind: str = Field(examples=["ingest", "sql", "publish"])
    reads: list[str] = Field(description="Sources, earlier steps, and released datasets.")
    dataset: str | None
    state: str = Field(examples=["waiting", "running", "done", "failed", "left_out"])
    began_at: datetime | None
    ended_at: datetime | None
    rows_in: int | None
    rows_out: int | None
    quarantined: int | None


class LogLine(BaseModel):
    """One line of what a run said."""

    number: int
    at: datetime
    text: str


class RunLog(BaseModel):
    """What a run said, from the line after the one that was asked for."""

    state: str = Field(examples=["running"])
    lines: list[LogLine]
    next: int = Field(description="Ask on with `after`.")


class KeptOut(BaseModel):
    """How many rows a step kept out; `/quarantine/…` has the rows, for those who may repair them."""

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
    """A run in full; its steps, and what it kept out, are for those who are responsible for it."""

    steps: list[StepFacts] | None
    graph: list[GraphStep] | None
    quarantined: list[KeptOut] | None
    reports: list[ReportFacts]


class Quality(BaseModel):
    """The last report about each dataset."""

    reports: list[LastReport]


class RuleResult(BaseModel):
    """How a rule held in one check; numbers are for whoever reads all rows and sees its columns in clear."""

    run: str
    release: int | None = Field(description="Null where nothing was published.")
    at: datetime
    passed: bool
    rows: int | None = Field(description="How many rows were looked at.")
    measured: float | None
    failed_rows: int | None
    quarantined_rows: int | None


class RuleFacts(BaseModel):
    """A rule with its last results, newest first."""

    rule: str
    kind: str = Field(examples=["required"])
    columns: list[str]
    severity: str = Field(examples=["error"])
    description: str
    results: list[RuleResult]


class RuleHistoryFacts(BaseModel):
    """The rules of a dataset, those of the last check first."""

    dataset: str = Field(examples=["sales.orders"])
    rules: list[RuleFacts]
