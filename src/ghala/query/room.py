"""Room for kept answers: each asker may have as much of it as is left for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import BusyError, QuotaError
from ghala.model.question import QuestionState
from ghala.registry import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.question import KeptQuestion
    from ghala.registry.questions import Share
    from ghala.registry.registry import Registry

KEPT_BYTES = 8 * 2**30
"""So many bytes of kept answers a storage has room for."""
PART_BYTES = 16 * 2**20
"""So much room is taken at once, before it is written."""
OPEN_EACH = 8
KEPT_EACH = 32


@dataclass(frozen=True, slots=True)
class Room:
    """The room of one storage, as the registry counts it for all servers.

    Whoever asks alone gets half of it, of two askers each a third: however much some take, something is left for the
    next one.
    """

    registry: Registry
    byte_count: int = KEPT_BYTES
    part_bytes: int = PART_BYTES

    def admit(
        self, question: KeptQuestion, now_us: int, lost_us: int, until_us: int
    ) -> Sequence[str]:
        """Add a question, and return the ids of those whose time is over: they are forgotten.

        It is counted and added in one transaction, so that two at the same moment do not both take the last place.

        Raises:
            QuotaError: its principal has its share of questions and answers already.
            BusyError: others have all the room.
        """
        with self.registry.write() as connection:
            gone = questions.forget_old(connection, now_us)
            share = questions.share(connection, question.principal, now_us, lost_us)
            is_asked = question.state is QuestionState.WAITING
            if share.kept >= KEPT_EACH or (is_asked and share.open >= OPEN_EACH):
                raise QuotaError(
                    f"{question.principal} has as many questions and kept answers as one may have",
                    hint="forget those that are done: DELETE /questions/ID; or wait until they are",
                    retry_after_s=60,
                )
            self._check(question.principal, share, question.byte_count or 1)
            questions.add(connection, question, now_us, until_us)
        return gone

    def take(self, question: KeptQuestion, byte_count: int, now_us: int, lost_us: int) -> int:
        """Take room for an answer that grows to so many bytes, and return how many it may have now.

        Raises:
            QuotaError: its principal has its share already.
            BusyError: others have all the room.
        """
        wanted = -(-byte_count // self.part_bytes) * self.part_bytes
        with self.registry.write() as connection:
            share = questions.share(
                connection, question.principal, now_us, lost_us, besides=question.id
            )
            self._check(question.principal, share, wanted)
            questions.grow(connection, question.id, wanted)
        return wanted

    def _check(self, principal: str, share: Share, byte_count: int) -> None:
        left = self.byte_count - share.bytes_of_all - byte_count
        if share.bytes + byte_count <= left:
            return
        if not share.bytes and byte_count <= self.part_bytes:
            # It has nothing yet, and may not even begin.
            raise BusyError("there is no room for more kept answers", hint="try again later")
        raise QuotaError(
            f"the kept answers of {principal} take as much room as one may have",
            hint="ask for less, or forget those that are done: DELETE /questions/ID",
            retry_after_s=60,
        )
