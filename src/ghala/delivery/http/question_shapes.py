"""What long questions look like."""

from datetime import datetime

from pydantic import BaseModel, Field

from ghala.delivery.http.shapes import NOTED, RequestShape, Text
from ghala.model.release import PROD


class LongQuestion(RequestShape):
    """One SELECT that runs while nobody waits."""

    sql: Text = Field(min_length=1, examples=["SELECT count(*) AS orders FROM sales.orders"])
    environment: Text = Field(PROD, max_length=63)
    is_noted: bool = Field(default=True, description=NOTED)


class QuestionFailure(BaseModel):
    """Why there is no answer."""

    code: str
    message: str
    hint: str | None


class AskedQuestion(BaseModel):
    """How far a question is; it is forgotten at `until`. A finished one has its answer at `/answer`."""

    id: str
    state: str = Field(examples=["waiting", "running", "finished", "failed", "interrupted"])
    environment: str
    asked_at: datetime
    until: datetime
    row_count: int | None
    error: QuestionFailure | None


class Questions(BaseModel):
    """The asker's questions, newest first."""

    questions: list[AskedQuestion]
