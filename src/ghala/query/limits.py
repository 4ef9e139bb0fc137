"""The limits of an answer: reaching one is an error, never a silent cut."""

from __future__ import annotations

from dataclasses import dataclass

from ghala.errors import LimitError


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost; None means no limit."""

    timeout_s: float = 300.0
    rows: int | None = None

    def narrowed(self, timeout_s: float | None, rows: int | None) -> Limits:
        """Return the stricter of these limits and what a caller asks for.

        >>> Limits(300, 1000).narrowed(10, None)
        Limits(timeout_s=10, rows=1000)
        """
        wanted = [limit for limit in (self.rows, rows) if limit is not None]
        return Limits(
            self.timeout_s if timeout_s is None else min(self.timeout_s, timeout_s),
            min(wanted, default=None),
        )

    def check_rows(self, rows: int) -> None:
        """Refuse an answer that has more rows than allowed.

        Raises:
            LimitError: it has.
        """
        if self.rows is not None and rows > self.rows:
            raise LimitError(
                f"the answer has more than {self.rows:,} rows",
                hint="aggregate, filter or LIMIT it, or allow more rows",
                limit=self.rows,
                reason="rows",
            )
