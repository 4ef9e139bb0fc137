"""Progress is for people who wait at a terminal, and for nobody else."""

import io

from ghala.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_what_is_being_done_after_a_while():
    terminal = Terminal()
    with Progress("starting", patience_s=0, stream=terminal) as shown:
        shown("making sales/orders [1]\x1b[2J")
        shown._timer.join()
    assert "making sales/orders [1]\\x1b[2J" in terminal.getvalue()


def test_what_is_done_at_once_shows_nothing():
    terminal = Terminal()
    with Progress("starting", stream=terminal) as shown:
        shown("making sales/orders")
    assert terminal.getvalue() == ""


def test_a_file_or_pipe_gets_nothing():
    stream = io.StringIO()
    with Progress("starting", patience_s=0, stream=stream) as shown:
        shown("making sales/orders")
    assert stream.getvalue() == ""
