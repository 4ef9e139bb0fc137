"""Policies in words: a sentence for each, beside its text in Cedar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ghala.model.explanation import WordedPolicy
from ghala.model.principal import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ghala.governance.cedar import Policy

_VERBS = {
    "agreement:approve_automatically": "get without anybody deciding, on request,",
    "column:read_clear": "see in clear",
    "dataset:discover": "discover",
    "dataset:read": "read",
}
_KINDS = {
    "Agent": "agents",
    "Dataset": "datasets",
    "Product": "products",
    "Service": "services",
    "TagSet": "columns",
    "Team": "teams",
    "User": "users",
}
_CONDITION = re.compile(r"\b(when|unless)\s*\{(.*?)\}(?=\s*(?:when\b|unless\b|;|$))", re.DOTALL)
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*')


def worded(policy: Policy) -> WordedPolicy:
    """Return a policy in words: those that it has itself (`@says`), or those of its head with its conditions."""
    head: Mapping[str, Any] = policy.head
    actions = tuple(_actions(head["action"]))
    return WordedPolicy(
        id=policy.id,
        effect="permit" if policy.permits else "forbid",
        says=policy.says or _sentence(policy, actions),
        reason=policy.reason,
        actions=actions or tuple(sorted(_VERBS)),
        roles=tuple(role for role in Role if role.value in policy.texts),
        text=policy.text,
        place=policy.place,
    )


def _sentence(policy: Policy, actions: tuple[str, ...]) -> str:
    who = _who(policy.head["principal"])
    may = "may" if policy.permits else "may never"
    does = _listed([_VERBS.get(one, one) for one in actions]) or "do anything with"
    what = _what(policy.head["resource"])
    sentence = f"{who} {may} {does} {what}{''.join(_conditions(policy.text))}."
    return sentence[:1].upper() + sentence[1:]


def _who(limit: Mapping[str, Any]) -> str:
    """Return whom a policy is about.

    >>> _who({"op": "is", "entity_type": "User", "in": {"entity": {"type": "Team", "id": "sales"}}})
    'users of team `sales`'
    >>> _who({"op": "in", "entity": {"type": "Team", "id": "sales"}})
    'members of team `sales`'
    """
    if limit["op"] == "All":
        return "everybody"
    if limit["op"] == "is":
        kind = _KINDS.get(limit["entity_type"], limit["entity_type"])
        return f"{kind} of {_name(limit['in']['entity'])}" if limit.get("in") else kind
    return ("members of " if limit["op"] == "in" else "") + _name(limit["entity"])


def _what(limit: Mapping[str, Any]) -> str:
    """Return what a policy is about.

    >>> _what({"op": "==", "entity": {"type": "Dataset", "id": "sales.orders"}})
    'dataset `sales.orders`'
    """
    if limit["op"] == "All":
        return "anything"
    if limit["op"] == "is":
        kind = _KINDS.get(limit["entity_type"], limit["entity_type"])
        return f"{kind} of {_name(limit['in']['entity'])}" if limit.get("in") else kind
    return ("whatever is in " if limit["op"] == "in" else "") + _name(limit["entity"])


def _name(entity: Mapping[str, str]) -> str:
    return f"{entity['type'].lower()} `{entity['id']}`"


def _actions(limit: Mapping[str, Any]) -> Iterator[str]:
    """Yield the actions that a policy names; none where it is about all."""
    found = limit.get("entities") or [limit.get("entity")]
    yield from sorted(one["id"] for one in found if one)


def _conditions(text: str) -> Iterator[str]:
    r"""Yield a policy's conditions, each on one line.

    >>> list(_conditions('permit (a) // when { x }\nwhen {\n  a.b == "c // d"\n} unless { e };'))
    [' when `a.b == "c // d"`', ' unless `e`']
    """
    bare = _COMMENT.sub(lambda found: found[1] or "", text)
    for word, condition in _CONDITION.findall(bare):
        yield f" {word} `{' '.join(condition.split())}`"


def _listed(words: list[str]) -> str:
    return " and ".join(words)
