import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from fake_app import FakeApp

from ghala.cli.main import cli
from ghala.cli.state import State


@pytest.fixture
def app():
    return FakeApp()


@pytest.fixture
def ghala(app):
    """Run a command line against the fake app; returns click's result, with `stdout` and `stderr` apart."""

    def call(*words, **options):
        return CliRunner().invoke(
            cli, words, obj=State(open=lambda _folder: app), prog_name="ghala", **options
        )

    return call
