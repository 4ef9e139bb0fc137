"""Forms of an answer: what a spreadsheet makes of CSV."""

import csv
import io
from decimal import Decimal

import pyarrow as pa

from ghala.model.form import Form
from ghala.query.forms import write_form

TEXTS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1", "", None, "'=1"]


def written(*, is_guarded):
    batch = pa.RecordBatch.from_pydict(
        {"=name": TEXTS, "n": list(range(-5, 5)), "d": [Decimal("-1.5")] * 10, "l": [["=x"]] * 10}
    )
    stream = io.BytesIO()
    write_form(batch.schema, [batch], Form.CSV, stream, is_guarded=is_guarded)
    return list(csv.reader(io.StringIO(stream.getvalue().decode(), newline="")))


def test_no_guarded_text_is_a_formula():
    head, *rows = written(is_guarded=True)
    assert head[0] == "'=name"
    assert [row[0] for row in rows] == [
        "'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "x=1", "", "", "'=1",
    ]  # fmt: skip
    assert [row[1] for row in rows] == [str(n) for n in range(-5, 5)]
    assert rows[0][2:] == ["-1.5", '["=x"]']


def test_raw_cells_stand_as_they_are():
    head, *rows = written(is_guarded=False)
    assert head[0] == "=name"
    assert [row[0] or None for row in rows] == [text or None for text in TEXTS]
