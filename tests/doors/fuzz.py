"""Judges statements: what the door says to a persona must be what the oracle says, and hold no foreign token."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import sqlglot
from canary import TOKEN, Persona
from corpus import normal
from oracle import in_oracle
from sqlglot import exp

from ghala.errors import DeniedError, GhalaError, LimitError, NotFoundError, QueryError, UsageError
from ghala.sql.dialect import trees_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from oracle_apart import OracleApart

    from ghala.query.answer import Answerer


_READ = (exp.Describe, exp.Pivot, exp.Query, exp.Summarize, exp.Values)


class Verdict(StrEnum):
    """What became of a statement; keep sorted."""

    ANSWERED = "answered, the oracle's rows"
    DENIED = "denied or not found"
    FAILED = "failed, as the oracle did"
    LIMITED = "ended at a limit"
    ORDERED = "answered, depends on the order of rows"
    OUTLIVED = "answered, the oracle failed"
    PLANNED = "failed on visible rows, which the oracle's plan leaves out"
    REFUSED = "refused, the oracle answered"
    WRONG = "refused, as by the oracle"


_ANSWERED = frozenset({Verdict.ANSWERED, Verdict.ORDERED, Verdict.OUTLIVED})


@dataclass
class Tally:
    """What was counted; `faults` are what must not be: tokens, other rows, failures that the oracle does not have."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return self.verdicts.total()

    @property
    def answered(self) -> int:
        """How many gave rows."""
        return sum(self.verdicts[one] for one in _ANSWERED)

    @property
    def answerable(self) -> int:
        """How many statements the bare engine answers to those who may read what they name."""
        return self.answered + self.verdicts[Verdict.REFUSED] + self.verdicts[Verdict.LIMITED]

    def shares(self) -> dict[str, float]:
        """Return how many of the answerable statements with each kind of node are answered."""
        return {kind: 1 - self.refused[kind] / total for kind, total in self.seen.items()}

    def add(self, other: Tally) -> None:
        """Count what another has counted."""
        self.verdicts += other.verdicts
        self.seen.update(other.seen)
        self.refused.update(other.refused)
        self.refusals += other.refusals
        self.examples = other.examples | self.examples
        self.faults += other.faults

    def lines(self) -> Iterator[str]:
        share = self.answered / max(1, self.sent)
        yield f"{self.sent} statements, {share:.1%} answered, {len(self.faults)} faults"
        for verdict, number in self.verdicts.most_common():
            yield f"  {number:7} {verdict}"
        share = self.answered / max(1, self.answerable)
        yield f"  {share:.1%} of {self.answerable} that the bare engine answers over what may be seen"
        low = sorted(self.shares().items(), key=lambda item: item[1])[:8]
        yield "  by kind of node: " + ", ".join(
            f"{kind} {share:.1%} of {self.seen[kind]}" for kind, share in low
        )
        for reason, number in self.refusals.most_common(12):
            yield f"  {number:7} refused: {reason} e.g. {self.examples.get(reason, '')[:300]!r}"


