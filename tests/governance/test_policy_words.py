"""Policies in words: each has a sentence, of its own or made from whom and what it is about."""

from __future__ import annotations

import pytest

from ghala.governance.cedar import Policies, PolicyFile
from ghala.governance.policy_words import worded
from ghala.model.principal import Role


def said(text):
    """Return the words of a policy, written as `permit (…)` or `forbid (…)` with what follows."""
    policies = Policies.of([PolicyFile("policies/own.cedar", f'@id("own")\n{text}')])
    (found,) = [one for one in policies.policies.values() if one.id == "own"]
    return worded(found)


def test_every_built_in_policy_says_itself():
    for one in Policies.of().policies.values():
        words = worded(one)
        assert words.says == one.says
        assert words.says.endswith(".")
        assert words.text in Policies.of().files[0].text


READS = """permit (principal is User, action == Action::"dataset:read", resource == Dataset::"sales.orders")
when { context.purpose == "analytics" };"""
SEES = """forbid (principal in Team::"x", action == Action::"column:read_clear", resource is TagSet in Domain::"hr")
unless { resource.tags
  .isEmpty() };"""
FINDS = """permit (principal == Service::"bi", action in [Action::"dataset:discover", Action::"dataset:read"],
resource in Product::"sales/orders"); // when { nothing }"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (READS, 'Users may read dataset `sales.orders` when `context.purpose == "analytics"`.'),
        (
            SEES,
            "Members of team `x` may never see in clear columns of domain `hr` unless `resource.tags .isEmpty()`.",
        ),
        (FINDS, "Service `bi` may discover and read whatever is in product `sales/orders`."),
        ("forbid (principal, action, resource);", "Everybody may never do anything with anything."),
    ],
    ids=["reads", "sees", "finds", "all"],
)
def test_a_policy_without_words_gets_some(text, sentence):
    assert said(text).says == sentence


def test_words_of_its_own_stand_before_all():
    words = said('@says("Nobody reads.")\n@reason("rest")\nforbid (principal, action, resource);')
    assert (words.says, words.reason, words.effect) == ("Nobody reads.", "rest", "forbid")


def test_the_roles_that_it_looks_at_are_told():
    text = """permit (principal, action == Action::"dataset:discover", resource)
        when { context.roles.contains("steward") };"""
    assert said(text).roles == (Role.STEWARD,)
    assert said(text).actions == ("dataset:discover",)
    assert said("forbid (principal, action, resource);").roles == ()
