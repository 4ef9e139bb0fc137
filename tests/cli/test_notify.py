"""`ghala notify` beside a workspace."""

import json

import pytest
from click.testing import CliRunner

from ghala.cli.main import cli
from ghala.cli.state import State
from ghala.testing.receivers import web_receiver


def call(*words):
    return CliRunner().invoke(cli, words, obj=State(), prog_name="ghala")


@pytest.fixture(scope="module")
def web():
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def run(tmp_path_factory, web):
    """Run a command line in a small workspace with one channel, whose product has no files."""
    folder = tmp_path_factory.mktemp("notify") / "acme"
    assert call("init", str(folder)).exit_code == 0
    next(folder.rglob("*.csv")).unlink()
    (folder / "hook.url").write_text(web.url)
    with (folder / "ghala.yaml").open("a") as settings:
        channels = "channels: {ops: {url: 'file:hook.url'}}"
        settings.write(f"notifications:\n  allowed_hosts: ['{web.host}']\n  {channels}\n")
    return lambda *words: call(*words, "-w", str(folder))


def test_from_a_failed_run_to_the_list(run, web):
    assert run("run").exit_code == 1
    assert len(web.posted) == 1
    shown = run("notify", "list").stdout
    assert "run:failed" in shown
    assert "sales/orders" in shown
    (told,) = json.loads(run("notify", "list", "--json", "--state", "delivered").stdout)
    assert (told["channel"], told["notification"]["kind"]) == ("ops", "run:failed")
    assert run("notify", "list", "--state", "dead").stderr == "nothing is or was on its way\n"
    refused = run("notify", "retry", str(told["number"]))
    assert refused.exit_code == 2
    assert "only a dead one is tried again" in refused.stderr


def test_channels_are_shown_without_their_addresses(run, web):
    shown = run("notify", "channels").stdout
    assert "ops" in shown
    assert web.host not in shown
    (channel,) = json.loads(run("notify", "channels", "--json").stdout)
    assert channel == {"name": "ops", "kinds": [], "domains": [], "to": [], "fault": None}


def test_a_test_says_how_it_went(run, web):
    assert run("notify", "test", "ops").stdout == "ops: sent\n"
    web.status = 404
    failed = run("notify", "test", "ops")
    assert (failed.exit_code, failed.stdout) == (1, "ops: not sent: the receiver answered 404\n")
    web.status = 200
    assert json.loads(run("notify", "test", "ops", "--json").stdout) == {
        "channel": "ops",
        "fault": None,
    }


def test_what_is_due_is_sent(run):
    done = run("notify", "send")
    assert (done.exit_code, done.stdout) == (0, "0 notifications sent, 0 not\n")
    assert json.loads(run("notify", "send", "--json").stdout)["failed"] == 0


def test_without_channels_it_says_how_to_have_one(tmp_path):
    folder = str(tmp_path / "plain")
    assert call("init", folder).exit_code == 0
    for words in (("channels",), ("send",)):
        said = call("notify", *words, "-w", folder).stderr
        assert "hint: name one in `notifications.channels` of ghala.yaml" in said
