"""The glossary for readers: each term, the data that it speaks of as far as somebody may know it, and an example."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, GhalaError, NotFoundError
from ghala.governance.authorize import Asked
from ghala.model.names import DatasetName
from ghala.model.plain import plain
from ghala.model.policy import Action, Clearance
from ghala.model.principal import PrincipalKind
from ghala.model.term import SeenTerm, TermExample, TermLink
from ghala.model.wording import words_of
from ghala.query.visible import may_search
from ghala.registry.registry import read_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from ghala.model.principal import Principal
    from ghala.model.term import Term
    from ghala.query.visible import Discoverer, Sight, Visibility
    from ghala.registry.registry import Registry

MOST_VALUES = 3
LONGEST_VALUE = 200
_LOOKED_AT = 1_000
"""An example is taken from so many rows: nobody waits for all of them."""
_MOST_TRIED = 3


@dataclass(frozen=True, slots=True)
class Glossary:
    """Shows terms. Without a decider, the workspace's owner reads all columns and nobody else any."""

    registry: Registry
    terms: Callable[[], Sequence[Term]]
    visibility: Visibility
    decider: Discoverer | None = None

    def all(self, *, by: Principal) -> tuple[SeenTerm, ...]:
        """Return all terms, by their names, without examples.

        Raises:
            DeniedError: the token of `by` does not allow to look for anything.
        """
        _require(by)
        terms, sight = self.terms(), self._sight(by)
        named = sorted(terms, key=lambda term: (words_of(term.name), term.name))
        related = _relations(terms)
        return tuple(_seen(term, related, sight, None) for term in named)

    def term(
        self, name: str, *, by: Principal, ask: Callable[[str], pa.Table] | None = None
    ) -> SeenTerm:
        """Return a term by its name or a synonym of it, with an example of the data that it speaks of.

        Args:
            name: in any case.
            by: who looks.
            ask: answers a statement as `by`, recorded like every read; None for no example.

        Raises:
            DeniedError: the token of `by` does not allow to look for anything.
            NotFoundError: there is no such term.
        """
        _require(by)
        terms = self.terms()
        found, sight = _find(name, terms), self._sight(by)
        example = None if ask is None else self._example(found, sight, by, ask)
        return _seen(found, _relations(terms), sight, example)

    def _sight(self, by: Principal) -> Sight:
        with self.registry.read() as connection:
            return self.visibility.of(by, read_epoch(connection))

    def _example(
        self, term: Term, sight: Sight, by: Principal, ask: Callable[[str], pa.Table]
    ) -> TermExample | None:
        """Return values of a linked column that may be read, one in clear if there is any; None if there is none."""
        from ghala.sql.sample import sample_query  # noqa: PLC0415 - the parser, for those who look at an example

        readable = sorted(
            self._readable(term, sight, by), key=lambda one: one[2] is not Clearance.CLEAR
        )
        for dataset, column, clearance in readable[:_MOST_TRIED]:
            try:
                rows = ask(sample_query(dataset, column, MOST_VALUES, _LOOKED_AT))
            except GhalaError:
                # It has no release yet, or its asker's share is used up: a term is shown all the same.
                continue
            values = tuple(_shown(value) for value in rows.column(0).to_pylist())
            if values:
                return TermExample(str(dataset), column, clearance, values)
        return None

    def _readable(
        self, term: Term, sight: Sight, by: Principal
    ) -> Iterator[tuple[DatasetName, str, Clearance]]:
        for link in term.links:
            domain, dataset, *column = link.split(".", 2)
            name = DatasetName(domain, dataset)
            found = sight.definitions.datasets.get(name)
            if not column or found is None or not sight.sees_name(link):
                continue
            known = {one.name.lower(): one.name for one in found[2].columns}
            named = known.get(column[0])
            if named is None:
                continue
            if self.decider is None:
                if by.kind is PrincipalKind.OWNER:
                    yield name, named, Clearance.CLEAR
                continue
            asked = Asked(name, found[2].columns)
            (decision,) = self.decider.decide(by, Action.DATASET_READ, [asked])
            clearance = decision.clearance(named)
            if decision.is_allowed and clearance is not Clearance.HIDDEN:
                yield name, named, clearance


def _require(by: Principal) -> None:
    if not may_search(by):
        raise DeniedError(
            f"{by.id} may not see the glossary with this token",
            reasons=["it has neither the scope `dataset:discover` nor `dataset:read`"],
            hint="issue a token with one of them",
        )


def _by_word(terms: Sequence[Term]) -> Mapping[str, Term]:
    return {" ".join(words_of(word)): one for one in terms for word in (one.name, *one.synonyms)}


def _find(name: str, terms: Sequence[Term]) -> Term:
    by_word = _by_word(terms)
    wanted = " ".join(words_of(name))
    found = by_word.get(wanted)
    if found is None:
        close = get_close_matches(wanted[:200], list(by_word), 1)
        hint = f"did you mean `{by_word[close[0]].name}`?" if close else None
        raise NotFoundError(f"there is no term `{name[:200]}`", hint=hint)
    return found


def _seen(
    term: Term, related: Mapping[str, set[str]], sight: Sight, example: TermExample | None
) -> SeenTerm:
    links = [link for link in term.links if sight.sees_name(link)]
    return SeenTerm(
        name=term.name,
        meaning=term.meaning,
        synonyms=term.synonyms,
        related=tuple(sorted(related.get(term.name, ()), key=str.lower)),
        owner=term.owner,
        links=tuple(_link(link, sight) for link in links),
        example=example,
    )


def _relations(terms: Sequence[Term]) -> Mapping[str, set[str]]:
    """Return for each term, by its name, those that it names and those that name it."""
    by_word = _by_word(terms)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in terms:
        for word in one.related:
            other = by_word.get(" ".join(words_of(word)))
            if other is not None and other.name != one.name:
                found[one.name].add(other.name)
                found[other.name].add(one.name)
    return found


def _link(link: str, sight: Sight) -> TermLink:
    domain, dataset, *column = link.split(".", 2)
    _, _, found = sight.definitions.datasets[DatasetName(domain, dataset)]
    one = next((one for one in found.columns if column and one.name.lower() == column[0]), None)
    name = f"{domain}.{dataset}"
    if one is None:
        return TermLink(link, name, None, None, found.description)
    return TermLink(f"{name}.{one.name}", name, one.name, str(one.type), one.description)


def _shown(value: object) -> str:
    text = str(plain(value))
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
