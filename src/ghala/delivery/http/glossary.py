"""`/glossary`: what the organisation's words mean, and which data they speak of."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path

from ghala.delivery.http.asker import GivenParts, WhoAsks
from ghala.delivery.http.glossary_shapes import TermList, TermShape
from ghala.delivery.http.shapes import Text
from ghala.delivery.http.sync import call
from ghala.query.glossary import MOST_VALUES

if TYPE_CHECKING:
    import pyarrow as pa

router = APIRouter(prefix="/glossary", tags=["glossary"])
Name = Annotated[Text, Path(min_length=1, max_length=200, examples=["churn"])]


@router.get("")
async def terms(asker: WhoAsks, parts: GivenParts) -> TermList:
    """List all terms, with the data that they speak of as far as the asker may know it."""
    found = await call(parts.lookups, parts.finders.glossary.all, by=asker.principal)
    return TermList(terms=[TermShape.model_validate(one) for one in found])


@router.get("/{term:path}")
async def term(term: Name, asker: WhoAsks, parts: GivenParts) -> TermShape:
    """Show one term, by its name or a synonym, with a few values of a column that it speaks of.

    The values are read through the read door, as the asker: decided, recorded and counted like every question.
    """

    def ask(sql: str) -> "pa.Table":
        import pyarrow as pa  # noqa: PLC0415 - a server that nobody has asked does without

        with (
            parts.asking.going(asker.principal) as going,
            parts.asking.answer(sql, going, row_limit=MOST_VALUES) as answer,
        ):
            return pa.Table.from_batches(list(answer.batches()), answer.schema)

    found = await call(
        parts.questions, parts.finders.glossary.term, term, by=asker.principal, ask=ask
    )
    return TermShape.model_validate(found)
