"""Finding audit entries again, newest first, and reading all of them in the order of their chains."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, String, and_, exists, func, or_, select, tuple_, type_coerce

from ghala.model.audit import AuditTag
from ghala.model.audit_record import AuditRecord, ReadOutcome
from ghala.registry import tables
from ghala.registry.audit_form import canonical
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from ghala.model.audit_record import AuditFilter

_audit = tables.audit.c
_ended = tables.audit.alias("ended")
_BLOCK = 1000
_INTENT = AuditTag.DATASET_READ.value
_OUTCOME = AuditTag.DATASET_READ_FINISHED.value
_SHOWING = (_INTENT, AuditTag.QUARANTINE_READ.value)
"""What is recorded when somebody is shown values, with their columns."""
_place = tuple_(_audit.at, _audit.chain, _audit.number)


def find(connection: Connection, wanted: AuditFilter, limit: int) -> tuple[AuditRecord, ...]:
    """Return the newest entries that are wanted."""
    query = (
        select(tables.audit)
        .where(*_conditions(wanted))
        .order_by(_audit.at.desc(), _audit.chain.desc(), _audit.number.desc())
        .limit(limit if wanted.column is None else _BLOCK)
    )
    found: list[Row[tuple[object, ...]]] = []
    rows = connection.execute(query).all()
    while rows:
        found += [row for row in rows if wanted.is_of_column(row.detail)]
        if wanted.column is None or len(found) >= limit:
            break
        last = rows[-1]
        rows = connection.execute(query.where(_place < (last.at, last.chain, last.number))).all()
    return _with_outcomes(connection, found[:limit])


def read_all(connection: Connection, wanted: AuditFilter) -> Iterator[AuditRecord]:
    """Yield the entries that are wanted, oldest first, a block at a time: as many as there are fit in no memory."""
    query = (
        select(tables.audit)
        .where(*_conditions(wanted))
        .order_by(_audit.at, _audit.chain, _audit.number)
        .limit(_BLOCK)
    )
    rows = connection.execute(query).all()
    while rows:
        last = rows[-1]
        fitting = [row for row in rows if wanted.is_of_column(row.detail)]
        yield from _with_outcomes(connection, fitting)
        rows = connection.execute(query.where(_place > (last.at, last.chain, last.number))).all()


def records_of(rows: Iterable[Row[tuple[object, ...]]]) -> Iterator[AuditRecord]:
    """Yield rows as entries, each as it stands alone: an intent does not know how it ended."""
    return (_record(row, {}) for row in rows)


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    for column, value in ((_audit.tag, wanted.tag), (_audit.purpose, wanted.purpose)):
        if value is not None:
            yield column == value
    if wanted.who is not None:
        yield or_(
            _audit.principal == wanted.who,
            _holds(_audit.detail, f'"on_behalf_of":{canonical(wanted.who)}'),
        )
    if wanted.dataset is not None:
        yield _holds(_audit.objects, canonical(wanted.dataset))
    yield from _of_column(wanted)
    if wanted.since_us is not None:
        yield _audit.at >= wanted.since_us
    if wanted.until_us is not None:
        yield _audit.at < wanted.until_us
    if wanted.before is not None:
        # Said twice: the first is what an index of times understands.
        yield _audit.at <= wanted.before[0]
        yield _place < wanted.before
    if wanted.text is not None:
        part = json.dumps(wanted.text, ensure_ascii=False)[1:-1].lower()
        everything = type_coerce(_audit.objects, String) + type_coerce(_audit.detail, String)
        yield _contains(func.lower(everything), part)
    if wanted.outcome is not None:
        yield _ended_as(wanted.outcome)


def _of_column(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.column is not None:
        # Most of what does not fit is left out here; which dataset's column it is, is looked at one by one.
        yield _audit.tag.in_(_SHOWING)
        if wanted.column.isascii():
            # One of the databases knows no other letters.
            detail = func.lower(type_coerce(_audit.detail, String))
            yield _contains(detail, canonical(wanted.column.lower()))


def _ended_as(outcome: ReadOutcome) -> ColumnElement[bool]:
    """Return the condition that an intent ended so; without an outcome it counts as interrupted."""
    same = and_(_ended.c.read_id == _audit.read_id, _ended.c.tag == _OUTCOME)
    says = _contains(type_coerce(_ended.c.detail, String), f'"outcome":"{outcome.value}"')
    ended: ColumnElement[bool] = exists().where(same, says)
    if outcome is ReadOutcome.INTERRUPTED:
        ended = or_(ended, ~exists().where(same))
    return and_(_audit.tag == _INTENT, ended)


def _holds(column: ColumnElement[object], text: str) -> ColumnElement[bool]:
    return _contains(type_coerce(column, String), text)


def _contains(column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    # Not LIKE, for which one of the databases takes no notice of case.
    return func.replace(column, part, "") != column


def _with_outcomes(
    connection: Connection, rows: Sequence[Row[tuple[object, ...]]]
) -> tuple[AuditRecord, ...]:
    """Return entries; an intent has what its outcome says."""
    intents = [row.read_id for row in rows if row.tag == _INTENT and row.read_id]
    outcomes: dict[str, Mapping[str, object]] = {}
    if intents:
        query = select(_audit.read_id, _audit.detail).where(
            _audit.read_id.in_(intents), _audit.tag == _OUTCOME
        )
        outcomes = {row.read_id: row.detail for row in connection.execute(query)}
    return tuple(_record(row, outcomes) for row in rows)


def _record(
    row: Row[tuple[object, ...]], outcomes: Mapping[str, Mapping[str, object]]
) -> AuditRecord:
    known = row._mapping  # noqa: SLF001 - the way to a row's columns by name
    said: Mapping[str, object] = {}
    if row.tag == _INTENT:
        said = outcomes.get(row.read_id) or {"outcome": ReadOutcome.INTERRUPTED.value}
    elif row.tag == _OUTCOME:
        said = row.detail
    return AuditRecord(
        chain=known["chain"],
        number=known["number"],
        at=as_time(known["at"]),
        tag=known["tag"],
        principal=known["principal"],
        purpose=known["purpose"],
        objects=tuple(known["objects"]),
        # Of old entries the id stands in the detail as well.
        detail={key: value for key, value in known["detail"].items() if key != "read_id"},
        previous_sha256=known["previous_sha256"],
        sha256=known["sha256"],
        read_id=known["read_id"] or None,
        outcome=ReadOutcome(str(said["outcome"])) if "outcome" in said else None,
        rows=_count(said.get("rows")),
        byte_count=_count(said.get("bytes")),
        ms=_count(said.get("ms")),
        error=str(said["error"]) if "error" in said else None,
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None
