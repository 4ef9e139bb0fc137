"""Saved queries: kept for oneself, a team, or all who may read what they read; whoever runs one asks it themselves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, DeniedError, NotFoundError, UsageError
from ghala.governance.access_scope import require_scope
from ghala.governance.administration import find_team, record
from ghala.governance.approval import Person
from ghala.governance.authorize import Asked
from ghala.governance.keepers import read_words
from ghala.model.audit import AuditTag
from ghala.model.names import DatasetName, name_fault
from ghala.model.policy import Action, Clearance
from ghala.model.principal import PrincipalKind
from ghala.model.release import PROD
from ghala.model.saved_query import EVERYBODY, SavedQuery
from ghala.model.token import ALPHABET, ID_LENGTH
from ghala.registry import saved_queries
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.governance.access_scope import AccessScope
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction

LONGEST_NAME = 100
LONGEST_DESCRIPTION = 1_000
LONGEST_SQL = 50_000
MOST_KEPT = 500
"""So many queries one person keeps at most."""
MOST_LISTED = 1_000
"""So many queries of others are listed at most."""
_LOOKED_AT_ONCE = 500
_MOST_LOOKS = 10
"""So often further ones are looked at for those who see few of them."""
_KEEPERS = frozenset({PrincipalKind.OWNER, PrincipalKind.USER})


@dataclass(frozen=True, slots=True)
class SavedQueries:
    """Keeps queries and shows them."""

    scope: AccessScope

    def save(
        self,
        name: str,
        sql: str,
        *,
        by: Principal,
        description: str = "",
        shared_with: str = "",
        environment: str = PROD,
        query_id: str | None = None,
    ) -> SavedQuery:
        """Keep a question under a name; with an id, in the place of that one of theirs.

        Args:
            name: one that none of their other queries has.
            sql: one statement that the read door takes, over datasets that they may discover.
            by: who keeps it.
            description: what it answers.
            shared_with: empty for nobody, `team:NAME`, or `everybody`.
            environment: where it is asked.
            query_id: which one it replaces; None for a new one.

        Raises:
            ConflictError: they have another one of that name, or keep too many.
            DeniedError: `by` is no person, or the token does not allow it.
            NotFoundError: there is no such query, dataset or team, as far as `by` may know.
            QueryRefusedError: the read door would not take it.
            UsageError: a text is missing or too long, or the environment cannot be one.
        """
        _require(by)
        title = read_words(name, "name", LONGEST_NAME, is_needed=True)
        said = read_words(description, "description", LONGEST_DESCRIPTION)
        if len(sql) > LONGEST_SQL:
            raise UsageError(f"a saved query has at most {LONGEST_SQL:,} characters")
        if fault := name_fault(environment):
            raise UsageError(f"`{environment[:80]}` cannot be an environment's name", hint=fault)
        datasets = self._datasets(sql, by)
        with self.scope.writing() as (connection, scope):
            at = as_time(scope.now_us())
            before = None if query_id is None else self._own(connection, query_id, by)
            same = saved_queries.find_named(connection, by.id, title)
            if same is not None and same.id != query_id:
                raise ConflictError(
                    f"there is a query `{title}` already", hint="change that one, or use a new name"
                )
            if before is None and saved_queries.count(connection, by.id) >= MOST_KEPT:
                raise ConflictError(
                    f"{by.id} keeps {MOST_KEPT} queries, and no more can be kept",
                    hint="forget some: ghala query delete NAME",
                )
            made = SavedQuery(
                id=before.id if before else _new_id(),
                owner=by.id,
                name=title,
                description=said,
                sql=sql,
                environment=environment,
                shared_with=self._shared(connection, shared_with, by),
                datasets=datasets,
                saved_at=before.saved_at if before else at,
                changed_at=at,
                run_count=before.run_count if before else 0,
                last_run_at=before.last_run_at if before else None,
            )
            saved_queries.put(connection, made)
            # Never the text: it may hold values.
            detail = {"shared_with": made.shared_with, "datasets": list(datasets)}
            record(connection, AuditTag.QUERY_SAVED, by, [made.id], detail)
        return made

    def queries(
        self, *, by: Principal, dataset: str | None = None, name: str | None = None
    ) -> tuple[SavedQuery, ...]:
        """Return one's own queries and those that one sees of others, the most used first; of one dataset, or all.

        All of one's own are among them. With a name it is the one of one's own that has it, if there is one.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is no such dataset, as far as `by` may know.
        """
        require_scope(by, Action.DATASET_READ)
        scope = self.scope.still()
        about = None if dataset is None else str(scope.dataset(dataset, by)[2].name)
        if name is not None:
            own = self.find_own(name, by=by)
            return () if own is None or about not in {None, *own.datasets} else (own,)
        with scope.registry.read() as connection:
            person = Person.of(connection, by, scope.now_us())
            found = list(saved_queries.of_owner(connection, by.id, about))
        found += islice(self._shared_by_others(by, person, about), MOST_LISTED)
        found.sort(key=lambda one: one.id)
        found.sort(key=lambda one: (one.run_count, one.changed_at), reverse=True)
        return tuple(found)

    def find(self, query: str, *, by: Principal) -> SavedQuery:
        """Return a query by its id, or one of one's own by its name.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is none, as far as `by` may know.
        """
        require_scope(by, Action.DATASET_READ)
        with self.scope.registry.read() as connection:
            person = Person.of(connection, by, self.scope.now_us())
            found = saved_queries.find(connection, query) or saved_queries.find_named(
                connection, by.id, query
            )
        if found is None or not self._sees(found, person, by):
            raise NotFoundError(f"there is no query `{query[:200]}`", hint="see `ghala query list`")
        return found

    def find_own(self, name: str, *, by: Principal) -> SavedQuery | None:
        """Return one of one's own queries by its name; None if there is none.

        Raises:
            DeniedError: the token of `by` does not allow it.
        """
        require_scope(by, Action.DATASET_READ)
        with self.scope.registry.read() as connection:
            return saved_queries.find_named(connection, by.id, name.strip())

    def begin(self, query: str, *, by: Principal) -> SavedQuery:
        """Return a query that is about to be run, and count it. It is asked as `by`, through the read door.

        Raises:
            DeniedError: the token of `by` does not allow it.
            NotFoundError: there is none, as far as `by` may know.
        """
        found = self.find(query, by=by)
        with self.scope.registry.write() as connection:
            saved_queries.ran(connection, found.id, self.scope.now_us())
        return found

    def share(self, query: str, shared_with: str, *, by: Principal) -> SavedQuery:
        """Share a query of one's own with nobody (empty), `team:NAME`, or `everybody` who may read what it reads.

        Raises:
            DeniedError: it is somebody else's.
            NotFoundError: there is none, or no such team, as far as `by` may know.
        """
        own = self.find(query, by=by)
        return self.save(
            own.name,
            own.sql,
            by=by,
            description=own.description,
            shared_with=shared_with,
            environment=own.environment,
            query_id=own.id,
        )

    def remove(self, query: str, *, by: Principal) -> None:
        """Forget a query of one's own.

        Raises:
            DeniedError: it is somebody else's.
            NotFoundError: there is none, as far as `by` may know.
        """
        found = self.find(query, by=by)
        with self.scope.registry.write() as connection:
            own = self._own(connection, found.id, by)
            saved_queries.remove(connection, own.id)
            record(connection, AuditTag.QUERY_REMOVED, by, [own.id])

    def _shared_by_others(
        self, by: Principal, person: Person, about: str | None
    ) -> Iterator[SavedQuery]:
        """Yield what somebody sees of the queries of others, the most used first."""
        for look in range(_MOST_LOOKS):
            with self.scope.registry.read() as connection:
                found = saved_queries.shared(
                    connection,
                    by.id,
                    person.teams,
                    about,
                    look * _LOOKED_AT_ONCE,
                    _LOOKED_AT_ONCE,
                )
            yield from (one for one in found if self._sees(one, person, by))
            if len(found) < _LOOKED_AT_ONCE:
                break

    def _own(self, connection: Transaction, query_id: str, by: Principal) -> SavedQuery:
        found = saved_queries.find(connection, query_id)
        person = Person.of(connection, by, self.scope.now_us())
        if found is None or not self._sees(found, person, by):
            raise NotFoundError(f"there is no query `{query_id[:200]}`")
        if found.owner != by.id:
            raise DeniedError(
                f"{by.id} may not change this query",
                reasons=["it is for whoever saved it"],
                hint="save a copy under a name of your own",
            )
        return found

    def _datasets(self, sql: str, by: Principal) -> tuple[str, ...]:
        """Return the datasets that a statement reads, each of which `by` may discover."""
        from ghala.sql.parse import parse  # noqa: PLC0415 - an idle server does without the parser

        statement = parse(sql)
        found = set()
        for use in statement.datasets:
            table = use.table.rpartition("@")[0] if use.table in statement.pins else use.table
            if use.domain is None:
                raise UsageError(
                    f"`{table}` names no dataset in full", hint="write `domain.dataset`"
                )
            found.add(str(self.scope.dataset(f"{use.domain}.{table}", by)[2].name))
        return tuple(sorted(found))

    def _shared(self, connection: Transaction, shared_with: str, by: Principal) -> str:
        wanted = shared_with.strip().lower()
        if wanted in {"", EVERYBODY}:
            return wanted
        person = Person.of(connection, by, self.scope.now_us())
        name = f"team:{wanted.removeprefix('team:')}"
        if person.is_owner:
            return find_team(connection, name).id
        if name not in person.teams:
            raise NotFoundError(
                f"{by.id} is in no team `{wanted[:80]}`",
                hint="share with a team of yours, or with everybody",
            )
        return name

    def _sees(self, query: SavedQuery, person: Person, by: Principal) -> bool:
        """Return whether somebody sees a query: their own, or a shared one that names nothing they may not see."""
        if query.owner == by.id:
            return True
        is_shared = query.shared_with == EVERYBODY or query.shared_with in person.teams
        return is_shared and self._may_read(query, by)

    def _may_read(self, query: SavedQuery, by: Principal) -> bool:
        from ghala.sql.named import named  # noqa: PLC0415 - an idle server does without the parser

        known, words = self.scope.definitions().datasets, named(query.sql)
        names = [DatasetName.parse(text) for text in query.datasets]
        exists = self.scope.decider.discoverer(by)
        if not all(name in known and exists(name) for name in names):
            return False
        asked = [Asked(name, known[name][2].columns) for name in names]
        decisions = self.scope.decider.decide(by, Action.DATASET_READ, asked)
        return all(
            decision.is_allowed
            and all(
                decision.clearance(column.name) is not Clearance.HIDDEN
                for column in one.columns
                if column.name.lower() in words
            )
            for one, decision in zip(asked, decisions, strict=True)
        )


def _require(by: Principal) -> None:
    require_scope(by, Action.DATASET_READ)
    if by.kind not in _KEEPERS:
        raise DeniedError(f"{by.id} may not save queries", reasons=["they are kept by people"])


def _new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
