"""People are told of a run: at its end, by the next process after a crash, and by a server beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ghala.model.notification import Told
from ghala.model.principal import OWNER_LOCAL
from ghala.testing.receivers import mail_receiver, web_receiver
from ghala.testing.shop import SETTINGS, Shop

CRASH = """
import os, sys
import ghala
from ghala.governance.notification_routing import Routing
Routing.settle = lambda self: os._exit(9)
ghala.open(sys.argv[1]).run()
"""


@pytest.fixture
def web():
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture
def shop(tmp_path, web):
    channel = "channels: {ops: {url: 'env:ACME_HOOK', secret: 'file:hook.secret'}}"
    told = f"notifications:\n  allowed_hosts: ['{web.host}']\n  {channel}\n"
    shop = Shop.open(tmp_path / "acme", SETTINGS + told)
    (shop.folder / "hook.secret").write_text("s3cret\n")
    shop.add(materialisation="replace")
    yield shop
    shop.app.close()


def test_a_run_is_as_good_as_it_is_where_nobody_can_be_told(shop, web, monkeypatch):
    monkeypatch.setenv("ACME_HOOK", web.url)
    web.status = 500
    shop.put("a.csv", "id,amount\n1,1.00\n1,2.00\n")
    assert shop.app.run()[0].run.state == "refused"
    (shop.folder / "landing" / "a.csv").unlink()
    shop.put("b.csv", "id,amount\n1,1.00\n")
    (outcome,) = shop.app.run()
    assert (outcome.error, outcome.release.number) == (None, 1)
    told = shop.app.notifications.deliveries(by=OWNER_LOCAL)
    assert [(one.state, one.fault) for one in told] == [
        ("waiting", "the receiver answered 500"),
        ("waiting", "the receiver answered 500"),
    ]


def test_what_a_crash_left_untold_is_told_by_the_next_process(shop, web, monkeypatch):
    monkeypatch.setenv("ACME_HOOK", web.url)
    words = [sys.executable, "-c", CRASH, str(shop.folder)]
    assert subprocess.run(words, check=False, timeout=60).returncode == 9
    assert web.posted == []
    assert shop.app.notifications.deliver(within_s=60) == Told(1, 0, 0)
    assert shop.app.notifications.deliver(within_s=60) == Told()
    (posted,) = web.posted
    assert json.loads(posted.body)["title"] == "Ghala: sales/orders failed"
    assert posted.headers["Ghala-Signature"].startswith("v1=")


def test_a_server_tells_what_a_run_beside_it_could_not(shop, web):
    program = str(Path(sys.executable).with_name("ghala"))
    server = subprocess.Popen(
        [program, "up", "--port", "0"],
        cwd=shop.folder,
        env=os.environ | {"ACME_HOOK": web.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout.readline().startswith("http")
        shop.app.run()
        assert web.has_come.wait(60)
        assert len(web.posted) == 1
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert server.returncode == 0


def test_a_team_gets_its_mail(tmp_path):
    with mail_receiver() as receiver:
        told = (
            f"notifications:\n  allowed_hosts: ['{receiver.host}']\n  channels:\n"
            "    sales: {url: 'file:sales.url', to: 'team:sales-team', kinds: ['run:failed']}\n"
        )
        shop = Shop.open(tmp_path / "acme", SETTINGS + told)
        (shop.folder / "sales.url").write_text(receiver.url)
        shop.add()
        shop.app.run()
        identity = shop.app.identity
        identity.teams.add("sales-team", by=OWNER_LOCAL)
        identity.accounts.add("ben", by=OWNER_LOCAL)
        identity.teams.join("sales-team", "ben", by=OWNER_LOCAL)
        shop.app.run(environment="dev")
        shop.app.close()
    first, second = receiver.mails
    # Of a team of nobody it cannot be said what it may discover.
    assert "Ghala: a product failed" in first
    assert "sales" not in first.replace("sales@acme.example", "")
    assert "Ghala: sales/orders failed in dev" in second
