"""Write `uv.lock` without the places that packages came from, so that any registry can serve it.

Usage: `python dev/lock.py [--check] [options of uv lock]`, for example `--upgrade-package duckdb`. What stays: names,
versions, dependencies and the SHA-256 of every file. Why: docs/decisions/0002-lock-without-hosts.md.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "uv.lock"


def without_hosts(text: str) -> str:
    """Return a lock file's text in which a file is known by its name and hash alone."""
    text = re.sub(r'registry = "[^"]*"', 'registry = "packages"', text)
    text = re.sub(r'\burl = "https?://[^"]*/([^"/]+)"', r'filename = "\1"', text)
    return re.sub(r', (?:size = \d+|upload-time = "[^"]*")', "", text)


def main(arguments: list[str]) -> int:
    uv = str(Path(sys.executable).with_name("uv"))
    if "--check" in arguments:
        if LOCK.read_text("utf-8") != without_hosts(LOCK.read_text("utf-8")):
            sys.stderr.write("error: uv.lock names the host of a registry\nhint: run `make lock`\n")
            return 1
        arguments = [*arguments, "--offline"]
    status = subprocess.run([uv, "lock", "--quiet", *arguments], cwd=ROOT, check=False).returncode
    if "--check" in arguments:
        if status:
            sys.stderr.write("error: uv.lock does not fit pyproject.toml\nhint: run `make lock`\n")
        return status
    LOCK.write_text(without_hosts(LOCK.read_text("utf-8")), "utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
