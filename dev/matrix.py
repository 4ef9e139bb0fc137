"""Write `tests/delivery/matrix.txt` anew: who gets what from each route, to be read before it is committed.

Usage: `python dev/matrix.py`. A route that is missing has no requests yet: `tests/delivery/matrix_requests.py`.
"""

import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "delivery"


def main() -> int:
    sys.path.insert(0, str(TESTS))
    from matrix import REQUESTS, matrix, routes  # noqa: PLC0415 - its folder is known only now

    missing = [route for route in routes() if route not in REQUESTS]
    for route in missing:
        sys.stderr.write(f"error: `{route}` has no requests in tests/delivery/matrix_requests.py\n")
    with tempfile.TemporaryDirectory() as folder:
        (TESTS / "matrix.txt").write_text(matrix(Path(folder) / "acme"), "utf-8")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
