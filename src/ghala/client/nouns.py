"""What a server's JSON says, as the nouns that a workspace answers with: `model.plain` the other way round."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from ghala.client.faults import Facts, ServerError
from ghala.errors import Place
from ghala.model.audit_record import AuditFault, AuditRecord, AuditVerification, ReadOutcome
from ghala.model.explanation import (
    AgreementReason,
    ColumnReason,
    Explanation,
    PolicyReason,
    Reader,
    WordedPolicy,
)
from ghala.model.lineage import Origin
from ghala.model.lineage_graph import (
    Direction,
    InfluenceKind,
    LineageEdge,
    LineageGraph,
    LineageTable,
)
from ghala.model.names import DatasetName
from ghala.model.policy import Clearance
from ghala.model.principal import Role
from ghala.model.simulation import Change, ColumnChange, RowChange, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Noun = TypeVar("Noun")
Read = TypeVar("Read")


@contextmanager
def expected() -> Iterator[None]:
    """Word JSON that is none of what was asked for.

    Raises:
        ServerError: it is not.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ServerError("the server answered something else than was asked for") from None


def lineage_graph(facts: Facts) -> LineageGraph:
    """Read a lineage; its tables are datasets only, since no server tells sources and steps."""
    return _noun(
        LineageGraph,
        facts,
        direction=Direction(facts["direction"]),
        tables=_each(facts["datasets"], _dataset),
        edges=_each(facts["edges"], _edge),
        untraced=_each(facts["untraced"], _origin),
    )


def explanation(facts: Facts) -> Explanation:
    """Read why somebody sees what they see."""
    return _noun(
        Explanation,
        facts,
        not_taken=_each(facts["not_taken"], Role),
        dataset=DatasetName.parse(facts["dataset"]),
        at=_moment(facts["at"]),
        policies_applied_at=_maybe(facts["policies_applied_at"], _moment),
        discover=_each(facts["discover"], _policy),
        read=_each(facts["read"], _policy),
        agreements=_each(facts["agreements"], _agreement),
        columns=_each(facts["columns"], _column),
    )


def worded_policy(facts: Facts) -> WordedPolicy:
    """Read a policy in words."""
    roles = _each(facts["roles"], Role)
    return _noun(WordedPolicy, facts, roles=roles, place=_place(facts["place"]))


def reader(facts: Facts) -> Reader:
    """Read who may read a dataset, and through what."""
    return _noun(Reader, facts, if_taken=_maybe(facts["if_taken"], Role))


def simulation(facts: Facts) -> Simulation:
    """Read who would gain and lose by changed policies."""
    since, until = _moment(facts["since"]), _moment(facts["until"])
    changes = _each(facts["changes"], _change)
    return _noun(Simulation, facts, since=since, until=until, changes=changes)


def audit_record(facts: Facts) -> AuditRecord:
    """Read an entry of the audit."""
    outcome = _maybe(facts["outcome"], ReadOutcome)
    return _noun(AuditRecord, facts, at=_moment(facts["at"]), outcome=outcome)


def audit_verification(facts: Facts) -> AuditVerification:
    """Read what a verification of the audit found; a server has no anchor to compare with."""
    faults = _each(facts["faults"], lambda one: _noun(AuditFault, one))
    return _noun(AuditVerification, facts, anchored=None, faults=faults)


def _noun(kind: type[Noun], facts: Facts, /, **read: object) -> Noun:
    """Make a noun of what was read and of the facts that need no reading; what only newer servers tell is left out."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # every noun is a dataclass
    given = {name: read[name] if name in read else _frozen(facts[name]) for name in names}
    return kind(**given)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _each(values: list[Any], read: Callable[[Any], Read]) -> tuple[Read, ...]:
    return tuple(read(value) for value in values)


def _maybe(value: Any, read: Callable[[Any], Read]) -> Read | None:
    return None if value is None else read(value)


_moment = datetime.fromisoformat


def _origin(facts: Mapping[str, Any]) -> Origin:
    return Origin(facts["dataset"], facts["column"] or "")


def _dataset(facts: Facts) -> LineageTable:
    releases = tuple(facts["releases"])
    return LineageTable(facts["name"], "dataset", facts["product"], facts["environment"], releases)


def _edge(facts: Facts) -> LineageEdge:
    origin, target = _origin(facts["origin"]), _origin(facts["target"])
    return LineageEdge(origin, target, InfluenceKind(facts["kind"]))


def _policy(facts: Facts) -> PolicyReason:
    return _noun(PolicyReason, facts, place=_place(facts["place"]))


def _place(text: str) -> Place:
    file, line, column = text.rsplit(":", 2)
    return Place(file, int(line), int(column))


def _agreement(facts: Facts) -> AgreementReason:
    return _noun(AgreementReason, facts, until=_moment(facts["until"]))


def _column(facts: Facts) -> ColumnReason:
    policies = _each(facts["policies"], _policy)
    return _noun(ColumnReason, facts, clearance=Clearance(facts["clearance"]), policies=policies)


def _change(facts: Facts) -> Change:
    return _noun(
        Change,
        facts,
        dataset=DatasetName.parse(facts["dataset"]),
        rows=_maybe(facts["rows"], RowChange),
        gained=_each(facts["gained"], _column_change),
        lost=_each(facts["lost"], _column_change),
    )


def _column_change(facts: Facts) -> ColumnChange:
    return ColumnChange(facts["name"], Clearance(facts["before"]), Clearance(facts["after"]))
