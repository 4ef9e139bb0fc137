"""Contracts: what a product promises about each of its datasets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.errors import Place
    from ghala.model.names import DatasetName
    from ghala.model.service_level import PromisedLevel
    from ghala.model.types import DataType


class Severity(StrEnum):
    """What a broken rule means; keep sorted."""

    ERROR = "error"
    INFO = "info"
    WARNING = "warning"


class OnFail(StrEnum):
    """What happens to a release when rows break a rule of severity `error`; keep sorted."""

    BLOCK = "block"
    QUARANTINE = "quarantine"


class Rounding(StrEnum):
    """How a contract allows a value with too many decimal places to be taken; keep sorted."""

    HALF_UP = "half_up"
    TRUNCATE = "truncate"


class RuleKind(StrEnum):
    """What a rule looks at; keep sorted. Column constraints of a contract become rules too."""

    DUPLICATE_VALUES = "duplicate_values"
    ENUM = "enum"
    INVALID_VALUES = "invalid_values"
    LENGTH = "length"
    MISSING_VALUES = "missing_values"
    NULL_VALUES = "null_values"
    PATTERN = "pattern"
    PRIMARY_KEY = "primary_key"
    RANGE = "range"
    REQUIRED = "required"
    ROW_COUNT = "row_count"
    SQL = "sql"
    UNIQUE = "unique"


class Operator(StrEnum):
    """How a measured number is compared, in the words of ODCS; keep sorted."""

    MUST_BE = "mustBe"
    MUST_BE_BETWEEN = "mustBeBetween"
    MUST_BE_GREATER_OR_EQUAL_TO = "mustBeGreaterOrEqualTo"
    MUST_BE_GREATER_THAN = "mustBeGreaterThan"
    MUST_BE_LESS_OR_EQUAL_TO = "mustBeLessOrEqualTo"
    MUST_BE_LESS_THAN = "mustBeLessThan"
    MUST_NOT_BE = "mustNotBe"
    MUST_NOT_BE_BETWEEN = "mustNotBeBetween"


class Unit(StrEnum):
    """What a measured number counts; keep sorted."""

    PERCENT = "percent"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The condition that a measured number must meet; `high` is set for the two `Between` operators only."""

    operator: Operator
    low: float
    high: float | None = None
    unit: Unit = Unit.ROWS


@dataclass(frozen=True, slots=True)
class Rule:
    """One quality rule of a dataset.

    `columns` is empty for rules over the whole dataset. `query` is the text of a SQL rule, one SELECT that returns one
    number, in which `${object}` stands for the dataset. Row rules (REQUIRED, ENUM, RANGE, LENGTH, PATTERN, UNIQUE,
    PRIMARY_KEY) have no comparison: no row may break them. `on_fail` is None where the contract leaves it to the step.
    """

    id: str
    kind: RuleKind
    columns: tuple[str, ...] = ()
    comparison: Comparison | None = None
    severity: Severity = Severity.ERROR
    on_fail: OnFail | None = None
    description: str = ""
    query: str = ""
    valid_values: tuple[str, ...] = ()
    missing_values: tuple[str | None, ...] = ()
    pattern: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    exclusive_minimum: str | None = None
    exclusive_maximum: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    place: Place | None = field(default=None, compare=False)

    def statement(self, dataset: DatasetName) -> str:
        """Return the statement of a SQL rule of this dataset.

        >>> from ghala.model.names import DatasetName
        >>> Rule("", RuleKind.SQL, query="SELECT count(*) FROM ${object}").statement(DatasetName("sales", "orders"))
        'SELECT count(*) FROM sales.orders'
        """
        return self.query.replace("${object}", str(dataset))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset. Its constraints stand in the dataset's rules, not here."""

    name: str
    type: DataType
    required: bool = False
    description: str = ""
    classification: str | None = None
    tags: tuple[str, ...] = ()
    rounding: Rounding | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Dataset:
    """One schema object of a contract: its columns in order, and every rule that its rows must meet.

    `id` is the standard's stable identity: a dataset may be renamed, its id stays. `levels` are the service levels that
    can be measured.
    """

    name: DatasetName
    id: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    primary_key: tuple[str, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    levels: tuple[PromisedLevel, ...] = ()
    place: Place | None = field(default=None, compare=False)

    def column(self, name: str) -> Column | None:
        """Return the column of that name, whatever its case; None if there is none."""
        lowered = name.lower()
        return next((column for column in self.columns if column.name.lower() == lowered), None)


@dataclass(frozen=True, slots=True)
class AccessRole:
    """A role of a contract: which access it is, and the names of those who approve it at the first and second level."""

    name: str
    access: str = ""
    first_approvers: tuple[str, ...] = ()
    second_approvers: tuple[str, ...] = ()

    @property
    def is_for_reading(self) -> bool:
        """Whether it is about reading; one that does not say is."""
        return self.access.strip().lower() in {"", "read", "readonly", "read-only", "select"}


@dataclass(frozen=True, slots=True)
class Contract:
    """An ODCS file: one or more datasets under one version and one set of terms."""

    id: str
    name: str
    version: str
    status: str
    datasets: tuple[Dataset, ...]
    description: str = ""
    roles: tuple[AccessRole, ...] = ()
    place: Place | None = field(default=None, compare=False)
