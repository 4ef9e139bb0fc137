"""The read door for principals of one endpoint: each sees its own datasets, has its share, and is watched."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ghala.engines.stop import Stop
from ghala.errors import DeniedError, NotFoundError, QueryError
from ghala.governance.authorize import Asked
from ghala.model.policy import Action
from ghala.model.release import PROD
from ghala.query.admission import WAIT_S, Admission
from ghala.query.answered import Answer
from ghala.query.discover import Discovered
from ghala.query.intent import basis_of, shown_by
from ghala.query.record import recorded
from ghala.query.source import Wanted
from ghala.query.watch import covers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from ghala.governance.audit import Reading
    from ghala.governance.decider import EndpointDecider
    from ghala.governance.proof import Proofs
    from ghala.model.names import DatasetName
    from ghala.model.policy import Decision
    from ghala.model.principal import Principal
    from ghala.query.answer import Answerer
    from ghala.query.answered import Pinned
    from ghala.query.quotas import Quotas, Taking
    from ghala.query.record import Ending
    from ghala.query.watch import Watch


@dataclass(slots=True)
class Going:
    """One question on its way, from when it is asked until the last byte of its answer is sent."""

    principal: Principal
    decider: EndpointDecider
    proofs: Proofs
    stop: Stop = field(default_factory=Stop)
    decided: list[tuple[Asked, Decision]] = field(default_factory=list)

    def leave(self) -> None:
        """End it because nobody waits for its answer any more."""
        self.stop.stop(QueryError("nobody waits for the answer any more", reason="interrupted"))

    def tell(self, callback: Callable[[], None]) -> None:
        """Call a function when it must end, from whatever thread says so."""
        self.stop.tell(callback)

    def check(self) -> None:
        """Raise the error with which it must end, if it must."""
        self.stop.check()

    def decide(
        self,
        principal: Principal,
        action: Action,
        asked: Sequence[Asked],
        *,
        prepared: Collection[DatasetName] = frozenset(),
    ) -> tuple[Decision, ...]:
        """Decide as the endpoint does, and remember what was allowed."""
        decisions = self.decider.decide(principal, action, asked, prepared=prepared)
        # What names no columns shows no rows: a list of what there is.
        shown = [pair for pair in zip(asked, decisions, strict=True) if pair[0].columns]
        self.decided.extend((one, decision) for one, decision in shown if decision.is_allowed)
        return decisions

    def decide_again(self, proved: dict[Principal, Principal]) -> None:
        """Decide again, with the principal as it is now, or as `proved` has it.

        Raises:
            NotSignedInError: what proved who it is has ended.
            DeniedError: less may be seen than when it was asked.
        """
        principal = proved.get(self.principal)
        if principal is None:
            principal = proved[self.principal] = self.proofs.again(self.principal)
        decided = list(self.decided)
        asked = [one for one, _ in decided]
        again = self.decider.decide(principal, Action.DATASET_READ, asked)
        for (one, before), now in zip(decided, again, strict=True):
            if not covers(now, before):
                raise DeniedError(
                    f"{principal.id} may no longer read {one.name} as it was asked",
                    reasons=["what was allowed has been withdrawn"],
                    hint="ask again: the answer is decided anew",
                )

    def fingerprint(self) -> str:
        """Return what stands for everything that was decided."""
        return fingerprint(decision for _, decision in self.decided)


@dataclass(frozen=True, slots=True)
class Asking:
    """Answers questions of principals."""

    answerer: Answerer
    decider: EndpointDecider
    proofs: Proofs
    watch: Watch
    quotas: Quotas
    admission: Admission = field(default_factory=Admission)

    @contextmanager
    def going(self, principal: Principal) -> Iterator[Going]:
        """Begin something on its way; until the end of the block it is watched."""
        going = Going(principal, self.decider, self.proofs)
        with self.watch.over(going):
            yield going

    @contextmanager
    def answer(
        self,
        sql: str,
        going: Going,
        *,
        environment: str = PROD,
        row_limit: int | None = None,
    ) -> Iterator[Answer]:
        """Answer one statement, as `Answerer.answer` does, when it is its turn.

        Raises:
            QuotaError: its principal has had its share.
            GhalaError: as `Answerer.answer` says, or what was allowed has been withdrawn.
        """
        with self.kept(sql, going, environment=environment, row_limit=row_limit) as (
            answer,
            taking,
        ):
            stream = _taken(answer.batches(), taking)
            yield Answer(answer.schema, answer.pins, stream)

    @contextmanager
    def kept(
        self,
        sql: str,
        going: Going,
        *,
        environment: str = PROD,
        row_limit: int | None = None,
    ) -> Iterator[tuple[Answer, Taking]]:
        """Answer one statement as `answer` does, but count only what the caller says it gives away."""
        self.quotas.ask(going.principal)
        with (
            self.quotas.taking(going.principal) as taking,
            self.run(sql, going, environment=environment, row_limit=row_limit) as answer,
        ):
            yield answer, taking

    @contextmanager
    def run(
        self,
        sql: str,
        going: Going,
        *,
        environment: str = PROD,
        row_limit: int | None = None,
        wait_s: float = WAIT_S,
        began: Callable[[], None] = lambda: None,
    ) -> Iterator[Answer]:
        """Answer a question that was counted already; `began` is called when it is its turn."""
        principal = going.principal
        seen = Discovered(self.answerer.releases, principal, self.decider)
        door = replace(self.answerer, releases=seen, authorizer=going)
        # An agent has the share of whom it acts for.
        who = principal.on_behalf_of or principal.id
        with self.admission.place(who, going.stop, wait_s):
            began()
            with door.answer(
                sql, principal, environment=environment, row_limit=row_limit, stop=going.stop
            ) as answer:
                stream = _while_allowed(answer.batches(), going)
                yield Answer(answer.schema, answer.pins, stream)
                going.check()

    def cut(self, going: Going, byte_count: int) -> None:
        """Record that an answer was cut while it was sent, and after how many bytes."""
        names = sorted({str(one.name) for one, _ in going.decided})
        code = going.stop.error.code if going.stop.error else "interrupted"
        self.answerer.audit.cut(going.principal, names, {"error": code, "sent_bytes": byte_count})

    def admit(self, pins: Collection[Pinned], going: Going, environment: str) -> str:
        """Decide anew about an answer that was made from some releases, and return the decisions' fingerprint.

        Raises:
            NotFoundError: it has a dataset or release that is not there for the principal.
            DeniedError: the decision says no.
        """
        principal = going.principal
        wanted = {Wanted(name, number) for name, number in pins}
        seen = Discovered(self.answerer.releases, principal, self.decider)
        found = seen.resolve(environment, wanted) if wanted else {}
        if len(found) < len(wanted):
            raise NotFoundError("what the answer was made from is not there")
        asked = [Asked(one.name, one.columns, one.own_terms, one.lineage) for one in found.values()]
        decisions = going.decide(principal, Action.DATASET_READ, asked)
        if denied := sorted({str(one.dataset) for one in decisions if not one.is_allowed}):
            reasons = [reason for one in decisions if not one.is_allowed for reason in one.reasons]
            self.answerer.audit.denied(principal, denied, {"reasons": reasons})
            raise DeniedError(
                f"{principal.id} may not read {', '.join(denied)}",
                reasons=reasons,
                datasets=tuple(denied),
            )
        return going.fingerprint()

    def admit_listing(self, going: Going, environment: str) -> str:
        """Decide anew also about a list of what there is, and return the fingerprint of all that was decided."""
        seen = Discovered(self.answerer.releases, going.principal, self.decider)
        door = replace(self.answerer, releases=seen, authorizer=going)
        door.listed(going.principal, environment)
        return going.fingerprint()

    @contextmanager
    def again(
        self,
        batches: Iterable[pa.RecordBatch],
        pins: Collection[Pinned],
        going: Going,
        detail: Mapping[str, object],
        shown: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> Iterator[Iterator[pa.RecordBatch]]:
        """Give rows of a kept answer away: recorded and counted as a read of what it was made from.

        `shown` has the columns that it could show; of an old answer, of which that is not known, it could show all.

        Raises:
            QuotaError: its principal has had its share.
            GhalaError: the intent could not be recorded, or what was allowed has been withdrawn.
        """
        principal = going.principal
        with self.quotas.taking(principal) as taking:
            reading = None
            if pins:
                objects = sorted({str(name) for name, _ in pins})
                seen = shown or shown_by(going.decided)
                facts = {
                    "datasets": {
                        f"{name}@{number}": {"release": number, **seen.get(str(name), {})}
                        for name, number in pins
                    },
                    **basis_of(decision for _, decision in going.decided),
                }
                reading = self.answerer.audit.started(principal, objects, {**detail, **facts})
            with recorded(reading) as ending:
                stream = _taken(_while_allowed(batches, going), taking)
                yield _given(stream, reading, ending)
                going.check()


def fingerprint(decisions: Iterable[Decision]) -> str:
    """Return a hash that is the same, in every process, for decisions that show the same."""
    lines = {
        repr(
            (
                str(one.dataset),
                one.is_allowed,
                sorted((sorted(ad.columns), repr(ad.rows)) for ad in one.admissions),
                sorted((column, repr(mask)) for column, mask in one.masks.items()),
            )
        )
        for one in decisions
    }
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _given(
    batches: Iterator[pa.RecordBatch], reading: Reading | None, ending: Ending
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if reading is not None:
            reading.rows += batch.num_rows
            reading.byte_count += batch.nbytes
        yield batch
    ending.is_finished = True


def _while_allowed(batches: Iterable[pa.RecordBatch], going: Going) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        going.check()
        yield batch


def _taken(batches: Iterable[pa.RecordBatch], taking: Taking) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        taking.take(batch.nbytes)
        yield batch
