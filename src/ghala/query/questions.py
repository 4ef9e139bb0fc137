"""Questions that outlive their request: answers in pages, and long ones that run while nobody waits."""

from __future__ import annotations

import threading
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from ghala.errors import (
    BusyError,
    ConflictError,
    DeniedError,
    GhalaError,
    NotFoundError,
)
from ghala.model.names import DatasetName
from ghala.model.question import KeptQuestion, QuestionState
from ghala.model.release import PROD
from ghala.query.cursors import PagePlace
from ghala.query.intent import shown_by
from ghala.query.job import sha256_of
from ghala.registry import questions
from ghala.registry.registry import now_us as clock_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from ghala.model.principal import Principal
    from ghala.query.answered import Answer, Pinned
    from ghala.query.asking import Asking, Going
    from ghala.query.cursors import Cursors
    from ghala.query.kept import KeptAnswers
    from ghala.query.room import Room
    from ghala.registry.registry import Registry

PAGES_S = 15 * 60
"""How long further pages of an answer can be asked for."""
KEPT_S = 60 * 60
"""How long an answer waits for whoever asked while nobody waited."""
LONGEST_S = 24 * 60 * 60
OPEN_AT_ONCE = 64
BEAT_S = 2.0
LOST_S = 10.0
"""A question on which no server worked for so long was interrupted."""
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows of an answer; `total` is how many it has, `next` where the following page begins, None at its end."""

    schema: pa.Schema
    pins: Sequence[Pinned]
    batches: Iterable[pa.RecordBatch]
    total: int
    next: str | None = None


@dataclass(slots=True)
class Questions:
    """The questions of one server. Safe between threads; `close` it."""

    registry: Registry
    asking: Asking
    answers: KeptAnswers
    cursors: Cursors
    room: Room
    now_us: Callable[[], int] = clock_us
    server: str = field(default_factory=lambda: uuid.uuid4().hex)
    _open: dict[str, Going] = field(default_factory=dict, repr=False)
    _threads: dict[str, threading.Thread] = field(default_factory=dict, repr=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _beating: threading.Thread | None = field(default=None, repr=False)
    _is_closed: bool = field(default=False, repr=False)

    # Pages.

    @contextmanager
    def first_page(
        self,
        sql: str,
        going: Going,
        page_rows: int,
        *,
        environment: str = PROD,
        row_limit: int | None,
    ) -> Iterator[RowPage]:
        """Answer a question with its first page; where there is more, the whole answer is kept for the next ones.

        Of the day's bytes a page takes what it has: once, when it is given.

        Raises:
            GhalaError: as `Asking.answer` says, or too many answers are kept already.
        """
        with self.asking.kept(sql, going, environment=environment, row_limit=row_limit) as (
            answer,
            taking,
        ):
            stream = answer.batches()
            first, rest, rows = _split(stream, page_rows)
            # The other pages count when they are given away.
            taking.take(sum(batch.nbytes for batch in first))
            if not rest:
                # To its end: only then all of it was well.
                yield RowPage(answer.schema, answer.pins, first, rows)
                return
            question = self._new(sql, going.principal, environment, QuestionState.FINISHED)
            self._admit(question, PAGES_S)
            try:
                kept = self._keep(question, answer, chain(first, rest, stream), going, sql)
            except BaseException:
                with self.registry.write() as connection:
                    questions.forget(connection, question.id)
                raise
        place = PagePlace(kept.id, page_rows, page_rows)
        following = self.cursors.sign(place, going.principal)
        yield RowPage(answer.schema, answer.pins, first, kept.row_count or 0, following)

    @contextmanager
    def next_page(self, cursor: str, going: Going) -> Iterator[RowPage]:
        """Give the page that a cursor names; what is read of it in the block is recorded and counted.

        Raises:
            NotFoundError: there is no such page for the principal, or no more.
            DeniedError: what the principal may see is not what it was when the question was answered.
        """
        place = self.cursors.read(cursor, going.principal)
        with self._page(self._own(place.question, going.principal), going, place) as page:
            yield page

    # Long questions.

    def ask(self, sql: str, principal: Principal, environment: str = PROD) -> KeptQuestion:
        """Begin a question that runs while nobody waits.

        Raises:
            QueryRefusedError: it is no statement that is answered.
            QuotaError: the principal has its share of questions already.
            BusyError: the server has as many as it can.
        """
        from ghala.sql.parse import parse  # noqa: PLC0415 - an idle server does without the parser

        parse(sql)
        question = self._new(sql, principal, environment, QuestionState.WAITING)
        self.asking.quotas.ask(principal)
        with self._changed:
            if self._is_closed or len(self._threads) >= OPEN_AT_ONCE:
                raise BusyError(
                    "the server has as many questions as it can", hint="try again later"
                )
            self._admit(question, LONGEST_S)
            stack = ExitStack()
            going = stack.enter_context(self.asking.going(principal))
            thread = threading.Thread(
                target=self._answer, args=(question, sql, going, stack), daemon=True
            )
            self._open[question.id], self._threads[question.id] = going, thread
            thread.start()
            if self._beating is None:
                self._beating = threading.Thread(target=self._beat, name="questions", daemon=True)
                self._beating.start()
            self._changed.notify_all()
        return question

    def find(self, which: str, principal: Principal) -> KeptQuestion:
        """Return how far a question is.

        Raises:
            NotFoundError: the principal has asked no such question for this purpose, or its time is over.
        """
        return self._own(which, principal)

    def list(self, principal: Principal) -> tuple[KeptQuestion, ...]:
        """Return the questions that a principal asked for its purpose, newest first."""
        now_us = self.now_us()
        with self.registry.read() as connection:
            found = questions.of_principal(connection, principal.id, now_us, self._lost(now_us))
        return tuple(one for one in found if one.purpose == principal.purpose)

    @contextmanager
    def rows(
        self, which: str, going: Going, page_rows: int | None = None, start: int = 0
    ) -> Iterator[RowPage]:
        """Give the answer of a question, all of it or a page from a row on; what is read in the block is recorded.

        Raises:
            NotFoundError: the principal has no such question, or it is not kept any more.
            ConflictError: there is no answer yet, or there will be none.
            DeniedError: what the principal may see is not what it was when the question was answered.
        """
        question = self._own(which, going.principal)
        if question.state is not QuestionState.FINISHED:
            hint = "ask for its state again later" if question.state.is_open else "ask again"
            raise ConflictError(f"there is no answer: the question is {question.state}", hint=hint)
        count = (question.row_count or 0) if page_rows is None else page_rows
        with self._page(question, going, PagePlace(question.id, start, count)) as page:
            yield page

    def cancel(self, which: str, principal: Principal) -> None:
        """Stop a question, and forget it and its answer.

        Raises:
            NotFoundError: the principal has asked no such question.
        """
        question = self._own(which, principal)
        with self.registry.write() as connection:
            questions.forget(connection, question.id)
        with self._changed:
            going = self._open.get(question.id)
        if going is not None:
            going.leave()
        self.answers.remove(question.id)

    def close(self) -> None:
        """Stop all questions; they show as interrupted."""
        with self._changed:
            self._is_closed = True
            threads, open_ones = list(self._threads.values()), list(self._open.values())
            self._changed.notify_all()
        for going in open_ones:
            going.leave()
        for thread in threads:
            thread.join(timeout=5)

    def _own(self, which: str, principal: Principal) -> KeptQuestion:
        now_us = self.now_us()
        with self.registry.read() as connection:
            found = questions.find(connection, which, now_us, self._lost(now_us))
        asked_by = (principal.id, principal.purpose)
        if found is None or (found.principal, found.purpose) != asked_by:
            raise NotFoundError("there is no such question", hint="ask again")
        return found

    def _lost(self, now_us: int) -> int:
        return now_us - int(LOST_S * _US)

    def _new(
        self, sql: str, principal: Principal, environment: str, state: QuestionState
    ) -> KeptQuestion:
        now_us = self.now_us()
        return KeptQuestion(
            id=uuid.uuid4().hex,
            principal=principal.id,
            purpose=principal.purpose,
            environment=environment,
            statement_sha256=sha256_of(sql),
            server=self.server,
            state=state,
            made_at=as_time(now_us),
            until=as_time(now_us + PAGES_S * _US),
            # What waits takes room once it is written.
            byte_count=None if state.is_open else self.room.part_bytes,
        )

    def _admit(self, question: KeptQuestion, lives_s: int) -> None:
        """Add a question, if there is room for it; those whose time is over make some."""
        now_us = self.now_us()
        until_us = now_us + lives_s * _US
        for which in self.room.admit(question, now_us, self._lost(now_us), until_us):
            self.answers.remove(which)
        self.answers.sweep(LONGEST_S + KEPT_S)

    def _keep(
        self,
        question: KeptQuestion,
        answer: Answer,
        batches: Iterable[pa.RecordBatch],
        going: Going,
        sql: str,
    ) -> KeptQuestion:
        has_room = question.byte_count or 0

        def grown(byte_count: int) -> None:
            nonlocal has_room
            if byte_count > has_room:
                now_us = self.now_us()
                has_room = self.room.take(question, byte_count, now_us, self._lost(now_us))

        rows, byte_count = self.answers.write(question.id, answer.schema, batches, grown)
        kept = replace(
            question,
            releases=tuple((str(name), number) for name, number in answer.pins),
            decided_sha256=going.fingerprint(),
            row_count=rows,
            byte_count=byte_count,
            shown=shown_by(going.decided, sql),
        )
        lives_s = KEPT_S if question.state.is_open else PAGES_S
        with self.registry.write() as connection:
            is_wanted = questions.finish(connection, kept, self.now_us() + lives_s * _US)
        if not is_wanted:
            self.answers.remove(question.id)
        return kept

    @contextmanager
    def _page(self, question: KeptQuestion, going: Going, place: PagePlace) -> Iterator[RowPage]:
        pins = [(DatasetName.parse(name), number) for name, number in question.releases]
        decided = self.asking.admit(pins, going, question.environment)
        if decided != question.decided_sha256:
            # The answer may also have listed what there is: then that was decided with it.
            decided = self.asking.admit_listing(going, question.environment)
        if decided != question.decided_sha256:
            raise DeniedError(
                "what you may see has changed since this was answered",
                reasons=["the answer was made under other decisions"],
                hint="ask again: the answer is decided anew",
            )
        kept, total = self.answers.read(question.id), question.row_count or 0
        after = place.start + place.count
        following = None
        if after < total:
            following = self.cursors.sign(replace(place, start=after), going.principal)
        detail = {
            "statement_sha256": question.statement_sha256,
            "environment": question.environment,
            "question": question.id,
            "page": {"start": place.start, "rows": place.count},
        }
        batches = kept.batches(place.start, place.count)
        with self.asking.again(batches, pins, going, detail, question.shown) as stream:
            yield RowPage(kept.schema, pins, stream, total, following)

    def _answer(self, question: KeptQuestion, sql: str, going: Going, stack: ExitStack) -> None:
        try:
            with (
                stack,
                # What is made counts when it is given away; who has nothing left of the day makes nothing.
                self.asking.quotas.taking(going.principal),
                self.asking.run(
                    sql,
                    going,
                    environment=question.environment,
                    wait_s=LONGEST_S,
                    began=lambda: self._began(question.id),
                ) as answer,
            ):
                self._keep(question, answer, answer.batches(), going, sql)
        except GhalaError as error:
            facts = {"code": error.code, "message": str(error), "hint": error.hint}
            self._fail(
                question.id,
                QuestionState.INTERRUPTED if self._is_closed else QuestionState.FAILED,
                facts,
            )
        except Exception:
            self._fail(
                question.id,
                QuestionState.FAILED,
                {"code": "internal", "message": "this is a fault in Ghala", "hint": None},
            )
            raise
        finally:
            with self._changed:
                self._open.pop(question.id, None)
                self._threads.pop(question.id, None)

    def _began(self, which: str) -> None:
        with self.registry.write() as connection:
            questions.begin(connection, which, self.now_us())

    def _fail(self, which: str, state: QuestionState, facts: dict[str, str | None]) -> None:
        with self.registry.write() as connection:
            questions.fail(connection, which, state, facts)

    def _beat(self) -> None:
        """Say that this server still works on its questions, while it does."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._open or self._is_closed)
                if self._is_closed:
                    return
                self._changed.wait_for(lambda: self._is_closed, timeout=BEAT_S)
            try:
                with self.registry.write() as connection:
                    questions.see(connection, self.server, self.now_us())
            except GhalaError:
                # Whoever looks sees them as interrupted until the registry is there again.
                continue


def _split(
    stream: Iterator[pa.RecordBatch], count: int
) -> tuple[list[pa.RecordBatch], list[pa.RecordBatch], int]:
    """Take so many rows from a stream, and what was read beyond them."""
    first: list[pa.RecordBatch] = []
    rows = 0
    for batch in stream:
        if rows + batch.num_rows > count:
            return [*first, batch.slice(0, count - rows)], [batch.slice(count - rows)], count
        first.append(batch)
        rows += batch.num_rows
    return first, [], rows
