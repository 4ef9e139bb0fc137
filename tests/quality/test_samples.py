"""Samples name broken rows by their key, and only where a key may be shown."""

from __future__ import annotations

import pytest

from ghala.model.contract import Column, OnFail, Rule, RuleKind
from ghala.model.types import parse_type

RULE = Rule("required", RuleKind.REQUIRED, ("name",))


def dataset_of(laboratory, rules=(RULE,), key=("id",), **facts):
    columns = [
        Column("id", parse_type("varchar"), **facts),
        Column("line", parse_type("integer")),
        Column("name", parse_type("varchar")),
    ]
    return laboratory.dataset(columns, rules, key)


def test_samples_are_keys_as_text(laboratory):
    dataset = dataset_of(laboratory, key=("id", "line"))
    rows = [("b", 2, None), ("a", 1, None), ("c", 3, "Ann"), (None, None, None)]
    samples = laboratory.check(dataset, rows).finding("required").samples
    assert samples == (("NULL", "NULL"), ("a", "1"), ("b", "2"))


def test_there_are_ten_different_samples_at_most(laboratory):
    rows = [(f"k{n:02d}", 1, None) for n in range(20) for _ in range(2)]
    samples = laboratory.check(dataset_of(laboratory), rows).finding("required").samples
    assert samples == tuple((f"k{n:02d}",) for n in range(10))


def test_long_keys_are_cut(laboratory):
    samples = (
        laboratory.check(dataset_of(laboratory), [("x" * 5000, 1, None)])
        .finding("required")
        .samples
    )
    assert samples == (("x" * 120,),)


def test_key_rules_have_samples(laboratory):
    rules = [Rule("key", RuleKind.PRIMARY_KEY, ("id",), on_fail=OnFail.QUARANTINE)]
    rows = [("b", 1, "x"), ("b", 2, "x"), ("c", 1, "x")]
    assert laboratory.check(dataset_of(laboratory, rules), rows).finding("key").samples == (("b",),)


def test_rules_that_hold_have_no_samples(laboratory):
    finding = laboratory.check(dataset_of(laboratory), [("a", 1, "x")]).finding("required")
    assert finding.samples == ()


def test_without_a_primary_key_there_are_only_counts(laboratory):
    finding = laboratory.check(dataset_of(laboratory, key=()), [("a", 1, None)]).finding("required")
    assert (finding.failed_rows, finding.samples) == (1, ())


@pytest.mark.parametrize(
    "facts",
    [
        {"classification": "confidential"},
        {"classification": "Restricted"},
        {"classification": "a word that Ghala does not know"},
        {"tags": ("finance", "PII:email")},
        {"tags": ("pii",)},
    ],
)
def test_keys_that_may_be_personal_are_never_shown(laboratory, facts):
    dataset = dataset_of(laboratory, key=("line", "id"), **facts)
    finding = laboratory.check(dataset, [("a", 1, None)]).finding("required")
    assert (finding.failed_rows, finding.samples) == (1, ())


@pytest.mark.parametrize("facts", [{"classification": "public"}, {"classification": "Internal"}])
def test_open_keys_are_shown(laboratory, facts):
    finding = laboratory.check(dataset_of(laboratory, **facts), [("a", 1, None)]).finding(
        "required"
    )
    assert finding.samples == (("a",),)
