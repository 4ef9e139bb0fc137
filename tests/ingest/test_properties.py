"""Properties: what holds for any table, any bytes, any way of cutting a file into blocks."""

import csv
import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from ghala.engines.duckdb import DuckDB
from ghala.ingest.cast import strict_cast
from ghala.ingest.options import option_values
from ghala.ingest.plain import slow_values
from ghala.ingest.records import Positions
from ghala.ingest.source import Batch, FileRefusedError
from ghala.ingest.sources.csv import CsvFiles
from ghala.ingest.sources.ndjson import NdjsonFiles
from ghala.ingest.typed import Caster
from ghala.model.product import SourceColumn
from ghala.model.types import parse_type

FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MANY = settings(FEW, max_examples=300)
HOSTILE = st.text('ab,;"\\\r\n\t \x00é1.', max_size=60).map(str.encode) | st.binary(max_size=40)
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.text(
    ',"\r\n ;', max_size=4
)


@st.composite
def tables(draw):
    """Return cells, and the same as written by another program."""
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]))
    if quoting == csv.QUOTE_MINIMAL:
        # Python writes a lone CR without quotes, where it could be a line end as well.
        rows = [[cell.replace("\r", "\r\n") for cell in row] for row in rows]
    stream = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(stream, quoting=quoting, lineterminator=end)
    writer.writerow([f"c{place}" for place in range(width)])
    writer.writerows(rows)
    text = stream.getvalue()
    return rows, (
        text.rstrip("\r\n") if draw(st.booleans()) and rows and rows[-1][-1] else text
    ).encode()


def read(content, columns, cuts=(), type_=None, **options):
    """Return rows and faults of a file that comes in blocks, by a source type's reader alone."""
    type_ = type_ or CsvFiles()
    reader = type_.reader(option_values(options, type_.options), columns)
    edges = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    blocks = [content[low:high] for low, high in pairwise(edges)]
    rows, faults = [], []
    for place, block in enumerate(blocks):
        for batch in reader.feed(block, is_last=place == len(blocks) - 1):
            assert batch.texts.num_rows == len(batch.positions)
            cells = zip(*(column.to_pylist() for column in batch.texts.columns), strict=True)
            records = [batch.positions.at(row) for row in range(len(batch.positions))]
            rows += zip(records, cells, strict=True)
            faults += batch.faults
    return rows, faults


def strings(*names):
    return [SourceColumn(name, name, parse_type("varchar")) for name in names]


@FEW
@given(tables(), st.lists(st.integers(0, 200), max_size=4))
def test_what_another_program_wrote_is_read_back(table, cuts):
    cells, content = table
    names = [f"c{place}" for place in range(len(cells[0]) if cells else 1)]
    rows, faults = read(content, strings(*names), cuts)
    assert faults == []
    wanted = [tuple(cell or None for cell in row) for row in cells]
    assert [row for _, row in rows] == wanted


def accounted(content, cuts, type_, columns, **options):
    try:
        rows, faults = read(content, columns, cuts, type_, **options)
    except FileRefusedError:
        return None
    records = sorted(
        [*(record for record, _ in rows), *(fault.record for fault in faults)],
        key=lambda record: record.number,
    )
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    for record in records:
        assert content[record.byte_offset : record.byte_offset + len(record.raw)] == record.raw
    offsets = [record.byte_offset for record in records]
    assert offsets == sorted(offsets)
    return rows, faults


@MANY
@given(HOSTILE, st.lists(st.integers(0, 60), max_size=5))
def test_no_way_of_cutting_a_csv_file_changes_what_is_read(content, cuts):
    for header, columns in ((b"a,b\n", strings("b", "a")), (b"a\n", strings("a"))):
        whole = accounted(header + content, (), CsvFiles(), columns)
        assert accounted(header + content, cuts, CsvFiles(), columns) == whole


@FEW
@given(
    HOSTILE,
    st.sampled_from(
        [{}, {"escape": "\\"}, {"quote": ""}, {"encoding": "cp1252"}, {"header": False}]
    ),
)
def test_every_byte_of_a_csv_file_is_accounted_for(content, options):
    found = accounted(content, (), CsvFiles(), strings("a", "b"), **options)
    if found is None or (b"\r" in content and b"\n" not in content):
        return
    rows, faults = found
    spans = [
        (r.byte_offset, r.byte_offset + len(r.raw))
        for r in [*(r for r, _ in rows), *(f.record for f in faults)]
    ]
    left = bytearray(content)
    for low, high in spans:
        left[low:high] = b" " * (high - low)
    if not options.get("header", True):
        assert not bytes(left).removeprefix(b"\xef\xbb\xbf").strip(b"\r\n ")


