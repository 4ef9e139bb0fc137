"""Reports: what the checks of one dataset found in one run. Broken rules are values here, not exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.model.contract import OnFail, RuleKind, Severity

if TYPE_CHECKING:
    from ghala.model.names import DatasetName


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one rule.

    `measured` is the number that was compared (broken rows for row rules); `failed_rows` counts the rows that break a
    row rule, 0 for rules about the whole; `quarantined_rows` says how many of those were moved out. `samples` are
    primary-key values (never other cells) of at most ten broken rows, as text. `error` is set when the rule itself
    could not be evaluated; then it counts as broken.
    """

    rule_id: str
    kind: RuleKind
    columns: tuple[str, ...]
    severity: Severity
    on_fail: OnFail
    passed: bool
    measured: float
    failed_rows: int = 0
    quarantined_rows: int = 0
    samples: tuple[tuple[str, ...], ...] = ()
    description: str = ""
    error: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether this outcome alone keeps a release back."""
        is_resolved = 0 < self.failed_rows <= self.quarantined_rows and self.error is None
        return not self.passed and self.severity is Severity.ERROR and not is_resolved


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks found in a dataset; `rows_staged` = `rows_released` + `rows_quarantined` unless it is broken.

    Findings about the whole (row count, SQL rules) were measured on what remains after quarantine.
    """

    dataset: DatasetName
    rows_staged: int
    rows_quarantined: int
    rows_released: int
    findings: tuple[Finding, ...]

    @property
    def is_broken(self) -> bool:
        """Whether a rule of severity `error` still fails after quarantine: then nothing is released."""
        return any(finding.blocks for finding in self.findings)
