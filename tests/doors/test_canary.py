"""No statement shows a persona what it may not see, and what it may see comes right: statements by chance and seed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from canary import (
    COLUMNS,
    PERSONAS,
    SECRETS,
    CanaryPolicy,
    Row,
    releases,
    table_of,
    types_of,
)
from conftest import FakeReleases
from corpus import statements
from decoy import FENCE, DecoyPolicy, decoys
from fuzz import Judge, Tally, Verdict
from grammar import Grammar
from mutation import Mutation
from oracle_apart import OracleApart
from pyarrow import parquet
from variation import Variation

from ghala.engines.pool import WorkerPool
from ghala.errors import GhalaError
from ghala.governance.audit import Audit
from ghala.model.contract import Column
from ghala.model.names import DatasetName
from ghala.model.scan import plain_scan
from ghala.query.answer import Answerer
from ghala.query.given import GivenAnswers
from ghala.query.limits import Limits
from ghala.query.source import ResolvedDataset
from ghala.sql.nodes import NODES, SYNTAX_FUNCTIONS

if TYPE_CHECKING:
    from pathlib import Path

SHARES = {"owner": 2, "filtered": 6, "masked": 4, "overlapping": 5, "agent": 2, "discover": 1}
"""How many of twenty statements each persona sends."""
KINDS = {"grammar": 14, "variation": 4, "mutation": 2, "known escapes": 0}
"""Where statements come from, and how many of twenty."""
PARTS = 20
SANE = {"grammar", "variation"}
"""Those that have a meaning, as far as the generator knows: none of them asks for what the door must refuse."""


@dataclass
class Canaries:
    """The organisation, with its door and an oracle for each persona."""

    folder: Path
    answerer: Answerer
    oracles: dict[str, OracleApart]
    stored: dict[str, list[Row]]
    without: dict[str, Answerer] = field(default_factory=dict)

    def without_hidden(self, name: str) -> Answerer:
        """Return a door over files that have only the rows that a persona may see."""
        if name not in self.without:
            folder = self.folder / name
            folder.mkdir()
            tables = tables_of(PERSONAS[name].admitted(self.stored))
            self.without[name] = answerer_over(folder, tables)
        return self.without[name]

    def decoy(self, name: str) -> Answerer:
        """Return a door over files that have as many rows, but no value that a persona may not see."""
        if f"{name}-decoy" not in self.without:
            folder = self.folder / f"{name}-decoy"
            folder.mkdir()
            tables = decoys(PERSONAS[name], self.stored)
            made = answerer_over(folder, tables, DecoyPolicy(PERSONAS[name]))
            self.without[f"{name}-decoy"] = made
        return self.without[f"{name}-decoy"]

    def shuffled(self) -> Answerer:
        """Return a door over files that have all rows in another order."""
        if "shuffled" not in self.without:
            folder = self.folder / "shuffled"
            folder.mkdir()
            mixed = {name: Random(name).sample(one, len(one)) for name, one in self.stored.items()}
            self.without["shuffled"] = answerer_over(folder, tables_of(mixed))
        return self.without["shuffled"]

    def judge(self, name: str, tally: Tally, *, is_sane: bool) -> Judge:
        persona, oracle = PERSONAS[name], self.oracles[name]
        without = partial(self.without_hidden, name)
        decoy = partial(self.decoy, name)
        return Judge(self.answerer, persona, oracle, tally, is_sane, without, decoy, self.shuffled)

    def close(self) -> None:
        for answerer in (self.answerer, *self.without.values()):
            answerer.workers.close()
        for oracle in self.oracles.values():
            oracle.close()

    def run(self, number: int, seed: str, *, has_corpus: bool = False) -> dict[str, Tally]:
        """Send generated and changed statements, persona after persona, and the corpora; return what was counted."""
        corpus = [
            text.replace("@FOLDER@", str(self.folder))
            .replace("@STAFF@", str(self.folder / "people.staff.parquet"))
            .replace("@ORDERS@", str(self.folder / "sales.orders.parquet"))
            for name in ("benign.sql", "hostile.sql", "unseen.sql")
            for text in statements(name)
        ]
        tallies = {kind: Tally() for kind in KINDS}
        for name, share in SHARES.items():
            persona = PERSONAS[name]
            chance = Random(f"{seed} {name}")
            visible = {table: persona.columns_of(table) for table in persona.sees}
            grammar = Grammar(chance, visible)
            variation = Variation(chance, statements("benign.sql"))
            mutation = Mutation(chance, corpus)
            judges = {
                kind: self.judge(name, tally, is_sane=kind in SANE)
                for kind, tally in tallies.items()
            }
            for text in corpus if has_corpus else ():
                judges["known escapes"].judge(text)
            for _ in range(number * share // sum(SHARES.values())):
                own = grammar.statement()
                (kind,) = chance.choices(list(KINDS), KINDS.values())
                if kind == "variation":
                    own = variation.statement(own)
                elif kind == "mutation":
                    own = mutation.statement(own)
                judges[kind].judge(own)
        return tallies


def tables_of(stored: dict[str, list[Row]]) -> dict[str, pa.Table]:
    """Return the rows of releases as tables."""
    return {
        release: table_of(name := release.partition("@")[0], list(COLUMNS[name]), its_rows)
        for release, its_rows in stored.items()
    }


def answerer_over(
    folder: Path, tables: dict[str, pa.Table], policy: CanaryPolicy | DecoyPolicy | None = None
) -> Answerer:
    """Return a door over files with these rows; what a decoy's fence has is as in the table."""
    current, first = {}, {}
    for release, table in tables.items():
        name, _, version = release.partition("@")
        path = folder / f"{release}.parquet"
        parquet.write_table(table, path, row_group_size=50)
        known = types_of(name)
        types = {column: known[column.removeprefix(FENCE)] for column in table.schema.names}
        columns = tuple(Column(column, kind) for column, kind in types.items())
        scan = plain_scan(list(types.items()), [(path, table.num_rows)])
        dataset = DatasetName.parse(name)
        resolved = ResolvedDataset(dataset, int(version or 2), columns, scan)
        (first if version else current)[dataset] = resolved
    workers = WorkerPool(1, 512, (folder,))
    return Answerer(
        FakeReleases(current, first),
        policy or CanaryPolicy(),
        Audit(lambda _: None),
        workers,
        Limits(timeout_s=5),
        # Also what one persona was given must reach no other.
        GivenAnswers(1 << 24),
    )


