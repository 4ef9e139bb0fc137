"""What is recorded of a read before it runs: which columns of which releases, and what let it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.model.policy import Clearance
from ghala.query.job import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ghala.governance.authorize import Asked
    from ghala.model.contract import Column
    from ghala.model.policy import Decision
    from ghala.query.catalog import Catalog
    from ghala.query.job import Step
    from ghala.query.source import ResolvedDataset
    from ghala.sql.parse import Statement, TableUse


def intent_of(
    sql: str,
    statement: Statement,
    environment: str,
    resolved: Mapping[TableUse, ResolvedDataset],
    catalog: Catalog,
) -> dict[str, object]:
    """Return the detail of an intent: never the statement itself, which may hold values."""
    facts: dict[str, object] = {}
    for use, one in sorted(resolved.items(), key=lambda item: str(item[0])):
        seen, decision = catalog.shown[use.domain, use.table]
        facts[str(use)] = {
            "release": one.release,
            **_columns(seen, decision, statement.mentioned),
            "reasons": list(decision.reasons),
        }
    return {
        "statement_sha256": sha256_of(sql),
        "environment": environment,
        "datasets": facts,
        **basis_of([decision for _, decision in catalog.shown.values()]),
    }


def intent_of_step(step: Step) -> dict[str, object]:
    """Return the detail of a product's read of its inputs; its run says which releases they are of."""
    facts = {
        f"{domain}.{table}": {
            **_columns(seen, decision, step.statement.mentioned),
            "reasons": list(decision.reasons),
        }
        for (domain, table), (seen, decision) in sorted(step.catalog.shown.items(), key=str)
        if domain is not None
    }
    decided = [decision for _, decision in step.catalog.shown.values()]
    return {
        "statement_sha256": sha256_of(step.statement.text),
        "datasets": facts,
        **basis_of(decided),
    }


def shown_by(
    decided: Iterable[tuple[Asked, Decision]], sql: str | None = None
) -> dict[str, dict[str, list[str]]]:
    """Return for each dataset of some decisions the columns that an answer could show, as its intent has them.

    Without its statement that is all that the decisions show.
    """
    from ghala.sql import guard  # noqa: PLC0415 - an idle server does without the parser
    from ghala.sql.parse import parse  # noqa: PLC0415 - likewise

    mentioned = None if sql is None else parse(sql).mentioned
    found: dict[str, dict[str, list[str]]] = {}
    for asked, decision in decided:
        # One that is asked for in several releases may have other columns in each.
        known = found.setdefault(str(asked.name), {})
        seen = _columns(guard.visible(asked.columns, decision), decision, mentioned)
        for clearance, names in seen.items():
            known[clearance] = list(dict.fromkeys([*known.get(clearance, ()), *names]))
    return found


def basis_of(decisions: Iterable[Decision]) -> dict[str, object]:
    """Return by which policies some datasets were decided, and for which way in; empty where none was asked."""
    found: dict[str, object] = {}
    for decision in decisions:
        facts = {"endpoint": decision.endpoint, "policy_version": decision.policy_version}
        found |= {name: value for name, value in facts.items() if value is not None}
    return found


def _columns(
    seen: Sequence[Column], decision: Decision, mentioned: frozenset[str] | None
) -> dict[str, list[str]]:
    """Return the columns that the statement can read, those in clear and those behind a mask."""
    read = [column.name for column in seen if mentioned is None or column.name.lower() in mentioned]
    masked = [name for name in read if decision.clearance(name) is Clearance.MASKED]
    clear = [name for name in read if name not in masked]
    return {"columns": clear, "masked": masked} if masked else {"columns": clear}
