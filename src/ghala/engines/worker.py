"""A worker process: confines itself, then serves consumers' statements; nothing else.

`python -m ghala.engines.worker THREADS MEMORY_MB FOLDER…`, with requests on stdin and answers on stdout (`frames`). It
is spawned, never forked, holds no secret, writes no file, and ends with its parent.
"""

from __future__ import annotations

import io
import os
import sys
import traceback

from ghala.engines.confine import confine
from ghala.engines.frames import FrameKind, write_frame


def main() -> None:
    """Serve on stdin and stdout until the parent goes away."""
    threads, memory_mb = int(sys.argv[1]), int(sys.argv[2])
    source = io.BufferedReader(io.FileIO(os.dup(0), "rb"))
    sink = io.BufferedWriter(io.FileIO(os.dup(1), "wb"), buffer_size=1 << 16)
    # Nothing that a library prints may get between the frames.
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    is_fenced = confine(memory_mb, sys.argv[3:])
    # Arrow takes these along where they are installed, and nothing here needs them: a tenth of a worker's memory.
    sys.modules |= dict.fromkeys(("numpy", "pandas"))  # type: ignore[arg-type]  # which is how Python says so
    try:
        # Only now: a library's threads would escape what is set after them.
        from ghala.engines.serve import Server  # noqa: PLC0415 - see above

        server = Server(source, sink, threads, memory_mb)
        server.start()
    except BaseException:
        # Standard error is a file, and none can be written to any more.
        write_frame(sink, FrameKind.FAULT, traceback.format_exc().encode())
        raise
    server.serve(is_fenced=is_fenced)


if __name__ == "__main__":
    main()