@pytest.fixture(scope="module")
def canaries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake-tk9999996q")
    (folder / "secret.csv").write_text(f"a,b\n1,{next(iter(SECRETS))}\n")
    stored = releases()
    os.environ["GHALA_CANARY"] = "tk9999997q"
    oracles = {name: OracleApart(name) for name in PERSONAS}
    world = Canaries(folder, answerer_over(folder, tables_of(stored)), oracles, stored)
    yield world
    world.close()
    del os.environ["GHALA_CANARY"]


def check(tallies: dict[str, Tally], at_least: int) -> None:
    """Hold what was counted against what is promised.

    Of all that was generated, whoever sent it: what is denied or fails counts as not answered. By kind of node: of
    those that the bare engine answers over what may be seen, and each kind at least so often.
    """
    everything = Tally()
    for kind, tally in tallies.items():
        print(f"{kind}:", *tally.lines(), sep="\n")
        if KINDS[kind]:
            everything.add(tally)
    print("all generated:", *everything.lines(), sep="\n", flush=True)
    faults = [fault for tally in tallies.values() for fault in tally.faults]
    assert not faults, "\n\n".join(faults[:20])
    assert everything.answered >= 0.75 * everything.sent
    # Nearly all could be compared: few depend on the order of rows, few fail in the oracle only.
    assert everything.verdicts[Verdict.ANSWERED] >= 0.95 * everything.answered
    for kind in SANE:
        assert tallies[kind].answered >= 0.99 * tallies[kind].answerable
    allowed = {kind.__name__ for kind in NODES | SYNTAX_FUNCTIONS}
    seldom = {kind: everything.seen[kind] for kind in allowed if everything.seen[kind] < at_least}
    assert seldom == {}
    shares = everything.shares()
    assert {kind: shares[kind] for kind in allowed if shares[kind] < 0.95} == {}


