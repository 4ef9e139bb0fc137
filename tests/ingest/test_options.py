"""What a source may say, and what it is told when it says something else."""

from pathlib import Path

import pytest

from ghala.ingest.find import check_source
from ghala.model.contract import Rounding
from ghala.model.product import Source, SourceColumn
from ghala.model.types import DataType, Kind, parse_type

ZONES = {"erp": Path("/srv/erp")}


def faults(type_="csv", columns=(), **options):
    found = check_source(Source("s", type_, {"files": "*.csv", **options}, tuple(columns)), ZONES)
    return [(fault.option, fault.message, fault.hint) for fault in found]


def test_a_right_source_has_no_faults():
    assert faults() == []
    assert (
        faults(
            zone="erp",
            delimiter=";",
            quote="",
            nulls=["NULL"],
            trim=True,
            skip_lines=2,
            header=False,
        )
        == []
    )
    assert faults("ndjson", nulls="") == []


@pytest.mark.parametrize(
    ("options", "option", "message", "hint"),
    [
        ({"delimeter": ";"}, "delimeter", "is not an option of", "did you mean `delimiter`?"),
        ({"delimiter": ";;"}, "delimiter", "one ASCII character", None),
        ({"delimiter": "\n"}, "delimiter", "one ASCII character", None),
        ({"delimiter": ""}, "delimiter", "one ASCII character", None),
        ({"delimiter": '"'}, "quote", "must differ", None),
        ({"header": "yes"}, "header", "`true` or `false`", None),
        ({"skip_lines": -1}, "skip_lines", "whole number", None),
        ({"skip_lines": True}, "skip_lines", "whole number", None),
        ({"encoding": "utf-16"}, "encoding", "one of ascii", None),
        ({"nulls": [1]}, "nulls", "a text or a list of texts", None),
        ({"zone": "epr"}, "zone", "no landing zone", "did you mean `erp`?"),
        ({"files": "/etc/passwd"}, "files", "relative", "name a landing zone"),
        ({"files": ["a.csv", "../b.csv"]}, "files", "no `..`", "name a landing zone"),
        ({"files": []}, "files", "names no `files`", "give one pattern"),
        ({"files": 3}, "files", "a text or a list of texts", None),
    ],
)
def test_a_wrong_option_is_named(options, option, message, hint):
    [(found, told, advice)] = faults(**options)
    assert found == option
    assert message in told
    assert (hint or "") in (advice or "")


def test_an_unknown_type_is_named():
    [(option, message, hint)] = faults("cvs")
    assert (option, hint) == ("type", "did you mean `csv`?")
    assert "cvs" in message


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (SourceColumn("a", "a", parse_type("bigint"), formats=("%d",)), "dates and times"),
        (SourceColumn("a", "a", parse_type("date"), formats=("%d.%m",)), "the whole date"),
        (SourceColumn("a", "a", parse_type("date"), formats=("%d.%m.%Y %q",)), "not known"),
        (SourceColumn("a", "a", parse_type("time"), formats=("%I:%M",)), "12-hour"),
        (SourceColumn("a", "a", parse_type("timestamptz"), formats=("%Y-%m-%d",)), "`%z`"),
        (SourceColumn("a", "a", parse_type("varchar"), decimal=","), "for numbers"),
        (SourceColumn("a", "a", parse_type("bigint"), decimal=".", grouping="."), "must differ"),
        (SourceColumn("a", "a", parse_type("bigint"), grouping="00"), "no part of a number"),
        (SourceColumn("a", "a", parse_type("double"), rounding=Rounding.HALF_UP), "rounding"),
        (
            SourceColumn("a", "a", DataType(Kind.LIST, element=parse_type("date"))),
            "no values of type",
        ),
    ],
)
def test_a_wrong_column_is_named(column, message):
    [(option, told, _)] = faults(columns=[column])
    assert option == "columns.a"
    assert message in told
