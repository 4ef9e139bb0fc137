"""Declarations: an owner says, on record, that a column does not carry on what the columns above it are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotFoundError, UsageError
from ghala.governance.administration import record
from ghala.governance.decider import ownership
from ghala.model.audit import AuditTag
from ghala.model.classification import Classification, strictest
from ghala.model.declaration import Declaration
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.model.token import is_in_scope
from ghala.registry import declarations
from ghala.registry.registry import move_epoch, now_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ghala.governance.inherited import Carried, Inheritance
    from ghala.model.contract import Column, Dataset
    from ghala.model.names import DatasetName
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry
    from ghala.spec.kept import Definitions

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class ColumnTags:
    """What a column is about: its own tags, those that it inherits with the columns that have them."""

    column: str
    tags: tuple[str, ...]
    inherited: Mapping[str, tuple[str, ...]]
    classification: str
    classification_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declarations:
    """Shows what columns carry on, and lets their owners say that they do not."""

    registry: Registry
    definitions: Callable[[], Definitions]
    inheritance: Inheritance
    discovers: Callable[[Principal, DatasetName], bool] = lambda by, _: (
        by.kind is PrincipalKind.OWNER
    )

    def tags(self, name: str, *, by: Principal) -> tuple[ColumnTags, ...]:
        """Return what the columns of a dataset are about, or one of them.

        Raises:
            DeniedError: `by` is not its owner: where tags come from is told to nobody else.
            NotFoundError: there is no such dataset or column.
        """
        dataset, column = self._find(name, by)
        self._require_owner(dataset.name, by)
        columns = dataset.columns if column is None else (column,)
        return tuple(
            _tags(one, self.inheritance.carried(dataset.name, one.name)) for one in columns
        )

    def declare(
        self,
        name: str,
        *,
        without: Sequence[str] = (),
        classification: str | None = None,
        reason: str,
        by: Principal,
    ) -> tuple[Declaration, ...]:
        """Declare that a column carries some tags no further, or what it is classified as whatever is above it.

        Raises:
            DeniedError: `by` is not the dataset's owner.
            NotFoundError: there is no such column.
            UsageError: it does not carry that on, the reason is missing, or nothing is declared.
        """
        dataset, column = self._find(name, by)
        self._require_owner(dataset.name, by)
        if column is None:
            raise UsageError(
                f"`{name}` names no column",
                hint=f"write `{dataset.name}.{dataset.columns[0].name}`",
            )
        stated = reason.strip()
        if not stated or len(stated) > _LONGEST_REASON or not stated.isprintable():
            raise UsageError(
                "nobody declares anything without saying why",
                hint=f"--reason TEXT: one line of at most {_LONGEST_REASON} characters",
            )
        carried = self.inheritance.carried(dataset.name, column.name)
        said: list[tuple[str | None, str | None, frozenset[str]]] = [
            (tag, None, _via(tag, column, carried)) for tag in map(str.lower, without)
        ]
        if classification is not None:
            said.append((None, _laxer(classification, carried), carried.above))
        if not said:
            raise UsageError("nothing is declared", hint="--not TAG, or --classification WORD")
        at_us = now_us()
        made = tuple(
            Declaration(
                id=secrets.token_hex(4),
                dataset=dataset.name,
                dataset_id=dataset.id,
                column=column.name,
                tag=tag,
                classification=word,
                origins=tuple(sorted(origins)),
                reason=stated,
                declared_by=by.id,
                declared_at=as_time(at_us),
            )
            for tag, word, origins in said
        )
        detail = {"column": column.name, "reason": stated, "ids": [one.id for one in made]}
        detail |= {"not": [one.tag for one in made if one.tag]}
        detail |= {"classification": classification} if classification else {}
        with self.registry.write() as connection:
            for one in made:
                declarations.add(connection, one, at_us)
            record(connection, AuditTag.DECLARATION_MADE, by, [str(dataset.name)], detail)
            move_epoch(connection)
        return made

    def withdraw(self, declaration_id: str, *, by: Principal) -> Declaration:
        """End a declaration: the column carries on again what is above it.

        Raises:
            DeniedError: `by` is not the dataset's owner.
            NotFoundError: there is none of that id, or it was withdrawn before.
        """
        known = {one.id: one for one in self.all(by=by)}
        found = known.get(declaration_id)
        if found is None or not found.is_in_force:
            raise NotFoundError(
                f"no declaration `{declaration_id[:20]}` is in force",
                hint="`ghala tags list` names them",
            )
        self._require_owner(found.dataset, by)
        with self.registry.write() as connection:
            if declarations.withdraw(connection, found.id, by.id, now_us()):
                detail = {"column": found.column, "ids": [found.id]}
                record(connection, AuditTag.DECLARATION_WITHDRAWN, by, [str(found.dataset)], detail)
                move_epoch(connection)
            after = declarations.all_of(connection, found.dataset)
        return next((one for one in after if one.id == found.id), found)

    def all(self, name: str | None = None, *, by: Principal) -> tuple[Declaration, ...]:
        """Return every declaration, or those about one dataset, oldest first; withdrawn ones stay on record.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is no such dataset.
        """
        _require_scope(by)
        wanted = None if name is None else self._find(name, by)[0].name
        with self.registry.read() as connection:
            found = declarations.all_of(connection, wanted)
        return tuple(one for one in found if self._owns(one.dataset, by))

    def _find(self, text: str, by: Principal) -> tuple[Dataset, Column | None]:
        known = self.definitions().datasets
        domain, _, rest = text.strip().partition(".")
        name, _, wanted = rest.partition(".")
        names = {str(one): one for one in known if self.discovers(by, one)}
        found = names.get(f"{domain}.{name}".lower())
        if found is None:
            close = get_close_matches(f"{domain}.{name}".lower(), sorted(names), 1)
            hint = f"did you mean `{close[0]}`?" if close else "write `domain.dataset[.column]`"
            raise NotFoundError(f"there is no dataset `{domain}.{name}`"[:200], hint=hint)
        dataset = known[found][2]
        if not wanted:
            return dataset, None
        column = dataset.column(wanted)
        if column is None:
            close = get_close_matches(wanted, [one.name for one in dataset.columns], 1)
            hint = f"did you mean `{close[0]}`?" if close else f"see `ghala show {found}`"
            raise NotFoundError(f"{found} has no column `{wanted[:200]}`", hint=hint)
        return dataset, column

    def _owns(self, name: DatasetName, by: Principal) -> bool:
        if by.kind is PrincipalKind.OWNER:
            return True
        owned = ownership(self.definitions(), name)
        teams = {team.removeprefix("team:") for team in by.teams}
        return by.kind is PrincipalKind.USER and owned is not None and bool(teams & {*owned.owners})

    def _require_owner(self, name: DatasetName, by: Principal) -> None:
        owner = self.definitions().owners.get(name.domain)
        whom = f"ask the team `{owner}`" if owner else None
        _require_scope(by)
        if not self._owns(name, by):
            raise DeniedError(
                f"{by.id} may not say what the columns of {name} are about",
                reasons=["only the dataset's owner may"],
                hint=whom,
            )


def _require_scope(by: Principal) -> None:
    if not is_in_scope(by, Action.TAG_DECLARE):
        raise DeniedError(
            f"{by.id} may not do this with a token",
            reasons=[f"the token does not have the scope {Action.TAG_DECLARE}"],
            hint="sign in with a password, or use a token that has it",
        )


def _tags(column: Column, carried: Carried) -> ColumnTags:
    inherited = {
        tag: tuple(sorted(carried.tags[tag]))
        for tag in sorted(carried.via)
        if tag not in {own.lower() for own in column.tags}
    }
    strict = tuple(sorted(carried.strict_from)) if carried.strict_via else ()
    return ColumnTags(column.name, column.tags, inherited, carried.classification.value, strict)


def _via(tag: str, column: Column, carried: Carried) -> frozenset[str]:
    """Return the columns that a tag comes from."""
    if tag in carried.via:
        return carried.via[tag]
    if tag in {own.lower() for own in column.tags}:
        raise UsageError(
            f"`{tag}` is a tag of {column.name} itself", hint="remove it from the contract"
        )
    inherited = ", ".join(f"`{one}`" for one in sorted(carried.via))
    raise UsageError(
        f"{column.name} does not inherit `{tag[:80]}`",
        hint=f"it inherits {inherited}" if inherited else "it inherits no tag",
    )


def _laxer(word: str, carried: Carried) -> str:
    """Return a classification that an inherited one can be replaced by."""
    lowered = word.lower()
    if lowered not in {one.value for one in Classification}:
        listed = ", ".join(f"`{one.value}`" for one in Classification)
        raise UsageError(f"`{word[:80]}` is no classification", hint=f"use {listed}")
    if not carried.strict_via:
        raise UsageError(
            f"the classification `{carried.classification}` is not inherited",
            hint="the contract says it: change it there",
        )
    if strictest((lowered, carried.classification)) is not carried.classification or (
        lowered == carried.classification.value
    ):
        raise UsageError(
            f"`{lowered}` is not less strict than `{carried.classification}`",
            hint="to make it stricter, say so in the contract",
        )
    return lowered
