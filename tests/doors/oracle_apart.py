"""An oracle in a process of its own: a statement that ends the engine there ends neither the judge nor the tests."""

from __future__ import annotations

import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from canary import PERSONAS, releases
from oracle import Oracle

if TYPE_CHECKING:
    import pyarrow as pa

HERE = Path(__file__)


class OracleApart:
    """What `Oracle` answers for one persona; where the engine ends its process, the next question finds a new one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.deaths = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.allowed: frozenset[str] = self._ask("allowed")

    def answers(self, sql: str) -> list[pa.Table]:
        """Return the answer in each order.

        Raises:
            duckdb.Error: the engine itself cannot answer, or died of it.
        """
        return self._ask("answers", sql)

    def disordered(self, sql: str) -> list[pa.Table]:
        """Return the answer in some more orders.

        Raises:
            duckdb.Error: the engine itself cannot answer, or died of it.
        """
        return self._ask("disordered", sql)

    def fails_in_some_plan(self, sql: str) -> bool:
        """Return whether what may be seen can make a statement fail, in a plan of which the engine may die."""
        try:
            return self._ask("fails_in_some_plan", sql)
        except duckdb.FatalException:
            return True

    def _ask(self, what: str, *of: str) -> Any:
        process = self._process = self._process or self._started()
        try:
            pickle.dump((what, of), process.stdin)
            process.stdin.flush()
            is_answer, given = pickle.load(process.stdout)  # noqa: S301 - of our own process
        except (EOFError, BrokenPipeError) as error:
            self.deaths += 1
            self.close()
            raise duckdb.FatalException("the engine ended its process") from error
        if is_answer:
            return given
        raise given

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(HERE), self.name]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def end(self) -> None:
        """End the process, as a statement may."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End the process, and let go of it."""
        self.end()
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    pipe.close()
            self._process = None


def serve(name: str) -> None:
    """Answer what is asked on standard input, until it ends."""
    oracle = Oracle(PERSONAS[name], releases())
    while True:
        try:
            what, of = pickle.load(sys.stdin.buffer)  # noqa: S301 - of our own parent
        except EOFError:
            break
        try:
            found = getattr(oracle, what)
            reply = (True, found(*of) if callable(found) else found)
        except (duckdb.Error, RuntimeError, OSError, ValueError) as error:
            reply = (False, _plain(error))
        pickle.dump(reply, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    oracle.close()


def _plain(error: Exception) -> Exception:
    """Return an error that can be sent: with its message alone."""
    kind = next(one for one in type(error).__mro__ if one.__module__ in {"_duckdb", "builtins"})
    return kind(str(error))


if __name__ == "__main__":
    serve(sys.argv[1])
