"""How a read ends, recorded whatever ends it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, GhalaError, NotSignedInError
from ghala.model.audit_record import ReadOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ghala.governance.audit import Reading


@dataclass(slots=True)
class Ending:
    """Whether a read has come to its end; whoever reads says so."""

    is_finished: bool = False


@contextmanager
def recorded(reading: Reading | None) -> Iterator[Ending]:
    """Record how what happens in the block ended: finished as it says, cut, failed, or left early."""
    ending, outcome, code = Ending(), ReadOutcome.INTERRUPTED, None
    try:
        yield ending
    except (DeniedError, NotSignedInError) as error:
        # It was decided before it ran: the decision was withdrawn while it did.
        outcome, code = ReadOutcome.CUT, error.code
        raise
    except GhalaError as error:
        outcome, code = ReadOutcome.FAILED, error.code
        raise
    finally:
        if ending.is_finished:
            outcome, code = ReadOutcome.FINISHED, None
        if reading is not None:
            reading.ended(outcome, code)
