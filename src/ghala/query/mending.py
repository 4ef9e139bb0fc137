"""What people do with rows that were kept out: edit them, give them up, choose those that shall be released.

What is edited is kept in the registry; the audit has who did what to which row, and no value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, UsageError
from ghala.governance.audit import entry
from ghala.model.audit import AuditTag
from ghala.model.quarantine import CHECK, Chosen, KeptOutState, Repair, edited_names, place_of
from ghala.model.release import PROD
from ghala.query.kept_facts import encoding_of, facts, written_out
from ghala.query.kept_row import why_not
from ghala.registry import audit, claims, repairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.model.names import ProductName
    from ghala.model.principal import Principal
    from ghala.query.discover import Facts
    from ghala.query.kept_out import KeptOut
    from ghala.query.kept_row import Found
    from ghala.registry.identity import Transaction

LONGEST_RECORD = 1 << 20
LONGEST_REASON = 500
MOST_ROWS = 1000
"""So many rows can be given up or chosen at once."""


@dataclass(frozen=True, slots=True)
class Mendings:
    """Changes of what was kept out, each recorded in its own transaction."""

    kept_out: KeptOut

    def fix(
        self,
        dataset: str,
        row: str,
        *,
        by: Principal,
        raw: str | None = None,
        values: Mapping[str, str | None] | None = None,
        environment: str = PROD,
    ) -> Facts:
        """Edit one row: the text of a record, or some values of a row that broke rules; return it as it is now.

        Raises:
            ConflictError: the row cannot be edited, or a run of the product works with it.
            DeniedError: `by` may not repair it.
            NotFoundError: there is no such row, as far as `by` may know.
            UsageError: the edit is not for such a row.
        """
        (found,) = self.kept_out.find(dataset, [row], by, environment)
        if (reason := why_not(found)) is not None:
            raise ConflictError(f"the row cannot be edited: {reason}")
        fixed, columns = _edit(found, raw, values)
        made = _repair(found, by, environment, KeptOutState.FIXED, fixed=fixed)
        detail: dict[str, object] = {"row": row, "environment": environment}
        if columns is not None:
            detail["columns"] = columns
        self._put([made], found, by, AuditTag.QUARANTINE_FIXED, detail)
        return self._told(found, made)

    def discard(
        self,
        dataset: str,
        rows: Sequence[str],
        *,
        reason: str,
        by: Principal,
        environment: str = PROD,
    ) -> list[Facts]:
        """Give rows up: they stay on record, and will not be in the data.

        Raises:
            ConflictError: one is in the data already, or a run of the product works with them.
            DeniedError: `by` may not repair them.
            NotFoundError: there is no such row, as far as `by` may know.
            UsageError: no reason is given.
        """
        stated = reason.strip()
        if not stated or len(stated) > LONGEST_REASON or not stated.isprintable():
            raise UsageError(
                "nobody gives a row up without saying why",
                hint=f"a reason is one line of at most {LONGEST_REASON} characters",
            )
        found = self.kept_out.find(dataset, _few(rows), by, environment)
        if any(one.state is KeptOutState.RELEASED for one in found):
            raise ConflictError("a row that is in the data cannot be given up")
        made = [_repair(one, by, environment, KeptOutState.DISCARDED, note=stated) for one in found]
        detail: dict[str, object] = {
            "rows": [one.row.id for one in found],
            "environment": environment,
            "reason": stated,
        }
        self._put(made, found[0], by, AuditTag.QUARANTINE_DISCARDED, detail)
        return [self._told(*pair) for pair in zip(found, made, strict=True)]

    def choose(
        self,
        dataset: str,
        rows: Sequence[str] | None,
        *,
        by: Principal,
        environment: str = PROD,
    ) -> tuple[ProductName, Chosen]:
        """Return the edited rows of a dataset that a run shall release: those that are named, or all.

        Raises:
            DeniedError: `by` may not repair them.
            NotFoundError: there is no such row, as far as `by` may know.
            UsageError: none is edited.
        """
        known = self.kept_out.known(dataset, by)[0].name
        with self.kept_out.discovery.registry.read() as connection:
            waiting = repairs.waiting(connection, environment, known)
        if rows is None:
            # Of this dataset alone: a product may have others, for which other people answer.
            found = self.kept_out.find_any(dataset, waiting, by, environment)
        else:
            found = self.kept_out.find(dataset, _few(rows), by, environment)
        chosen = frozenset(one.row.id for one in found if one.state is KeptOutState.FIXED)
        if not chosen or (rows is not None and len(chosen) < len(set(rows))):
            raise UsageError(
                "only rows that were edited can be released",
                hint=f"edit one first: ghala quarantine fix {dataset} ROW",
            )
        return known, Chosen(chosen, by)

    def _put(
        self,
        made: Sequence[Repair],
        found: Found,
        by: Principal,
        tag: AuditTag,
        detail: Mapping[str, object],
    ) -> None:
        place = made[0].place
        objects = (str(place.product), str(found.dataset.name))
        with self.kept_out.discovery.registry.write() as connection:
            if (run := claims.holder(connection, place.environment, place.product)) is not None:
                raise ConflictError(
                    f"run {run} of {place.product} works with these rows",
                    hint="change them when it has ended",
                )
            for one in made:
                _refuse_taken(connection, one)
                repairs.put(connection, one)
            audit.append(connection, entry(tag, by, objects, detail))

    def _told(self, found: Found, made: Repair) -> Facts:
        now = replace(found, repair=made)
        return facts(now, why_not(now))


def _refuse_taken(connection: Transaction, made: Repair) -> None:
    before = repairs.find(connection, made.row)
    if before is not None and before.state is KeptOutState.RELEASED:
        raise ConflictError(f"the row is in the data since release {before.release}")


def _edit(
    found: Found, raw: str | None, values: Mapping[str, str | None] | None
) -> tuple[bytes, list[str] | None]:
    """Return what a row shall be, and which columns that changes; None of a record."""
    if found.row.batch.kind == CHECK:
        if values is None or raw is not None:
            raise UsageError(
                "a row that broke rules is edited by its values",
                hint="name columns: --set COLUMN=VALUE",
            )
        try:
            columns = sorted(edited_names(values, found.dataset))
        except KeyError as error:
            raise UsageError(
                f"{found.dataset.name} has no column `{str(error.args[0])[:100]}` that can be edited"
            ) from error
        return json.dumps(dict(values), ensure_ascii=False).encode(), columns
    if raw is None or values is not None:
        raise UsageError(
            "a record that could not be read is edited as it stands in its file",
            hint="give its text: --raw TEXT",
        )
    return _encoded(found, raw), None


def _encoded(found: Found, raw: str) -> bytes:
    encoding = encoding_of(found)
    try:
        text = raw.encode(encoding)
    except (LookupError, UnicodeEncodeError) as error:
        raise UsageError(
            f"the record has a character that its file's encoding, {encoding}, does not have"
        ) from error
    before = written_out(found.row.raw or b"", encoding)
    if left := [code for code, count in before.items() if raw.count(code) > count]:
        raise UsageError(
            f"`{left[0]}` stands for a byte that is no text in its file's encoding, {encoding}",
            hint="write the character that it should be, or leave it out",
        )
    if not text.strip() or len(text) > LONGEST_RECORD:
        raise UsageError(f"a record has 1 to {LONGEST_RECORD:,} bytes")
    return text


def _repair(
    found: Found,
    by: Principal,
    environment: str,
    state: KeptOutState,
    *,
    fixed: bytes | None = None,
    note: str | None = None,
) -> Repair:
    row, batch = found.row, found.row.batch
    return Repair(
        row=row.id,
        place=place_of(environment, batch.product, batch.path),
        kind=batch.kind,
        path=batch.path,
        position=row.position,
        state=state,
        at=datetime.now(UTC),
        by=by.id,
        file=row.file,
        record=row.record,
        fixed=fixed,
        note=note,
    )


def _few(rows: Sequence[str]) -> list[str]:
    named = list(dict.fromkeys(rows))
    if not named or len(named) > MOST_ROWS:
        raise UsageError(f"name 1 to {MOST_ROWS:,} rows")
    return named
