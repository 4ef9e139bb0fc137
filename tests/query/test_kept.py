"""Answers that are kept: read again from any row on."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.errors import LimitError, NotFoundError
from ghala.model.principal import Principal, PrincipalKind
from ghala.query.cursors import Cursors, PagePlace
from ghala.query.kept import KeptAnswers

SCHEMA = pa.schema([("id", pa.int64())])
AMINA = Principal("user:amina", PrincipalKind.USER, "analytics")


def batches(*sizes):
    start = 0
    for size in sizes:
        yield pa.RecordBatch.from_pydict({"id": range(start, start + size)}, SCHEMA)
        start += size


@pytest.fixture
def answers(tmp_path):
    return KeptAnswers(tmp_path / "answers")


def test_any_page_holds_its_rows(answers):
    assert answers.write("a", SCHEMA, batches(5, 0, 70_000, 3))[0] == 70_008
    kept = answers.read("a")
    for start, count in ((0, 3), (4, 4), (65_000, 2_000), (70_000, 100), (70_008, 5), (0, 0)):
        found = [row["id"] for batch in kept.batches(start, count) for row in batch.to_pylist()]
        assert found == list(range(start, min(start + count, 70_008)))
    assert sum(batch.num_rows for batch in kept.batches()) == 70_008
    (file,) = answers.folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_answer_that_fails_leaves_nothing(answers):
    def broken():
        yield from batches(5)
        raise LimitError("too slow")

    with pytest.raises(LimitError):
        answers.write("a", SCHEMA, broken())
    with pytest.raises(LimitError, match="bytes"):
        KeptAnswers(answers.folder, longest_bytes=1_000).write("b", SCHEMA, batches(1_000))
    assert list(answers.folder.iterdir()) == []


def test_what_is_not_kept_is_not_found(answers):
    answers.write("a", SCHEMA, batches(1))
    answers.sweep(-1)
    answers.remove("b")
    with pytest.raises(NotFoundError):
        answers.read("a")


CURSORS = Cursors(lambda who: b"key" + who.encode())


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda b: b.hex()))
def test_no_text_that_was_not_signed_is_a_cursor(text):
    with pytest.raises(NotFoundError):
        CURSORS.read(text, AMINA)


@given(st.integers(0, 2**63 - 1), st.integers(1, 100_000), st.integers(0, 58))
def test_a_cursor_is_what_was_signed_to_the_letter(start, count, at):
    place = PagePlace("0123456789abcdef" * 2, start, count)
    text = CURSORS.sign(place, AMINA)
    assert CURSORS.read(text, AMINA) == place
    changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    with pytest.raises(NotFoundError):
        CURSORS.read(changed, AMINA)
