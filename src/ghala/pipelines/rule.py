"""A contract's own SQL rules, run where product code runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import StepError
from ghala.model.principal import Principal, PrincipalKind
from ghala.query.job import Readable

if TYPE_CHECKING:
    from ghala.model.contract import Dataset, Rule
    from ghala.model.scan import PhysicalScan
    from ghala.query.answer import Answerer


@dataclass(frozen=True, slots=True)
class RuleQuery:
    """Evaluates a SQL rule over a candidate state: it sees that state under its dataset's name, and nothing else."""

    answerer: Answerer

    def __call__(self, dataset: Dataset, rule: Rule, candidate: PhysicalScan) -> float:
        """Return the number that the rule's query gives.

        Raises:
            StepError: it does not give exactly one number.
            QueryError: it was refused or failed.
        """
        principal = Principal(f"contract:{dataset.name}", PrincipalKind.PRODUCT, "quality")
        with self.answerer.prepare(
            rule.statement(dataset.name),
            principal,
            Readable({}, {dataset.name: candidate}),
            place=rule.place,
        ) as answer:
            values = [value for batch in answer.batches() for value in batch.column(0).to_pylist()]
            columns = len(answer.schema)
        if columns != 1 or len(values) != 1 or not _is_number(values[0]):
            raise StepError(
                f"rule `{rule.id}` must give one number, in one row and one column",
                hint="count what is wrong: SELECT count(*) FROM ${object} WHERE …",
                place=rule.place,
            )
        return float(values[0])


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]  # whatever is no number says so itself
    except (TypeError, ValueError):
        return False
    return not isinstance(value, str)