@dataclass
class Judge:
    """Puts statements to the door as one persona, and to the oracle; sane ones may be put to it though refused."""

    answerer: Answerer
    persona: Persona
    oracle: OracleApart
    tally: Tally
    is_sane: bool
    without_hidden: Callable[[], Answerer]
    decoy: Callable[[], Answerer]
    shuffled: Callable[[], Answerer]

    def judge(self, sql: str) -> Verdict:
        verdict = self._verdict(sql)
        self.tally.verdicts[verdict] += 1
        answered = verdict in _ANSWERED
        if answered or verdict is Verdict.REFUSED:
            for kind in kinds_of(sql):
                self.tally.seen[kind] += 1
                self.tally.refused[kind] += not answered
        return verdict

    def _verdict(self, sql: str) -> Verdict:  # noqa: PLR0911 - one case for each verdict
        try:
            with self.answerer.answer(sql, self.persona.principal) as answer:
                table = pa.Table.from_batches(list(answer.batches()), answer.schema)
        except GhalaError as error:
            self._check_words(sql, error)
            return self._of_error(sql, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, no statement may bring it about
            self.fault(f"{type(error).__name__}, which is no error of ours", sql, str(error))
            return Verdict.WRONG
        self._check_bytes(sql, table)
        expected, is_same = self._expected(sql)
        if expected is None:
            return Verdict.OUTLIVED
        if not is_same:
            return Verdict.ORDERED
        if equal(table, expected):
            return Verdict.ANSWERED
        try:
            others = self.oracle.disordered(sql)
        except (duckdb.Error, RuntimeError, OSError):
            return Verdict.OUTLIVED
        if not all(equal(expected, other) for other in others):
            return Verdict.ORDERED
        if not self._says_the_same(self.shuffled(), sql, table):
            return Verdict.ORDERED
        if self._cuts_a_tie(sql, table, expected) or self._joins_a_tie(sql, table):
            return Verdict.ORDERED
        self.fault("other rows", sql, f"{sample(table)} instead of {sample(expected)}")
        return Verdict.ANSWERED

    def _expected(self, sql: str) -> tuple[pa.Table | None, bool]:
        # Only what reads is for the oracle, which must stay as it is.
        if not reads(in_oracle(sql)):
            return None, False
        try:
            forth, back = self.oracle.answers(sql)
        except (duckdb.Error, RuntimeError, OSError, pa.ArrowInvalid):
            return None, False
        return forth, equal(forth, back)

    def _of_error(self, sql: str, error: GhalaError) -> Verdict:  # noqa: PLR0911 - one case for each verdict
        if isinstance(error, DeniedError | NotFoundError):
            return Verdict.DENIED
        if isinstance(error, LimitError):
            return Verdict.LIMITED
        if isinstance(error, UsageError) and not self.is_sane:
            return Verdict.WRONG
        expected, _ = self._expected(sql)
        if expected is None:
            return Verdict.FAILED if isinstance(error, QueryError) else Verdict.WRONG
        if isinstance(error, UsageError):
            self.tally.refusals[error.message[:90]] += 1
            self.tally.examples.setdefault(error.message[:90], sql)
            return Verdict.REFUSED
        if self.oracle.fails_in_some_plan(sql) or any(
            self._fails(door(), sql) for door in (self.without_hidden, self.decoy)
        ):
            return Verdict.PLANNED
        self.fault("fails by what is hidden", sql, str(error))
        return Verdict.REFUSED

    def _says_the_same(self, answerer: Answerer, sql: str, table: pa.Table) -> bool:
        """Whether another door over the same visible rows gives the same answer."""
        try:
            with answerer.answer(sql, self.persona.principal) as answer:
                return equal(table, pa.Table.from_batches(list(answer.batches()), answer.schema))
        except GhalaError:
            return False

    def _cuts_a_tie(self, sql: str, table: pa.Table, expected: pa.Table) -> bool:
        """Whether a limit alone makes the difference, among rows that its order does not tell apart.

        They must all be rows of the oracle without that limit, have the keys of those that the oracle chose, and be
        chosen where no hidden value is.
        """
        uncut, keys = uncut_of(in_oracle(sql), expected.schema.names)
        if uncut is None or table.schema.names != expected.schema.names:
            return False
        try:
            whole = self.oracle.answers(uncut)[0]
        except (duckdb.Error, RuntimeError, OSError, pa.ArrowInvalid):
            return False
        ours, chosen = rows_of(table), rows_of(expected)
        return (
            _counted(ours) <= _counted(rows_of(whole))
            and _counted([[row[key] for key in keys] for row in ours])
            == _counted([[row[key] for key in keys] for row in chosen])
            and self._says_the_same(self.decoy(), sql, table)
        )

    def _joins_a_tie(self, sql: str, table: pa.Table) -> bool:
        """Whether an ASOF join, which takes any of the nearest rows, answers alike where nothing is hidden."""
        joins = (join for tree in trees(sql) for join in tree.find_all(exp.Join))
        is_nearest = any(str(join.args.get("method", "")).upper() == "ASOF" for join in joins)
        return is_nearest and self._says_the_same(self.decoy(), sql, table)

    def _fails(self, answerer: Answerer, sql: str) -> bool:
        try:
            with answerer.answer(sql, self.persona.principal) as answer:
                list(answer.batches())
        except QueryError as error:
            return not isinstance(error, LimitError)
        return False

    def _check_words(self, sql: str, error: GhalaError) -> None:
        said = f"{error} {error.hint} {error.evidence} {error.__cause__} {error.__context__}"
        self._check(sql, said, TOKEN.findall(said))
        # Not even what this persona may see: values have no place in an error, unless the statement has them.
        for token in TOKEN.findall(said):
            if token not in sql:
                self.fault("a value in an error", sql, said)
        for mark in ("read_parquet(", "hive_partitioning", "TRY_CAST('", "stored"):
            if mark in said and mark not in sql:
                self.fault("generated SQL in an error", sql, said)

    def _check_bytes(self, sql: str, table: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        self._check(sql, "", TOKEN.findall(sink.getvalue().to_pybytes().decode("latin-1")))

    def _check(self, sql: str, said: str, tokens: Sequence[str]) -> None:
        for token in set(tokens):
            if token not in self.oracle.allowed and token not in sql:
                self.fault(f"token {token}", sql, said)

    def fault(self, what: str, sql: str, found: str) -> None:
        self.tally.faults.append(f"{self.persona.principal.id}: {what}\n{sql}\n{found}")


def kinds_of(sql: str) -> set[str]:
    return {type(node).__name__ for tree in trees(sql) for node in tree.walk()}


def reads(sql: str) -> bool:
    return [isinstance(tree, _READ) for tree in trees(sql)] == [True]


@lru_cache(maxsize=4)
def trees(sql: str) -> list[exp.Expr]:
    try:
        return [tree for tree in trees_of(sql) if tree is not None]
    except (sqlglot.errors.SqlglotError, RecursionError, IndexError, AttributeError):
        return []


def uncut_of(sql: str, names: Sequence[str]) -> tuple[str | None, list[int]]:
    """Return a statement without its last limit, and the columns that its order goes by; None if that is unknown.

    >>> uncut_of("SELECT a, b FROM t ORDER BY 1 DESC LIMIT 2 OFFSET 1", ["a", "b"])
    ('SELECT a, b FROM t ORDER BY 1 DESC', [0])
    >>> uncut_of("SELECT a, b FROM t ORDER BY c LIMIT 2", ["a", "b"])
    (None, [])
    """
    tree = trees(sql)[0].copy() if reads(sql) else None
    if not isinstance(tree, exp.Query) or not (tree.args.get("limit") or tree.args.get("offset")):
        return None, []
    tree.set("limit", None)
    tree.set("offset", None)
    keys = []
    for ordered in tree.args["order"].expressions if tree.args.get("order") else ():
        key = ordered.this if isinstance(ordered, exp.Ordered) else ordered
        if not (isinstance(key, exp.Literal) and key.is_int and 1 <= int(key.this) <= len(names)):
            return None, []
        keys.append(int(key.this) - 1)
    return tree.sql("duckdb"), keys


def _counted(found: list[list[Any]]) -> Counter[str]:
    return Counter(repr(normal(row)) for row in found)


def equal(one: pa.Table, other: pa.Table) -> bool:
    """Return whether both have the same names and the same multiset of rows, doubles to 1e-9."""
    if one.schema.names != other.schema.names or one.num_rows != other.num_rows:
        return False
    if one.equals(other):
        return True
    ours, theirs = rows_of(one), rows_of(other)
    if Counter(map(repr, map(normal, ours))) == Counter(map(repr, map(normal, theirs))):
        return True
    pairs = zip(sorted(ours, key=_rough), sorted(theirs, key=_rough), strict=True)
    return all(_close(left, right) for left, right in pairs)


def rows_of(table: pa.Table) -> list[list[Any]]:
    columns = []
    for column in table.columns:
        try:
            columns.append(column.to_pylist())
        except (ValueError, OverflowError, ImportError):
            columns.append(column.cast(pa.string()).to_pylist())
    if not columns:
        return [[]] * table.num_rows
    return [list(row) for row in zip(*columns, strict=True)]


def _rough(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, str) and _is_close_text(value, value):
        return f"{float(value):.4g}"
    if isinstance(value, dict):
        return repr({key: _rough(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return repr([_rough(inner) for inner in value])
    return repr(value)


def _close(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or repr(one) == repr(other)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _is_close_text(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_close(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_close, one, other))
    return one == other


def _is_close_text(one: str, other: str) -> bool:
    """Whether both are the same number as a text, as in the columns of SUMMARIZE."""
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9)
    except ValueError:
        return False


def sample(table: pa.Table) -> str:
    return f"{table.schema.names} {table.num_rows} rows {repr(rows_of(table)[:3])[:600]}"
