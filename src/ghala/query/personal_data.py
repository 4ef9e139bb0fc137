"""The map of personal data: every column that is personal or more than internal, as far as somebody may know it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import UsageError
from ghala.governance.authorize import Asked
from ghala.governance.masks import chosen_mask
from ghala.model.classification import Classification, classification_of
from ghala.model.policy import Action, Clearance
from ghala.model.principal import PrincipalKind
from ghala.model.token import is_in_scope
from ghala.query.discover import column_clearance
from ghala.registry import agreements

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from ghala.governance.access_scope import AccessScope
    from ghala.governance.inherited import Carried, Inheritance
    from ghala.model.contract import Column
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal

PERSONAL = "pii"
_MORE_THAN_INTERNAL = frozenset({Classification.CONFIDENTIAL, Classification.RESTRICTED})


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A column that is personal, or classified as more than internal.

    `carried` has, for each tag that it carries on, the columns of whose contracts it is, and `classification_from`
    likewise those that brought the classification; both as far as the asker may know them. `mask` stands in place of
    its values where they are not clear, None: it is hidden there. `agreements` give it in clear, for some rows at
    least; None where the asker may not know how others read.
    """

    dataset: str
    column: str
    tags: tuple[str, ...]
    classification: str
    carried: Mapping[str, tuple[str, ...]]
    classification_from: tuple[str, ...]
    mask: str | None
    mask_because: str
    agreements: int | None


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Draws the map. `explains` says whether somebody may know how others read a dataset, or (None) every dataset."""

    scope: AccessScope
    inheritance: Inheritance
    explains: Callable[[Principal, DatasetName | None], bool]

    def map(
        self,
        *,
        by: Principal,
        domain: str | None = None,
        tag: str | None = None,
        classification: str | None = None,
    ) -> tuple[PersonalColumn, ...]:
        """Return the columns, by dataset and in the order of its contract: all, or those of a domain, a tag or a word.

        Raises:
            UsageError: there is no such classification.
        """
        wanted = _read_classification(classification)
        seen = self._seen(by)
        inside = {name: one for name, one in seen.items() if domain in {None, name.domain}}
        known = frozenset(
            f"{name}.{column.name}".lower() for name, columns in seen.items() for column in columns
        )
        counts = self._counts(by, inside)
        found = []
        for name, columns in inside.items():
            for column in columns:
                tags = tuple(dict.fromkeys(one.lower() for one in column.tags))
                word = classification_of(column.classification)
                if not _is_on_map(tags, word) or wanted not in {None, word}:
                    continue
                if tag is not None and not _has(tags, tag):
                    continue
                carried = self.inheritance.carried(name, column.name)
                count = None if counts.get(name) is None else counts[name][column.name]
                found.append(_drawn(name, column, tags, carried, known=known, count=count))
        return tuple(found)

    def _seen(self, by: Principal) -> dict[DatasetName, tuple[Column, ...]]:
        """Return all columns that somebody may know of, with what is said of them and what they carry on."""
        decider, definitions = self.scope.decider, self.scope.definitions()
        discovers = decider.discoverer(by)
        names = [name for name in sorted(definitions.datasets) if discovers(name)]
        asked = [Asked(name, definitions.datasets[name][2].columns) for name in names]
        decisions = decider.decide(by, Action.DATASET_READ, asked)
        sees_all = self._explains(by, None)
        found = {}
        for one, decision in zip(asked, decisions, strict=True):
            whole = sees_all or self._explains(by, one.name)
            found[one.name] = tuple(
                column
                for column in decider.described(one).columns
                if whole or column_clearance(column, decision) is not Clearance.HIDDEN
            )
        return found

    def _explains(self, by: Principal, name: DatasetName | None) -> bool:
        return by.kind is PrincipalKind.OWNER or (
            is_in_scope(by, Action.POLICY_EXPLAIN) and self.explains(by, name)
        )

    def _counts(
        self, by: Principal, names: Collection[DatasetName]
    ) -> dict[DatasetName, Counter[str]]:
        """Return how many agreements give each column in clear, of the datasets about which somebody may know that."""
        sees_all = self._explains(by, None)
        told = [name for name in names if sees_all or self._explains(by, name)]
        definitions = self.scope.definitions()
        by_id = {definitions.datasets[name][2].id: name for name in told}
        counts = {name: Counter[str]() for name in told}
        with self.scope.registry.read() as connection:
            for one in agreements.with_anybody(connection, by_id, self.scope.now_us()):
                counts[by_id[one.dataset_id]].update(one.columns)
        return counts


def _drawn(
    name: DatasetName,
    column: Column,
    tags: tuple[str, ...],
    carried: Carried,
    *,
    known: frozenset[str],
    count: int | None,
) -> PersonalColumn:
    mask, because = chosen_mask(column)
    return PersonalColumn(
        dataset=str(name),
        column=column.name,
        tags=tags,
        classification=classification_of(column.classification).value,
        carried={
            tag: _known(carried.tags[tag], known)
            for tag in sorted(carried.via)
            if tag in tags and tag in carried.tags
        },
        classification_from=_known(carried.strict_from, known) if carried.strict_via else (),
        mask=None if mask is None else mask.kind.value,
        mask_because=because,
        agreements=count,
    )


def _known(names: Iterable[str], known: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if name.lower() in known))


def _is_on_map(tags: tuple[str, ...], word: Classification) -> bool:
    return word in _MORE_THAN_INTERNAL or _has(tags, PERSONAL)


def _has(tags: tuple[str, ...], wanted: str) -> bool:
    """Return whether one of some tags is a wanted one, or a kind of it: `pii.email` is one of `pii`."""
    lowered = wanted.lower()
    return any(tag == lowered or tag.startswith(f"{lowered}.") for tag in tags)


def _read_classification(word: str | None) -> Classification | None:
    if word is None:
        return None
    try:
        return Classification(word.lower())
    except ValueError:
        listed = ", ".join(f"`{one.value}`" for one in Classification)
        raise UsageError(f"`{word[:80]}` is no classification", hint=f"use {listed}") from None
