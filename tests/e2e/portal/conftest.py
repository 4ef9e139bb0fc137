"""The portal in Debian's Chromium: one server over one organisation, which all tests of a process share."""

import os
import shutil
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(TESTS / "delivery")]

pytest.register_assert_rewrite("harness", "looks")
from harness import ANALYST, FLAGS, WIDTHS, Portal, chromium, make_organisation, settle
from organisation import Server


@pytest.fixture(scope="module")
def browser():
    """A browser. While Playwright is started, this process has an event loop, and no other test may begin one."""
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing: .ci/run installs it")
        pytest.skip("chromium is not installed: apt-get install chromium-headless-shell")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def organisation(tmp_path_factory, worker_id):
    """Return the example organisation's folder, and its people's password; processes side by side make it once."""
    mine = tmp_path_factory.mktemp("portal") / "pwani"
    if worker_id == "master":
        return mine, make_organisation(mine)
    shared = tmp_path_factory.getbasetemp().parent / "portal-organisation"
    with (shared.parent / "portal-organisation.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not shared.exists():
            shared.mkdir()
            (shared / "password").write_text(make_organisation(shared / "pwani"))
        password = (shared / "password").read_text()
    shutil.copytree(shared / "pwani", mine)
    return mine, password


@pytest.fixture(scope="session")
def served(organisation):
    server = Server(organisation[0])
    with server.client() as client:
        # The first question starts the engine: no page has to wait for that while others work on this machine.
        asked = {"name": ANALYST, "password": organisation[1], "purpose": "analytics"}
        proof = client.post("/session", json=asked).raise_for_status().json()["csrf"]
        client.post(
            "/sql", json={"sql": "SELECT 1"}, headers={"X-CSRF-Token": proof}
        ).raise_for_status()
    yield server
    server.stop()


@pytest.fixture
def portal(browser, served, organisation):
    """Return what visits the portal; at the end no page may have complained, or asked another host."""
    made = Portal(browser, served.url.removesuffix("/api/v1"), organisation[1])
    yield made
    made.close()


@pytest.fixture(scope="module")
def standing(browser, served, organisation):
    """Return what opens an address in the one page that somebody has open all the time: its parts are at hand."""
    made = Portal(browser, served.url.removesuffix("/api/v1"), organisation[1])
    pages = {}

    def go(path, by):
        assert made.complaints == []
        if by not in pages:
            pages[by] = made.visit(path, by=by)
            return pages[by]
        page = pages[by]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
        page.goto(made.url + path)
        settle(page)
        return page

    yield go
    made.close()


def pytest_collection_modifyitems(items):
    """Begin with the portal's tests where several processes share the work: its organisation takes longest."""
    here = str(Path(__file__).parent)
    items.sort(key=lambda item: not str(item.path).startswith(here))
