from __future__ import annotations

from datetime import UTC

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot.errors import SqlglotError

from ghala.errors import QueryRefusedError
from ghala.sql.at import Pin, resolve_at
from ghala.sql.parse import parse


def resolve(text):
    return resolve_at(text, sqlglot.tokenize(text, read="duckdb"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM s.o AT (VERSION => 3)", 'FROM s."o@3" AS o'),
        ("FROM s.o AT (VERSION => 3) x", 'FROM s."o@3" x'),
        ("FROM s.o AT (VERSION => 3) AS x(a, b)", 'FROM s."o@3" AS x(a, b)'),
        ("FROM s.o x AT (VERSION => 3)", 'FROM s."o@3" x'),
        ("FROM s.o AS x AT (VERSION => 3)", 'FROM s."o@3" AS x'),
        ('FROM "S" . "O" at(version=>3) JOIN t', 'FROM "S" . "o@3" AS "O" JOIN t'),
        ("FROM s.o AT (VERSION => 3), s.o", 'FROM s."o@3" AS o, s.o'),
        ("FROM Memory.s.o AT (VERSION => 3)", 'FROM Memory.s."o@3" AS o'),
        ("FROM s.o AT (VERSION => 3) ASOF JOIN b", 'FROM s."o@3" AS o ASOF JOIN b'),
        (
            "FROM s.o AT (TIMESTAMP => TIMESTAMP '2026-01-31 12:00')",
            'FROM s."o@2026-01-31 12:00:00+00:00" AS o',
        ),
        (
            "FROM s.o AT (TIMESTAMP => '2026-01-31T12:00:00+02:00')",
            'FROM s."o@2026-01-31 10:00:00+00:00" AS o',
        ),
    ],
)
def test_the_clause_becomes_a_view_of_its_own(text, expected):
    assert resolve(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 'FROM s.o AT (VERSION => 3)'",
        'SELECT "AT (VERSION => 3)" FROM s.o',
        "FROM s.o -- AT (VERSION => 3)",
        "FROM s.o /* AT (VERSION => 3) */",
        "SELECT now() AT TIME ZONE 'UTC', at, at(1), x.at FROM at",
    ],
)
def test_other_uses_of_the_word_stay(text):
    assert resolve(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "FROM o AT (VERSION => 3)",
        "FROM a.s.o AT (VERSION => 3)",
        "FROM a.memory.s.o AT (VERSION => 3)",
        "FROM s.o AT (VERSION => 1 + 1)",
        "FROM s.o AT (VERSION => (SELECT 1))",
        "FROM s.o AT (VERSION => '3')",
        "FROM s.o AT (TIMESTAMP => now())",
        "FROM s.o AT (TIMESTAMP => 'yesterday')",
        "FROM s.o AT (VERSION => 3",
        "FROM (SELECT 1) AT (VERSION => 3)",
        "AT (VERSION => 3)",
    ],
)
def test_anything_but_a_literal_after_a_dataset_is_refused(text):
    with pytest.raises(QueryRefusedError) as caught:
        resolve(text)
    assert "AT (VERSION => 3)" in caught.value.hint


@pytest.mark.parametrize(
    "literal",
    [
        f"VERSION => {'9' * 5000}",
        "TIMESTAMP => '0001-01-01T00:00:00+14:00'",
        "TIMESTAMP => '9999-12-31T23:00:00-14:00'",
        "TIMESTAMP => TIMESTAMP '0001-01-01T00:00:00+00:01'",
    ],
)
def test_a_literal_beyond_all_releases_is_refused_with_its_place(literal):
    text = f"FROM s.o AT ({literal})"
    with pytest.raises(QueryRefusedError) as caught:
        parse(text)
    assert "AT (VERSION => 3)" in caught.value.hint
    value = max(text.find("'"), text.find("9" * 50))
    assert str(caught.value.place) == f"statement:1:{value + 1}"


@given(st.integers(0), st.datetimes(timezones=st.timezones()))
def test_a_literal_names_a_release_or_is_refused(version, moment):
    for literal in (f"VERSION => {version}", f"TIMESTAMP => '{moment.isoformat()}'"):
        try:
            pins = resolve(f"FROM s.o AT ({literal})").pins
        except QueryRefusedError:
            continue
        (pin,) = pins.values()
        # Python calls moments of two zones different where a clock was set back.
        assert pin.version == version or pin.timestamp == moment.astimezone(UTC)


def test_pins_say_what_is_wanted():
    statement = parse("FROM s.o AT (VERSION => 3) JOIN s.o AT (VERSION => 4) p USING (id)")
    assert statement.pins == {"o@3": Pin(3), "o@4": Pin(4)}
    assert sorted(map(str, statement.tables)) == ["s.o@3", "s.o@4"]


def test_places_are_those_of_the_written_text():
    written = "SELECT x FROM s.o AT (VERSION => 3) WHERE nothing"
    statement = parse(written)
    offset = statement.text.index("nothing")
    assert str(statement.place(offset)) == f"statement:1:{written.index('nothing') + 1}"


TEXTS = st.text(st.sampled_from("abAT t(')\"-/*=>3.,\n\u00e9;"), max_size=40)


@given(TEXTS)
def test_a_text_without_the_clause_stays_as_it_is(text):
    try:
        tokens = sqlglot.tokenize(text, read="duckdb")
    except SqlglotError:
        return
    words = {token.text.upper() for token in tokens}
    if "VERSION" not in words and "TIMESTAMP" not in words:
        assert resolve_at(text, tokens).text == text


@given(st.integers(0, 999), TEXTS.filter(lambda text: "*/" not in text))
def test_what_stands_around_the_clause_stays(version, comment):
    before, after = (
        "SELECT 'a', /*",
        "*/ 1 FROM s.o AT (VERSION => %d) WHERE 'AT (VERSION => 1)' <> ''",
    )
    text = f"{before}{comment}{after % version}"
    try:
        found = resolve(text)
    except SqlglotError:
        return
    assert found.text == text.replace(f"s.o AT (VERSION => {version})", f's."o@{version}" AS o', 1)
