"""Hostile files that are too large to keep: each is made when it is asked for, with what must become of it."""

from __future__ import annotations

LONG = 17 << 20


def _wide():
    count = 5000
    header = ",".join(f"c{place}" for place in range(count))
    row = ",".join(str(place) for place in range(count))
    short = row.rpartition(",")[0]
    data = f"{header}\n{row}\n{short}\n{row}\n".encode()
    return {
        "why": "Five thousand columns are no reason to guess, or to run out of memory.",
        "data": data,
        "columns": {"c0": "bigint", "c4999": "bigint"},
        "rows": [[0, 4999], [0, 4999]],
        "quarantine": [
            {
                "record": 2,
                "line": 3,
                "byte_offset": len(header) + len(row) + 2,
                "raw": short,
                "column": None,
                "reason": "field_count",
            }
        ],
    }


def _long_field():
    text = "x" * (5 << 20)
    return {
        "why": "A field of five MiB spans several blocks and is a value like another.",
        "data": f'a,b\n1,{text}\n2,"{text}\n"\n3,y\n'.encode(),
        "columns": {"a": "bigint", "b": "varchar"},
        "rows": [[1, text], [2, text + "\n"], [3, "y"]],
        "quarantine": [],
    }


def _too_long(quote: str, reason: str):
    raw = "2," + quote + "x" * LONG
    return {
        "why": "Memory stays bounded: a record of more than 16 MiB is quarantined by its beginning.",
        "data": f"a,b\n1,x\n{raw}\n3,y\n".encode(),
        "columns": {"a": "bigint", "b": "varchar"},
        "rows": [[1, "x"], [3, "y"]],
        "quarantine": [
            {
                "record": 2,
                "line": 3,
                "byte_offset": 8,
                "raw": raw[: 1 << 20],
                "column": None,
                "reason": reason,
            }
        ],
    }


def _quote_open_for_long():
    line = "2,y" + "z" * 1000 + "\n"
    many = LONG // len(line)
    return {
        "why": "A quote that stays open for more than 16 MiB costs one line, not all that follows.",
        "data": ('a,b\n1,"x\n' + line * many).encode(),
        "columns": {"a": "bigint", "b": "varchar"},
        "rows": [[2, line[2:-1]]] * many,
        "quarantine": [
            {
                "record": 1,
                "line": 2,
                "byte_offset": 4,
                "raw": '1,"x',
                "column": None,
                "reason": "quote_unclosed",
            }
        ],
    }


def _deep_json():
    deep = '{"a": ' + "[" * 5000 + "]" * 5000 + "}"
    return {
        "why": "Deep nesting is a fault of the line, not of the program.",
        "type": "ndjson",
        "data": f'{{"a": 1}}\n{deep}\n{{"a": 2}}\n'.encode(),
        "columns": {"a": "varchar"},
        "rows": [["1"], ["2"]],
        "quarantine": [
            {
                "record": 2,
                "line": 2,
                "byte_offset": 9,
                "raw": deep,
                "column": None,
                "reason": "invalid_json",
            }
        ],
    }


def _huge_json_number():
    number = "9" * 5000
    line = f'{{"a": {number}}}'
    return {
        "why": "A number of 5,000 digits is neither cut nor counted.",
        "type": "ndjson",
        "data": f"{line}\n".encode(),
        "columns": {"a": "bigint"},
        "rows": [],
        "quarantine": [
            {
                "record": 1,
                "line": 1,
                "byte_offset": 0,
                "raw": line,
                "column": "a",
                "reason": "out_of_range",
            }
        ],
    }


def _stray_quotes_everywhere():
    bad = '7,5" pipe'
    count = 2000
    data = "a,b\n" + f"{bad}\n" * count + "8,ok\n"
    return {
        "why": "Many malformed lines stay many small faults.",
        "data": data.encode(),
        "columns": {"a": "bigint", "b": "varchar"},
        "rows": [[8, "ok"]],
        "quarantine": [
            {
                "record": number + 1,
                "line": number + 2,
                "byte_offset": 4 + number * (len(bad) + 1),
                "raw": bad,
                "column": None,
                "reason": "quote_in_field",
            }
            for number in range(count)
        ],
    }


GENERATED = {
    "deep_json": _deep_json,
    "five_thousand_columns": _wide,
    "huge_json_number": _huge_json_number,
    "long_field": _long_field,
    "quote_open_for_long": _quote_open_for_long,
    "stray_quotes_everywhere": _stray_quotes_everywhere,
    "too_long": lambda: _too_long("", "too_long"),
    "too_long_and_quoted": lambda: _too_long('"', "too_long"),
}
