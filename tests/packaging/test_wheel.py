"""The package as it is installed: with the portal, without what it was made from, and small."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    if not (ROOT / "src" / "ghala" / "portal" / "dist" / "index.html").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the portal is not built: make portal")
        pytest.skip("the portal is not built: make portal")
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_has_the_portal_and_is_small(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "ghala/portal/dist/index.html" in names
    assert any(name.startswith("ghala/portal/dist/assets/") for name in names)
    assert wheel.stat().st_size <= LARGEST_BYTES


def test_the_wheel_has_nothing_that_the_portal_was_made_from(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert [
        name for name in names if "node_modules" in name or name.endswith((".map", ".tsx"))
    ] == []
