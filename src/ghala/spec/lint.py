"""Lint: every finding about a workspace at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ghala.errors import Place
from ghala.settings import override
from ghala.spec.finding import FindingCode, Findings
from ghala.spec.glossary import read_glossary
from ghala.spec.load import read_workspace
from ghala.spec.policy_cases import read_policy_cases
from ghala.spec.purposes import read_purposes
from ghala.spec.settings_file import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ghala.errors import DefinitionError
    from ghala.spec.finding import LintFinding
    from ghala.spec.load import PlanCheck, SourceCheck, SqlCheck

PolicyCheck: TypeAlias = "Callable[[Path], Sequence[DefinitionError]]"
"""Says what is wrong with the policies of a workspace; `governance` has it."""


def lint_workspace(
    root: Path,
    check_source: SourceCheck,
    check_sql: SqlCheck | None = None,
    check_plan: PlanCheck | None = None,
    *,
    check_policies: PolicyCheck | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[LintFinding, ...]:
    """Return everything that is wrong with a workspace's files, by file, line and column.

    Those who know say what is wrong with a source's options, a statement, what the steps read, and policies.

    Raises:
        NotFoundError: there is no workspace.
        UsageError: an environment variable is wrong: that is not the files' fault.
    """
    findings = Findings()
    settings = override(read_settings(root, findings), environment)
    workspace = read_workspace(
        root, settings, check_source, findings, check_sql=check_sql, check_plan=check_plan
    )
    purposes = read_purposes(root.resolve(), findings)
    read_policy_cases(root.resolve(), purposes, findings)
    read_glossary(root.resolve(), findings, workspace)
    for fault in () if check_policies is None else check_policies(root.resolve()):
        place = fault.place or Place("policies")
        findings.error(FindingCode.POLICY_INVALID, place, fault.message, fault.hint)
    return findings.in_order()
