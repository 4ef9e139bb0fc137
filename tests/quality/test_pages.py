"""The reference of rules has every kind of rule and every operator."""

from pathlib import Path

from ghala.model.contract import Operator, RuleKind

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "rules.md").read_text("utf-8")


def test_every_kind_of_rule_is_documented():
    assert [kind for kind in RuleKind if f"`{kind}`" not in PAGE] == []


def test_every_operator_is_documented():
    assert [operator for operator in Operator if f"`{operator}`" not in PAGE] == []
