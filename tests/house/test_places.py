"""Nothing in the project names the machine that it was made on, or the host of a package registry."""

import re
from pathlib import Path

from tree import ROOT, files, listed, name

MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|work|farm)/\w")
REGISTRY = re.compile(
    "|".join(
        [
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(?:org|com)",
            "anaconda" + r"\.org",
        ]
    )
)


def offenders(pattern):
    found = []
    for path in files():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name(path)}:{number}: {line.strip()[:100]}")
    return found


def test_no_path_of_a_machine():
    found = offenders(MACHINE)
    assert not found, listed(found)


def test_no_host_of_a_registry():
    found = offenders(REGISTRY)
    assert not found, listed(found)


def test_the_lock_knows_files_by_hash_alone():
    text = (ROOT / "uv.lock").read_text("utf-8")
    assert "://" not in text
    files_locked = re.findall(r"\{ filename = [^}]*\}", text)
    assert files_locked
    assert [entry for entry in files_locked if 'hash = "sha256:' not in entry] == []
