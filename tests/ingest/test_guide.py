"""The guide to a new source type does what it says, inside `ingest/` alone."""

import filecmp
import os
import sys
from pathlib import Path

import ghala
from ghala.testing.guide import follow

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "add-a-source-type.md"


def test_the_guide_touches_ingest_alone(tmp_path):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    assert follow(GUIDE, tmp_path, {"PATH": path, "PYTHONPATH": str(tmp_path)}) > 0
    changed = sorted(differences(Path(ghala.__path__[0]), tmp_path / "ghala"))
    assert changed == ["ingest/find.py", "ingest/sources/lines.py"]


def differences(before, after):
    for path in after.rglob("*.py"):
        name = path.relative_to(after)
        if not (before / name).exists() or not filecmp.cmp(path, before / name, shallow=False):
            yield name.as_posix()
