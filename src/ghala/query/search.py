"""Search: everything that exists for a principal, the best first. How rare a word is does not count: it would tell."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError, UsageError
from ghala.model.asset import AssetKind, Hit, Part
from ghala.model.wording import placed_words
from ghala.query.passes import asked_words, near_words, passes
from ghala.registry import search
from ghala.registry.registry import read_epoch
from ghala.registry.search_words import FIELDS, Wanted, facet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ghala.model.asset import Asset
    from ghala.model.principal import Principal
    from ghala.model.term import Term
    from ghala.query.indexing import SearchIndex
    from ghala.query.passes import Group
    from ghala.query.visible import Sight, Visibility
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry
    from ghala.registry.search_words import Candidate, Field, Pattern

MOST_HITS = 100
_FIRST_CHUNK, _LONGEST_CHUNK = 64, 4096
_FEW = 16
_SHOWN_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits are narrowed to; `tag` takes the tags below it too."""

    kind: AssetKind | None = None
    domain: str | None = None
    owner: str | None = None
    tag: str | None = None

    @property
    def facets(self) -> tuple[str, ...]:
        """All but the kind, as the index has them."""
        given = (("domain", self.domain), ("owner", self.owner), ("tag", self.tag))
        return tuple(facet(name, value.strip()) for name, value in given if value and value.strip())


@dataclass(frozen=True, slots=True)
class Search:
    """Finds assets. `missed` is told what was looked for in vain."""

    registry: Registry
    index: SearchIndex
    visibility: Visibility
    terms: Callable[[], Sequence[Term]]
    missed: Callable[[str, str], None]

    def search(
        self,
        text: str,
        principal: Principal,
        *,
        filters: Filters = Filters(),
        limit: int = 20,
        is_typing: bool = False,
    ) -> tuple[Hit, ...]:
        """Return the assets in which every word stands, or a word that begins so, or nearly so; the best first.

        Words in names come before those in titles, tags and descriptions, whole ones before beginnings, and both
        before typing errors. `is_typing` says that the text is not at its end: nobody missed anything yet.

        Raises:
            DeniedError: the token that proved who asks does not allow to discover anything.
            UsageError: the text is too long, or the limit not allowed.
            NotFoundError: there is no such domain or owner to narrow to, as far as the principal may know.
        """
        words = asked_words(text, principal)
        if not 1 <= limit <= MOST_HITS:
            raise UsageError(
                f"a search gives 1 to {MOST_HITS} results", hint=f"ask for {MOST_HITS} at most"
            )
        self.index.follow()
        if not words:
            return ()
        terms = {term.name: term for term in self.terms()}
        with self.registry.read() as connection:
            sight = self.visibility.of(principal, read_epoch(connection))
            _check_filters(filters, sight, terms)
            found = _found(connection, words, filters, sight, limit)
        if not found and not is_typing:
            self.missed(text, filters.domain or "")
        return tuple(_hit(asset, groups, sight, terms) for asset, groups in found)


def find_kind(text: str | None) -> AssetKind | None:
    """Return a kind of asset by its name; None for None.

    Raises:
        UsageError: there is none.
    """
    if text is None:
        return None
    try:
        return AssetKind(text.lower())
    except ValueError:
        listed = ", ".join(f"`{kind}`" for kind in AssetKind)
        raise UsageError(f"`{text[:80]}` is no kind of asset", hint=f"use {listed}") from None


def _check_filters(filters: Filters, sight: Sight, terms: Mapping[str, Term]) -> None:
    """Refuse a domain or an owner that is not there: whoever mistyped it would take nothing for an answer."""

    def owners() -> frozenset[str]:
        return sight.owners() | {term.owner for term in terms.values()}

    for kind, value, known in (
        ("domain", filters.domain, sight.domains),
        ("owner", filters.owner, owners),
    ):
        # All of them, whether it is among them or not: how long it takes must not tell what is hidden.
        wanted = (value or "").strip().lower()
        there = {one.lower(): one for one in known()} if wanted else {}
        if wanted and wanted not in there:
            close = get_close_matches(wanted, there, 1)
            hint = f"did you mean `{there[close[0]]}`?" if close else f"search without the {kind}"
            raise NotFoundError(f"there is no {kind} `{wanted[:200]}`", hint=hint)


