"""Reports for machines and for people: a plain dict that JSON can hold, and a compact table of text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ghala.model.contract import OnFail, RuleKind, Severity
from ghala.model.names import DatasetName
from ghala.model.report import Finding, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLES_SHOWN = 3


def to_dict(report: Report) -> dict[str, Any]:
    """Return a report as plain values; `from_dict` reads them back."""
    return {
        "dataset": str(report.dataset),
        "rows_staged": report.rows_staged,
        "rows_quarantined": report.rows_quarantined,
        "rows_released": report.rows_released,
        "findings": [_plain(finding) for finding in report.findings],
    }


def from_dict(plain: Mapping[str, Any]) -> Report:
    """Return the report that `to_dict` wrote.

    Raises:
        KeyError, ValueError: the values are not those of a report.
    """
    return Report(
        dataset=DatasetName.parse(plain["dataset"]),
        rows_staged=plain["rows_staged"],
        rows_quarantined=plain["rows_quarantined"],
        rows_released=plain["rows_released"],
        findings=tuple(_read(finding) for finding in plain["findings"]),
    )


def to_text(report: Report, *, only_broken: bool = False) -> str:
    """Return a report as lines for people: one for the rows, then one for each rule.

    >>> from ghala.model.contract import OnFail, RuleKind, Severity
    >>> finding = Finding("id_unique", RuleKind.UNIQUE, ("id",), Severity.ERROR, OnFail.QUARANTINE, passed=False,
    ...     measured=2, failed_rows=2, quarantined_rows=2, samples=(("7",),))
    >>> print(to_text(Report(DatasetName("sales", "orders"), 1000, 2, 998, (finding,))))
    sales.orders: 1,000 rows staged, 998 kept, 2 quarantined; nothing blocks
      quarantined  id_unique  unique(id)  2 rows, 2 quarantined; keys: 7
    """
    blocking = sum(finding.blocks for finding in report.findings)
    verdict = (
        "nothing blocks" if not blocking else f"{blocking} of {len(report.findings)} rules block"
    )
    head = (
        f"{report.dataset}: {report.rows_staged:,} rows staged, {report.rows_released:,} kept, "
        f"{report.rows_quarantined:,} quarantined; {verdict}"
    )
    shown = [finding for finding in report.findings if not (only_broken and finding.passed)]
    cells = [(_verdict(f), f.rule_id, _subject(f), _measure(f)) for f in shown]
    widths = [max((len(row[column]) for row in cells), default=0) for column in range(3)]
    lines = [
        "  " + "  ".join([*(row[c].ljust(widths[c]) for c in range(3)), row[3]]).rstrip()
        for row in cells
    ]
    return "\n".join([head, *lines])


def _verdict(finding: Finding) -> str:
    if finding.passed:
        return "passed"
    if finding.blocks:
        return "BLOCKS"
    return "quarantined" if finding.severity is Severity.ERROR else str(finding.severity)


def _subject(finding: Finding) -> str:
    return f"{finding.kind}({', '.join(finding.columns)})" if finding.columns else str(finding.kind)


def _measure(finding: Finding) -> str:
    if finding.error is not None:
        return f"not evaluated: {finding.error}"
    if not finding.failed_rows:
        return "" if finding.passed and not finding.measured else f"measured {finding.measured:,g}"
    text = f"{finding.failed_rows:,} row{'s' if finding.failed_rows != 1 else ''}"
    if finding.quarantined_rows:
        text += f", {finding.quarantined_rows:,} quarantined"
    if finding.samples:
        keys = [", ".join(sample) for sample in finding.samples[:_SAMPLES_SHOWN]]
        more = " …" if len(finding.samples) > _SAMPLES_SHOWN else ""
        text += f"; keys: {' | '.join(keys)}{more}"
    return text


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "rule_id": finding.rule_id,
        "kind": finding.kind.value,
        "columns": list(finding.columns),
        "severity": finding.severity.value,
        "on_fail": finding.on_fail.value,
        "passed": finding.passed,
        "measured": finding.measured,
        "failed_rows": finding.failed_rows,
        "quarantined_rows": finding.quarantined_rows,
        "samples": [list(sample) for sample in finding.samples],
        "description": finding.description,
        "error": finding.error,
    }


def _read(plain: Mapping[str, Any]) -> Finding:
    return Finding(
        rule_id=plain["rule_id"],
        kind=RuleKind(plain["kind"]),
        columns=tuple(plain["columns"]),
        severity=Severity(plain["severity"]),
        on_fail=OnFail(plain["on_fail"]),
        passed=plain["passed"],
        measured=float(plain["measured"]),
        failed_rows=plain["failed_rows"],
        quarantined_rows=plain["quarantined_rows"],
        samples=tuple(tuple(sample) for sample in plain["samples"]),
        description=plain["description"],
        error=plain["error"],
    )
