"""Who answers those who use data: the team that owns its domain, and stewards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.errors import DeniedError, UsageError
from ghala.governance.approval import team_id
from ghala.model.policy import Action
from ghala.model.principal import Role

if TYPE_CHECKING:
    from ghala.governance.approval import Person
    from ghala.model.principal import Principal
    from ghala.spec.kept import Definitions

_SEES_ALL = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.STEWARD})


def keeps(person: Person, definitions: Definitions, domain: str) -> bool:
    """Return whether somebody answers for the data of a domain; an empty one is nobody's but the stewards'."""
    is_everywhere = person.is_owner or Role.STEWARD in person.roles
    return is_everywhere or team_id(definitions.owners.get(domain, "")) in person.teams


def keeps_any(person: Person, definitions: Definitions) -> bool:
    """Return whether somebody answers for the data of any domain."""
    return any(keeps(person, definitions, domain) for domain in ("", *definitions.owners))


def looks_on(person: Person, definitions: Definitions, domain: str) -> bool:
    """Return whether somebody sees what those say who use the data of a domain, whoever they are."""
    return bool(person.roles & _SEES_ALL) or keeps(person, definitions, domain)


def may_answer(by: Principal) -> bool:
    """Return whether what proved who asks lets them act for an owner: a session, or a token with the scope."""
    return by.scopes is None or Action.FEEDBACK_ANSWER in by.scopes


def require_answerer(by: Principal, *, is_keeper: bool) -> None:
    """Let those pass who answer for data.

    Raises:
        DeniedError: `by` does not, or not with this token.
    """
    if not may_answer(by):
        raise DeniedError(
            f"{by.id} may not answer with this token",
            reasons=[f"it does not have the scope {Action.FEEDBACK_ANSWER}"],
            hint="sign in with a password, or use a token that has it",
        )
    if not is_keeper:
        raise DeniedError(
            f"{by.id} may not answer this",
            reasons=["it is for the team that owns the domain, and for stewards"],
            hint="ask one of them",
        )


def read_words(text: str, name: str, longest: int, *, is_needed: bool = False) -> str:
    r"""Return what somebody wrote, as it is kept.

    Raises:
        UsageError: it is too long, holds what cannot be printed, or is missing.

    >>> read_words(" Half of them.\n", "found", 20)
    'Half of them.'
    """
    said = text.strip()
    if is_needed and not said:
        raise UsageError(f"`{name}` says nothing", hint="write it in your own words")
    if len(said) > longest or not all(one.isprintable() or one == "\n" for one in said):
        raise UsageError(f"`{name}` has at most {longest:,} printable characters")
    return said