def _found(
    connection: Transaction, words: list[str], filters: Filters, sight: Sight, limit: int
) -> list[tuple[Asset, Sequence[Group]]]:
    """Return the first assets that exist for the principal, each with the patterns that it was found by.

    Only what is visible is counted: what is not neither fills a page nor decides whether typing errors are looked for.
    """
    found: dict[int, Sequence[Group]] = {}
    hidden: set[int] = set()
    look = _Look(connection, filters.kind, filters.facets, _within(sight))
    for groups, depth in passes(look, words, found):
        for number, kind, name in look.candidates(groups, FIELDS[:depth]):
            if number in found or number in hidden:
                continue
            if not sight.sees(kind, name):
                hidden.add(number)
                continue
            found[number] = groups
            if len(found) == limit:
                break
        if len(found) == limit:
            break
    assets = search.assets(connection, list(found))
    return [(assets[number], groups) for number, groups in found.items()]


def _within(sight: Sight) -> tuple[str, ...]:
    """Return the domains to look in: whoever may know little is not led past everything else."""
    domains = sight.domains()
    if len(domains) > _FEW:
        return ()
    return tuple(facet("domain", one) for one in ("", *sorted(domains)))


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks into the index at one moment, as narrowly as it was asked to."""

    connection: Transaction
    kind: AssetKind | None
    facets: tuple[str, ...]
    within: tuple[str, ...]

    def candidates(self, groups: Sequence[Group], fields: tuple[Field, ...]) -> Iterator[Candidate]:
        """Yield assets that fit, as far as they are asked for: most searches end after the first few."""
        wanted = Wanted(tuple(groups), fields, self.facets, self.within)
        after, size = -1, _FIRST_CHUNK
        while True:
            some = search.find(self.connection, wanted, kind=self.kind, after=after, limit=size)
            yield from some
            if len(some) < size:
                return
            after, size = some[-1].number, min(size * 4, _LONGEST_CHUNK)

    def finds(self, groups: Sequence[Group]) -> bool:
        """Return whether anything fits at all: if not, no narrower question needs to be asked."""
        wanted = Wanted(tuple(groups), FIELDS, self.facets, self.within)
        return bool(search.find(self.connection, wanted, kind=self.kind, limit=1))

    def near(self, word: str, errors: int) -> Group:
        """Return a word, its longer forms, and the known words that it may have been meant for."""
        return near_words(self.connection, word, errors)


def _hit(asset: Asset, groups: Sequence[Group], sight: Sight, terms: Mapping[str, Term]) -> Hit:
    term = terms.get(asset.name) if asset.kind is AssetKind.TERM else None
    synonyms = term.synonyms if term else ()
    patterns = [pattern for group in groups for pattern in group]
    texts = {
        "name": asset.name,
        "title": asset.title,
        "description": _shown(asset.description, patterns),
        "tags": " ".join(asset.tags),
        "synonyms": ", ".join(synonyms),
    }
    marked = {field: _parts(text, patterns) for field, text in texts.items()}
    return Hit(
        kind=asset.kind,
        name=asset.name,
        title=asset.title,
        domain=asset.domain,
        owner=asset.owner,
        description=texts["description"],
        tags=asset.tags,
        highlights={
            field: parts for field, parts in marked.items() if any(part.is_match for part in parts)
        },
        links=tuple(link for link in (term.links if term else ()) if sight.sees_name(link)),
        synonyms=synonyms,
    )


def _parts(text: str, patterns: Sequence[Pattern]) -> tuple[Part, ...]:
    """Return a text in pieces, of which those that were looked for are marked.

    >>> from ghala.registry.search_words import Pattern
    >>> [(part.text, part.is_match) for part in _parts("All Orders.", [Pattern("order", is_prefix=True)])]
    [('All ', False), ('Orders', True), ('.', False)]
    """
    parts, begin = [], 0
    for word in placed_words(text):
        if _fits(word.text, patterns):
            parts += [Part(text[begin : word.start], is_match=False)] if begin < word.start else []
            parts.append(Part(text[word.start : word.end], is_match=True))
            begin = word.end
    return (*parts, Part(text[begin:], is_match=False)) if begin < len(text) else tuple(parts)


def _fits(word: str, patterns: Sequence[Pattern]) -> bool:
    return any(word.startswith(one.word) if one.is_prefix else word == one.word for one in patterns)


def _shown(text: str, patterns: Sequence[Pattern]) -> str:
    """Return the part of a long text that has the first word that was looked for."""
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    first = next((word.start for word in placed_words(text) if _fits(word.text, patterns)), 0)
    begin = 0 if first < _SHOWN_CHARACTERS // 2 else text.rfind(" ", 0, first - 80) + 1
    end = begin + _SHOWN_CHARACTERS
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
