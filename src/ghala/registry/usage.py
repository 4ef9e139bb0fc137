"""How often datasets are queried: counted from the audit, each entry once, by day and principal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, insert, select, update

from ghala.model.audit import AuditTag
from ghala.model.usage import Tally
from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection

DAY_US = 24 * 3600 * 1_000_000
_audit, _counts, _chains = tables.audit.c, tables.read_counts, tables.counted_chains
_CHAINS_AT_ONCE = 100
_STATEMENT = "statement_sha256"
"""What the intent of a question has in its detail, and pages of its answer; a look at a profile has it not."""
_PAGE = "page"
"""What the intent of a page of a kept answer has besides: its question is counted, with all rows."""
_ASKED, _ENDED = AuditTag.DATASET_READ.value, AuditTag.DATASET_READ_FINISHED.value


class Counted(NamedTuple):
    """What one principal asked of one dataset in one week, which begins on the day `monday`."""

    dataset: str
    monday: int
    principal: str
    tally: Tally
    last_day: int


def monday_of(day: int) -> int:
    """Return the Monday of a day's week, both in days since 1 January 1970, which was a Thursday.

    >>> [monday_of(day) for day in (4, 5, 10, 11)]
    [4, 4, 4, 11]
    """
    return day - (day + 3) % 7


def behind(connection: Connection) -> dict[int, tuple[int, int]]:
    """Return for each chain of the audit that has entries which were not counted, the last counted one and its end."""
    heads = tables.audit_chains.c
    counted = func.coalesce(_chains.c.number, 0)
    query = (
        select(heads.chain, counted, heads.number)
        .select_from(tables.audit_chains.outerjoin(_chains, _chains.c.chain == heads.chain))
        .where(heads.number > counted)
        .order_by(heads.chain)
        .limit(_CHAINS_AT_ONCE)
    )
    return {chain: (done, last) for chain, done, last in connection.execute(query)}


def count(connection: Connection, places: Mapping[int, tuple[int, int]], most: int) -> None:
    """Count at most so many entries of each chain, if nobody else has counted them meanwhile."""
    for chain, (counted, last) in places.items():
        upto = min(last, counted + most)
        if not _take(connection, chain, counted, upto):
            continue
        within = and_(_audit.chain == chain, _audit.number > counted, _audit.number <= upto)
        query = select(
            _audit.at, _audit.tag, _audit.principal, _audit.read_id, _audit.objects, _audit.detail
        ).where(within, _audit.tag.in_([_ASKED, _ENDED]))
        entries = connection.execute(query).all()
        added: defaultdict[tuple[str, int, str], Tally] = defaultdict(Tally)
        for at, principal, name, tally in _tallies(connection, entries):
            added[name, at // DAY_US, principal] += tally
        for (dataset, day, principal), tally in added.items():
            _add(connection, dataset, day, principal, tally)


def since(connection: Connection, datasets: Collection[str], day: int) -> list[Counted]:
    """Return what was asked of some datasets since a day."""
    known = _counts.c
    monday = known.day - (known.day + 3) % 7  # as `monday_of` has it
    days = (
        select(_counts, monday.label("monday"))
        .where(known.dataset.in_(sorted(datasets)), known.day >= day)
        .subquery()
    )
    one = days.c
    key = (one.dataset, one.monday, one.principal)
    query = (
        select(*key, func.sum(one.reads), func.sum(one.rows), func.max(one.day))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        Counted(dataset, week, principal, Tally(int(reads), int(rows)), last)
        for dataset, week, principal, reads, rows, last in connection.execute(query)
    ]


def has_queried(connection: Connection, principal: str, datasets: Collection[str]) -> bool:
    """Return whether somebody ever queried one of some datasets."""
    known = _counts.c
    which = (known.principal == principal) & known.dataset.in_(sorted(datasets))
    query = select(known.day).where(which, known.reads > 0).limit(1)
    return connection.execute(query).first() is not None


def queried_since(connection: Connection, principal: str, day: int) -> frozenset[str]:
    """Return the datasets that somebody queried since a day."""
    known = _counts.c
    which = (known.principal == principal) & (known.day >= day) & (known.reads > 0)
    query = select(known.dataset).where(which).distinct()
    return frozenset(connection.execute(query).scalars())


def _tallies(
    connection: Connection, entries: Collection[Any]
) -> Iterator[tuple[int, str, str, Tally]]:
    """Yield when who asked of which dataset how much: a question with its intent, the rows with its outcome."""
    asked = {one.read_id for one in entries if one.tag == _ASKED and _is_question(one.detail)}
    ended = {one.read_id for one in entries if one.tag == _ENDED and one.read_id} - asked
    if ended:
        # Their intents were counted before.
        query = select(_audit.read_id, _audit.detail).where(
            _audit.read_id.in_(sorted(ended)), _audit.tag == _ASKED
        )
        asked |= {read for read, detail in connection.execute(query) if _is_question(detail)}
    for one in entries:
        if one.read_id not in asked:
            continue
        rows = one.detail.get("rows", 0)
        tally = Tally(1, 0) if one.tag == _ASKED else Tally(0, int(rows))
        for name in sorted({str(name) for name in one.objects}):
            yield one.at, one.principal, name, tally


def _is_question(detail: Mapping[str, object]) -> bool:
    return _STATEMENT in detail and _PAGE not in detail


def _take(connection: Connection, chain: int, counted: int, upto: int) -> bool:
    """Note how far a chain is counted, and return whether it was still where it was found."""
    if counted == 0 and not connection.execute(select(_chains).filter_by(chain=chain)).first():
        connection.execute(insert(_chains).values(chain=chain, number=upto))
        return True
    which = (_chains.c.chain == chain) & (_chains.c.number == counted)
    return bool(connection.execute(update(_chains).where(which).values(number=upto)).rowcount)


def _add(connection: Connection, dataset: str, day: int, principal: str, tally: Tally) -> None:
    known = _counts.c
    one = (known.dataset == dataset) & (known.day == day) & (known.principal == principal)
    more = {"reads": known.reads + tally.queries, "rows": known.rows + tally.rows}
    if not connection.execute(update(_counts).where(one).values(more)).rowcount:
        made = {"dataset": dataset, "day": day, "principal": principal}
        values = {**made, "reads": tally.queries, "rows": tally.rows}
        connection.execute(insert(_counts).values(values))