@FEW
@given(st.binary(max_size=80) | HOSTILE, st.lists(st.integers(0, 60), max_size=3))
def test_every_line_of_an_ndjson_file_is_accounted_for(content, cuts):
    columns = strings("a", "b.c")
    whole = accounted(content, (), NdjsonFiles(), columns)
    assert accounted(content, cuts, NdjsonFiles(), columns) == whole


@FEW
@given(st.binary(max_size=200), st.sampled_from(["csv", "ndjson"]))
def test_a_landing_of_any_bytes_balances(landing, content, type_):
    landing.write("1", b"a,b\n" + content)
    landed = landing.land({"a": "bigint", "b": "double"}, type_)
    [file] = landed.balance.files
    assert file.read == file.landed + file.quarantined
    assert file.landed == len(landing.rows(landed))
    assert file.quarantined == len(landing.quarantined(landed))


NUMBERISH = st.text("0123456789.-+eE _,", max_size=12) | st.from_regex(
    r"-?(0|[1-9]\d{0,18})(\.\d{1,4})?", fullmatch=True
)
DATEISH = st.from_regex(
    r"[0-2]\d{3}-[01]\d-[0-3]\d( [0-2]\d:[0-6]\d:[0-6]\d(\.\d{3}(\d{3})?)?)?", fullmatch=True
)
TYPES = [
    "bigint", "boolean", "date", "decimal(10,2)", "decimal(5,0)", "double", "integer", "real", "timestamp", "uuid",
    "varchar",
]  # fmt: skip


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    engine = DuckDB(2, 512, tmp_path_factory.mktemp("spill"))
    with engine.session() as session:
        session.keep_uuids()
        yield session
    engine.close()


def typed(session, texts, columns):
    """Return what the caster makes of some columns of text: rows, and the numbers of the refused records."""
    count = len(texts[0])
    data = b"x\n" * count
    starts = np.arange(count) * 2
    numbers = np.arange(count)
    batch = Batch(
        pa.record_batch(
            [pa.array([None, *values], pa.string())[1:] for values in texts],
            [f"c{place}" for place in range(len(texts))],
        ),
        Positions(data, 0, starts, starts + 1, numbers, numbers),
    )
    made = Caster(session, columns, None).typed(0, batch)
    rows = [
        row
        for piece in made.rows
        for row in zip(*(column.to_pylist() for column in piece.columns), strict=True)
    ]
    return rows, [fault.record.number for fault in made.faults]


CELL = NUMBERISH | DATEISH | st.sampled_from(["true", "é", "0", "1.25", "2024-02-30"]) | st.none()
TYPED_CELLS = st.lists(st.sampled_from(TYPES), min_size=1, max_size=3).flatmap(
    lambda types: st.tuples(
        st.just(types), st.lists(st.tuples(*[CELL] * len(types)), min_size=1, max_size=30)
    )
)


@MANY
@given(TYPED_CELLS)
def test_quick_and_exact_casts_together_give_what_the_exact_ones_give(session, types_and_rows):
    types, rows = types_and_rows
    columns = [SourceColumn(f"a{n}", f"a{n}", parse_type(type_)) for n, type_ in enumerate(types)]
    texts = [list(values) for values in zip(*rows, strict=True)]
    casts = [strict_cast(exp.column(f"c{n}"), column) for n, column in enumerate(columns)]
    names = [f"c{n}" for n in range(len(types))]
    session.register("texts", pa.table([pa.array(one, pa.string()) for one in texts], names))
    wanted = session.rows(
        exp.select(*(cast.value for cast in casts), exp.or_(*(cast.failed for cast in casts)))
        .from_("texts")
        .sql(dialect="duckdb")
    )
    session.unregister("texts")
    found, refused = typed(session, texts, columns)
    assert refused == [number for number, row in enumerate(wanted) if row[-1]]
    assert repr(found) == repr([row[:-1] for row in wanted if not row[-1]])


def test_rounded_columns_are_plain_only_when_nothing_is_rounded():
    column = SourceColumn("a", "a", parse_type("decimal(10,2)"))
    batch = pa.record_batch([pa.array(["1.25", "1.255", "-1.2", "-1.205"])], ["c0"])
    assert slow_values(batch, [column])[0].tolist() == [False, True, False, True]
    assert slow_values(batch, [replace(column, decimal=",")]) == [None]
