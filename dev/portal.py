"""Build and check the portal: `python dev/portal.py build | check | format | lock | types`.

`build` makes the bundle unless it is there, `check` is the portal's part of `make lint`, `lock` brings
package-lock.json up to date, `types` writes the client's types from docs/reference/openapi.json. Node comes with the
development packages.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import PortalBuild, is_skipped  # noqa: E402 - found by the line above

OPENAPI = ROOT / "docs" / "reference" / "openapi.json"
TYPES = ROOT / "portal" / "src" / "api" / "schema.d.ts"
HEAD = "// Made by `make docs` from docs/reference/openapi.json; do not edit.\n"
PORTAL = PortalBuild(ROOT)


def types() -> str:
    """Return the client's types, as the API is described now."""
    PORTAL.install(with_tools=True)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "schema.d.ts"
        PORTAL.node("openapi-typescript/bin/cli.js", OPENAPI, "--output", made)
        return HEAD + made.read_text("utf-8")


def build() -> int:
    if not is_skipped() and not PORTAL.is_fresh():
        sys.stderr.write("Building the portal\n")
        PORTAL.build()
    return 0


def write_types() -> int:
    made = types()
    if not TYPES.exists() or TYPES.read_text("utf-8") != made:
        TYPES.write_text(made, "utf-8")
    return 0


def check() -> int:
    if TYPES.read_text("utf-8") != types():
        sys.stderr.write(
            "error: portal/src/api/schema.d.ts is not that of the API\nhint: run `make docs`\n"
        )
        return 1
    PORTAL.node("@biomejs/biome/bin/biome", "ci", "--error-on-warnings", ".")
    PORTAL.node("typescript/bin/tsc", "--noEmit")
    PORTAL.node("vitest/vitest.mjs", "run")
    return 0


def lock() -> int:
    """Write the lock anew, without the places that packages came from: docs/decisions/0002-lock-without-hosts.md."""
    old = PORTAL.source / "package-lock.json"
    kept = old.read_bytes()
    # What is installed would decide which platforms are locked.
    shutil.rmtree(PORTAL.source / "node_modules", ignore_errors=True)
    old.unlink()
    try:
        PORTAL.npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved")
    except SystemExit:
        old.write_bytes(kept)
        raise
    return 0


def tidy() -> int:
    PORTAL.install(with_tools=True)
    PORTAL.node("@biomejs/biome/bin/biome", "check", "--write", ".")
    return 0


VERBS = {"build": build, "check": check, "format": tidy, "lock": lock, "types": write_types}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in VERBS:
        sys.stderr.write(__doc__ or "")
        return 2
    return VERBS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
