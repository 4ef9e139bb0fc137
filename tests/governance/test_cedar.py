"""Policies as text: what is wrong with them is said by file and line; what they say is answered with reasons."""

from __future__ import annotations

import pytest

from ghala.errors import DefinitionError
from ghala.governance.cedar import (
    Entity,
    Policies,
    PolicyError,
    PolicyFile,
    Question,
    policy_faults,
    split,
)

SALES = Entity("Team", "sales")
AMINA = Entity("User", "amina", parents=(SALES,))
BOB = Entity("User", 'b"ob')
CONTEXT = {
    "purpose": "planning",
    "endpoint": "cli",
    "now": {"__extn": {"fn": "datetime", "arg": "2026-01-01T00:00:00Z"}},
    "roles": [],
    "domains": [],
}


def dataset(**attributes):
    return Entity(
        "Dataset",
        "sales.orders",
        {
            "owners": (SALES,),
            "classification": "internal",
            "tags": (),
            "is_personal": False,
            **attributes,
        },
    )


def ask(policies, who, action="dataset:read", **attributes):
    (verdict,) = policies.decide([Question(who, action, dataset(**attributes), CONTEXT)])
    return verdict


def own(text):
    return [PolicyFile("policies/own.cedar", text)]


def test_owners_read_their_own_and_others_do_not():
    policies = Policies.of()
    assert ask(policies, AMINA).is_allowed
    assert [one.id for one in ask(policies, AMINA).policies] == ["ghala.owners-discover-and-read"]
    bob = ask(policies, BOB)
    assert (bob.is_allowed, bob.is_forbidden, bob.policies) == (False, False, ())
    assert ask(policies, BOB, "dataset:discover").is_allowed
    assert not ask(policies, BOB, "dataset:discover", classification="restricted").is_allowed
    assert ask(policies, BOB, classification="public").is_allowed


def test_forbid_wins_and_says_so():
    text = (
        '@id("no-bob") @reason("Bob left") forbid (principal == User::"b\\"ob", action, resource);'
    )
    verdict = ask(Policies.of(own(text)), BOB, classification="public")
    assert verdict.is_forbidden
    assert [(one.id, one.reason, one.place.line) for one in verdict.policies] == [
        ("no-bob", "Bob left", 1)
    ]


def test_each_answer_belongs_to_its_question():
    questions = [
        Question(who, action, dataset(), CONTEXT)
        for who in (AMINA, BOB)
        for action in ("dataset:read", "dataset:discover")
    ]
    answers = Policies.of().decide(questions)
    assert [one.is_allowed for one in answers] == [True, True, False, True]


def test_a_version_changes_with_every_byte():
    text = '@id("a") permit (principal, action, resource);'
    versions = {Policies.of().version, Policies.of(own(text)).version}
    versions.add(Policies.of(own(text.replace('"a"', '"b"'))).version)
    assert len(versions) == 3
    assert Policies.of().version == Policies.of().version


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("permit (principal, action, resource", "end of input"),
        ("permitt (principal, action, resource);", "permitt"),
        ("permit (principal, action, resource);", "no id"),
        ('@id("x") permit (principal, action == Action::"dataset:reed", resource);', "reed"),
        (
            '@id("x") permit (principal, action, resource is Dataset) when { resource.ownerz == 1 };',
            "ownerz",
        ),
        ('@id("x") permit (principal, action, resource) when { context.now > 5 };', "datetime"),
        ('@id("ghala.users-discover") permit (principal, action, resource);', "another policy"),
        ('@id("x") permit (principal == ?principal, action, resource);', "template"),
    ],
)
def test_a_wrong_policy_is_named_by_its_line(text, words):
    with pytest.raises(DefinitionError, match=words) as caught:
        Policies.of(own(f"// first\n\n{text}"))
    assert (caught.value.place.file, caught.value.place.line) == ("policies/own.cedar", 3)
    assert caught.value.hint


def test_all_that_is_wrong_is_said_at_once():
    text = 'permit (principal, action, resource);\n@id("y") nonsense;\n@id("z") permit (principal, action, resource);'
    assert [(fault.place.line) for fault in policy_faults(own(text))] == [1, 2]


def test_a_policy_that_fails_allows_nothing():
    # The smallest number less one has no place in Cedar's 64 bits: an error that no validation can foresee.
    text = (
        '@id("overflow") forbid (principal, action, resource is Dataset)'
        " when { -9223372036854775807 - 2 < 0 };"
    )
    with pytest.raises(PolicyError, match="nothing is allowed"):
        ask(Policies.of(own(text)), AMINA)


def test_semicolons_in_texts_and_comments_end_no_policy():
    text = '// a; b\n@reason("x; // y")\npermit (a);\n// c;\n'
    assert list(split(text)) == [('@reason("x; // y")\npermit (a);', 2)]
