"""`ghala sql`: where the question comes from, and every form of the answer."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from ghala.cli.write import write
from ghala.errors import LimitError

ROWS = pa.table(
    {
        "id": pa.array([1, 2, 3], pa.int64()),
        "amount": pa.array(
            [Decimal("1.10"), None, Decimal("123456789012345678901234567890.12")],
            pa.decimal128(38, 2),
        ),
        "note": ["a,b", "", None],
        "at": pa.array(
            [datetime(2024, 2, 29, 12, 30, 0, 1, tzinfo=UTC), None, None], pa.timestamp("us", "UTC")
        ),
        "on": pa.array([date(2024, 2, 29), None, None]),
        "tags": [["x", "é"], None, []],
        "raw": [b"\xff\x00", None, b""],
        "ratio": [0.1, float("nan"), None],
    }
)


@pytest.fixture
def app(app):
    app.result = ROWS
    return app


def test_the_question_can_be_an_argument_a_file_or_stdin(ghala, app, tmp_path):
    file = tmp_path / "question.sql"
    file.write_text("SELECT 2")
    assert ghala("sql", "SELECT 1").exit_code == 0
    assert ghala("sql", "-f", str(file), "-e", "dev").exit_code == 0
    assert ghala("sql", input="SELECT 3").exit_code == 0
    assert ghala("sql", "-", "--timeout-s", "2", "--limit", "9", input="SELECT 4").exit_code == 0
    assert [asked for asked in app.asked if asked != "close"] == [
        ("sql", "SELECT 1", "prod", None, None),
        ("sql", "SELECT 2", "dev", None, None),
        ("sql", "SELECT 3", "prod", None, None),
        ("sql", "SELECT 4", "prod", 2.0, 9),
    ]


def test_no_question_or_two_are_wrong_use(ghala, app, tmp_path):
    file = tmp_path / "question.sql"
    file.write_text("SELECT 2")
    assert ghala("sql", "SELECT 1", "-f", str(file)).exit_code == 2
    assert ghala("sql", input=" \n").exit_code == 2
    assert app.asked == []


def test_a_table_shows_null_and_aligns_numbers(ghala, app):
    app.result = ROWS.select(["id", "amount", "note", "tags", "raw", "ratio"]).slice(0, 2)
    assert ghala("sql", "q").stdout.splitlines() == [
        "id  amount  note  tags        raw   ratio",
        "──  ──────  ────  ──────────  ────  ─────",
        ' 1    1.10  a,b   ["x", "é"]  ff00    0.1',
        " 2    NULL        NULL        NULL    NaN",
    ]


def test_json_loses_no_digit(ghala):
    told = json.loads(ghala("sql", "q", "--json").stdout)
    assert told[2]["amount"] == "123456789012345678901234567890.12"
    assert told[0] == {
        "id": 1,
        "amount": "1.10",
        "note": "a,b",
        "at": "2024-02-29T12:30:00.000001+00:00",
        "on": "2024-02-29",
        "tags": ["x", "é"],
        "raw": "ff00",
        "ratio": 0.1,
    }
    assert told[1]["ratio"] == "NaN"


def test_no_rows_are_an_empty_array(ghala, app):
    app.result = ROWS.slice(0, 0)
    assert json.loads(ghala("sql", "q", "--format", "json").stdout) == []
    assert ghala("sql", "q", "--format", "ndjson").stdout == ""
    assert ghala("sql", "q", "--format", "csv").stdout == "id,amount,note,at,on,tags,raw,ratio\n"


def test_ndjson_is_one_object_a_line(ghala):
    lines = ghala("sql", "q", "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2, 3]


def test_csv_tells_null_from_an_empty_text(ghala):
    text = ghala("sql", "q", "--format", "csv").stdout
    lines = text.splitlines()
    assert lines[2].startswith('2,,"",')
    assert lines[3].split(",")[2] == ""
    assert next(csv.DictReader(io.StringIO(text))) == {
        "id": "1",
        "amount": "1.10",
        "note": "a,b",
        "at": "2024-02-29T12:30:00.000001+00:00",
        "on": "2024-02-29",
        "tags": '["x", "é"]',
        "raw": "ff00",
        "ratio": "0.1",
    }


def test_two_columns_of_one_name_both_reach_json(ghala, app):
    app.result = pa.table([pa.array([1]), pa.array([2])], names=["id", "id"])
    assert json.loads(ghala("sql", "q", "--json").stdout) == [{"id": 1, "id_2": 2}]


def test_dates_beyond_pythons_years_come_as_text(ghala, app):
    app.result = pa.table({"on": pa.array([10_000_000], pa.int32()).cast(pa.date32())})
    [row] = json.loads(ghala("sql", "q", "--json").stdout)
    assert row["on"].startswith("29349")


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "csv", "ndjson", "json"])
def test_the_output_files_suffix_says_the_form(ghala, tmp_path, suffix):
    file = tmp_path / f"answer.{suffix}"
    assert ghala("sql", "q", "-o", str(file)).stdout == ""
    if suffix == "parquet":
        assert same(parquet.read_table(file))
    elif suffix == "arrow":
        assert same(pa.ipc.open_stream(file).read_all())
    else:
        assert file.read_text().strip()


def test_arrow_goes_to_a_pipe(ghala):
    piped = ghala("sql", "q", "--format", "arrow").stdout_bytes
    assert same(pa.ipc.open_stream(piped).read_all())


def same(table):
    # As text, since NaN is not equal to itself.
    return str(table.to_pylist()) == str(ROWS.to_pylist())


def test_a_failing_question_leaves_no_file_and_no_old_one_harmed(ghala, app, tmp_path):
    app.result_fails = LimitError("the question took longer than 2 s", hint="ask for less")
    file = tmp_path / "answer.csv"
    file.write_text("old")
    result = ghala("sql", "q", "-o", str(file))
    assert result.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["answer.csv"]
    assert file.read_text() == "old"


def test_a_terminal_gets_a_cut_table_and_a_note(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    wide = pa.table({f"column_{number}": ["x" * 50] * 300 for number in range(4)})
    stream = io.BytesIO()
    notes = list(write(wide.schema, wide.to_batches(), "table", stream, is_terminal=True))
    lines = stream.getvalue().decode().splitlines()
    assert max(len(line) for line in lines) <= 30
    assert lines[0] == "column_0  column_1  column_2"
    assert lines[2] == "xxxxxxx…  xxxxxxx…  xxxxxxx…"
    assert notes == [
        "3 of 4 columns fit; another `--format` shows all",
        "the first 200 rows; another `--format` shows all",
    ]


def test_a_pipe_gets_every_row_of_a_table():
    long = pa.table({"n": range(5000)})
    stream = io.BytesIO()
    assert list(write(long.schema, long.to_batches(), "table", stream, is_terminal=False)) == []
    assert len(stream.getvalue().splitlines()) == 5002


def test_a_cell_cannot_move_the_cursor(ghala, app):
    app.result = pa.table({"note\n": ["\x1b[2Jgone\u202e"]})
    assert ghala("sql", "q").stdout.splitlines() == ["note\\n", "─" * 17, "\\x1b[2Jgone\\u202e"]