def test_two_thousand_statements_show_nothing_hidden(canaries):
    check(canaries.run(2_000, "20"), at_least=2)


@pytest.mark.long
def test_a_hundred_thousand_statements_show_nothing_hidden(canaries):
    """In parts, to look on with `-s`; `GHALA_FUZZ_SEED` and `GHALA_FUZZ_STATEMENTS` choose others."""
    seed = os.environ.get("GHALA_FUZZ_SEED", "1")
    number = int(os.environ.get("GHALA_FUZZ_STATEMENTS", "100000"))
    tallies = {kind: Tally() for kind in KINDS}
    for part in range(PARTS):
        for kind, tally in canaries.run(
            number // PARTS, f"{seed}.{part}", has_corpus=part == 0
        ).items():
            tallies[kind].add(tally)
        print(f"{part + 1} of {PARTS} parts, seed {seed}")
        for tally in tallies.values():
            print(*tally.lines(), *tally.faults, sep="\n", flush=True)
    check(tallies, at_least=number // 1000)


def under_null(table: pa.Table) -> bytes:
    """Return the bytes of numbers and times that are NULL."""
    found = []
    for chunk in (one for column in table.columns for one in column.chunks):
        if chunk.null_count and pa.types.is_primitive(chunk.type):
            width = chunk.type.bit_width // 8
            held = memoryview(chunk.buffers()[1])[chunk.offset * width :]
            found += [
                bytes(held[number * width : (number + 1) * width])
                for number, value in enumerate(chunk)
                if not value.is_valid
            ]
    return b"".join(found)


def test_nothing_of_the_memory_of_the_engine_is_in_an_answer(canaries):
    """What a statement before has used, for rows that were not shown, stood in the place of each NULL."""
    principal = PERSONAS["overlapping"].principal
    size = 0
    for _ in range(5):
        for sql in REMEMBERING:
            with canaries.answerer.answer(sql, principal) as answer:
                held = under_null(pa.Table.from_batches(list(answer.batches()), answer.schema))
            assert held.count(0) == len(held), sql
            size += len(held)
    assert size > 10_000


REMEMBERING = [
    "SELECT upper(e.tags[3]), o.code FROM web.events e JOIN sales.orders o ON o.order_id = e.event_id ORDER BY ALL",
    "SELECT len(e.tags), e.at FROM sales.customers c FULL JOIN web.events e ON e.event_id = c.customer_id ORDER BY ALL",
    'SELECT "at", units FROM range(300) LEFT JOIN web.events ON event_id = range LEFT JOIN sales.orders ON kind = code',
    "SELECT nullif(units, 3), nullif(length(code), 1), TRY_CAST(code AS BIGINT) FROM sales.orders",
]

FAILING = {
    "sales.orders": ("agent", [
        "CAST({t}.code AS INTEGER)",
        "{t}.units + 9000000000000000000 - 9000000000000000000",
        "CAST({t}.units AS INTEGER)",
        "CAST({t}.code AS DECIMAL(9, 2))",
        "list_extract([1], 1) + CAST({t}.code AS INT)",
        "CASE WHEN {t}.units > 1000 THEN CAST({t}.region AS INT) ELSE {t}.order_id END",
    ]),
    "web.events": ("filtered", [
        "json_array_length(CAST({t}.payload AS JSON), '$.user.tags')",
        "CAST(replace({t}.item.sku, 'sku-', '') AS INTEGER)",
    ]),
}  # fmt: skip
"""For datasets, a persona, and expressions that fail for rows hidden from it and for no others; `{t}` is an alias."""
SHAPES = [
    "SELECT {e} AS e FROM {d} t",
    "SELECT count(*) FROM {d} t WHERE {e} >= 0",
    "SELECT count(*) FROM {d} t, range(3) r WHERE {e} >= 0",
    "SELECT count(*) FROM range(3) r, {d} t, sales.customers c WHERE {e} >= 0 AND c.credit < 9",
    "SELECT count(*) FROM {d} t CROSS JOIN (SELECT max(price) AS m FROM sales.lines) l WHERE {e} >= l.m",
    "SELECT count(*) FROM {d} t JOIN sales.lines l ON l.order_id = {e}",
    "SELECT count(*) FROM sales.lines l LEFT JOIN {d} t ON l.order_id = {e}",
    "SELECT count(*) FROM {d} t JOIN {d} u ON {e} = {f} WHERE {e} + {f} > 3",
    "SELECT count(x) FROM (SELECT {e} AS x FROM {d} t) v, range(2) r WHERE x >= r.range",
    "SELECT count(*) FROM sales.lines l WHERE l.order_id IN (SELECT {e} FROM {d} t)",
    "SELECT count(*) FROM sales.lines l WHERE EXISTS (SELECT 1 FROM {d} t WHERE {e} = l.order_id)",
    "SELECT (SELECT max({e}) FROM {d} t WHERE {e} < l.quantity) AS m FROM sales.lines l",
    "SELECT count(*) FROM {d} t, LATERAL (SELECT {e} AS x) v WHERE v.x >= 0",
    "SELECT max({e}) FROM {d} t GROUP BY {e} % 3 HAVING min({e}) >= 0 ORDER BY 1",
    "SELECT {e} AS e FROM {d} t ORDER BY e DESC LIMIT 3",
    "SELECT sum({e}) OVER (ORDER BY {e}) FROM {d} t QUALIFY {e} >= 0",
    "WITH v AS MATERIALIZED (SELECT {e} AS x FROM {d} t) SELECT count(*) FROM v a, v b WHERE a.x <= b.x",
    "SELECT {e} FROM {d} t UNION SELECT {f} FROM {d} u WHERE {f} >= 0",
    "SELECT count(*) FROM {d} t SEMI JOIN sales.lines l ON l.line <= {e} AND {e} > 3",
    "SELECT count(*) FROM {d} t ASOF JOIN sales.lines l ON {e} >= l.order_id",
    "SUMMARIZE SELECT {e} FROM {d} t, range(2)",
]


def test_no_condition_is_tried_on_hidden_rows(canaries):
    """An error that only a hidden row can bring about would tell its values, one guess a statement."""
    tally = Tally()
    for dataset, (name, expressions) in FAILING.items():
        judge = canaries.judge(name, tally, is_sane=True)
        for expression in expressions:
            for shape in SHAPES:
                forth, back = expression.format(t="t"), expression.format(t="u")
                judge.judge(shape.format(d=dataset, e=forth, f=back))
    assert not tally.faults, "\n\n".join(tally.faults[:10])
    assert tally.answered >= 0.95 * len(SHAPES) * sum(
        len(expressions) for _, expressions in FAILING.values()
    )
    assert tally.verdicts[Verdict.REFUSED] == 0


TIED = [
    """SELECT coalesce(0.5, 0) AS c0, MAP {'a': t4.n} FROM (SELECT t2.order_id AS c0 FROM (UNPIVOT (SELECT order_id,
    region, code FROM sales.orders) ON COLUMNS(* EXCLUDE (order_id)) INTO NAME n VALUE v) AS t2) AS t1 SEMI JOIN
    SALES.ORDERS AS t3 ON t1.c0 = t3."units" FULL OUTER JOIN (SELECT column_name, "count" AS n FROM (SUMMARIZE
    sales.lines)) AS t4 ON t1.c0 = t4.n AND (5::BIGINT) = ANY (SELECT s.order_id FROM sales.orders s) ORDER BY 1
    LIMIT 4 OFFSET 2""",
    """SELECT t2.customer_id AS "c0", extract(dow FROM t2.ordered_on) FROM SALES.CUSTOMERS AS t1 FULL OUTER JOIN
    sales.orders AS t2 ON t1."country" = t2."region" WHERE (array_to_string((['a1', 'b']), ',')) NOT LIKE '%o%'
    ORDER BY 1 DESC NULLS LAST LIMIT 2""",
    """SELECT t3.n AS c1, t2.order_id AS c2 FROM sales.orders AS t1 ASOF JOIN (UNPIVOT (SELECT order_id, region, code
    FROM sales.orders) ON COLUMNS(* EXCLUDE (order_id)) INTO NAME n VALUE v) AS t2 ON t1.units = t2.order_id
    AND t1.order_id >= t2.order_id RIGHT JOIN RANGE(1, 6) AS t3(n) ON t2.v = 'KE'""",
]


def test_which_of_equal_rows_is_taken_is_no_fault(canaries):
    tally = Tally()
    judge = canaries.judge("overlapping", tally, is_sane=True)
    assert {judge.judge(sql) for sql in TIED} <= {Verdict.ORDERED, Verdict.ANSWERED}
    assert tally.faults == []


def test_a_door_without_row_filters_is_found_out(canaries):
    """By other rows, cut at a limit or not, and by what fails for hidden rows only."""
    folder = canaries.folder / "open"
    folder.mkdir()
    persona = replace(PERSONAS["owner"], principal=PERSONAS["agent"].principal)
    policy = CanaryPolicy()
    policy.decide = lambda _principal, _action, asked, **_: tuple(
        policy.one(persona, str(one.name), one) for one in asked
    )
    opened = answerer_over(folder, tables_of(canaries.stored), policy)
    canaries.without["open"] = opened
    for sql in (
        "SELECT order_id FROM sales.orders ORDER BY 1 LIMIT 5",
        "SELECT 1 AS one, order_id FROM sales.orders ORDER BY 1 LIMIT 85",
        "SELECT count(*) FROM sales.orders LIMIT 1",
        "SELECT CAST(code AS INTEGER) FROM sales.orders",
        "SELECT count(*) FROM sales.orders t, range(3) r WHERE CAST(t.units AS INTEGER) >= 0",
    ):
        tally = Tally()
        judge = canaries.judge("agent", tally, is_sane=True)
        replace(judge, answerer=opened, shuffled=lambda: opened).judge(sql)
        assert tally.faults, sql


def test_no_join_tells_the_bounds_of_hidden_rows(canaries):
    """Whether a visible value fails must not depend on whether it lies between a file's smallest and largest one."""
    tally = Tally()
    judge = canaries.judge("agent", tally, is_sane=True)
    principal = PERSONAS["agent"].principal

    def fails(value):
        sql = f"""SELECT count(*) FROM (SELECT {value} AS n, 'x' AS k FROM sales.lines) v
            JOIN sales.orders o ON v.n = o.units WHERE CAST(v.k || v.n AS INTEGER) > 0"""
        judge.judge(sql)
        try:
            with canaries.answerer.answer(sql, principal) as answer:
                list(answer.batches())
        except GhalaError:
            return True
        return False

    # Visible units are below 50; hidden ones reach to 2 ** 62 + 89.
    assert len({fails(value) for value in (100, 2**40, 2**62 + 89, 2**62 + 91, 2**63 - 1)}) == 1
    judge.judge("""SELECT DISTINCT t1.order_id FROM (SELECT * FROM sales.lines TABLESAMPLE 100%) AS t1 SEMI JOIN
        sales.orders AS t2 ON t1.sku = t2."code" WHERE (row(('KE'), t1.order_id)::STRUCT(sku VARCHAR, amount
        BIGINT)).sku = (decode(from_base64(t1.sku)))""")
    assert tally.faults == []
