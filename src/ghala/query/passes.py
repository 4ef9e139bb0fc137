"""In which order a search looks: words in names before words in texts, whole ones before beginnings, errors last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ghala.errors import DeniedError, UsageError
from ghala.model.typing_errors import tolerated
from ghala.model.wording import words_of
from ghala.query.visible import may_search
from ghala.registry import search
from ghala.registry.search_words import FIELDS, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Sized

    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction

MOST_CHARACTERS = 500
_MOST_WORDS = 16
_MOST_CLOSE_WORDS = 256
_ENOUGH = 5
"""Who found so many things has probably typed what they meant."""

Group = tuple[Pattern, ...]
"""Patterns of which one is enough."""


class Look(Protocol):
    """Looks where the words of assets are kept."""

    def finds(self, groups: Sequence[Group]) -> bool:
        """Return whether anything fits at all: if not, no narrower question needs to be asked."""

    def near(self, word: str, errors: int) -> Group:
        """Return a word, its longer forms, and the known words that it may have been meant for."""


def passes(look: Look, words: Sequence[str], found: Sized) -> Iterator[tuple[Sequence[Group], int]]:
    """Yield what to look for, the best first, and in how many of the `FIELDS`.

    Later ones may find again what earlier ones did. Typing errors are looked for only while few were `found`, and two
    in a word only while nothing was.
    """
    whole = [(Pattern(word),) for word in words]
    begun = [(Pattern(word, is_prefix=True),) for word in words]
    if look.finds(begun):
        for depth in (1, 2):
            yield whole, depth
            yield begun, depth
        yield begun, 3
        yield begun, len(FIELDS)
    for errors in (1, 2):
        enough = _ENOUGH if errors == 1 else 1
        if max(tolerated(word) for word in words) < errors or len(found) >= enough:
            return
        near = [look.near(word, min(errors, tolerated(word))) for word in words]
        if look.finds(near):
            yield near, 2
            yield near, len(FIELDS)


def near_words(connection: Transaction, word: str, errors: int) -> Group:
    """Return a word, its longer forms, and the words of the index that it may have been meant for."""
    begun = Pattern(word, is_prefix=True)
    if not errors:
        return (begun,)
    close = search.close_words(connection, word, errors)[:_MOST_CLOSE_WORDS]
    return (begun, *(Pattern(other) for _, _, other in close))


def asked_words(text: str, principal: Principal) -> list[str]:
    """Return the words of a text, as a principal may search for them.

    Raises:
        DeniedError: the token that proved who asks does not allow to discover anything.
        UsageError: the text is too long.
    """
    if not may_search(principal):
        raise DeniedError(
            f"{principal.id} may not search with this token",
            reasons=["it has neither the scope `dataset:discover` nor `dataset:read`"],
            hint="issue a token with one of them",
        )
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"a search has at most {MOST_CHARACTERS} characters", hint="look for fewer words"
        )
    return list(dict.fromkeys(words_of(text)))[:_MOST_WORDS]
