"""Setting up says what is missing and how to get it, and changes nothing then."""

import subprocess

import pytest
from tree import ROOT

FAKES = {
    "too-old": (
        'case "$2" in *version_info*) exit 1 ;; esac\necho Python 3.9.2',
        "is Python 3.9.2, Ghala needs 3.11 or newer",
    ),
    "without-venv": ('case "$2" in *ensurepip*) exit 1 ;; esac', "apt-get install python3-venv"),
}


@pytest.mark.parametrize("fake", FAKES)
def test_what_is_missing_is_named_with_what_to_do(fake, tmp_path):
    program, words = FAKES[fake]
    python = tmp_path / fake
    python.write_text(f"#!/bin/sh\n{program}\n")
    python.chmod(0o755)
    done = set_up(tmp_path, python)
    assert done.returncode == 1
    assert words in done.stderr
    assert "\nhint: " in done.stderr
    assert not (tmp_path / "copy" / ".venv").exists()


def test_no_python_at_all_is_said(tmp_path):
    done = set_up(tmp_path, "no-such-python")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "error: `no-such-python` is not installed",
    )


def set_up(folder, python):
    dev = folder / "copy" / "dev"
    dev.mkdir(parents=True)
    (dev / "setup").write_text((ROOT / "dev" / "setup").read_text("utf-8"))
    return subprocess.run(
        ["sh", str(dev / "setup"), str(python)], capture_output=True, text=True, check=False
    )
